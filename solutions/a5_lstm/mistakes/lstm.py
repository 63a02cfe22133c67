"""Wrong LSTMs."""

from __future__ import annotations

from autograder.author import Mistake

_SPLIT = "    a_i, a_f, a_o, a_g = np.split(x @ Wx + prev_h @ Wh + b, 4, axis=1)\n"
_CELL = "    next_c = f * prev_c + i * g\n"
_OUT = "    return o * np.tanh(next_c), next_c, ("
_DC = "    dc = dnext_c + dnext_h * o * (1 - t**2)\n"
_SIDE = "    da = np.concatenate([da_i, da_f, da_o, da_g], axis=1)\n"
_STEP = "return da @ Wx.T, da @ Wh.T, dc * f, x.T @ da, prev_h.T @ da, da.sum(axis=0)"
_SIGMOIDS = "    i, f, o = ((1 + np.tanh(a / 2)) / 2 for a in (a_i, a_f, a_o))\n"
_CANDIDATE = "    g = np.tanh(a_g)\n"
_READ = "        state, c, cache = lstm_step_forward(x[:, t], state, c, Wx, Wh, b)\n"
_BACK = "lstm_step_backward(dh[:, t] + carried_h, carried_c, cache[t])"
_SUMS = "(np.sum(steps, axis=0) for steps in zip(*weights, strict=True))"
_RESULT = "return np.stack(dx[::-1], axis=1), carried_h, dWx, dWh, db"

_OWN_TANH = """
def lstm_step_forward(
    x: Array, prev_h: Array, prev_c: Array, Wx: Array, Wh: Array, b: Array
) -> tuple[Array, Array, Cache]:
    def tanh(z: Array) -> Array:
        with np.errstate(all="ignore"):
            return (np.exp(2 * z) - 1) / (np.exp(2 * z) + 1)

    a_i, a_f, a_o, a_g = np.split(x @ Wx + prev_h @ Wh + b, 4, axis=1)
    i, f, o = ((1 + np.tanh(a / 2)) / 2 for a in (a_i, a_f, a_o))
    g = tanh(a_g)
    next_c = f * prev_c + i * g
    return o * tanh(next_c), next_c, (x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c)
"""


def _step(name: str, says: str, old: str, new: str) -> Mistake:
    return Mistake(id=name, task="lstm_step", module="lstm", says=says, old=old, new=new)


def _whole(name: str, says: str, old: str, new: str) -> Mistake:
    return Mistake(id=name, task="lstm", module="lstm", says=says, old=old, new=new)


_STEPS = (
    _step(
        "H1-order-of-the-gates-of-torch",
        "The gates are taken in the order i, f, g, o, as PyTorch packs them. Here it is i, f, o, g.",
        _SPLIT,
        _SPLIT.replace("a_i, a_f, a_o, a_g", "a_i, a_f, a_g, a_o"),
    ),
    _step(
        "H2-input-and-forget-gate-exchanged",
        "Input gate and forget gate are exchanged.",
        _SPLIT,
        _SPLIT.replace("a_i, a_f, a_o, a_g", "a_f, a_i, a_o, a_g"),
    ),
    _step(
        "H2-forget-and-output-gate-exchanged",
        "Forget gate and output gate are exchanged: the order is i, f, o, g.",
        _SPLIT,
        _SPLIT.replace("a_i, a_f, a_o, a_g", "a_i, a_o, a_f, a_g"),
    ),
    _step(
        "H2-gradients-in-the-order-of-torch",
        "The four gradients stand in the order i, f, g, o. In the forward pass it was i, f, o, g.",
        _SIDE,
        _SIDE.replace("da_o, da_g", "da_g, da_o"),
    ),
    _step(
        "H3-sigmoid-for-the-candidate",
        "g passes a sigmoid. It is tanh: what is added to the cell may be negative.",
        _CANDIDATE,
        "    g = (1 + np.tanh(a_g / 2)) / 2\n",
    ),
    _step(
        "H3-tanh-for-a-gate",
        "The output gate passes tanh. A gate is between 0 and 1: sigmoid.",
        _SIGMOIDS,
        _SIGMOIDS + "    o = np.tanh(a_o)\n",
    ),
    _step(
        "H4-cell-without-tanh",
        "next_h is o · next_c: the tanh of the cell is missing.",
        _OUT,
        _OUT.replace("np.tanh(next_c)", "next_c"),
    ),
    _step(
        "H4-forget-gate-on-the-candidate",
        "The forget gate weighs what is added and the input gate what is kept.",
        _CELL,
        "    next_c = i * prev_c + f * g\n",
    ),
    _step(
        "H4-nothing-kept",
        "The cell is rewritten: f · prev_c is missing.",
        _CELL,
        "    next_c = 0 * f * prev_c + i * g\n",
    ),
    _step(
        "H4-kept-whole",
        "The old cell is kept whole; the forget gate is not used.",
        _CELL,
        "    next_c = prev_c + i * g\n",
    ),
    _step(
        "H5-previous-cell-from-the-next-cell-alone",
        "dprev_c is dnext_c · f. next_c was read twice, by the next step and by next_h: both belong into dc.",
        "dc * f, x.T",
        "dnext_c * f, x.T",
    ),
    _step(
        "H6-gradient-of-the-cell-ignored",
        "dnext_c is not used. The next step read the cell, too.",
        _DC,
        "    dc = dnext_h * o * (1 - t**2)\n",
    ),
    _step(
        "H6-gradient-of-the-hidden-state-ignored",
        "What comes back through next_h does not reach the cell.",
        _DC,
        "    dc = dnext_c + 0 * dnext_h\n",
    ),
    _step(
        "H6-slope-of-the-cell-forgotten",
        "The way from next_h to the cell leads through tanh: its slope 1 − tanh² is missing.",
        _DC,
        "    dc = dnext_c + dnext_h * o\n",
    ),
    _step(
        "H6-output-gate-forgotten-on-the-way-back",
        "The way from next_h to the cell leads through the output gate: the factor o is missing.",
        _DC,
        "    dc = dnext_c + dnext_h * (1 - t**2)\n",
    ),
    _step(
        "H7-slope-of-a-gate-forgotten",
        "The gradient of the input gate does not pass the slope of its sigmoid, i·(1 − i).",
        "dc * g * i * (1 - i)",
        "dc * g",
    ),
    _step(
        "H7-slope-of-the-output-gate-forgotten",
        "The gradient of the output gate does not pass the slope of its sigmoid.",
        "dnext_h * t * o * (1 - o)",
        "dnext_h * t",
    ),
    _step(
        "H8-tanh-of-tanh",
        "The slope of the candidate is computed as 1 − tanh(g)². g is tanh(a) already.",
        "(1 - g**2)",
        "(1 - np.tanh(g) ** 2)",
    ),
    _step(
        "H9-output-gate-from-the-cell-itself",
        "The gradient of o is dnext_h · next_c. It was multiplied by tanh(next_c).",
        "dnext_h * t * o * (1 - o)",
        "dnext_h * next_c * o * (1 - o)",
    ),
    _step(
        "H9-forget-gate-from-the-new-cell",
        "The gradient of f is dc · next_c. It was multiplied by prev_c.",
        "dc * prev_c * f",
        "dc * next_c * f",
    ),
    _step(
        "H12-sigmoid-overflows",
        "The sigmoid is NaN for large inputs: exp overflows, and infinity divided by infinity is no number.",
        _SIGMOIDS,
        "    with np.errstate(all='ignore'):\n"
        "        i, f, o = (np.exp(a) / (1 + np.exp(a)) for a in (a_i, a_f, a_o))\n",
    ),
    Mistake(
        id="H12-tanh-overflows",
        task="lstm_step",
        module="lstm",
        says="The tanh is NaN for large numbers: exp overflows, and infinity divided by infinity is no "
        "number.",
        code=_OWN_TANH,
    ),
    _step(
        "L7-computed-in-float32",
        "The digits behind the seventh are lost: numbers of float64 are computed in float32. Where does the "
        "type change?",
        _OUT,
        "    return (o * np.tanh(next_c)).astype(np.float32), next_c, (",
    ),
    _step(
        "G6-hidden-weights-not-used",
        "The hidden state before is not read.",
        _SPLIT,
        _SPLIT.replace(" + prev_h @ Wh", " + 0 * (prev_h @ Wh)"),
    ),
    _step(
        "A1-bias-averaged",
        "The gradient of the bias is averaged over the examples. It is their sum.",
        _STEP,
        _STEP.replace("da.sum(axis=0)", "da.mean(axis=0)"),
    ),
    _step(
        "H13-gradient-changed-in-place",
        "The caller's dnext_c is changed: += writes into it.",
        _DC,
        "    dnext_c += dnext_h * o * (1 - t**2)\n    dc = dnext_c\n",
    ),
)

_WHOLE = (
    _whole(
        "H11-cell-anew-in-each-step",
        "The cell starts at 0 in each step. It is the long memory: hand it on.",
        _READ,
        "        state, _, cache = lstm_step_forward(x[:, t], state, c, Wx, Wh, b)\n",
    ),
    _whole(
        "H11-cell-begins-as-hidden-state",
        "The cell begins as h0. It begins at 0.",
        "h, state, c, caches = [], h0, np.zeros_like(h0), []",
        "h, state, c, caches = [], h0, h0, []",
    ),
    _whole(
        "G5-hidden-state-never-moves",
        "Every step reads h0. The next step reads the state that this one made.",
        _READ,
        "        state, c, cache = lstm_step_forward(x[:, t], h0, c, Wx, Wh, b)\n",
    ),
    _whole(
        "H10-gradient-of-the-cell-not-carried",
        "The gradient of the cell is not carried from step to step: dx is right at the last step only.",
        _BACK,
        "lstm_step_backward(dh[:, t] + carried_h, 0 * carried_c, cache[t])",
    ),
    _whole(
        "G3-gradient-of-the-hidden-state-not-carried",
        "The gradient of the hidden state is not carried from step to step.",
        _BACK,
        "lstm_step_backward(dh[:, t], carried_c, cache[t])",
    ),
    _whole(
        "H10-carries-exchanged",
        "The two carried gradients are exchanged: that of the cell goes on as that of the hidden state.",
        "dx_t, carried_h, carried_c, *steps",
        "dx_t, carried_c, carried_h, *steps",
    ),
    _whole(
        "H10-share-of-the-loss-enters-the-cell",
        "dh[:, t] is added to the gradient of the cell. The loss read the hidden state.",
        _BACK,
        "lstm_step_backward(carried_h, dh[:, t] + carried_c, cache[t])",
    ),
    _whole(
        "G3-from-the-first-step-on",
        "The gradients are carried from the first step to the last. They go back.",
        "    for t in reversed(range(dh.shape[1])):\n",
        "    for t in range(dh.shape[1]):\n",
    ),
    _whole(
        "G4-weights-overwritten",
        "The gradients of the weights are those of one step. Every step used them: add up.",
        _SUMS,
        "weights[-1]",
    ),
    _whole(
        "G4-weights-averaged",
        "The gradients of the weights are averaged over the steps. They add up.",
        _SUMS,
        _SUMS.replace("np.sum", "np.mean"),
    ),
    _whole(
        "G8-inputs-in-reverse",
        "dx comes with the last step first: it was gathered backwards.",
        _RESULT,
        _RESULT.replace("dx[::-1]", "dx"),
    ),
    _whole(
        "G3-gradient-of-the-cell-for-the-first-state",
        "What is returned for dh0 is the gradient of the cell before the first step.",
        _RESULT,
        _RESULT.replace("carried_h", "carried_c"),
    ),
    _whole(
        "L6-cache-used-up",
        "The backward pass takes the steps out of its cache: a second call finds none. Read them and leave "
        "them where they are.",
        _BACK,
        _BACK.replace("cache[t]", "cache.pop()"),
    ),
    _whole(
        "L7-computed-in-float32",
        "The digits behind the seventh are lost: numbers of float64 are computed in float32. Where does the "
        "type change?",
        "np.stack(h, axis=1), caches",
        "np.stack(h, axis=1).astype(np.float32), caches",
    ),
    _whole(
        "G8-squeezed",
        "Axes of length 1 are squeezed away: a batch or a sequence of one loses its axis.",
        "return np.stack(h, axis=1), caches",
        "return np.stack(h, axis=1).squeeze(), caches",
    ),
    _whole(
        "H13-gradient-changed-in-place",
        "The carried gradient is added into the caller's dh itself.",
        "        dx_t, carried_h, carried_c, *steps = lstm_step_backward(dh[:, t] + carried_h, carried_c, "
        "cache[t])\n",
        "        dh[:, t] += carried_h\n"
        "        dx_t, carried_h, carried_c, *steps = lstm_step_backward(dh[:, t], carried_c, cache[t])\n",
    ),
)
WRONG = (*_STEPS, *_WHOLE)
