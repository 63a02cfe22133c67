"""Wrong dropout and wrong augmentation."""

from __future__ import annotations

from autograder.author import Mistake

_FACTOR = "    factor = ((rng.random(x.shape) < p) / p).astype(x.dtype)\n"
_OUT = "    return x * factor, factor\n"
_TEST = "        return x.copy(), np.ones_like(x)\n"
_MODE = "    if not train:\n"
_BACKWARD = "    dx: Array = dout * cache\n"
_CHECK = """    if not 0 < p <= 1:
        raise ValueError(f"p is {p}; the probability to keep an entry is above 0 and at most 1")
"""
_MIRRORED = "    mirrored = rng.random(len(x)) < 0.5\n"
_FLIPPED = "    flipped[mirrored] = x[mirrored, :, :, ::-1]\n"
_PADDED = "    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))\n"
_PLACES = "    places = rng.integers(2 * pad + 1, size=(len(x), 2))\n"
_STATISTICS = "return x.mean(axis=(0, 2, 3)), x.std(axis=(0, 2, 3))"
_SCALE = "    scale = np.where(std > 0, std, 1)\n"
_NORMALIZED = "return (x - mean[:, None, None]) / scale[:, None, None]"


def _dropout(name: str, says: str, old: str, new: str) -> Mistake:
    return Mistake(id=name, task="dropout", module="dropout", says=says, old=old, new=new)


def _augment(name: str, says: str, old: str, new: str) -> Mistake:
    return Mistake(id=name, task="augment", module="augment", says=says, old=old, new=new)


_DROPOUT = (
    _dropout(
        "C6-normal-for-uniform",
        "The mask is drawn from a normal distribution. rng.random is uniform on [0, 1): what is the "
        "probability that a normal number is below p?",
        _FACTOR,
        _FACTOR.replace("rng.random(x.shape)", "rng.standard_normal(x.shape)"),
    ),
    _dropout(
        "C7-p-is-dropped",
        "p is taken as the probability to drop. Here it is the probability to KEEP.",
        _FACTOR,
        "    factor = ((rng.random(x.shape) >= p) / (1 - p)).astype(x.dtype) if p < 1 else 0 * x\n",
    ),
    _dropout(
        "C7-mask-inverted",
        "What should be kept is dropped and the other way round; only the 1/p is right.",
        _FACTOR,
        _FACTOR.replace("< p)", "> p)"),
    ),
    _dropout(
        "C8-no-scale",
        "What is kept is not divided by p, so the mean of out is p·x. Training and testing must agree in the "
        "mean.",
        _FACTOR,
        _FACTOR.replace(" / p)", " * 1.0)"),
    ),
    _dropout(
        "C8-multiplied-by-p",
        "What is kept is multiplied by p instead of divided.",
        _FACTOR,
        _FACTOR.replace(" / p)", " * p)"),
    ),
    _dropout(
        "C8-divided-by-the-share-dropped",
        "What is kept is divided by 1 − p. It is kept with probability p.",
        _FACTOR,
        _FACTOR.replace(" / p)", " / (1 - p if p < 1 else 1))"),
    ),
    _dropout(
        "C9-scaled-in-testing",
        "out is multiplied by p in testing. With the division in training there is nothing left to do.",
        _TEST,
        "        return x * p, np.ones_like(x) * p\n",
    ),
    _dropout(
        "C10-active-in-testing",
        "Entries are dropped in testing too. Give it the same input twice.",
        _MODE,
        "    if p == 1:\n",
    ),
    _dropout(
        "C10-modes-exchanged",
        "Dropout is at work in testing and not in training.",
        _MODE,
        "    if train:\n",
    ),
    _dropout(
        "C11-new-mask-in-the-backward-pass",
        "The backward pass draws a new mask. The gradient passes exactly where the entry was kept.",
        _BACKWARD,
        "    dx: Array = dout * np.random.default_rng().permuted(cache.ravel()).reshape(cache.shape)\n",
    ),
    _dropout(
        "C11-scale-missing-in-the-backward-pass",
        "The gradient is not divided by p though the output was.",
        _BACKWARD,
        "    dx: Array = dout * (cache != 0)\n",
    ),
    _dropout(
        "C11-scale-twice-in-the-backward-pass",
        "The gradient is scaled twice: the factor in the cache has its 1/p already.",
        _BACKWARD,
        "    dx: Array = dout * cache * cache\n",
    ),
    _dropout(
        "C11-mask-ignored-in-the-backward-pass",
        "The gradient passes everywhere. What was dropped did not reach the loss.",
        _BACKWARD,
        "    dx: Array = dout * cache.max()\n",
    ),
    _dropout(
        "C12-one-mask-for-all-examples",
        "All examples lose the same units. Each entry is dropped by itself.",
        _FACTOR,
        _FACTOR.replace("rng.random(x.shape)", "np.broadcast_to(rng.random(x.shape[1:]), x.shape)"),
    ),
    _dropout(
        "C12-whole-examples-dropped",
        "Whole examples are dropped. Each entry is dropped by itself.",
        _FACTOR,
        _FACTOR.replace(
            "rng.random(x.shape)",
            "np.broadcast_to(rng.random(len(x)).reshape(-1, *[1] * (x.ndim - 1)), x.shape)",
        ),
    ),
    _dropout(
        "C13-seed-set-inside",
        "The seed is set in each call, so the same units are dead for ever.",
        _FACTOR,
        _FACTOR.replace("rng.random", "np.random.default_rng(0).random"),
    ),
    _dropout(
        "L9-chance-from-elsewhere",
        "Chance comes from NumPy's global generator. Use the one in rng, so that runs can be repeated.",
        _FACTOR,
        _FACTOR.replace("rng.random(x.shape)", "np.random.random(x.shape)"),
    ),
    _dropout(
        "C12-exact-share-of-small-ones",
        "The smallest entries are dropped. Which entries go must not depend on their values.",
        _FACTOR,
        "    factor = ((np.abs(x) >= np.quantile(np.abs(x), 1 - p)) / p).astype(x.dtype)\n",
    ),
    _dropout(
        "C7-probability-unchecked",
        "p = 0 or p above 1 goes unnoticed. The docstring asks for ValueError.",
        _CHECK,
        "    p = min(max(p, 1e-9), 1.0)\n",
    ),
    _dropout(
        "L6-input-dropped-in-place",
        "x itself has lost entries. Multiply into a new array.",
        _OUT,
        "    x *= factor\n    return x, factor\n",
    ),
    _dropout(
        "L7-computed-in-float32",
        "In float32 half of the digits are lost. What comes in float64 is computed in float64.",
        _FACTOR,
        "    x = x.astype(np.float32)\n" + _FACTOR,
    ),
)

_AUGMENT = (
    _augment(
        "C14-upside-down",
        "Images are turned upside down: the last axis is left to right, the one before top to bottom.",
        _FLIPPED,
        "    flipped[mirrored] = x[mirrored, :, ::-1, :]\n",
    ),
    _augment(
        "C14-channels-reversed",
        "The channels are reversed. The last axis is left to right.",
        _FLIPPED,
        "    flipped[mirrored] = x[mirrored, ::-1, :, :]\n",
    ),
    _augment(
        "C14-all-images-flipped",
        "Every image is mirrored. Each should be with probability 1/2.",
        _MIRRORED,
        "    mirrored = rng.random(len(x)) < 1\n",
    ),
    _augment(
        "C14-one-flip-for-the-batch",
        "One draw decides for the whole batch. Each image has a draw of its own.",
        _MIRRORED,
        "    mirrored = np.full(len(x), rng.random() < 0.5)\n",
    ),
    _augment(
        "C14-every-second-image",
        "Every second image is mirrored, always the same ones. Chance should decide.",
        _MIRRORED,
        "    mirrored = np.arange(len(x)) % 2 == 0\n",
    ),
    _augment(
        "C14-flipped-too-rarely",
        "An image is mirrored with a probability of 1/4.",
        _MIRRORED,
        "    mirrored = rng.random(len(x)) < 0.25\n",
    ),
    _augment(
        "C14-one-crop-for-the-batch",
        "All images are moved alike. Each has a draw of its own.",
        _PLACES,
        "    places = np.tile(rng.integers(2 * pad + 1, size=2), (len(x), 1))\n",
    ),
    _augment(
        "C14-last-place-never",
        "The last place never occurs: the upper end of the draw is off by one. Windows fit at 2·pad + 1 "
        "places.",
        _PLACES,
        "    places = rng.integers(max(2 * pad, 1), size=(len(x), 2))\n",
    ),
    _augment(
        "C14-moved-along-the-diagonal",
        "Rows and columns are moved by the same number. They need a draw each.",
        _PLACES,
        "    places = np.repeat(rng.integers(2 * pad + 1, size=(len(x), 1)), 2, axis=1)\n",
    ),
    _augment(
        "C14-only-half-the-places",
        "Images are only moved down and to the right. They go in all directions: 0 to 2·pad.",
        _PLACES,
        "    places = rng.integers(pad + 1, size=(len(x), 2))\n",
    ),
    _augment(
        "C14-borders-repeated",
        "The border is filled with the nearest pixels. The docstring asks for zeros.",
        _PADDED,
        _PADDED.replace("(pad, pad)))", '(pad, pad)), mode="edge")'),
    ),
    _augment(
        "C14-rolled-around",
        "What leaves on one side comes in on the other. It should be gone, and zeros come in.",
        _PADDED,
        _PADDED.replace("(pad, pad)))", '(pad, pad)), mode="wrap")'),
    ),
    _augment(
        "D4-height-and-width-swapped",
        "Height and width are exchanged; square images hide it.",
        "    H, W = x.shape[2:]\n",
        "    W, H = x.shape[2:]\n",
    ),
    _augment(
        "F11-statistics-of-pixels",
        "Each pixel gets a mean of its own. A channel has one, over all images and all pixels.",
        _STATISTICS,
        "return x.mean(axis=0).mean(axis=(1, 2)), x.std(axis=0).mean(axis=(1, 2))",
    ),
    _augment(
        "F11-one-mean-for-all-channels",
        "All channels share one mean and one deviation.",
        _STATISTICS,
        "return np.full(x.shape[1], x.mean()), np.full(x.shape[1], x.std())",
    ),
    _augment(
        "F3-variance-for-deviation",
        "The variance is returned for the standard deviation: its root is missing.",
        _STATISTICS,
        "return x.mean(axis=(0, 2, 3)), x.var(axis=(0, 2, 3))",
    ),
    _augment(
        "C15-own-statistics",
        "The images are normalized with their own statistics. Those of the training images are given.",
        _SCALE,
        "    mean, std = channel_statistics(x)\n" + _SCALE,
    ),
    _augment(
        "C15-only-shifted",
        "The images are shifted but not scaled.",
        _NORMALIZED,
        "return x - mean[:, None, None]",
    ),
    _augment(
        "C15-scaled-before-the-shift",
        "x is divided first and the mean is subtracted afterwards. Subtract first.",
        _NORMALIZED,
        "return x / scale[:, None, None] - mean[:, None, None]",
    ),
    _augment(
        "C15-constant-channel-is-infinite",
        "A channel of one colour is divided by 0. The docstring says what happens to it.",
        _SCALE,
        "    scale = std\n",
    ),
    _augment(
        "C15-small-number-added",
        "A small number is added to every deviation. No channel is scaled by its own any more, and one of a "
        "single colour becomes very large.",
        _SCALE,
        "    scale = std + 1e-8\n",
    ),
    _augment(
        "L7-computed-in-float32",
        "In float32 half of the digits are lost. What comes in float64 is computed in float64.",
        _SCALE,
        f"    x = x.astype(np.float32)\n{_SCALE}",
    ),
    _augment(
        "L6-images-changed-in-place",
        "The caller's images are changed themselves.",
        "    flipped = x.copy()\n",
        "    flipped = x\n    x = x.copy()\n",
    ),
)
WRONG = (*_DROPOUT, *_AUGMENT)
