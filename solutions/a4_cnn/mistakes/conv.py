"""Wrong convolutions by loops."""

from __future__ import annotations

from autograder.author import Mistake

_SIZES = (
    "    Ho, Wo = output_size(H, HH, stride=stride, pad=pad), output_size(W, WW, stride=stride, pad=pad)\n"
)
_PAD = "    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))\n"
_FLIPS_THE_FILTERS_IN_PLACE = """
def conv_backward(dout: Array, cache: Cache) -> tuple[Array, Array, Array]:
    x, w, stride, pad = cache
    (_, _, H, W), (_, _, HH, WW) = x.shape, w.shape
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dpadded, dw = np.zeros_like(padded), np.zeros_like(w)
    flipped = np.transpose(w, (1, 0, 2, 3))
    flipped[:] = flipped[:, :, ::-1, ::-1].copy()
    for n, f, i, j in np.ndindex(*dout.shape):
        rows, columns = slice(i * stride, i * stride + HH), slice(j * stride, j * stride + WW)
        dpadded[n, :, rows, columns] += dout[n, f, i, j] * flipped[:, f, ::-1, ::-1]
        dw[f] += dout[n, f, i, j] * padded[n, :, rows, columns]
    return dpadded[:, :, pad : pad + H, pad : pad + W], dw, dout.sum(axis=(0, 2, 3))
"""


def _edit(name: str, says: str, old: str, new: str) -> Mistake:
    return Mistake(id=name, task="conv", module="conv", says=says, old=old, new=new)


WRONG = (
    _edit(
        "D1-flipped-filter",
        "The filter is flipped. What deep learning calls convolution does not flip: multiply the window "
        "and the filter entry by entry as they stand.",
        "np.sum(window * w[f]) + b[f]",
        "np.sum(window * w[f, :, ::-1, ::-1]) + b[f]",
    ),
    _edit(
        "D2-one-position-short",
        "The output is one row and one column short. Slide a 3-wide window over 5 cells on paper and "
        "count where it can stand.",
        _SIZES + _PAD,
        "    Ho, Wo = (H + 2 * pad - HH) // stride, (W + 2 * pad - WW) // stride\n" + _PAD,
    ),
    _edit(
        "D2-pads-counted-once",
        "The output size counts the padding once. The image grows at both ends: by 2·pad.",
        _SIZES + _PAD,
        "    Ho, Wo = 1 + (H + pad - HH) // stride, 1 + (W + pad - WW) // stride\n" + _PAD,
    ),
    _edit(
        "D3-forward-ignores-stride",
        "Only the first row and column are right: window (i, j) starts at row i·stride, column j·stride.",
        "top, left = i * stride, j * stride\n        window",
        "top, left = i, j\n        window",
    ),
    _edit(
        "D3-backward-ignores-stride",
        "The backward pass reads and writes windows as if the stride were 1; window (i, j) starts at "
        "i·stride and j·stride there too.",
        "top, left = i * stride, j * stride\n        dpadded",
        "top, left = i, j\n        dpadded",
    ),
    _edit(
        "D4-forward-swaps-height-and-width",
        "Height and width of the filter are exchanged; square filters hide it. Try a 3×2 filter.",
        "(N, _, H, W), (F, _, HH, WW) =",
        "(N, _, H, W), (F, _, WW, HH) =",
    ),
    _edit(
        "D4-backward-swaps-height-and-width",
        "The backward pass exchanges height and width of the filter; square filters hide it.",
        "(_, _, H, W), (_, _, HH, WW) =",
        "(_, _, H, W), (_, _, WW, HH) =",
    ),
    _edit(
        "D4-dx-cut-to-width-by-height",
        "dx is cut to W rows and H columns; square images hide it. A gradient has the shape of the thing.",
        "pad : pad + H, pad : pad + W]",
        "pad : pad + W, pad : pad + H]",
    ),
    _edit(
        "D5-bias-forgotten",
        "The output is off by the same number over a whole channel: the bias was not added.",
        "np.sum(window * w[f]) + b[f]",
        "np.sum(window * w[f])",
    ),
    _edit(
        "D5-bias-once-for-every-weight",
        "The bias is added inside the sum, once for every weight of the filter. It is added once a window.",
        "np.sum(window * w[f]) + b[f]",
        "np.sum(window * w[f] + b[f])",
    ),
    _edit(
        "D6-pads-images-and-channels",
        "The padding also adds images and channels: np.pad with one number pads every axis.",
        _SIZES + _PAD,
        _SIZES + "    padded = np.pad(x, pad)\n",
    ),
    _edit(
        "D6-pads-with-edge-values",
        "Only the border of the output is wrong: the padding repeats the edge, and should be zeros.",
        _SIZES + _PAD,
        _SIZES + '    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="edge")\n',
    ),
    _edit(
        "D7-crop-with-minus-pad",
        "With pad 0 the slice pad:-pad is 0:-0, which is empty. Cut from pad to pad + H instead.",
        "dpadded[:, :, pad : pad + H, pad : pad + W]",
        "dpadded[:, :, pad:-pad, pad:-pad]",
    ),
    _edit(
        "D8-dx-overwritten",
        "Each window overwrites what earlier ones left in dx. A pixel lies in several windows and in "
        "every filter's: its gradient is the sum.",
        "left : left + WW] += dout[n, f, i, j] * w[f]",
        "left : left + WW] = dout[n, f, i, j] * w[f]",
    ),
    _edit(
        "D8-dw-overwritten",
        "dw holds the last window only. The filter is used at every position of every image: add.",
        "dw[f] += dout",
        "dw[f] = dout",
    ),
    _edit(
        "D9-dw-averaged-over-the-batch",
        "dw is too small by the number of images. Only the loss averages; sum over everything that used "
        "the weight.",
        "return dx, dw, dout",
        "return dx, dw / len(x), dout",
    ),
    _edit(
        "D9-db-averaged",
        "db is a mean. The bias was added at every position of every image, so its gradient is the sum.",
        "dout.sum(axis=(0, 2, 3))",
        "dout.mean(axis=(0, 2, 3))",
    ),
    _edit(
        "D9-db-of-the-last-axis-only",
        "db adds up too few axes: a filter's bias was used in every image, row and column.",
        "dout.sum(axis=(0, 2, 3))",
        "dout[0].sum(axis=(1, 2))",
    ),
    _edit(
        "D10-dx-by-the-flipped-filter",
        "dx spreads dout by a flipped filter. A window's pixels receive dout times the weights that read "
        "them, in the same places. The flip belongs to the formula that gathers, not to the one that adds.",
        "+= dout[n, f, i, j] * w[f]",
        "+= dout[n, f, i, j] * w[f, :, ::-1, ::-1]",
    ),
    _edit(
        "D10-dw-from-unpadded-images",
        "dw multiplies dout by windows of the unpadded images. The forward pass read the padded ones.",
        "dw[f] += dout[n, f, i, j] * padded[n",
        "dw[f] += dout[n, f, i, j] * np.pad(x, ((0, 0), (0, 0), (0, 2 * pad), (0, 2 * pad)))[n",
    ),
    _edit(
        "D11-loops-over-pixels",
        "The loops run over the pixels of the image. They should run over the entries of the output.",
        "np.ndindex(N, F, Ho, Wo)",
        "np.ndindex(N, F, H, W)",
    ),
    _edit(
        "D12-filter-of-3x3-only",
        "The window is always 3×3. Take its size from w.shape.",
        "window = padded[n, :, top : top + HH, left : left + WW]",
        "window = padded[n, :, top : top + 3, left : left + 3]",
    ),
    Mistake(
        id="D13-filters-flipped-in-place",
        task="conv",
        module="conv",
        says="A second backward pass differs from the first: the weights were changed through a view. "
        "np.transpose shares memory with what it transposes.",
        code=_FLIPS_THE_FILTERS_IN_PLACE,
    ),
    _edit(
        "D15-output-size-rounded",
        "The output size is rounded. What is left over at the end and too short for a step is not read: "
        "use //.",
        _SIZES + _PAD,
        "    Ho = 1 + round((H + 2 * pad - HH) / stride)\n"
        "    Wo = 1 + round((W + 2 * pad - WW) / stride)\n" + _PAD,
    ),
    _edit(
        "D15-windows-must-tile",
        "An image in which the last window does not end at the border is refused. What is left over at the "
        "end is not read, and nothing is wrong with it.",
        _SIZES + _PAD,
        "    assert (H + 2 * pad - HH) % stride == 0 and (W + 2 * pad - WW) % stride == 0\n" + _SIZES + _PAD,
    ),
    _edit(
        "L7-computed-in-float32",
        "The digits behind the seventh are lost: numbers of float64 are computed in float32. Where does the "
        "type change?",
        _SIZES + _PAD,
        "    x, w, b = (each.astype(np.float32) for each in (x, w, b))\n" + _SIZES + _PAD,
    ),
    _edit(
        "D15-misfit-unnoticed",
        "A filter larger than the padded image gives an empty output. The docstring asks for ValueError.",
        _SIZES + _PAD,
        "    Ho, Wo = 1 + (H + 2 * pad - HH) // stride, 1 + (W + 2 * pad - WW) // stride\n" + _PAD,
    ),
    _edit(
        "L6-dout-scaled-in-place",
        "The backward pass changes dout. Your caller still owns it: a second use of it would be wrong.",
        "    for n, f, i, j in np.ndindex(*dout.shape):",
        "    dout *= 1.0 + 1e-12\n    for n, f, i, j in np.ndindex(*dout.shape):",
    ),
)
