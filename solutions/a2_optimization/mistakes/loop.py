"""Wrong minibatches, learning rates and training loops."""

from __future__ import annotations

from autograder.author import Mistake

_ORDER = "    order = rng.permutation(len(x))\n"
_STARTS = "    starts = range(0, len(x), batch_size)\n"
_PAIR = "(x[rows], y[rows])"
_CUT = f"    return [{_PAIR} for rows in (order[start : start + batch_size] for start in starts)]\n"
_SIZE_CHECK = """    if batch_size < 1:
        raise ValueError(f"batch_size is {batch_size}; at least one example belongs in a batch")
"""
_LENGTH_CHECK = """    if len(x) != len(y):
        raise ValueError(f"x has {len(x)} examples, y has {len(y)}")
"""
_CLIMB = "return float(lr * (t + 1) / warmup)"
_PROGRESS = "progress = min((t - warmup) / (total - warmup), 1.0)"
_COSINE = "return float(final + (lr - final) * (1 + math.cos(math.pi * progress)) / 2)"
_INNER = """            for name, dw in gradients.items():
                params[name], states[name] = step(params[name], dw, states[name], lr=rate)
"""


def _batches(name: str, says: str, old: str, new: str) -> Mistake:
    return Mistake(id=name, task="minibatches", module="batches", says=says, old=old, new=new)


def _schedules(name: str, says: str, old: str, new: str) -> Mistake:
    return Mistake(id=name, task="schedules", module="schedules", says=says, old=old, new=new)


def _training(name: str, says: str, old: str, new: str) -> Mistake:
    return Mistake(id=name, task="training", module="training", says=says, old=old, new=new)


_BATCHES_WRONG = (
    _batches(
        "B15-drawn-with-replacement",
        "Some examples come twice and others not at all: they are drawn with replacement. An epoch is a "
        "permutation.",
        _ORDER,
        "    order = rng.integers(len(x), size=len(x)) if len(x) else np.arange(0)\n",
    ),
    _batches(
        "B15-last-batch-dropped",
        "What is left over at the end is dropped. It makes a smaller batch.",
        _STARTS,
        "    starts = range(0, len(x) - len(x) % batch_size, batch_size)\n",
    ),
    _batches(
        "B15-last-batch-filled-up",
        "The last batch is filled up with examples from the beginning, which then come twice.",
        _ORDER,
        _ORDER + "    order = np.concatenate([order, order[: -len(x) % batch_size]])\n",
    ),
    _batches(
        "B15-batches-of-almost-the-same-size",
        "The examples are cut into batches of nearly the same size. All but the last hold batch_size.",
        _STARTS
        + "    return [(x[rows], y[rows]) for rows in (order[start : start + batch_size] for start in "
        "starts)]\n",
        "    count = -(-len(x) // batch_size)\n"
        "    return [(x[rows], y[rows]) for rows in (np.array_split(order, count) if count else [])]\n",
    ),
    _batches(
        "B15-overlapping-batches",
        "The batches overlap: each should begin where the one before ended.",
        _STARTS,
        "    starts = range(0, len(x), max(batch_size - 1, 1))\n",
    ),
    _batches(
        "B16-labels-in-another-order",
        "x and y are shuffled by two different permutations. One permutation, two arrays.",
        _PAIR,
        "(x[rows], y[rng.permutation(len(y))[: len(rows)]])",
    ),
    _batches(
        "B16-labels-not-shuffled",
        "Only x is shuffled; y is still in its old order.",
        _PAIR,
        "(x[rows], y[np.sort(rows)])",
    ),
    _batches(
        "B16-not-shuffled",
        "The examples come in the order of the data. Neighbours are often alike; shuffle.",
        _ORDER,
        "    order = np.arange(len(x))\n",
    ),
    _batches(
        "B16-only-batches-shuffled",
        "The batches come in random order, but each holds neighbours of the data.",
        _STARTS,
        "    order = np.arange(len(x))\n    starts = batch_size * rng.permutation(-(-len(x) // batch_size))\n"
        "    starts = sorted(starts, key=lambda start: start + batch_size > len(x))\n",
    ),
    _batches(
        "C13-same-order-each-epoch",
        "Every epoch has the same order: the seed is set inside the function.",
        _ORDER,
        "    order = np.random.default_rng(0).permutation(len(x))\n",
    ),
    _batches(
        "L9-chance-from-elsewhere",
        "Chance comes from NumPy's global generator. Use the one in rng, so that runs can be repeated.",
        _ORDER,
        "    order = np.random.permutation(len(x))\n",
    ),
    _batches(
        "B16-first-example-stays-first",
        "The first example always comes first: it is left out of the shuffling.",
        _ORDER,
        _ORDER + "    order = np.concatenate([order[order == 0], order[order > 0]])\n",
    ),
    _batches(
        "B15-batch-size-unchecked",
        "batch_size = 0 or less goes unnoticed. The docstring asks for ValueError.",
        _SIZE_CHECK,
        "    batch_size = max(batch_size, 1)\n",
    ),
    _batches(
        "B15-lengths-unchecked",
        "x and y of different lengths go unnoticed. The docstring asks for ValueError.",
        _LENGTH_CHECK,
        "    x = x[: len(y)]\n",
    ),
    _batches(
        "L6-data-shuffled-in-place",
        "The caller's arrays are shuffled themselves. Shuffle places, not data.",
        _ORDER,
        _ORDER + "    x[:], y[:] = x[order], y[order]\n    order = np.arange(len(x))\n",
    ),
)

_SCHEDULES_WRONG = (
    _schedules(
        "B18-falls-without-steps",
        "The rate falls in every step instead of after every so many: t // every, not t / every.",
        "factor ** (t // every)",
        "factor ** (t / every)",
    ),
    _schedules(
        "B18-falls-only-once",
        "The rate falls once and then no more.",
        "factor ** (t // every)",
        "factor ** min(t // every, 1)",
    ),
    _schedules(
        "B18-linear-for-power",
        "The factor is multiplied by the number of falls. It is applied once for each of them: a power.",
        "lr * factor ** (t // every)",
        "lr * (1 - (1 - factor) * (t // every))",
    ),
    _schedules(
        "B18-falls-a-step-early",
        "The rate falls one step too early: step 0 is the first of `every` steps with the same rate.",
        "factor ** (t // every)",
        "factor ** ((t + 1) // every)",
    ),
    _schedules(
        "B18-falls-a-step-late",
        "The rate falls one step too late.",
        "factor ** (t // every)",
        "factor ** (max(t - 1, 0) // every)",
    ),
    _schedules(
        "B18-factor-divides",
        "The rate is divided by the factor: it grows.",
        "lr * factor **",
        "lr / factor **",
    ),
    _schedules(
        "B18-half-missing",
        "1 + cos runs from 2 to 0. Half of it is missing: the first rate is too large.",
        "progress)) / 2)",
        "progress)))",
    ),
    _schedules(
        "B18-cosine-climbs",
        "The cosine is subtracted: the rate climbs instead of falling.",
        "(1 + math.cos",
        "(1 - math.cos",
    ),
    _schedules(
        "B18-whole-wave",
        "The cosine goes through a whole wave: at the end the rate is back at the top. Half a wave is pi.",
        "math.pi * progress",
        "2 * math.pi * progress",
    ),
    _schedules(
        "B18-final-rate-added",
        "The final rate is added to the whole curve, so it begins above lr. The curve runs from lr to final.",
        "(lr - final) * (1",
        "lr * (1",
    ),
    _schedules(
        "B18-final-rate-ignored",
        "The rate falls to 0 instead of to final.",
        _COSINE,
        "return float(lr * (1 + math.cos(math.pi * progress)) / 2)",
    ),
    _schedules(
        "B18-straight-line",
        "The rate falls in a straight line. It should follow half a cosine: slow, fast, slow.",
        _COSINE,
        "return float(lr + (final - lr) * progress)",
    ),
    _schedules(
        "B18-climb-begins-at-zero",
        "The first rate of the warm-up is 0, so the first step is lost. Step t has (t + 1) / warmup of it.",
        _CLIMB,
        "return float(lr * t / warmup)",
    ),
    _schedules(
        "B18-no-warm-up",
        "The rate does not climb during the warm-up.",
        _CLIMB,
        "return float(lr)",
    ),
    _schedules(
        "B18-cosine-begins-before-the-warm-up-ends",
        "The cosine counts from step 0 though it begins after the warm-up.",
        _PROGRESS,
        "progress = min(t / total, 1.0)",
    ),
    _schedules(
        "B18-goes-up-again-after-the-end",
        "After the last step the cosine goes on, and the rate climbs again. It stays at final.",
        _PROGRESS,
        "progress = (t - warmup) / (total - warmup)",
    ),
)

_TRAINING_WRONG = (
    _training(
        "A10-gradients-between-steps",
        "The gradients are asked for again after one parameter has moved. First all gradients, then all "
        "steps.",
        _INNER,
        """            for name in list(gradients):
                dw = loss(params, x_batch, y_batch)[1][name]
                params[name], states[name] = step(params[name], dw, states[name], lr=rate)
""",
    ),
    _training(
        "B8-state-not-kept",
        "The state that a step returns is thrown away, so every step is a first step.",
        "params[name], states[name] = step(",
        "params[name], _ = step(",
    ),
    _training(
        "B8-state-forgotten-each-epoch",
        "The states begin anew in each epoch. They go on through the whole training.",
        "        total = 0.0\n",
        "        total = 0.0\n        states = dict.fromkeys(params)\n",
    ),
    _training(
        "B13-one-state-for-all",
        "All parameters share one state. The velocity of one matrix means nothing to another.",
        "step(params[name], dw, states[name], lr=rate)",
        "step(params[name], dw, next(iter(states.values())), lr=rate)",
    ),
    _training(
        "B2-time-stands-still",
        "t never moves: every step has the rate of the first.",
        "            t += 1\n",
        "",
    ),
    _training(
        "B2-time-counts-epochs",
        "t counts the epochs. It should count the batches.",
        "            t += 1\n        history",
        "        t += 1\n        history",
    ),
    _training(
        "B2-time-begins-anew-each-epoch",
        "t begins at 0 in each epoch. It goes on through the whole training.",
        "        total = 0.0\n",
        "        total, t = 0.0, 0\n",
    ),
    _training(
        "B3-time-begins-at-one",
        "The first step asks for the rate of t = 1. t counts from 0.",
        "rate = lr(t)",
        "rate = lr(t + 1)",
    ),
    _training(
        "B15-batches-weigh-the-same",
        "The history is the mean of the batches' means. The smaller last batch counts too much: weigh each "
        "by its size.",
        "            total += value * len(x_batch)\n",
        "            total += value * len(x) / -(-len(x) // batch_size)\n",
    ),
    _training(
        "B15-losses-summed",
        "The history holds sums over the batches. It should hold the mean over the examples.",
        "float(total / len(x))",
        "float(total)",
    ),
    _training(
        "B15-loss-of-the-last-batch",
        "The history holds the loss of the last batch alone.",
        "            total += value * len(x_batch)\n",
        "            total = value * len(x)\n",
    ),
    _training(
        "B15-history-of-batches",
        "The history has an entry for each batch. It should have one for each epoch.",
        "            total += value * len(x_batch)\n",
        "            total += value * len(x_batch)\n            history.append(float(value))\n",
    ),
    _training(
        "B15-history-adds-up",
        "The losses of earlier epochs are still in the sum.",
        "    for _ in range(epochs):\n        total = 0.0\n",
        "    total = 0.0\n    for _ in range(epochs):\n",
    ),
    _training(
        "B15-first-batch-only",
        "Only the first batch of each epoch is used.",
        "            t += 1\n",
        "            t += 1\n            break\n",
    ),
    _training(
        "B15-all-data-at-once",
        "The loss is asked about all the data instead of the batch.",
        "loss(params, x_batch, y_batch)\n            rate",
        "loss(params, x, y)\n            rate",
    ),
    _training(
        "B15-one-epoch-too-few",
        "There is one epoch too few.",
        "for _ in range(epochs):",
        "for _ in range(epochs - 1):",
    ),
    _training(
        "B15-same-batches-each-epoch",
        "The batches are made once and used in every epoch. Every epoch has an order of its own.",
        "    for _ in range(epochs):\n        total = 0.0\n        for x_batch, y_batch in minibatches(x, y, "
        "batch_size=batch_size, rng=rng):\n",
        "    batches = minibatches(x, y, batch_size=batch_size, rng=rng)\n    for _ in range(epochs):\n"
        "        total = 0.0\n        for x_batch, y_batch in batches:\n",
    ),
    _training(
        "B0-one-parameter-never-moves",
        "Only the first parameter is trained.",
        _INNER,
        _INNER + "                break\n",
    ),
    _training(
        "L6-first-parameters-overwritten",
        "The caller's params were changed: the dict is used as it is instead of a copy.",
        "    params, states, history, t = dict(params), dict.fromkeys(params), [], 0\n",
        "    states, history, t = dict.fromkeys(params), [], 0\n",
    ),
)
WRONG = (*_BATCHES_WRONG, *_SCHEDULES_WRONG, *_TRAINING_WRONG)
