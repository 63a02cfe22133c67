"""Wrong convolutions as a matrix product."""

from __future__ import annotations

from autograder.author import Mistake

_OUT = "out.reshape(N, Ho, Wo, F).transpose(0, 3, 1, 2)"
_ROWS = "rows = dout.transpose(0, 2, 3, 1).reshape(-1, F)"
_ADD = "s : s + stride * Wo : stride] += windows[:, :, r, s]"


def _edit(name: str, says: str, old: str, new: str) -> Mistake:
    return Mistake(id=name, task="im2col", module="im2col", says=says, old=old, new=new)


WRONG = (
    _edit(
        "D14-channels-last-in-a-row",
        "The columns stand in the order (HH, WW, C); a filter as a row has the order (C, HH, WW). Look at "
        "im2col of np.arange.",
        "windows.transpose(0, 2, 3, 1, 4, 5)",
        "windows.transpose(0, 2, 3, 4, 5, 1)",
    ),
    _edit(
        "D14-windows-in-column-order",
        "The rows of cols run down the columns of the image first. The docstring asks for row i before "
        "row i + 1: index (n·Ho + i)·Wo + j.",
        "windows.transpose(0, 2, 3, 1, 4, 5)",
        "windows.transpose(0, 3, 2, 1, 4, 5)",
    ),
    _edit(
        "D14-images-last",
        "Rows of different images alternate. All windows of the first image come first.",
        "windows.transpose(0, 2, 3, 1, 4, 5)",
        "windows.transpose(2, 3, 0, 1, 4, 5)",
    ),
    _edit(
        "D14-col2im-overwrites",
        "col2im overwrites where windows overlap. A pixel in k windows receives the sum of k entries.",
        _ADD,
        _ADD.replace("+=", "="),
    ),
    _edit(
        "D14-col2im-averages",
        "col2im divides by the number of windows a pixel lies in. It is the transpose of im2col, "
        "not its inverse: add, and do not average.",
        "    return padded[:, :, pad : pad + H, pad : pad + W]",
        "    count = np.zeros_like(padded)\n"
        "    for r, s in np.ndindex(HH, WW):\n"
        "        count[:, :, r : r + stride * Ho : stride, s : s + stride * Wo : stride] += 1\n"
        "    return (padded / np.maximum(count, 1))[:, :, pad : pad + H, pad : pad + W]",
    ),
    _edit(
        "D7-crop-with-minus-pad",
        "With pad 0 the slice pad:-pad is 0:-0, which is empty. Cut from pad to pad + H instead.",
        "    return padded[:, :, pad : pad + H, pad : pad + W]",
        "    return padded[:, :, pad:-pad, pad:-pad]",
    ),
    _edit(
        "D3-im2col-ignores-stride",
        "Every position became a row. Windows start at multiples of the stride.",
        "axis=(2, 3))[:, :, ::stride, ::stride]",
        "axis=(2, 3))",
    ),
    _edit(
        "D3-col2im-ignores-stride",
        "col2im puts neighbouring windows one pixel apart. They are stride pixels apart.",
        "r : r + stride * Ho : stride, s : s + stride * Wo : stride] +=",
        "r : r + Ho, s : s + Wo] +=",
    ),
    _edit(
        "D4-height-and-width-swapped",
        "Height and width of the window are exchanged; square windows hide it. Try 3×2.",
        "sliding_window_view(padded, (HH, WW), axis=(2, 3))",
        "sliding_window_view(padded, (WW, HH), axis=(2, 3))",
    ),
    _edit(
        "D4-col2im-swaps-height-and-width",
        "col2im reads a row as a window of WW rows and HH columns; square windows hide it.",
        "cols.reshape(N, Ho, Wo, C, HH, WW).transpose(0, 3, 4, 5, 1, 2)",
        "cols.reshape(N, Ho, Wo, C, WW, HH).transpose(0, 3, 5, 4, 1, 2)",
    ),
    _edit(
        "D6-pads-with-edge-values",
        "Windows at the border hold repeated edge values where they should hold zeros.",
        "    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))",
        '    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="edge")',
    ),
    _edit(
        "D6-padding-forgotten",
        "The windows are those of the unpadded image.",
        "    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))",
        "    padded = x",
    ),
    _edit(
        "D5-bias-forgotten",
        "The output is off by the same number over a whole channel: the bias was not added.",
        "cols @ w.reshape(F, -1).T + b",
        "cols @ w.reshape(F, -1).T",
    ),
    _edit(
        "D14-out-reshaped-without-transpose",
        "The output has the right shape and its numbers stand in the wrong places: the product has one "
        "row for each window and one column for each filter. Reshape to that, then move axes.",
        _OUT,
        "out.reshape(N, F, Ho, Wo)",
    ),
    _edit(
        "D14-filters-reshaped-the-wrong-way",
        "w is reshaped to (C·HH·WW, F), which cuts filters apart. Reshape to (F, C·HH·WW), then transpose.",
        "cols @ w.reshape(F, -1).T + b",
        "cols @ w.reshape(-1, F) + b",
    ),
    _edit(
        "D14-dout-reshaped-without-transpose",
        "dout is reshaped with its filters still before its rows. Move the axes first: one row of D "
        "for each row of cols.",
        _ROWS,
        "rows = dout.reshape(-1, F)",
    ),
    _edit(
        "D14-dcols-by-filters-reshaped-the-wrong-way",
        "dx uses w reshaped to (C·HH·WW, F) and transposed, which cuts filters apart.",
        "dcols = rows @ w.reshape(F, -1)",
        "dcols = rows @ w.reshape(-1, F).T",
    ),
    _edit(
        "D9-dw-averaged-over-the-batch",
        "dw is too small by the number of images. Only the loss averages.",
        "return dx, dw, rows",
        "return dx, dw / len(x), rows",
    ),
    _edit(
        "D9-db-averaged",
        "db is a mean. The bias was added in every row, so its gradient is the sum over rows.",
        "rows.sum(axis=0)",
        "rows.mean(axis=0)",
    ),
    _edit(
        "L7-computed-in-float32",
        "The digits behind the seventh are lost: numbers of float64 are computed in float32. Where does the "
        "type change?",
        "    cols = im2col(x, kernel_height=HH, kernel_width=WW, stride=stride, pad=pad)\n    out",
        "    x, w = x.astype(np.float32), w.astype(np.float32)\n"
        "    cols = im2col(x, kernel_height=HH, kernel_width=WW, stride=stride, pad=pad)\n    out",
    ),
    _edit(
        "D15-output-size-rounded",
        "The output size is rounded. What is left over at the end and too short for a step is not read.",
        "output_size(H, HH, stride=stride, pad=pad), output_size(W, WW, stride=stride, pad=pad)\n    cols",
        "1 + round((H + 2 * pad - HH) / stride), 1 + round((W + 2 * pad - WW) / stride)\n    cols",
    ),
)
