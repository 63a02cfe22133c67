"""Wrong penalties and wrong early stopping."""

from __future__ import annotations

from autograder.author import Mistake

_L2 = "return float(strength / 2 * (w**2).sum()), strength * w"
_L1 = "return float(strength * np.abs(w).sum()), strength * np.sign(w)"
_WEIGHTS = "        if w.ndim > 1:\n"
_LOSS = "            loss += first + second\n"
_TOTAL = "            total[name] = total[name] + push + pull\n"
_BETTER = "        if value < self.best_value - self.min_delta:\n"
_KEEP = "            self.best_value, self.best_epoch = float(value), self.epochs\n"
_COPY = "            self.best_params = {name: np.array(w) for name, w in params.items()}\n"
_COUNT = "        self.epochs += 1\n"
_STOP = "return self.epochs - 1 - self.best_epoch >= self.patience"


def _penalty(name: str, says: str, old: str, new: str) -> Mistake:
    return Mistake(id=name, task="penalties", module="penalties", says=says, old=old, new=new)


def _stopping(name: str, says: str, old: str, new: str) -> Mistake:
    return Mistake(id=name, task="stopping", module="stopping", says=says, old=old, new=new)


_PENALTIES = (
    _penalty(
        "C1-half-missing",
        "The half is missing in the loss of L2, though the slope is strength·w. Keep the pair: "
        "½·strength·Σw² and strength·w.",
        _L2,
        _L2.replace("strength / 2", "strength"),
    ),
    _penalty(
        "C1-slope-doubled",
        "The slope of L2 is twice too steep: with the half in the loss it is strength·w.",
        _L2,
        _L2.replace("strength * w", "2 * strength * w"),
    ),
    _penalty(
        "C4-root-of-the-squares",
        "This is the length of w. The penalty is the sum of the squares, without a root.",
        _L2,
        _L2.replace("(w**2).sum()", "np.linalg.norm(w)"),
    ),
    _penalty(
        "C5-mean-for-sum",
        "The penalty is a mean over the weights. It is their sum.",
        _L2,
        _L2.replace(".sum()", ".mean()"),
    ),
    _penalty(
        "C3-magnitude-for-sign",
        "The slope of |w| is taken as |w|. It is +1 or −1, whatever the size of w.",
        _L1,
        _L1.replace("np.sign(w)", "np.abs(w)"),
    ),
    _penalty(
        "C3-always-plus-one",
        "The slope of |w| is +1 everywhere. Left of 0 it falls: −1.",
        _L1,
        _L1.replace("np.sign(w)", "np.ones_like(w)"),
    ),
    _penalty(
        "C3-slope-at-zero",
        "At w = 0 the slope is ±1. The docstring fixes 0 there, so that a weight at 0 stays.",
        _L1,
        _L1.replace("np.sign(w)", "np.where(w >= 0, 1.0, -1.0)"),
    ),
    _penalty(
        "C3-half-in-l1",
        "There is a half in the L1 penalty. It belongs to L2 alone.",
        _L1,
        _L1.replace("float(strength *", "float(strength / 2 *"),
    ),
    _penalty(
        "C3-magnitudes-forgotten",
        "The weights are summed with their signs. Negative ones cost as much as positive ones.",
        _L1,
        _L1.replace("np.abs(w).sum()", "w.sum()"),
    ),
    _penalty(
        "C2-biases-penalized",
        "Biases are penalized too. They only shift the function; leave arrays of one axis alone.",
        _WEIGHTS,
        "        if w.ndim > 0:\n",
    ),
    _penalty(
        "C2-filters-forgotten",
        "Only matrices are penalized. Filters, with four axes, are weights too.",
        _WEIGHTS,
        "        if w.ndim == 2:\n",
    ),
    _penalty(
        "C2-matrices-forgotten",
        "Matrices are left out. They have two axes and are weights too; only arrays of one axis are biases.",
        _WEIGHTS,
        "        if w.ndim > 2:\n",
    ),
    _penalty(
        "C5-penalties-thrown-away",
        "The penalties are computed and thrown away: neither the loss nor a gradient holds them.",
        _LOSS + _TOTAL,
        "            loss + first + second\n            total[name] + push + pull\n",
    ),
    _penalty(
        "C5-missing-in-the-gradients",
        "The penalties are in the loss but not in the gradients.",
        _TOTAL,
        "            total[name] = total[name] + 0 * (push + pull)\n",
    ),
    _penalty(
        "C5-missing-in-the-loss",
        "The penalties are in the gradients but not in the loss.",
        _LOSS,
        "            loss += 0 * (first + second)\n",
    ),
    _penalty(
        "C5-gradients-replaced",
        "The slope of the penalty takes the place of the gradient. It is added to it.",
        _TOTAL,
        "            total[name] = push + pull\n",
    ),
    _penalty(
        "C5-strengths-exchanged",
        "The strengths of L1 and L2 are exchanged.",
        "strength=l1)\n            second, pull = l2_penalty(w, strength=l2)",
        "strength=l2)\n            second, pull = l2_penalty(w, strength=l1)",
    ),
    _penalty(
        "C5-only-one-of-both",
        "Only one of the two penalties is added to the loss.",
        _LOSS,
        "            loss += first or second\n",
    ),
    _penalty(
        "C5-averaged-over-parameters",
        "The penalties are averaged over the parameters. They are summed.",
        _LOSS,
        "            loss += (first + second) / len(params)\n",
    ),
    _penalty(
        "L6-gradients-changed-in-place",
        "The arrays of gradients are changed themselves. The caller may still need them.",
        _TOTAL,
        "            total[name] += push + pull\n",
    ),
    _penalty(
        "L7-computed-in-float32",
        "In float32 half of the digits are lost. What comes in float64 is computed in float64.",
        _L2,
        f"w = np.float32(w)\n    {_L2}",
    ),
)

_STOPPING = (
    _stopping(
        "C16-stops-an-epoch-late",
        "Training stops one epoch too late. With patience 1, one epoch without improvement is enough.",
        _STOP,
        _STOP.replace(">=", ">"),
    ),
    _stopping(
        "C16-stops-an-epoch-early",
        "Training stops one epoch too early. The best epoch itself does not count as waiting.",
        _STOP,
        "return self.epochs - self.best_epoch >= self.patience",
    ),
    _stopping(
        "C16-patience-counts-all-epochs",
        "Patience counts the epochs from the start. It begins anew after each better one.",
        _STOP,
        "return self.epochs > self.patience",
    ),
    _stopping(
        "C16-compared-with-the-epoch-before",
        "Each value is compared with the one before. Compare with the best so far.",
        _BETTER,
        "        before = getattr(self, 'before', math.inf)\n        self.before = value\n"
        "        if value < before - self.min_delta:\n",
    ),
    _stopping(
        "C16-ties-count-as-better",
        "An equal value counts as better, so a plateau never ends. It must be lower.",
        _BETTER,
        _BETTER.replace("<", "<="),
    ),
    _stopping(
        "C16-min-delta-ignored",
        "min_delta is not used: the smallest improvement counts.",
        _BETTER,
        "        if value < self.best_value:\n",
    ),
    _stopping(
        "C16-min-delta-added",
        "min_delta is added: even worse values count as better.",
        _BETTER,
        _BETTER.replace("- self.min_delta", "+ self.min_delta"),
    ),
    _stopping(
        "C16-larger-is-better",
        "Larger values count as better. It is a loss: lower is better.",
        _BETTER,
        "        if value > self.best_value + self.min_delta or self.best_epoch < 0:\n",
    ),
    _stopping(
        "C16-not-a-number-is-best",
        "NaN counts as better, and nothing is lower than NaN afterwards.",
        _BETTER,
        "        if not value >= self.best_value - self.min_delta:\n",
    ),
    _stopping(
        "C16-last-parameters-kept",
        "The parameters of the last epoch are kept. They must be those of the best.",
        _KEEP + _COPY,
        _KEEP + "        self.best_params = {name: np.array(w) for name, w in params.items()}\n",
    ),
    _stopping(
        "C16-first-parameters-kept",
        "The parameters of the first epoch are kept for good.",
        _COPY,
        "            self.best_params = self.best_params or {n: np.array(w) for n, w in params.items()}\n",
    ),
    _stopping(
        "C16-best-kept-by-reference",
        "best_params holds the arrays that training goes on in: they keep changing. Copy them.",
        _COPY,
        "            self.best_params = dict(params)\n",
    ),
    _stopping(
        "C16-best-value-not-kept",
        "best_value does not move, so every epoch counts as better.",
        _KEEP,
        "            self.best_epoch = self.epochs\n",
    ),
    _stopping(
        "C16-epochs-counted-from-one",
        "best_epoch counts from 1. The first epoch is number 0.",
        _KEEP,
        "            self.best_value, self.best_epoch = float(value), self.epochs + 1\n",
    ),
    _stopping(
        "C16-says-stop-when-better",
        "update says to stop after a better epoch, not after bad ones.",
        _STOP,
        "return self.epochs - 1 - self.best_epoch == 0",
    ),
    _stopping(
        "L7-best-kept-in-float32",
        "The copies are made in float32 and have lost half of their digits. A copy holds the same numbers.",
        _COPY,
        "            self.best_params = {n: np.array(w, dtype=np.float32) for n, w in params.items()}\n",
    ),
)
WRONG = (*_PENALTIES, *_STOPPING)
