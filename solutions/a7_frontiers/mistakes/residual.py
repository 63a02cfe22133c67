"""Wrong residual blocks and wrong norms of gradients."""

from __future__ import annotations

from autograder.author import Mistake

_SUM = "return x + np.maximum(a, 0) @ W2 + b2, (x, a, W1, W2)"
_DA = "    da = dout @ W2.T * (a > 0)\n"
_DX = "dx = dout + da @ W1.T"
_GRADIENTS = "return dx, x.T @ da, da.sum(axis=0), np.maximum(a, 0).T @ dout, dout.sum(axis=0)"
_REFUSAL = """    if W2.shape[1] != x.shape[1]:
        raise ValueError(f"the branch ends in {W2.shape[1]} columns, x has {x.shape[1]}")
"""


def _block(name: str, says: str, old: str, new: str) -> Mistake:
    return Mistake(id=name, task="residual", module="residual", says=says, old=old, new=new)


_BLOCK = (
    _block(
        "F14-skip-forgotten",
        "The output is the branch alone. What makes the block residual is that x itself is added.",
        _SUM,
        _SUM.replace("x + np.maximum", "np.maximum"),
    ),
    _block(
        "F14-gradient-of-the-skip-forgotten",
        "dx is only what came through the branch. x also reached out along the skip: d(x + F(x)) has "
        "two terms.",
        _DX,
        "dx = da @ W1.T",
    ),
    _block(
        "F14-gradient-of-the-branch-forgotten",
        "dx is only what came along the skip. x went into the branch as well.",
        _DX,
        "dx = dout.copy()",
    ),
    _block(
        "F14-activation-after-the-addition",
        "The sum goes through a rectified linear unit once more. This block ends with the addition; its "
        "output may be negative.",
        _SUM,
        "return np.maximum(x + np.maximum(a, 0) @ W2 + b2, 0), (x, a, W1, W2)",
    ),
    _block(
        "F14-activation-at-the-end-of-the-branch",
        "The branch ends in a rectified linear unit, so it can only ever add. Its activation stands "
        "between the two weight matrices.",
        _SUM,
        "return x + np.maximum(np.maximum(a, 0) @ W2 + b2, 0), (x, a, W1, W2)",
    ),
    _block(
        "F14-skip-through-the-activation",
        "The skip carries max(0, x). It must carry x as it is: negative entries are lost otherwise.",
        _SUM,
        _SUM.replace("return x +", "return np.maximum(x, 0) +"),
    ),
    _block(
        "F14-skip-inside-the-branch",
        "x is added before the second matrix. The skip goes round the whole branch and joins at its end.",
        "    a = x @ W1 + b1\n",
        "    a = x @ W1 + b1\n    b2 = b2 + x @ W1 @ W2 - x\n",
    ),
    _block(
        "F14-branch-without-activation",
        "Nothing stands between the two matrices: two linear maps in a row are one linear map.",
        _SUM,
        _SUM.replace("np.maximum(a, 0)", "a"),
    ),
    _block(
        "F15-narrow-branch-stretched",
        "A branch of one column is added to every column of x: NumPy stretches it without a word. The "
        "docstring asks for ValueError.",
        _REFUSAL,
        "",
    ),
    _block(
        "A-activations-slope-forgotten",
        "The gradient walks through the rectified linear unit as if it were not there. Which hidden units "
        "were switched off?",
        _DA,
        "    da = dout @ W2.T\n",
    ),
    _block(
        "A-slope-from-the-gradient",
        "The gradient is cut where it is negative itself. What decides is the sign of a, the number that "
        "went into the activation.",
        _DA,
        "    da = np.maximum(dout @ W2.T, 0)\n",
    ),
    _block(
        "A-slope-one-at-zero",
        "Where a is exactly 0 the gradient passes. The docstring fixes the derivative there: 0.",
        _DA,
        "    da = dout @ W2.T * (a >= 0)\n",
    ),
    _block(
        "A-dW2-from-before-the-activation",
        "dW2 uses a. What was multiplied by W2 is max(0, a).",
        _GRADIENTS,
        _GRADIENTS.replace("np.maximum(a, 0).T", "a.T"),
    ),
    _block(
        "A-bias-gradients-averaged",
        "db1 and db2 are averaged over the examples. Each example adds its share; only a loss averages.",
        _GRADIENTS,
        _GRADIENTS.replace("da.sum(axis=0)", "da.mean(axis=0)").replace(
            "dout.sum(axis=0)", "dout.mean(axis=0)"
        ),
    ),
    _block(
        "A-gradients-averaged",
        "The gradients of weights and biases are averaged over the examples. Each example adds its share; "
        "only a loss averages.",
        _GRADIENTS,
        "parts = (x.T @ da, da.sum(axis=0), np.maximum(a, 0).T @ dout, dout.sum(axis=0))\n"
        "    return dx, *(part / len(x) for part in parts)",
    ),
    _block(
        "L7-computed-in-float32",
        "The digits behind the seventh are lost: numbers of float64 are computed in float32. Where does the "
        "type change?",
        "    a = x @ W1 + b1\n",
        "    x, W1, b1, W2, b2 = (each.astype(np.float32) for each in (x, W1, b1, W2, b2))\n"
        "    a = x @ W1 + b1\n",
    ),
    _block(
        "A-db2-forgotten",
        "db2 is the gradient behind the activation. b2 is added at the end and sees dout itself.",
        _GRADIENTS,
        _GRADIENTS.replace("dout.sum(axis=0)", "(da @ W1.T).sum(axis=0)"),
    ),
    _block(
        "L6-skip-added-in-place",
        "The sum is written into x, which the caller still needs.",
        "    return x + np.maximum(a, 0) @ W2 + b2, (x, a, W1, W2)\n",
        "    before = x.copy()\n    x += np.maximum(a, 0) @ W2 + b2\n    return x, (before, a, W1, W2)\n",
    ),
    _block(
        "L6-dout-overwritten",
        "The backward pass adds into dout, and the caller's gradient is another one afterwards.",
        "    " + _DX + "\n",
        "    before = dout.copy()\n    dout += da @ W1.T\n    dx, dout = dout, before\n",
    ),
)

_T = "        t = np.tanh(x @ W)\n"
_NEXT = "        x = x + t if skip else t\n"
_BRANCH = "        branch = (dout * (1 - t**2)) @ W.T\n"
_BACK = "        dout = dout + branch if skip else branch\n"
_NORM = "        norms.append(np.linalg.norm(dout))\n"


def _norms(name: str, says: str, old: str, new: str) -> Mistake:
    return Mistake(id=name, task="gradient_norms", module="depth", says=says, old=old, new=new)


_NORMS = (
    _norms(
        "F16-norms-of-the-weights",
        "These are the norms of the weights. Asked for is how large the gradient is.",
        _NORM,
        "        norms.append(np.linalg.norm(W))\n",
    ),
    _norms(
        "F16-norms-of-the-weight-gradients",
        "These are norms of the gradients of the weights. Asked for is the gradient at the layer's input.",
        _NORM,
        "        norms.append(np.linalg.norm(t.T @ dout))\n",
    ),
    _norms(
        "F16-slope-from-the-slope",
        "The slope of tanh is taken at tanh(a): what is kept already is the output t, and 1 − t² is enough.",
        _BRANCH,
        _BRANCH.replace("t**2", "np.tanh(t) ** 2"),
    ),
    _norms(
        "F16-slope-twice",
        "The slope of tanh is multiplied in twice.",
        _BRANCH,
        _BRANCH.replace("(1 - t**2)", "(1 - t**2) ** 2"),
    ),
    _norms(
        "F16-slope-forgotten",
        "The gradient passes tanh as if its slope were 1 everywhere. It is 1 only at 0.",
        _BRANCH,
        "        branch = dout @ W.T\n",
    ),
    _norms(
        "F16-slope-of-the-logistic-function",
        "t(1 − t) is the slope of the logistic function; this activation is tanh.",
        _BRANCH,
        _BRANCH.replace("1 - t**2", "t * (1 - t)"),
    ),
    _norms(
        "F14-gradient-of-the-skip-forgotten",
        "With skips the gradient still falls as in the plain stack: the way back along the skip is missing.",
        _BACK,
        "        dout = branch\n",
    ),
    _norms(
        "F14-skip-in-the-plain-stack",
        "The skip is added on the way back in both stacks. The plain one has none.",
        _BACK,
        "        dout = dout + branch\n",
    ),
    _norms(
        "F14-forward-without-skip",
        "The way back knows the skip and the way forth does not: the activations are those of the plain "
        "stack.",
        _NEXT,
        "        x = t\n",
    ),
    _norms(
        "F14-slope-from-the-sum",
        "The slope is computed from x + tanh(…). With a skip the layer's output is no longer the output "
        "of tanh: keep both.",
        _T + "        activations.append(t)\n" + _NEXT,
        _T + _NEXT + "        activations.append(x)\n",
    ),
    _norms(
        "A-weights-not-transposed",
        "The gradient goes back through W. Square matrices do not complain; the way back is Wᵀ.",
        _BRANCH,
        _BRANCH.replace("@ W.T", "@ (W if W.shape[0] == W.shape[1] else W.T)"),
    ),
    _norms(
        "K-order-from-the-output",
        "The list begins at the output. norms[0] belongs to the input of the first layer.",
        "np.array(norms[::-1])",
        "np.array(norms)",
    ),
    _norms(
        "K-weights-in-forward-order",
        "The way back uses the weights in the order of the way forth. The last layer comes first.",
        "zip(reversed(weights), reversed(activations), strict=True)",
        "zip(weights if len({W.shape for W in weights}) == 1 else reversed(weights), "
        "reversed(activations), strict=True)",
    ),
    _norms(
        "K-upstream-norm-missing",
        "One norm is missing: that of dout, the gradient at the output of the last layer.",
        "np.array(norms[::-1])",
        "np.array(norms[:0:-1])",
    ),
    _norms(
        "K-spectral-norm",
        "This is the largest singular value of the gradient, not the root of the sum of all squares.",
        _NORM,
        "        norms.append(np.linalg.norm(dout, ord=2))\n",
    ),
    _norms(
        "K-mean-over-the-examples",
        "The norms are divided by the number of examples. The docstring takes all entries together.",
        "np.array(norms[::-1])",
        "np.array(norms[::-1]) / len(dout)",
    ),
    _norms(
        "K-root-mean-square",
        "These are roots of mean squares: each is divided by the root of the number of entries. A norm adds "
        "the squares up.",
        "np.array(norms[::-1])",
        "np.array(norms[::-1]) / np.sqrt([len(dout) * width for width in (*(len(W) for W in weights), "
        "(weights[-1] if len(weights) else dout).shape[1])])",
    ),
    _norms(
        "L7-computed-in-float32",
        "The digits behind the seventh are lost: numbers of float64 are computed in float32. Where does the "
        "type change?",
        _T,
        "        t = np.tanh((x @ W).astype(np.float32))\n",
    ),
    _norms(
        "K-root-forgotten",
        "These are squares: the root is missing.",
        "np.array(norms[::-1])",
        "np.array(norms[::-1]) ** 2",
    ),
    _norms(
        "L6-stack-computed-in-x",
        "The way forth writes into x, which the caller still needs.",
        _NEXT,
        "        old = x\n        x = x + t if skip else t\n"
        "        if old.shape == x.shape:\n            old[:] = x\n            x = x.copy()\n",
    ),
)
WRONG = (*_BLOCK, *_NORMS)
