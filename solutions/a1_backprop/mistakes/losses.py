"""Wrong losses."""

from __future__ import annotations

from autograder.author import Mistake

_SHIFT = "shifted = x - x.max(axis=1, keepdims=True)"
_LOG = "log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))"
_DX = "dx = np.exp(log_p)"
_TRUE = "dx[samples, y] -= 1"
_RETURN = "return float(-log_p[samples, y].mean()), dx / len(x)"
_DIFFERENCE = "difference = x - y\n"
_MSE = "return float((difference**2).sum() / len(x)), 2 * difference / len(x)"


def _softmax(name: str, says: str, old: str, new: str) -> Mistake:
    return Mistake(id=name, task="softmax_loss", module="losses", says=says, old=old, new=new)


def _mse(name: str, says: str, old: str, new: str) -> Mistake:
    return Mistake(id=name, task="mse_loss", module="losses", says=says, old=old, new=new)


WRONG = (
    _softmax(
        "A15-no-shift",
        "Large scores overflow exp. A shift of a whole row changes no probability: subtract its largest "
        "score first.",
        _SHIFT,
        "shifted = x",
    ),
    _softmax(
        "A15-one-shift-for-all-rows",
        "All rows are shifted by one number, so rows of small scores underflow. Each has its own maximum.",
        _SHIFT,
        "shifted = x - x.max()",
    ),
    _softmax(
        "A15-log-of-a-probability",
        "A probability that underflows to 0 has no logarithm. Compute log p directly: the shifted score "
        "minus the log of the sum.",
        _LOG,
        "p = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)\n    log_p = np.log(p)",
    ),
    _softmax(
        "A15-small-number-inside-the-log",
        "A small number inside the logarithm caps the loss: a confident mistake must cost its full price.",
        _LOG,
        "p = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)\n    log_p = np.log(p + 1e-12)",
    ),
    _softmax(
        "A16-softmax-over-the-batch",
        "The probabilities are normalised over the batch. Which axis are the classes? Every row sums to 1.",
        _LOG,
        "log_p = shifted - np.log(np.exp(shifted).sum(axis=0, keepdims=True))",
    ),
    _softmax(
        "A17-gradient-not-averaged",
        "The loss is a mean over the batch, so its gradient is one too: 1/N is missing from dx.",
        _RETURN,
        "return float(-log_p[samples, y].mean()), dx",
    ),
    _softmax(
        "A17-loss-summed",
        "The loss is the sum over the batch; it is to be the mean.",
        _RETURN,
        "return float(-log_p[samples, y].sum()), dx / len(x)",
    ),
    _softmax(
        "A0-true-class-not-subtracted",
        "The gradient is p alone. It is what the network believes minus what is true: subtract the onehot.",
        _TRUE,
        "pass",
    ),
    _softmax(
        "A0-minus-one-everywhere",
        "1 is subtracted from whole columns. Index row and class together: one entry a row.",
        _TRUE,
        "dx[:, y] -= 1",
    ),
    _softmax(
        "A0-sign-turned",
        "The gradient points the wrong way: p − onehot, not onehot − p.",
        _RETURN,
        "return float(-log_p[samples, y].mean()), -dx / len(x)",
    ),
    _softmax(
        "A8-shifts-the-callers-x",
        "The scores are shifted in place. The caller still owns them.",
        _SHIFT,
        "shifted = x\n    shifted -= x.max(axis=1, keepdims=True)",
    ),
    _softmax(
        "L7-probabilities-rounded",
        "The probabilities are rounded to a few digits. Rounding is for what you print; dx needs all digits.",
        _DX,
        "dx = np.round(np.exp(log_p), 3)",
    ),
    _softmax(
        "L7-labels-wrap",
        "Places are computed in the type of the labels. A type of 8 bits counts to 127 or 255 and then wraps "
        "around: other entries are hit than those of the right classes.",
        _TRUE,
        "dx.reshape(-1)[y + (x.shape[1] * samples).astype(y.dtype)] -= 1",
    ),
    _softmax(
        "L7-computed-in-float32",
        "In float32 half of the digits are lost. What comes in float64 is computed in float64.",
        _SHIFT,
        f"x = x.astype(np.float32)\n    {_SHIFT}",
    ),
    _mse(
        "A2-mean-over-entries",
        "The loss is divided by the number of entries. The mean is over samples; the squares of one sample "
        "are summed.",
        _MSE,
        "return float((difference**2).mean()), 2 * difference / difference.size",
    ),
    _mse(
        "A0-half-in-front",
        "There is a factor 1/2 that this definition does not have.",
        _MSE,
        "return float((difference**2).sum() / len(x) / 2), difference / len(x)",
    ),
    _mse(
        "A0-two-forgotten",
        "The derivative of a square brings down a 2.",
        _MSE,
        "return float((difference**2).sum() / len(x)), difference / len(x)",
    ),
    _mse(
        "A17-gradient-not-averaged",
        "The loss is a mean over the batch, so its gradient is one too: 1/N is missing from dx.",
        _MSE,
        "return float((difference**2).sum() / len(x)), 2 * difference",
    ),
    _mse(
        "A17-loss-summed",
        "The loss is the sum over the batch; it is to be the mean.",
        _MSE,
        "return float((difference**2).sum()), 2 * difference / len(x)",
    ),
    _mse(
        "A0-sign-turned",
        "The gradient is that for y. It is asked for x: 2/N (x − y).",
        _MSE,
        "return float((difference**2).sum() / len(x)), -2 * difference / len(x)",
    ),
    _mse(
        "A0-absolute-error",
        "The differences are not squared.",
        _MSE,
        "return float(np.abs(difference).sum() / len(x)), np.sign(difference) / len(x)",
    ),
    _mse(
        "A0-root-of-the-mean",
        "The root of the mean square is returned; the loss asked for has no root.",
        _MSE,
        "return float(np.sqrt((difference**2).sum() / len(x))), 2 * difference / len(x)",
    ),
    _mse(
        "A8-writes-into-x",
        "The difference is taken in place, and x is gone. The caller still owns it.",
        _DIFFERENCE,
        "difference = x\n    difference -= y\n",
    ),
    _mse(
        "L7-computed-in-float32",
        "In float32 half of the digits are lost. What comes in float64 is computed in float64.",
        _DIFFERENCE,
        "difference = np.float32(x) - np.float32(y)\n",
    ),
)
