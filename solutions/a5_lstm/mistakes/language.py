"""Wrong windows, losses, clippings and samplings."""

from __future__ import annotations

from autograder.author import Mistake

_COUNT = "    count = (len(tokens) - 1) // length\n"
_TARGETS = "tokens[1 : used + 1].reshape(count, length).copy()"
_LOG_P = "    log_p = x - np.logaddexp.reduce(x, axis=2, keepdims=True)\n"
_WEIGHT = "    weight = mask / max(float(mask.sum()), 1.0)\n"
_LOSS = "return float(-(weight * right).sum()), (dx * weight[:, :, None]).astype(x.dtype)"
_ONE_HOT = "    dx[sequence, step, y] -= 1\n"
_NORM = "    norm = float(np.sqrt(sum(float((dw**2).sum()) for dw in gradients.values())))\n"
_FACTOR = "    factor = limit / norm if norm > limit else 1.0\n"
_CLIPPED = "return {name: dw * factor for name, dw in gradients.items()}, norm"
_WEIGHTS = "    weights = np.exp((scores - scores.max()) / temperature)\n"
_DRAW = "return int(rng.choice(len(scores), p=weights / weights.sum()))"
_NEXT = "        scores, state = step(token, state)\n"
_SAMPLE = "        token = sample_token(scores, temperature=temperature, rng=rng)\n"


def _language(name: str, says: str, old: str, new: str) -> Mistake:
    return Mistake(id=name, task="language", module="language", says=says, old=old, new=new)


def _sampling(name: str, says: str, old: str, new: str) -> Mistake:
    return Mistake(id=name, task="sampling", module="language", says=says, old=old, new=new)


_LANGUAGE = (
    _language(
        "G11-targets-not-shifted",
        "The targets are the inputs: the network only has to repeat. Token t predicts token t + 1.",
        _TARGETS,
        "tokens[:used].reshape(count, length).copy()",
    ),
    _language(
        "G11-targets-shifted-by-two",
        "The targets are shifted by two.",
        _TARGETS,
        "np.roll(tokens, -2)[:used].reshape(count, length).copy()",
    ),
    _language(
        "G11-targets-shifted-in-each-window",
        "The last target of each window comes from its own beginning. It is the first token of the window "
        "behind it.",
        _TARGETS,
        "np.roll(tokens[:used].reshape(count, length), -1, axis=1)",
    ),
    _language(
        "G11-last-window-lost",
        "The last window is lost although its targets exist: N = (tokens − 1) // length.",
        _COUNT,
        "    count = max(len(tokens) - 2, 0) // length\n",
    ),
    _language(
        "G11-windows-by-columns",
        "The text runs down the columns. It runs along the rows: window n begins at n·length.",
        "return tokens[:used].reshape(count, length).copy(), " + _TARGETS,
        "return tokens[:used].reshape(length, count).T.copy(), tokens[1 : used + 1].reshape(length, count).T",
    ),
    _language(
        "G10-mask-ignored-in-the-loss",
        "Steps that do not count are in the loss.",
        _LOSS,
        _LOSS.replace("(weight * right).sum()", "right.mean()"),
    ),
    _language(
        "G10-mask-ignored-in-the-gradient",
        "Steps that do not count have a gradient.",
        _LOSS,
        _LOSS.replace("(dx * weight[:, :, None])", "(dx * weight.max())"),
    ),
    _language(
        "G10-mean-over-all-steps",
        "The mean is over all steps. It is over those that count.",
        _WEIGHT,
        "    weight = mask / mask.size\n",
    ),
    _language(
        "G10-mean-over-the-sequences",
        "The sum is divided by the number of sequences. The mean is over the steps that count.",
        _WEIGHT,
        "    weight = mask / len(mask)\n",
    ),
    _language(
        "G10-gradient-of-the-mean-over-all-steps",
        "The loss is a mean over the steps that count, its gradient over all steps: they must fit.",
        "(dx * weight[:, :, None]).astype(x.dtype)",
        "(dx * mask[:, :, None] / mask.size).astype(x.dtype)",
    ),
    _language(
        "G10-mean-of-the-means",
        "Each sequence has the same weight, however short. Each step that counts has.",
        _WEIGHT,
        "    weight = mask / np.maximum(mask.sum(axis=1, keepdims=True), 1) / len(mask)\n",
    ),
    _language(
        "G10-nothing-counts-is-not-a-number",
        "If no step counts, 0 is divided by 0. The docstring says what loss and gradient are.",
        _WEIGHT,
        "    with np.errstate(all='ignore'):\n        weight = mask / np.float64(mask.sum())\n",
    ),
    _language(
        "G10-summed",
        "Loss and gradient are sums over the steps. They are means.",
        _WEIGHT,
        "    weight = mask * 1.0\n",
    ),
    _language(
        "A15-exponentials-overflow",
        "Large scores overflow. Shift by the largest score, and never take the logarithm of a probability.",
        _LOG_P,
        "    with np.errstate(all='ignore'):\n"
        "        log_p = np.log(np.exp(x) / np.exp(x).sum(axis=2, keepdims=True))\n",
    ),
    _language(
        "L7-computed-in-float32",
        "The digits behind the seventh are lost: numbers of float64 are computed in float32. Where does the "
        "type change?",
        _LOG_P,
        "    x = x.astype(np.float32)\n" + _LOG_P,
    ),
    _language(
        "A16-softmax-over-time",
        "The probabilities add up over the steps. At each step those of the tokens add up to 1.",
        _LOG_P,
        _LOG_P.replace("axis=2", "axis=1"),
    ),
    _language(
        "A17-one-hot-forgotten",
        "The gradient is p alone; the right token is not subtracted.",
        _ONE_HOT,
        "",
    ),
    _language(
        "A17-loss-without-minus",
        "The loss is negative: the minus is missing.",
        _LOSS,
        _LOSS.replace("float(-(", "float(("),
    ),
    _language(
        "G13-clipped-entry-by-entry",
        "Each entry is clipped by itself: that changes the direction. Shorten all by one factor.",
        _CLIPPED,
        "return {name: np.clip(dw, -limit, limit) for name, dw in gradients.items()}, norm",
    ),
    _language(
        "G13-clipped-array-by-array",
        "Each array is shortened by itself. Their length is measured together.",
        _CLIPPED,
        "return {n: dw * min(1.0, limit / max(float(np.linalg.norm(dw)), 1e-300)) for n, dw in "
        "gradients.items()}, norm",
    ),
    _language(
        "G13-lengths-added",
        "The lengths of the arrays are added. Add their squares, then take the root.",
        _NORM,
        "    norm = float(sum(np.sqrt(float((dw**2).sum())) for dw in gradients.values()))\n",
    ),
    _language(
        "G13-root-forgotten",
        "The length is the root of the sum of the squares; the root is missing.",
        _NORM,
        "    norm = float(sum(float((dw**2).sum()) for dw in gradients.values()))\n",
    ),
    _language(
        "G13-short-ones-stretched",
        "Gradients that are short enough are stretched to the limit. Leave them.",
        _FACTOR,
        "    factor = limit / norm if norm > 0 else 1.0\n",
    ),
    _language(
        "G13-length-after-clipping",
        "The length that is returned is that after clipping.",
        _CLIPPED,
        _CLIPPED.replace(", norm", ", norm * factor"),
    ),
    _language(
        "L6-gradients-clipped-in-place",
        "The caller's gradients are shortened themselves. Make new arrays.",
        _FACTOR,
        _FACTOR + "    for dw in gradients.values():\n        dw *= factor\n    factor = 1.0\n",
    ),
)

_SAMPLING = (
    _sampling(
        "G14-multiplied-by-temperature",
        "The scores are multiplied by the temperature. A high one should make all tokens alike: divide.",
        _WEIGHTS,
        "    weights = np.exp((scores - scores.max()) * temperature)\n",
    ),
    _sampling(
        "G14-likeliest-always",
        "The likeliest token is always taken. It should be drawn.",
        _DRAW,
        "return int(np.argmax(weights))",
    ),
    _sampling(
        "G14-temperature-ignored",
        "The temperature is not used.",
        _WEIGHTS,
        "    weights = np.exp(scores - scores.max())\n",
    ),
    _sampling(
        "G14-all-alike",
        "All tokens are equally likely, whatever their scores.",
        _DRAW,
        "return int(rng.choice(len(scores), p=np.full(len(scores), 1 / len(weights))))",
    ),
    _sampling(
        "G14-temperature-on-the-probabilities",
        "The probabilities are divided by the temperature, which normalizing takes back. Divide the scores.",
        _WEIGHTS,
        "    weights = np.exp(scores - scores.max()) / temperature\n",
    ),
    _sampling(
        "G14-scores-as-weights",
        "The scores themselves are used as weights. Probabilities come from their exponentials.",
        _WEIGHTS,
        "    weights = np.maximum(scores - scores.min(), 0) / temperature + 1e-12\n",
    ),
    _sampling(
        "G14-temperature-twice",
        "The scores are divided by the temperature twice.",
        _WEIGHTS,
        "    weights = np.exp((scores - scores.max()) / temperature**2)\n",
    ),
    _sampling(
        "A15-exponentials-overflow",
        "Large scores overflow: shift by the largest before exp.",
        _WEIGHTS,
        "    with np.errstate(all='ignore'):\n        weights = np.exp(scores / temperature)\n",
    ),
    _sampling(
        "C13-seed-set-inside",
        "The seed is set in each call: every draw is the same.",
        _DRAW,
        _DRAW.replace("rng.choice", "np.random.default_rng(1).choice"),
    ),
    _sampling(
        "L9-chance-from-elsewhere",
        "Chance comes from NumPy's global generator. Use the one in rng.",
        _DRAW,
        _DRAW.replace("rng.choice", "np.random.choice"),
    ),
    _sampling(
        "G14-reads-the-first-for-ever",
        "Every step reads the first token. It should read what was drawn.",
        _NEXT,
        "        scores, state = step(first, state)\n",
    ),
    _sampling(
        "G12-state-not-handed-on",
        "The state is thrown away: every step begins anew.",
        _NEXT,
        "        scores, _ = step(token, state)\n",
    ),
    _sampling(
        "G14-first-token-included",
        "The first token is part of what is returned.",
        "token, state, drawn = first, None, []",
        "token, state, drawn = first, None, [first]",
    ),
    _sampling(
        "G14-one-token-too-few",
        "There is one token too few.",
        "    for _ in range(length):\n        scores",
        "    for _ in range(length - 1):\n        scores",
    ),
    _sampling(
        "G14-temperature-lost-in-the-text",
        "generate draws at temperature 1, whatever it is told.",
        _SAMPLE,
        "        token = sample_token(scores, temperature=1.0, rng=rng)\n",
    ),
)
WRONG = (*_LANGUAGE, *_SAMPLING)
