"""Wrong affine layers and rectified linear units."""

from __future__ import annotations

from autograder.author import Mistake

_OUT = "return x.reshape(len(x), -1) @ w + b, (x, w)"
_DX = "dx = (dout @ w.T).reshape(x.shape)"
_DW = "dw = x.reshape(len(x), -1).T @ dout"
_RETURN = "return dx, dw, dout.sum(axis=0)"
_RELU = "return np.maximum(x, 0), x"
_RELU_BACK = "return np.where(cache > 0, dout, 0).astype(cache.dtype, copy=False)"


def _affine(name: str, says: str, old: str, new: str) -> Mistake:
    return Mistake(id=name, task="affine", module="layers", says=says, old=old, new=new)


def _relu(name: str, says: str, old: str, new: str) -> Mistake:
    return Mistake(id=name, task="relu", module="layers", says=says, old=old, new=new)


WRONG = (
    _affine(
        "A1-db-averaged",
        "b is added once for each example, so every row of dout flows into it: sum, do not average.",
        _RETURN,
        "return dx, dw, dout.mean(axis=0)",
    ),
    _affine(
        "A2-dw-averaged-too",
        "The 1/N of the mean is applied twice. Only the loss averages; a layer passes on what it is given.",
        _DW,
        f"{_DW} / len(x)",
    ),
    _affine(
        "A3-dx-not-reshaped",
        "dx comes back flat. A gradient has the shape of the thing it belongs to.",
        _DX,
        "dx = dout @ w.T",
    ),
    _affine(
        "A4-db-keeps-an-axis",
        "db has the shape (1, M), b has (M,). Print both.",
        _RETURN,
        "return dx, dw, dout.sum(axis=0, keepdims=True)",
    ),
    _affine(
        "A9-w-not-transposed",
        "dx uses w where it needs wᵀ. Write the four shapes beside the formula; where N, D and M differ, "
        "only one product fits.",
        _DX,
        "dx = (dout @ w).reshape(x.shape)",
    ),
    _affine(
        "A9-dw-transposed",
        "dw has the shape of wᵀ. Which axis of w belongs to the inputs?",
        _DW,
        "dw = dout.T @ x.reshape(len(x), -1)",
    ),
    _affine(
        "A0-bias-forgotten",
        "The bias is missing from the output.",
        _OUT,
        "return x.reshape(len(x), -1) @ w, (x, w)",
    ),
    _affine(
        "A0-samples-mixed",
        "The entries of each sample are flattened in another order than w expects: keep the order of memory.",
        _OUT,
        'return x.reshape(len(x), -1, order="F") @ w + b, (x, w)',
    ),
    _affine(
        "A8-bias-added-to-the-callers-x",
        "x is changed while you compute. The caller still owns it; make an array of your own.",
        _OUT,
        "x -= 1\n    x += 1 + 1e-9\n    return x.reshape(len(x), -1) @ w + b, (x, w)",
    ),
    _affine(
        "A8-dout-overwritten",
        "dout is changed in the backward pass, and its owner may need it again, for a second branch.",
        _DX,
        f"{_DX}\n    dout *= 1 + 1e-9",
    ),
    _affine(
        "L7-computed-in-float32",
        "In float32 half of the digits are lost. What comes in float64 is computed in float64.",
        _OUT,
        "x, w, b = (each.astype(np.float32) for each in (x, w, b))\n    " + _OUT,
    ),
    _relu(
        "A5-mask-from-dout",
        "The mask is made from dout. Which tensor decided what was clipped? The input.",
        _RELU_BACK,
        "return np.where(dout > 0, dout, 0).astype(cache.dtype, copy=False)",
    ),
    _relu(
        "A6-forward-gives-the-step",
        "The output is 1 where x is positive. max{0, x} keeps the number itself.",
        _RELU,
        "return (x > 0).astype(x.dtype), x",
    ),
    _relu(
        "A7-derivative-1-at-zero",
        "At exactly 0 the gradient is passed on. The convention is 0 there: dead units must get nothing.",
        _RELU_BACK,
        "return np.where(cache >= 0, dout, 0).astype(cache.dtype, copy=False)",
    ),
    _relu(
        "A7-mask-by-division",
        "out / x is 0/0 at zero, which is NaN. Compare instead of dividing.",
        _RELU_BACK,
        'with np.errstate(all="ignore"):\n        return dout * (np.maximum(cache, 0) / cache)',
    ),
    _relu(
        "A8-writes-into-dout",
        "dout is overwritten with zeros. Your caller still owns it: copy, or multiply by a mask.",
        _RELU_BACK,
        "dout[cache <= 0] = 0\n    return dout",
    ),
    _relu(
        "A8-writes-into-x",
        "The forward pass writes into x, and the cache with it.",
        _RELU,
        "np.maximum(x, 0, out=x)\n    return x.copy(), x",
    ),
    _relu(
        "A0-leaky",
        "Negative inputs pass a little. That is a leaky unit; the one asked for gives exactly 0.",
        _RELU,
        "return np.where(x > 0, x, 0.01 * x), x",
    ),
    _relu(
        "A0-absolute-value",
        "Negative inputs come out positive: max(0, x), not |x|.",
        _RELU,
        "return np.abs(x), x",
    ),
    _relu(
        "A0-backward-passes-everything",
        "The gradient passes unchanged. Where the unit was off, nothing may flow back.",
        _RELU_BACK,
        "return dout.copy()",
    ),
    _relu(
        "A0-backward-gives-the-mask",
        "The backward pass returns the derivative alone; the chain rule multiplies it by dout.",
        _RELU_BACK,
        "return (cache > 0).astype(cache.dtype)",
    ),
    _relu(
        "L7-computed-in-float32",
        "In float32 half of the digits are lost. What comes in float64 is computed in float64.",
        _RELU,
        "x = x.astype(np.float32)\n    " + _RELU,
    ),
)
