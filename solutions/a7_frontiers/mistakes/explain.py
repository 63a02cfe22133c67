"""Wrong saliency maps and wrong integrated gradients."""

from __future__ import annotations

from autograder.author import Mistake

_CHOSEN = '    chosen = params["W2"].T[y]\n'
_GRADIENT = '    gradient: Array = ((a > 0) * chosen) @ params["W1"].T\n'
_SCORES = '    scores = np.maximum(a, 0) @ params["W2"] + params["b2"]\n'
_SOFTMAX = (
    _SCORES + "    p = np.exp(scores - scores.max(axis=1, keepdims=True))\n"
    "    p /= p.sum(axis=1, keepdims=True)\n"
)
_LARGEST = "np.abs(score_gradient(x, y, params)).max(axis=1)"
_POINT = "baseline + (k + 0.5) / steps * (x - baseline)"
_TOTAL = f"        total += gradient({_POINT})\n"
_RESULT = "    return (x - baseline) * total / steps\n"
_CHECK = """    if steps < 1:
        raise ValueError(f"steps is {steps}; at least one is needed")
"""


def _saliency(name: str, says: str, old: str, new: str) -> Mistake:
    return Mistake(id=name, task="saliency", module="explain", says=says, old=old, new=new)


def _integrated(name: str, says: str, old: str, new: str) -> Mistake:
    return Mistake(id=name, task="integrated_gradients", module="explain", says=says, old=old, new=new)


_SALIENCY = (
    _saliency(
        "K4-gradient-of-the-probability",
        "This is the gradient of the softmax probability. Where the network is certain it vanishes; ask for "
        "the gradient of the score itself.",
        _CHOSEN,
        _SOFTMAX + "    at = np.take_along_axis(p, np.asarray(y)[:, None], axis=1)\n"
        '    chosen = at * (np.eye(p.shape[1])[y] - p) @ params["W2"].T\n',
    ),
    _saliency(
        "K4-gradient-of-the-loss",
        "This is the gradient of the cross-entropy: another sign, and nearly zero where the network is "
        "right. Ask for the gradient of the score.",
        _CHOSEN,
        _SOFTMAX + '    chosen = (p - np.eye(p.shape[1])[y]) @ params["W2"].T\n',
    ),
    _saliency(
        "K4-gradient-of-all-scores",
        "The gradient of the sum of all scores is taken. Each image asks about one class, y[n].",
        _CHOSEN,
        '    chosen = params["W2"].sum(axis=1)\n',
    ),
    _saliency(
        "K4-gradient-of-the-largest-score",
        "The score with the largest value is asked about. It must be that of the class in y, which may be "
        "another one.",
        _CHOSEN,
        _SCORES + '    chosen = params["W2"].T[scores.argmax(axis=1)]\n',
    ),
    _saliency(
        "K4-class-of-the-first-image",
        "All images are asked about the class of the first. Row n belongs to class y[n].",
        _CHOSEN,
        '    chosen = params["W2"].T[y[:1]]\n',
    ),
    _saliency(
        "K4-activation-ignored",
        "Hidden units that are off pass a gradient on. They did not reach the score.",
        _GRADIENT,
        '    gradient: Array = (np.ones_like(a) * chosen) @ params["W1"].T\n',
    ),
    _saliency(
        "K4-sign-of-the-gradient-decides",
        "What passes through the hidden layer is decided by the sign of the gradient instead of the sign of "
        "the activation.",
        _GRADIENT,
        '    gradient: Array = np.maximum(np.broadcast_to(chosen, a.shape), 0) @ params["W1"].T\n',
    ),
    _saliency(
        "K4-slope-at-zero-is-one",
        "A hidden unit at exactly 0 passes its gradient on. The docstring fixes the slope at 0: nothing.",
        _GRADIENT,
        _GRADIENT.replace("a > 0", "a >= 0"),
    ),
    _saliency(
        "K4-bias-forgotten",
        "The hidden layer is computed without its bias, so other units are on than in the network.",
        ' + params["b1"]',
        "",
    ),
    _saliency(
        "K4-gradient-averaged-over-the-images",
        "The gradients are divided by the number of images. Each image has a score of its own; nothing is "
        "averaged.",
        _GRADIENT,
        _GRADIENT + "    gradient = gradient / len(x)\n",
    ),
    _saliency(
        "K4-signs-kept",
        "Negative slopes count as if they were small. A pixel that lowers the score matters too: take the "
        "magnitude first, then the largest.",
        _LARGEST,
        "np.maximum(score_gradient(x, y, params).max(axis=1), 0)",
    ),
    _saliency(
        "K4-mean-over-channels",
        "The channels are averaged. A pixel counts by its most important channel: the maximum.",
        _LARGEST,
        "np.abs(score_gradient(x, y, params)).mean(axis=1)",
    ),
    _saliency(
        "K4-absolute-after-the-maximum",
        "The magnitude is taken after the maximum, so the largest slope wins over a steeper negative one.",
        _LARGEST,
        "np.abs(score_gradient(x, y, params).max(axis=1))",
    ),
    _saliency(
        "K4-gradient-times-input",
        "The map is multiplied by the image. A saliency map is the slope alone.",
        _LARGEST,
        "np.abs(score_gradient(x, y, params) * x).max(axis=1)",
    ),
    _saliency(
        "L7-computed-in-float32",
        "The digits behind the seventh are lost: numbers of float64 are computed in float32. Where does the "
        "type change?",
        "    return gradient.reshape(x.shape)\n",
        "    return gradient.reshape(x.shape).astype(np.float32)\n",
    ),
    _saliency(
        "L6-image-overwritten",
        "The images are changed by the call; the caller still needs them.",
        "    return gradient.reshape(x.shape)\n",
        "    x *= 0\n    return gradient.reshape(x.shape)\n",
    ),
)

_INTEGRATED = (
    _integrated(
        "K5-left-ends",
        "The gradient is taken where each piece begins. This contract asks for the middle of each piece; "
        "the left ends miss the completeness by far more.",
        "(k + 0.5) / steps",
        "k / steps",
    ),
    _integrated(
        "K5-right-ends",
        "The gradient is taken where each piece ends. This contract asks for the middle of each piece.",
        "(k + 0.5) / steps",
        "(k + 1) / steps",
    ),
    _integrated(
        "K5-difference-forgotten",
        "The average gradient is not multiplied by x − baseline. Only then do the shares add up.",
        _RESULT,
        "    return total / steps\n",
    ),
    _integrated(
        "K5-multiplied-by-x",
        "The average gradient is multiplied by x instead of x − baseline: right only if the baseline is 0.",
        _RESULT,
        "    return x * total / steps\n",
    ),
    _integrated(
        "K5-baseline-ignored",
        "The way starts at 0 instead of at the baseline.",
        _POINT,
        "(k + 0.5) / steps * x",
    ),
    _integrated(
        "K5-sum-for-the-mean",
        "The gradients are added up but not averaged: with more steps the shares grow.",
        _RESULT,
        "    return (x - baseline) * total\n",
    ),
    _integrated(
        "K5-gradient-at-the-input-alone",
        "The gradient is taken at x only. Gradient times input misses what happened on the way.",
        _POINT,
        "x",
    ),
    _integrated(
        "K5-both-ends-count",
        "steps points from end to end, both included, are a mean over other places than the middles of the "
        "pieces.",
        _POINT,
        "baseline + k / max(steps - 1, 1) * (x - baseline)",
    ),
    _integrated(
        "K5-difference-reversed",
        "The shares have the wrong sign: the way leads from the baseline to x.",
        _RESULT,
        "    return (baseline - x) * total / steps\n",
    ),
    _integrated(
        "K5-last-piece-missing",
        "The last piece of the way is left out: range already stops before its end.",
        "for k in range(steps):",
        "for k in range(steps - 1):",
    ),
    _integrated(
        "K5-magnitudes",
        "The shares have lost their signs. What speaks against the decision has a negative share.",
        _RESULT,
        "    return np.abs((x - baseline) * total / steps)\n",
    ),
    _integrated(
        "K5-no-steps-unnoticed",
        "steps = 0 goes unnoticed. The docstring asks for ValueError.",
        _CHECK,
        "",
    ),
    _integrated(
        "L7-computed-in-float32",
        "The digits behind the seventh are lost: numbers of float64 are computed in float32. Where does the "
        "type change?",
        "    total = np.zeros_like(x)\n",
        "    total = np.zeros(x.shape, dtype=np.float32)\n",
    ),
    _integrated(
        "L6-baseline-moved",
        "The call moves the baseline itself along the way; the caller still needs it.",
        "    total = np.zeros_like(x)\n",
        "    total = np.zeros_like(x)\n    start = baseline.copy()\n    baseline += 0.25 * (x - start)\n"
        "    baseline = start\n",
    ),
)
WRONG = (*_SALIENCY, *_INTEGRATED)
