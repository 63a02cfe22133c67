"""Wrong gradient checks."""

from __future__ import annotations

from autograder.author import Mistake

_LOOP = "        above, below = x.astype(np.float64), x.astype(np.float64)\n"
_DIFFERENCE = "gradient[place] = (f(above) - f(below)) / (2 * h)"
_FINITE = '    if not np.all(np.isfinite(gradient)):\n        return False, float("inf")\n'
_SCALE = "scale = max(float(np.linalg.norm(gradient)), float(np.linalg.norm(numeric)))"
_ERROR = "error = float(np.linalg.norm(gradient - numeric)) / scale if scale > 0 else 0.0"
_VERDICT = "return error <= tolerance, error"


def _edit(name: str, says: str, old: str, new: str) -> Mistake:
    return Mistake(id=name, task="gradcheck", module="gradcheck", says=says, old=old, new=new)


WRONG = (
    _edit(
        "A0-one-sided-difference",
        "The difference is one-sided: its error is of order h instead of h². Go a step to either side.",
        _DIFFERENCE,
        "gradient[place] = (f(above) - f(x)) / h",
    ),
    _edit(
        "A0-divided-by-h",
        "From x − h to x + h it is 2·h; the slope is twice too steep.",
        _DIFFERENCE,
        "gradient[place] = (f(above) - f(below)) / h",
    ),
    _edit(
        "A0-sign-turned",
        "The difference is taken the wrong way round.",
        _DIFFERENCE,
        "gradient[place] = (f(below) - f(above)) / (2 * h)",
    ),
    _edit(
        "A0-step-not-the-one-asked-for",
        "The step h of the caller is ignored.",
        _LOOP,
        f"        h = 1e-5\n{_LOOP}",
    ),
    _edit(
        "A0-steps-pile-up",
        "After an entry has been checked it is not put back, so the next one is checked at another place.",
        _LOOP,
        "        above = x\n        below = x.copy()\n",
    ),
    _edit(
        "A0-step-too-small",
        "With so small a step the two values of f agree in all digits a float has.",
        _LOOP,
        f"        h = h * 1e-8\n{_LOOP}",
    ),
    _edit(
        "A0-nan-passes",
        "NaN compares false with everything, so a test for an error that is too large lets it through. "
        "Ask whether the gradient is finite.",
        _FINITE + "    numeric = numerical_gradient(f, x, h=h)\n    " + _SCALE + "\n    " + _ERROR,
        "    numeric = numerical_gradient(f, x, h=h)\n    "
        + _SCALE
        + "\n    "
        + _ERROR
        + "\n    if not error > tolerance:\n        return True, error",
    ),
    _edit(
        "A0-absolute-error",
        "The error is absolute: a function 10⁷ times as large would need another tolerance. Divide by the "
        "larger norm.",
        _ERROR,
        "error = float(np.linalg.norm(gradient - numeric))",
    ),
    _edit(
        "A0-error-of-the-norms",
        "Only the lengths of the two gradients are compared; their directions may differ.",
        _ERROR,
        "lengths = float(np.linalg.norm(gradient)), float(np.linalg.norm(numeric))\n"
        "    error = abs(lengths[0] - lengths[1]) / scale if scale > 0 else 0.0",
    ),
    _edit(
        "A0-zero-over-zero",
        "Where both gradients are 0 the error is 0/0. They agree: say so.",
        _ERROR,
        'with np.errstate(all="ignore"):\n'
        "        error = float(np.float64(np.linalg.norm(gradient - numeric)) / scale)",
    ),
    _edit(
        "A0-sum-of-the-norms",
        "The error is divided by the sum of the norms; the contract says by the larger one.",
        _SCALE,
        "scale = float(np.linalg.norm(gradient)) + float(np.linalg.norm(numeric))",
    ),
    _edit(
        "A0-always-content",
        "The verdict does not depend on the error.",
        _VERDICT,
        "return True, error",
    ),
    _edit(
        "A0-tolerance-ignored",
        "The tolerance of the caller is ignored.",
        _VERDICT,
        "return error <= 1e-6, error",
    ),
    _edit(
        "A8-x-left-changed",
        "x is not the same after the call: an entry is stepped up and down but not put back.",
        _LOOP,
        f"        x[place] += 1e-12\n{_LOOP}",
    ),
)
