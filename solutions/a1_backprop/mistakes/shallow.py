"""Wrong versions of the lecture's network."""

from __future__ import annotations

from autograder.author import Mistake

_HIDDEN = "hidden = np.maximum(x @ W + c, 0)"
_OUT = "return hidden @ w + b, (x, W, w, hidden)"
_DZ = "dz = np.where(hidden > 0, np.outer(df, w), 0)"
_RETURN = "return dz @ W.T, x.T @ dz, dz.sum(axis=0), hidden.T @ df, np.asarray(df.sum())"


def _edit(name: str, says: str, old: str, new: str) -> Mistake:
    return Mistake(id=name, task="shallow", module="shallow", says=says, old=old, new=new)


WRONG = (
    _edit(
        "A0-no-bend",
        "The hidden layer is linear: without max{0, ·} the network is one straight line and cannot "
        "compute exclusive or.",
        _HIDDEN,
        "hidden = x @ W + c",
    ),
    _edit(
        "A0-hidden-bias-forgotten",
        "c is missing: the hidden units see Wᵀx + c.",
        _HIDDEN,
        "hidden = np.maximum(x @ W, 0)",
    ),
    _edit(
        "A0-bias-inside-after-the-bend",
        "c is added after the bend. It shifts the place of the bend, so it belongs inside max{0, ·}.",
        _HIDDEN,
        "hidden = np.maximum(x @ W, 0) + c",
    ),
    _edit(
        "A0-output-bent-too",
        "The output goes through max{0, ·} as well; f is linear in the hidden units.",
        _OUT,
        "return np.maximum(hidden @ w + b, 0), (x, W, w, hidden)",
    ),
    _edit(
        "A0-output-bias-forgotten",
        "b is missing from the output.",
        _OUT,
        "return hidden @ w, (x, W, w, hidden)",
    ),
    _edit(
        "A0-output-has-an-axis-too-many",
        "f has the shape (N, 1); it is asked for as (N,).",
        _OUT,
        "return (hidden @ w + b)[:, None], (x, W, w, hidden)",
    ),
    _edit(
        "A5-mask-forgotten",
        "The gradient passes through units that were off. Multiply by where z was positive.",
        _DZ,
        "dz = np.outer(df, w)",
    ),
    _edit(
        "A5-mask-from-the-gradient",
        "What passes is decided by the sign of the gradient itself. Which number was clipped in the forward "
        "pass? Its sign decides.",
        _DZ,
        "dz = np.maximum(np.outer(df, w), 0)",
    ),
    _edit(
        "A7-derivative-1-at-zero",
        "At exactly 0 the gradient is passed on; the convention is 0 there.",
        _DZ,
        "dz = np.where(hidden >= 0, np.outer(df, w), 0)",
    ),
    _edit(
        "A0-output-weights-left-out",
        "On its way to the hidden units the gradient must pass the weights w.",
        _DZ,
        "dz = np.where(hidden > 0, df[:, None], 0)",
    ),
    _edit(
        "A1-dc-averaged",
        "c is added once for each sample: its gradient is a sum, no mean.",
        _RETURN,
        _RETURN.replace("dz.sum(axis=0)", "dz.mean(axis=0)"),
    ),
    _edit(
        "A1-db-averaged",
        "b is added once for each sample: its gradient is a sum, no mean.",
        _RETURN,
        _RETURN.replace("df.sum()", "df.mean()"),
    ),
    _edit(
        "A9-dw-of-the-bent-gradient",
        "dw needs the hidden values, not the inputs' gradient: which numbers did w meet?",
        _RETURN,
        _RETURN.replace("hidden.T @ df", "dz.T @ df"),
    ),
    _edit(
        "A9-dw-before-the-bend",
        "dw is computed with z, before the bend. The weights w met max{0, z}: 0 where a unit is off.",
        _OUT,
        "return hidden @ w + b, (x, W, w, x @ W + c)",
    ),
    _edit(
        "A9-dW-transposed",
        "dW has the shape of Wᵀ. Write (D, H) beside it.",
        _RETURN,
        _RETURN.replace("x.T @ dz", "dz.T @ x"),
    ),
    _edit(
        "A9-W-not-transposed",
        "dx must pass W: the gradient of z goes back to x through the weights of the hidden layer.",
        _RETURN,
        _RETURN.replace("dz @ W.T", "dz @ W"),
    ),
    _edit(
        "A8-hidden-computed-in-place-of-c",
        "c is changed by the forward pass.",
        _HIDDEN,
        "c += 1e-9\n    hidden = np.maximum(x @ W + c, 0)",
    ),
    _edit(
        "L7-computed-in-float32",
        "In float32 half of the digits are lost. What comes in float64 is computed in float64.",
        _HIDDEN,
        "x, W, c, w = (each.astype(np.float32) for each in (x, W, c, w))\n    " + _HIDDEN,
    ),
)
