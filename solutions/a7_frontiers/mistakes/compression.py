"""Wrong prunings and wrong binary weights."""

from __future__ import annotations

from autograder.author import Mistake

_K = "    k = round(sparsity * w.size)\n"
_ORDER = '    order = np.abs(w).argsort(axis=None, kind="stable")\n'
_MASK = "    mask: Array = np.ones_like(w)\n    mask.flat[order[:k]] = 0\n"
_STEP = "return (w - lr * dw) * mask"
_REFUSAL = """    if not 0 <= sparsity <= 1:
        raise ValueError(f"sparsity must lie between 0 and 1, is {sparsity}")
"""


def _prune(name: str, says: str, old: str, new: str) -> Mistake:
    return Mistake(id=name, task="pruning", module="compression", says=says, old=old, new=new)


_PRUNING = (
    _prune(
        "K2-threshold-keeps-ties",
        "Weights as large as the threshold all stay (or all go): with ties the number is wrong. Count, do "
        "not compare.",
        _MASK,
        "    sizes = np.abs(w)\n    limit = np.sort(sizes, axis=None)[k - 1] if k else -1.0\n"
        "    mask: Array = (sizes > limit).astype(w.dtype)\n",
    ),
    _prune(
        "K2-one-weight-too-many-kept",
        "The k-th smallest weight is kept: a strict comparison where the border belongs to the pruned.",
        _MASK,
        _MASK.replace("order[:k]", "order[: max(k - 1, 0)]"),
    ),
    _prune(
        "K2-one-weight-too-many-pruned",
        "One weight too many is pruned: the comparison includes the first weight that should stay.",
        _MASK,
        _MASK.replace("order[:k]", "order[: k + 1]"),
    ),
    _prune(
        "K2-share-kept-instead-of-pruned",
        "sparsity is the share that is kept here. It is the share that goes.",
        _K,
        "    k = round((1 - sparsity) * w.size)\n",
    ),
    _prune(
        "K2-percentile-of-the-weights",
        "The smallest weights go, not the weights of smallest magnitude: strongly negative weights matter "
        "as much as strongly positive ones.",
        _ORDER,
        '    order = w.argsort(axis=None, kind="stable")\n',
    ),
    _prune(
        "K2-largest-pruned",
        "The largest weights go. Those are the ones that matter most.",
        _ORDER,
        '    order = (-np.abs(w)).argsort(axis=None, kind="stable")\n',
    ),
    _prune(
        "K2-threshold-for-each-row",
        "Each row is pruned by itself. The weights are compared over the whole array.",
        _MASK,
        "    rows = np.abs(w).reshape(len(w), -1)\n"
        "    places = rows.argsort(axis=1).argsort(axis=1)\n"
        "    mask: Array = (places >= round(sparsity * rows.shape[1])).reshape(w.shape).astype(w.dtype)\n",
    ),
    _prune(
        "K2-share-of-the-largest-weight",
        "The threshold is a share of the largest weight. sparsity counts weights, it does not measure them.",
        _MASK,
        "    mask: Array = (np.abs(w) > sparsity * np.abs(w).max()).astype(w.dtype)\n",
    ),
    _prune(
        "K2-number-cut-off",
        "The number of weights is cut off instead of rounded; a product like 0.29 · 100 comes out a hair "
        "below the whole number.",
        _K,
        "    k = int(sparsity * w.size)\n",
    ),
    _prune(
        "K2-mask-from-the-zeros",
        "The mask marks what is zero. A weight may be zero without having been pruned, and then it may "
        "still learn.",
        "    return w * mask, mask\n",
        "    return w * mask, (w * mask != 0).astype(w.dtype)\n",
    ),
    _prune(
        "K2-mask-inverted",
        "The mask is 1 where a weight is pruned. It is 1 where a weight is kept.",
        "    return w * mask, mask\n",
        "    return w * mask, 1 - mask\n",
    ),
    _prune(
        "K2-pruned-to-the-border",
        "The small weights are pulled towards zero and the others with them. Pruning leaves the large ones "
        "alone.",
        "    return w * mask, mask\n",
        "    return (w - np.sign(w) * np.abs(w).min()) * mask, mask\n",
    ),
    _prune(
        "K2-mask-not-applied-after-the-step",
        "Pruned weights come back with the first step: the gradient of a pruned weight is not zero. The "
        "mask belongs to every step.",
        _STEP,
        "return w - lr * dw",
    ),
    _prune(
        "K2-mask-on-the-weights-alone",
        "The mask is applied before the step, and the gradient fills the zeros again.",
        _STEP,
        "return w * mask - lr * dw",
    ),
    _prune(
        "K2-mask-on-the-gradient-alone",
        "Only the gradient is masked: what the weights hold at pruned places stays there.",
        _STEP,
        "return w - lr * dw * mask",
    ),
    _prune(
        "B-step-uphill",
        "The step goes along the gradient. Downhill is against it.",
        _STEP,
        "return (w + lr * dw) * mask",
    ),
    _prune(
        "L7-computed-in-float32",
        "The digits behind the seventh are lost: numbers of float64 are computed in float32. Where does the "
        "type change?",
        "    return w * mask, mask\n",
        "    return (w * mask).astype(np.float32), mask\n",
    ),
    _prune(
        "L-share-not-checked",
        "A share below 0 or above 1 goes unnoticed. The docstring asks for ValueError.",
        _REFUSAL,
        "    sparsity = min(max(sparsity, 0.0), 1.0)\n",
    ),
    _prune(
        "L6-weights-cleared-in-place",
        "The weights are cleared in the caller's array, and the dense network is gone.",
        "    return w * mask, mask\n",
        "    w *= mask\n    return w, mask\n",
    ),
)

_ALPHA = "    alpha = np.abs(w).mean(axis=0)\n"
_SIGN = "np.where(w >= 0, alpha, -alpha)"
_DW = "np.where(np.abs(w) <= 1, dout, 0) * np.abs(w).mean(axis=0)"


def _binary(name: str, says: str, old: str, new: str) -> Mistake:
    return Mistake(id=name, task="binary", module="compression", says=says, old=old, new=new)


_BINARY = (
    _binary(
        "K1-sign-of-zero-is-zero",
        "A weight of 0 becomes 0: np.sign has three values. One bit holds two, and zero is positive.",
        _SIGN,
        "alpha * np.sign(w)",
    ),
    _binary(
        "K1-zero-counts-as-negative",
        "A weight of 0 becomes negative. The docstring fixes it: zero counts as positive.",
        _SIGN,
        _SIGN.replace(">=", ">"),
    ),
    _binary(
        "K1-size-forgotten",
        "The binary weights are ±1. Each unit has a size, the mean magnitude of its real weights.",
        _ALPHA,
        "    alpha = np.ones(w.shape[1], dtype=w.dtype)\n",
    ),
    _binary(
        "K1-one-size-for-all-units",
        "All units share one size. Each has its own.",
        _ALPHA,
        "    alpha = np.abs(w).mean()\n",
    ),
    _binary(
        "K1-size-of-each-input",
        "The mean runs along the rows: a size for each input. A unit's weights stand in its column.",
        _ALPHA,
        "    alpha = np.abs(w).mean(axis=1, keepdims=True)\n",
    ),
    _binary(
        "K1-size-from-the-signed-mean",
        "The size is the mean of the weights, in which positive and negative ones cancel. Take magnitudes.",
        _ALPHA,
        "    alpha = np.abs(w.mean(axis=0))\n",
    ),
    _binary(
        "K1-size-is-a-sum",
        "The size is the sum of the magnitudes; it is their mean.",
        _ALPHA,
        "    alpha = np.abs(w).sum(axis=0)\n",
    ),
    _binary(
        "K1-size-is-a-root-mean-square",
        "The size is the root mean square. Nearest to the real weights is the mean magnitude.",
        _ALPHA,
        "    alpha = np.sqrt((w**2).mean(axis=0))\n",
    ),
    _binary(
        "K1-gradient-passes-large-weights",
        "The gradient passes for |w| > 1 as well. There the estimator stops it, so that weights do not run "
        "away.",
        _DW,
        "dout * np.abs(w).mean(axis=0)",
    ),
    _binary(
        "K1-gradient-of-the-sign",
        "The gradient is 0 everywhere: that is the true slope of the sign, and nothing is learned. Read "
        "what the estimator puts in its place.",
        _DW,
        "np.zeros_like(w) * dout",
    ),
    _binary(
        "K1-limit-on-the-gradient",
        "The gradient is cut to [−1, 1]. The limit looks at the weight, not at the gradient.",
        _DW,
        "np.clip(dout, -1, 1) * np.abs(w).mean(axis=0)",
    ),
    _binary(
        "K1-limit-on-the-binary-weights",
        "The limit looks at the binary weights. It is the real weight that decides.",
        _DW,
        "np.where(np.abs(w).mean(axis=0) <= 1, dout, 0) * np.abs(w).mean(axis=0)",
    ),
    _binary(
        "K1-limit-leaves-one-out",
        "A weight of exactly 1 no longer learns. The limit is |w| <= 1, border included.",
        _DW,
        _DW.replace("<= 1", "< 1"),
    ),
    _binary(
        "K1-gradient-without-the-size",
        "The factor alpha is missing on the way back: out is alpha times a sign.",
        _DW,
        "np.where(np.abs(w) <= 1, dout, 0)",
    ),
    _binary(
        "K1-gradient-times-the-weight",
        "The gradient is multiplied by the weight. The estimator takes the slope of the sign for 1, "
        "whatever the weight.",
        _DW,
        _DW + " * np.where(w >= 0, 1, -1)",
    ),
    _binary(
        "K1-large-weights-only",
        "The condition is turned round: the gradient passes where it should stop.",
        _DW,
        _DW.replace("<= 1", "> 1"),
    ),
    _binary(
        "L7-computed-in-float32",
        "The digits behind the seventh are lost: numbers of float64 are computed in float32. Where does the "
        "type change?",
        _ALPHA,
        _ALPHA.replace("np.abs(w)", "np.abs(w).astype(np.float32)"),
    ),
    _binary(
        "L6-real-weights-replaced",
        "The real weights are overwritten by the binary ones. They are what learns; keep them.",
        "    return np.where(w >= 0, alpha, -alpha), w\n",
        "    real = w.copy()\n    w[:] = np.where(w >= 0, alpha, -alpha)\n    return w.copy(), real\n",
    ),
)
WRONG = (*_PRUNING, *_BINARY)
