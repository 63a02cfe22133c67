"""Wrong batch normalizations of images."""

from __future__ import annotations

from autograder.author import Mistake

_PIXELS = "    pixels = x.transpose(0, 2, 3, 1).reshape(-1, C)\n"
_OUT = "return out.reshape(N, H, W, C).transpose(0, 3, 1, 2), cache, next_state"
_DPIXELS = "batchnorm_backward(dout.transpose(0, 2, 3, 1).reshape(-1, C), cache)"
_DX = "return dpixels.reshape(N, H, W, C).transpose(0, 3, 1, 2), dgamma, dbeta"
_SIGNATURE = (
    "    x: Array,\n    gamma: Array,\n    beta: Array,\n    state: dict[str, Array],\n    *,\n"
    "    train: bool,\n    momentum: float,\n    eps: float,\n"
)
_FORWARD = f"def spatial_batchnorm_forward(\n{_SIGNATURE}) -> tuple[Array, Cache, dict[str, Array]]:\n"
_PER_POSITION = (
    _FORWARD
    + """    N, C, H, W = x.shape
    wide = {name: np.repeat(value, H * W) for name, value in state.items()}
    out, cache, moved = batchnorm_forward(
        x.reshape(N, -1), np.repeat(gamma, H * W), np.repeat(beta, H * W), wide,
        train=train, momentum=momentum, eps=eps,
    )
    next_state = {name: value.reshape(C, -1).mean(axis=1) for name, value in moved.items()}
    return out.reshape(x.shape), (cache, C), next_state


def spatial_batchnorm_backward(dout: Array, cache: Cache) -> tuple[Array, Array, Array]:
    inner, C = cache
    dx, dgamma, dbeta = batchnorm_backward(dout.reshape(len(dout), -1), inner)
    return dx.reshape(dout.shape), dgamma.reshape(C, -1).sum(axis=1), dbeta.reshape(C, -1).sum(axis=1)
"""
)

_PER_COLUMN = (
    _FORWARD
    + """    shape = (1, -1, 1, 1)
    mean, var = (state[name].reshape(shape) for name in ("running_mean", "running_var"))
    next_state = dict(state)
    if train:
        mean, var = x.mean(axis=(0, 2), keepdims=True), x.var(axis=(0, 2), keepdims=True)
        next_state = {
            "running_mean": momentum * state["running_mean"] + (1 - momentum) * mean.mean(axis=(0, 2, 3)),
            "running_var": momentum * state["running_var"] + (1 - momentum) * var.mean(axis=(0, 2, 3)),
        }
    deviation = np.sqrt(var + eps)
    x_hat = (x - mean) / deviation
    return gamma.reshape(shape) * x_hat + beta.reshape(shape), (x_hat, gamma, deviation), next_state


def spatial_batchnorm_backward(dout: Array, cache: Cache) -> tuple[Array, Array, Array]:
    x_hat, gamma, deviation = cache
    mean, slope = (each.mean(axis=(0, 2), keepdims=True) for each in (dout, dout * x_hat))
    dx = gamma.reshape(1, -1, 1, 1) / deviation * (dout - mean - x_hat * slope)
    return dx, (dout * x_hat).sum(axis=(0, 2, 3)), dout.sum(axis=(0, 2, 3))
"""
)


def _edit(name: str, says: str, old: str, new: str) -> Mistake:
    return Mistake(id=name, task="spatial_batchnorm", module="norm", says=says, old=old, new=new)


def _code(name: str, says: str, code: str) -> Mistake:
    return Mistake(id=name, task="spatial_batchnorm", module="norm", says=says, code=code)


WRONG = (
    _code(
        "F11-statistics-for-each-position",
        "Each pixel position has a mean and a variance of its own. A channel has one of each, over images, "
        "rows and columns.",
        _PER_POSITION,
    ),
    _code(
        "F11-statistics-for-each-column",
        "Each column of pixels has a mean and a variance of its own: one axis is missing in the sums. Those "
        "of a channel run over images, rows and columns.",
        _PER_COLUMN,
    ),
    _code(
        "F11-statistics-for-each-image",
        "Each image is normalized by itself. The statistics of a channel run over the whole batch.",
        _FORWARD
        + """    parts = [
        batchnorm_forward(
            image.reshape(len(image), -1).T, gamma, beta, state, train=train, momentum=momentum, eps=eps
        )
        for image in x
    ]
    out = np.stack([part[0].T.reshape(x.shape[1:]) for part in parts])
    moved = {name: np.mean([part[2][name] for part in parts], axis=0) for name in state}
    return out, [part[1] for part in parts], moved


def spatial_batchnorm_backward(dout: Array, cache: Cache) -> tuple[Array, Array, Array]:
    parts = [
        batchnorm_backward(each.reshape(len(each), -1).T, part)
        for each, part in zip(dout, cache, strict=True)
    ]
    dx = np.stack([part[0].T.reshape(dout.shape[1:]) for part in parts])
    return dx, sum(part[1] for part in parts), sum(part[2] for part in parts)
""",
    ),
    _code(
        "F11-statistics-over-all-channels",
        "All channels share one mean and one variance. Each has its own.",
        _FORWARD
        + """    N, C, H, W = x.shape
    pixels = x.transpose(0, 2, 3, 1).reshape(-1, C)
    _, cache, next_state = batchnorm_forward(
        pixels, gamma, beta, state, train=train, momentum=momentum, eps=eps
    )
    mean, var = (x.mean(), x.var()) if train else state.values()
    out = gamma * (pixels - mean) / np.sqrt(var + eps) + beta
    return out.reshape(N, H, W, C).transpose(0, 3, 1, 2), cache, next_state
""",
    ),
    _edit(
        "F12-reshaped-without-transpose",
        "Channels are mixed: a reshape to (N·H·W, C) does not move the channel axis to the end. Transpose "
        "first.",
        _PIXELS,
        "    pixels = x.reshape(-1, C)\n",
    ),
    _edit(
        "F12-reshaped-back-without-transpose",
        "The output has the right shape and its numbers stand in the wrong places: undo the steps in "
        "reverse, reshape to (N, H, W, C) and then transpose.",
        _OUT,
        "return out.reshape(N, C, H, W), cache, next_state",
    ),
    _edit(
        "F12-transposed-back-in-the-wrong-order",
        "Rows and columns come back exchanged or shifted: (0, 3, 1, 2) undoes (0, 2, 3, 1).",
        _OUT,
        "return out.reshape(N, W, H, C).transpose(0, 3, 2, 1), cache, next_state",
    ),
    _edit(
        "F12-dout-reshaped-without-transpose",
        "dout is reshaped with its channels still before its rows. Treat it as x was treated.",
        _DPIXELS,
        "batchnorm_backward(dout.reshape(-1, C), cache)",
    ),
    _edit(
        "F12-dx-reshaped-without-transpose",
        "dx has the right shape and its numbers stand in the wrong places.",
        _DX,
        "return dpixels.reshape(N, C, H, W), dgamma, dbeta",
    ),
    _edit(
        "F4-testing-forgets-gamma-and-beta",
        "The test output is not scaled and shifted.",
        "    N, C, H, W = x.shape\n" + _PIXELS,
        "    N, C, H, W = x.shape\n"
        "    if not train:\n        gamma, beta = np.ones(C), np.zeros(C)\n" + _PIXELS,
    ),
    _edit(
        "F7-running-averages-not-returned",
        "next_state is the old state. What will the next call read?",
        _OUT,
        _OUT.replace("next_state", "state"),
    ),
    _edit(
        "L7-computed-in-float32",
        "The digits behind the seventh are lost: numbers of float64 are computed in float32. Where does the "
        "type change?",
        "    N, C, H, W = x.shape\n" + _PIXELS,
        "    N, C, H, W = x.shape\n"
        + _PIXELS.replace(".reshape(-1, C)", ".reshape(-1, C).astype(np.float32)"),
    ),
    _edit(
        "D9-gradients-averaged-over-pixels",
        "dgamma and dbeta are means. A channel's scale and shift were used at every pixel: sum.",
        _DX,
        _DX.replace("dgamma, dbeta", "dgamma / (H * W), dbeta / (H * W)"),
    ),
    _edit(
        "L6-dout-changed-in-place",
        "The backward pass changes dout. Your caller still owns it.",
        "    N, C, H, W = dout.shape\n",
        "    N, C, H, W = dout.shape\n    dout *= 1.0 + 1e-12\n",
    ),
)
