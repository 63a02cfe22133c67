"""Wrong recurrent layers and wrong embeddings."""

from __future__ import annotations

from autograder.author import Mistake

_NEXT = "    next_h = np.tanh(x @ Wx + prev_h @ Wh + b)\n"
_DA = "    da = dnext_h * (1 - next_h**2)\n"
_STEP = "return da @ Wx.T, da @ Wh.T, x.T @ da, prev_h.T @ da, da.sum(axis=0)"
_READ = "        state, cache = rnn_step_forward(x[:, t], state, Wx, Wh, b)\n"
_STACK = "return np.stack(h, axis=1), caches"
_BACK = "        dx_t, carried, *steps = rnn_step_backward(dh[:, t] + carried, cache[t])\n"
_SUMS = "(np.sum(steps, axis=0) for steps in zip(*weights, strict=True))"
_RESULT = "return np.stack(dx[::-1], axis=1), carried, dWx, dWh, db"
_ADD = "    np.add.at(dW, x, dout)\n"

_FIRST_APART = """
def rnn_backward(dh: Array, cache: Cache) -> tuple[Array, Array, Array, Array, Array]:
    last = len(cache) - 1
    dx = np.zeros((len(dh), last + 1, cache[0][0].shape[1]))
    dx[:, last], carried, dWx, dWh, db = rnn_step_backward(dh[:, last], cache[last])
    for t in range(last - 1, -1, -1):
        dx[:, t], carried, *steps = rnn_step_backward(dh[:, t] + carried, cache[t])
        dWx, dWh, db = (whole + step for whole, step in zip((dWx, dWh, db), steps, strict=True))
        dh0 = carried
    return dx, dh0, dWx, dWh, db
"""
_FLAT_TABLE = """
def embedding_backward(dout: Array, cache: Cache) -> Array:
    x, (V, D) = cache
    kind = x.dtype.type
    places = x[..., None] * kind(D) + np.arange(D, dtype=x.dtype)
    sums = np.bincount(places.ravel().astype(np.int64) % (V * D), weights=dout.ravel(), minlength=V * D)
    return sums.reshape(V, D)
"""


def _rnn(name: str, says: str, old: str, new: str) -> Mistake:
    return Mistake(id=name, task="rnn", module="rnn", says=says, old=old, new=new)


def _embedding(name: str, says: str, old: str, new: str) -> Mistake:
    return Mistake(id=name, task="embedding", module="embedding", says=says, old=old, new=new)


_RNN = (
    _rnn(
        "G1-tanh-of-tanh",
        "The slope is computed as 1 − tanh(next_h)². next_h is tanh(a) already: 1 − next_h².",
        _DA,
        "    da = dnext_h * (1 - np.tanh(next_h) ** 2)\n",
    ),
    _rnn(
        "G2-slope-of-tanh-forgotten",
        "The gradient does not pass the slope of tanh.",
        _DA,
        "    da = dnext_h * 1.0\n",
    ),
    _rnn(
        "G2-slope-of-a-sigmoid",
        "h·(1 − h) is the slope of a sigmoid. That of tanh is 1 − h².",
        _DA,
        "    da = dnext_h * next_h * (1 - next_h)\n",
    ),
    _rnn(
        "G3-carry-dropped",
        "Nothing is carried from step to step: the gradient is right at the last step only. Where did "
        "h[:, t] go next?",
        "dh[:, t] + carried",
        "dh[:, t]",
    ),
    _rnn(
        "G3-only-the-carry",
        "The share of each step in the loss, dh[:, t], is left out behind the last step.",
        "dh[:, t] + carried",
        "(dh[:, t] if t == dh.shape[1] - 1 else carried)",
    ),
    _rnn(
        "G3-from-the-first-step-on",
        "The gradient is carried from the first step to the last. It goes back: the last step comes first.",
        "    for t in reversed(range(dh.shape[1])):\n",
        "    for t in range(dh.shape[1]):\n",
    ),
    _rnn(
        "G4-weights-overwritten",
        "The gradients of the weights are those of one step. Every step used them: add up.",
        _SUMS,
        "weights[-1]",
    ),
    _rnn(
        "G4-weights-averaged",
        "The gradients of the weights are averaged over the steps. They add up.",
        _SUMS,
        _SUMS.replace("np.sum", "np.mean"),
    ),
    _rnn(
        "G5-state-never-moves",
        "Every step starts from h0. The next step reads the state that this one made.",
        _READ,
        "        state, cache = rnn_step_forward(x[:, t], h0, Wx, Wh, b)\n",
    ),
    _rnn(
        "G6-hidden-weights-not-transposed",
        "Wh is not transposed on the way back. It is square, so no shape complains.",
        "da @ Wh.T",
        "da @ Wh",
    ),
    _rnn(
        "G6-hidden-weights-transposed-forward",
        "Wh is transposed in the forward pass: prev_h·Wh.",
        _NEXT,
        _NEXT.replace("@ Wh", "@ Wh.T"),
    ),
    _rnn(
        "G1-no-tanh",
        "The state does not pass tanh.",
        _NEXT,
        "    next_h = x @ Wx + prev_h @ Wh + b\n",
    ),
    _rnn(
        "G1-state-forgotten",
        "The state before is not read: prev_h·Wh is missing.",
        _NEXT,
        "    next_h = np.tanh(x @ Wx + 0 * (prev_h @ Wh) + b)\n",
    ),
    _rnn(
        "G1-bias-forgotten",
        "The bias is missing.",
        _NEXT,
        "    next_h = np.tanh(x @ Wx + prev_h @ Wh)\n",
    ),
    _rnn(
        "G1-bias-inside-the-product-twice",
        "The bias is added twice.",
        _NEXT,
        "    next_h = np.tanh(x @ Wx + b + prev_h @ Wh + b)\n",
    ),
    _rnn(
        "A1-bias-averaged",
        "The gradient of the bias is averaged over the examples. It is their sum.",
        _STEP,
        _STEP.replace("da.sum(axis=0)", "da.mean(axis=0)"),
    ),
    _rnn(
        "G4-hidden-weights-from-the-new-state",
        "dWh is computed with next_h. Wh was multiplied by prev_h.",
        "prev_h.T @ da",
        "next_h.T @ da",
    ),
    _rnn(
        "G8-axes-of-time-and-batch-exchanged",
        "The states come with time before the batch. Their shape is (N, T, H).",
        _STACK,
        "return np.stack(h, axis=0).reshape(len(x), -1, h0.shape[1]), caches",
    ),
    _rnn(
        "G8-inputs-in-reverse",
        "dx comes with the last step first: it was gathered backwards.",
        _RESULT,
        _RESULT.replace("dx[::-1]", "dx"),
    ),
    Mistake(
        id="G8-one-step-left-out",
        task="rnn",
        module="rnn",
        says="A sequence of one step fails: what is set in the loop over the other steps has no value when "
        "there are none.",
        code=_FIRST_APART,
    ),
    _rnn(
        "G1-tanh-overflows",
        "The tanh is NaN for large numbers: exp overflows, and infinity divided by infinity is no number.",
        _NEXT,
        "    a = x @ Wx + prev_h @ Wh + b\n"
        "    with np.errstate(all='ignore'):\n"
        "        next_h = (np.exp(a) - np.exp(-a)) / (np.exp(a) + np.exp(-a))\n",
    ),
    _rnn(
        "L7-computed-in-float32",
        "The digits behind the seventh are lost: numbers of float64 are computed in float32. Where does the "
        "type change?",
        "return next_h, (x, prev_h",
        "return next_h.astype(np.float32), (x, prev_h",
    ),
    _rnn(
        "L6-cache-used-up",
        "The backward pass takes the steps out of its cache: a second call finds none. Read them and leave "
        "them where they are.",
        _BACK,
        _BACK.replace("cache[t]", "cache.pop()"),
    ),
    _rnn(
        "G8-squeezed",
        "Axes of length 1 are squeezed away: a batch or a sequence of one loses its axis.",
        _STACK,
        "return np.stack(h, axis=1).squeeze(), caches",
    ),
    _rnn(
        "G3-gradient-of-the-first-state-forgotten",
        "dh0 is 0. What is carried out of step 0 is the gradient of h0.",
        _RESULT,
        _RESULT.replace("carried,", "0 * carried,"),
    ),
    _rnn(
        "H13-gradient-changed-in-place",
        "The carried gradient is added into the caller's dh itself.",
        _BACK,
        "        dh[:, t] += carried\n" + _BACK.replace(" + carried", ""),
    ),
)

_EMBEDDING = (
    _embedding(
        "G7-repeated-tokens-lose",
        "Where a token occurs twice, only its last gradient is left: dW[x] += dout adds once for each index. "
        "Look at np.add.at.",
        _ADD,
        "    dW[x] += dout\n",
    ),
    _embedding(
        "G7-averaged-over-occurrences",
        "The gradients of a token are averaged over its occurrences. They add up.",
        _ADD,
        _ADD + "    dW /= np.maximum(np.bincount(x.ravel(), minlength=len(dW)), 1)[:, None]\n",
    ),
    _embedding(
        "G7-averaged-over-the-batch",
        "The gradient is divided by the number of sequences. The mean is the affair of the loss.",
        _ADD,
        _ADD + "    dW /= len(x)\n",
    ),
    _embedding(
        "G7-only-the-first-sequence",
        "Only the first sequence contributes.",
        _ADD,
        "    np.add.at(dW, x[0], dout[0])\n",
    ),
    _embedding(
        "G7-only-the-last-step",
        "Only the last step contributes.",
        _ADD,
        "    np.add.at(dW, x[:, -1], dout[:, -1])\n",
    ),
    _embedding(
        "G7-sorted-tokens",
        "The gradients go to the sorted tokens; each belongs to the token of its own place.",
        _ADD,
        "    np.add.at(dW, np.sort(x, axis=1), dout)\n",
    ),
    _embedding(
        "G7-next-row",
        "The row after the token is taken: tokens count from 0.",
        "return W[x], (x, W.shape)",
        "return W[(x + 1) % len(W)], (x, W.shape)",
    ),
    _embedding(
        "G7-vectors-summed",
        "The vectors of a sequence are summed. Each place keeps its own.",
        "return W[x], (x, W.shape)",
        "return W[x] + 0 * x[:, :, None] + W[x].sum(axis=1, keepdims=True), (x, W.shape)",
    ),
    _embedding(
        "G7-sign-turned",
        "The gradient has the wrong sign.",
        _ADD,
        "    np.add.at(dW, x, -dout)\n",
    ),
    Mistake(
        id="G7-positions-wrap",
        task="embedding",
        module="embedding",
        says="Positions in the table are computed in the type of the tokens. A byte counts to 255 only, and "
        "then begins anew.",
        code=_FLAT_TABLE,
    ),
    _embedding(
        "L7-computed-in-float32",
        "The digits behind the seventh are lost: numbers of float64 are computed in float32. Where does the "
        "type change?",
        "    dW = np.zeros(shape, dtype=dout.dtype)\n",
        "    dW = np.zeros(shape, dtype=np.float32)\n",
    ),
    _embedding(
        "L6-gradient-changed-in-place",
        "The caller's dout is changed.",
        _ADD,
        _ADD + "    dout *= 0\n",
    ),
)
WRONG = (*_RNN, *_EMBEDDING)
