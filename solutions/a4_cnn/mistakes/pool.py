"""Wrong max poolings."""

from __future__ import annotations

from autograder.author import Mistake

_SIZES = (
    "    Ho, Wo = output_size(H, pool_height, stride=stride), output_size(W, pool_width, stride=stride)\n"
)
_ADD = "        dx[image, channel, top + row, left + column] += dout[:, :, i, j]\n"
_VIEW = "dx[:, :, top : top + pool_height, left : left + pool_width]"
_GRADIENT = "dout[:, :, i, j, None, None]"


def _edit(name: str, says: str, old: str, new: str) -> Mistake:
    return Mistake(id=name, task="max_pool", module="pool", says=says, old=old, new=new)


_TILES = """
def max_pool_forward(x: Array, *, pool_height: int, pool_width: int, stride: int) -> tuple[Array, Cache]:
    N, C, H, W = x.shape
    output_size(H, pool_height, stride=stride), output_size(W, pool_width, stride=stride)
    tiles = x.reshape(N, C, H // pool_height, pool_height, W // pool_width, pool_width)
    return tiles.max(axis=(3, 5)), (x, pool_height, pool_width, stride)


def max_pool_backward(dout: Array, cache: Cache) -> Array:
    x, pool_height, pool_width, _ = cache
    N, C, Ho, Wo = dout.shape
    tiles = x.reshape(N, C, Ho, pool_height, Wo, pool_width).transpose(0, 1, 2, 4, 3, 5)
    rows = tiles.reshape(N, C, Ho, Wo, -1)
    dx = np.zeros_like(rows)
    np.put_along_axis(dx, rows.argmax(axis=4)[..., None], dout[..., None], axis=4)
    return dx.reshape(tiles.shape).transpose(0, 1, 2, 4, 3, 5).reshape(x.shape)
"""
WRONG = (
    _edit(
        "E1-overlaps-overwritten",
        "Where windows overlap the later one overwrites the earlier: a pixel that wins twice receives "
        "both gradients.",
        _ADD,
        _ADD.replace("+=", "="),
    ),
    _edit(
        "E1-whole-windows-overwritten",
        "Each window overwrites all that it covers, and earlier winners in it lose their gradient. Where "
        "windows overlap, gradients add up.",
        _ADD,
        "        mask = np.arange(pool_height * pool_width) == winner[:, :, None]\n"
        f"        {_VIEW} = mask.reshape(window.shape) * {_GRADIENT}\n",
    ),
    _edit(
        "E2-gradient-to-all-ties",
        "Every tied entry receives the whole gradient. On a flat window, who is the maximum? Exactly one.",
        _ADD,
        f"        {_VIEW} += (window == window.max(axis=(2, 3), keepdims=True)) * {_GRADIENT}\n",
    ),
    _edit(
        "E2-gradient-shared-by-ties",
        "Tied entries share the gradient. One of them, any, receives all of it.",
        _ADD,
        "        ties = window == window.max(axis=(2, 3), keepdims=True)\n"
        f"        {_VIEW} += ties / ties.sum(axis=(2, 3), keepdims=True) * {_GRADIENT}\n",
    ),
    _edit(
        "E3-gradient-of-average-pooling",
        "Each entry of a window receives an equal share: that is average pooling. Only the winner's "
        "value reached the output.",
        _ADD,
        f"        {_VIEW} += {_GRADIENT} / (pool_height * pool_width)\n",
    ),
    _edit(
        "E3-average-pooling",
        "The output is the mean of each window; max pooling keeps its largest entry.",
        "window.max(axis=(2, 3))",
        "window.mean(axis=(2, 3))",
    ),
    _edit(
        "E4-maximum-starts-at-zero",
        "A window of negative numbers gives 0: the search for the maximum starts at 0. Start at −infinity "
        "or at the first entry.",
        "window.max(axis=(2, 3))",
        "np.maximum(window.max(axis=(2, 3)), 0)",
    ),
    _edit(
        "E5-window-of-the-stride",
        "The window is as large as the stride. Its size is pool_height × pool_width; the stride says only "
        "where it starts.",
        _SIZES,
        _SIZES + "    window_height = window_width = stride\n"
        "    pool_height, pool_width = window_height, window_width\n",
    ),
    _edit(
        "E6-size-by-stride-alone",
        "The output has H // stride rows. That is right only where window and stride are equal: "
        "1 + (H − pool_height) // stride.",
        _SIZES,
        "    Ho, Wo = H // stride, W // stride\n",
    ),
    Mistake(
        id="E6-windows-must-tile",
        task="max_pool",
        module="pool",
        says="The image is cut into tiles of the size of the window. Windows may also overlap, leave gaps, "
        "or end before the image does: the stride alone says where the next one starts.",
        code=_TILES,
    ),
    _edit(
        "L7-computed-in-float32",
        "The digits behind the seventh are lost: numbers of float64 are handed on in float32. Where does the "
        "type change?",
        "    out = np.empty((N, C, Ho, Wo), dtype=x.dtype)\n",
        "    out = np.empty((N, C, Ho, Wo), dtype=np.float32)\n",
    ),
    _edit(
        "E7-square-windows-only",
        "pool_height is used for the width too; square windows hide it.",
        "        window = x[:, :, top : top + pool_height, left : left + pool_width]\n        out",
        "        window = x[:, :, top : top + pool_height, left : left + pool_height]\n        out",
    ),
    _edit(
        "E7-index-divided-by-the-height",
        "The flat index of the winner is divided by pool_height. A row of the window has pool_width entries.",
        "np.divmod(winner, pool_width)",
        "np.divmod(winner, pool_height)",
    ),
    _edit(
        "E7-height-and-width-swapped",
        "The output size takes rows for columns; square images hide it.",
        "N, C, H, W = x.shape\n    Ho",
        "N, C, W, H = x.shape\n    Ho",
    ),
    _edit(
        "E8-only-the-first-window",
        "Only the first window is filled in: a return or break stands inside the loop.",
        "        dx[image, channel, top + row, left + column] += dout[:, :, i, j]\n",
        "        dx[image, channel, top + row, left + column] += dout[:, :, i, j]\n        break\n",
    ),
    _edit(
        "E8-forward-only-the-first-row",
        "Only the first row of the output is filled in: look at the indentation of the loops.",
        "    for i, j in np.ndindex(Ho, Wo):\n",
        "    out[:] = 0\n    for i, j in np.ndindex(1, Wo):\n",
    ),
    _edit(
        "E9-one-winner-for-all-channels",
        "One position wins for all channels. Each channel of each image has a winner of its own.",
        "winner = window.reshape(N, C, -1).argmax(axis=2)",
        "winner = np.repeat(window.sum(axis=1).reshape(N, 1, -1).argmax(axis=2), C, axis=1)",
    ),
    _edit(
        "E9-window-flattened-by-columns",
        "The winner is searched in the transposed window and placed in the plain one.",
        "winner = window.reshape(N, C, -1).argmax(axis=2)",
        "winner = window.swapaxes(2, 3).reshape(N, C, -1).argmax(axis=2)",
    ),
    _edit(
        "D3-forward-ignores-stride",
        "Window (i, j) starts at row i·stride, column j·stride.",
        "top, left = i * stride, j * stride\n"
        "        window = x[:, :, top : top + pool_height, left : left + pool_width]\n        out",
        "top, left = i, j\n"
        "        window = x[:, :, top : top + pool_height, left : left + pool_width]\n        out",
    ),
    _edit(
        "D15-misfit-unnoticed",
        "A window larger than the image gives an empty output. The docstring asks for ValueError.",
        _SIZES,
        "    Ho, Wo = 1 + (H - pool_height) // stride, 1 + (W - pool_width) // stride\n",
    ),
    _edit(
        "L6-winners-erased-from-x",
        "The backward pass changes the images in its cache: a second call gives another answer.",
        _ADD,
        _ADD + "        x[image, channel, top + row, left + column] = -np.inf\n",
    ),
)
