"""Wrong autoencoders, noise and principal directions."""

from __future__ import annotations

from autograder.author import Mistake

_ENCODE = "    z: Array = x @ W\n"
_DECODE = "    y: Array = z @ W.T\n"
_ERROR = "    error = decode(z, W) - target\n"
_DY = "    dy = 2 * error / len(x)\n"
_RESULT = "return float((error**2).sum() / len(x)), dy.T @ z + x.T @ (dy @ W)"
_NOISE = "    noise = std * rng.standard_normal(x.shape)\n"
_ADDED = "    return x + noise.astype(x.dtype)\n"
_DENOISING = "return autoencoder_loss(add_noise(x, std=std, rng=rng), x, W)"
_SVD = "    _, _, Vt = np.linalg.svd(x, full_matrices=False)\n"
_FIRST = "return Vt[:k].T"
_SIZES = "    sizes = np.linalg.svd(x, compute_uv=False)\n"
_BOUND = "return float((sizes[k:] ** 2).sum() / len(x))"


def _edit(task: str, name: str, says: str, old: str, new: str) -> Mistake:
    return Mistake(id=name, task=task, module="autoencoder", says=says, old=old, new=new)


_AUTOENCODER = (
    _edit(
        "autoencoder",
        "I3-encoder-forgotten",
        "dW is what the decoder says alone. W is used twice: the encoder says something, too.",
        "dy.T @ z + x.T @ (dy @ W)",
        "dy.T @ z",
    ),
    _edit(
        "autoencoder",
        "I3-decoder-forgotten",
        "dW is what the encoder says alone. W is used twice: the decoder says something, too.",
        "dy.T @ z + x.T @ (dy @ W)",
        "x.T @ (dy @ W)",
    ),
    _edit(
        "autoencoder",
        "I3-decoder-counted-twice",
        "The gradient of one use of W is doubled, as if both said the same. That is so only in the minimum.",
        "dy.T @ z + x.T @ (dy @ W)",
        "2 * dy.T @ z",
    ),
    _edit(
        "autoencoder",
        "I2-mean-over-all-entries",
        "The loss is averaged over all entries. The squares of one example are summed; the mean is over the "
        "examples.",
        _RESULT,
        "return float((error**2).mean()), (dy.T @ z + x.T @ (dy @ W)) / x.shape[1]",
    ),
    _edit(
        "autoencoder",
        "I2-gradient-of-the-mean-over-entries",
        "The gradient is divided by the number of entries, the loss by that of the examples.",
        _DY,
        "    dy = 2 * error / error.size\n",
    ),
    _edit(
        "autoencoder",
        "I2-summed-over-the-examples",
        "Loss and gradient are sums over the examples. They are means.",
        _RESULT,
        "return float((error**2).sum()), (dy.T @ z + x.T @ (dy @ W)) * len(x)",
    ),
    _edit(
        "autoencoder",
        "I2-half",
        "There is a half in front of the loss. This contract has none.",
        _RESULT,
        "return float((error**2).sum() / len(x) / 2), (dy.T @ z + x.T @ (dy @ W)) / 2",
    ),
    _edit(
        "autoencoder",
        "I2-factor-two-forgotten",
        "The slope of a square is twice the difference; the 2 is missing.",
        _DY,
        "    dy = error / len(x)\n",
    ),
    _edit(
        "autoencoder",
        "I4-target-ignored",
        "The output is compared with the input. The target is an argument of its own.",
        _ERROR,
        "    error = decode(z, W) - x\n",
    ),
    _edit(
        "autoencoder",
        "I3-sign-of-the-gradient",
        "The gradient has the wrong sign: output minus target, not target minus output.",
        _DY,
        "    dy = -2 * error / len(x)\n",
    ),
    _edit(
        "autoencoder",
        "I1-code-through-a-sigmoid",
        "The code goes through a sigmoid. This autoencoder is linear.",
        _ENCODE,
        "    z: Array = 1 / (1 + np.exp(-(x @ W)))\n",
    ),
    _edit(
        "autoencoder",
        "I7-code-scaled",
        "The code is divided by the number of inputs.",
        _ENCODE,
        "    z: Array = x @ W / max(x.shape[1], 2)\n",
    ),
    _edit(
        "autoencoder",
        "I3-columns-of-the-wrong-matrix",
        "The decoder uses the pseudo-inverse of W. It uses the transpose.",
        _DECODE,
        "    y: Array = z @ np.linalg.pinv(W)\n",
    ),
    _edit(
        "autoencoder",
        "L7-computed-in-float32",
        "The digits behind the seventh are lost: numbers of float64 are computed in float32. Where does the "
        "type change?",
        _ERROR,
        _ERROR.replace("decode(z, W) - target", "(decode(z, W) - target).astype(np.float32)"),
    ),
    _edit(
        "autoencoder",
        "L6-target-changed-in-place",
        "The caller's target is changed by the call.",
        _ERROR,
        "    target -= decode(z, W)\n    error = -target\n",
    ),
)

_DENOISING_WRONG = (
    _edit(
        "denoising",
        "I4-noisy-target",
        "The output is compared with the noisy example. Ask for the clean one, or it learns to reproduce "
        "noise.",
        _DENOISING,
        "noisy = add_noise(x, std=std, rng=rng)\n    return autoencoder_loss(noisy, noisy, W)",
    ),
    _edit(
        "denoising",
        "I4-noise-on-the-target",
        "The noise is added to the target instead of the input.",
        _DENOISING,
        "return autoencoder_loss(x, add_noise(x, std=std, rng=rng) + 0.5 * std, W)",
    ),
    _edit(
        "denoising",
        "I4-no-noise",
        "The loss is that of clean examples: no noise is added.",
        _DENOISING,
        "return autoencoder_loss(x, x, W)",
    ),
    _edit(
        "denoising",
        "J13-uniform-noise",
        "The noise is uniform, not normal.",
        _NOISE,
        "    noise = std * np.sqrt(12) * (rng.random(x.shape) - 0.5)\n",
    ),
    _edit(
        "denoising",
        "J13-noise-from-0-to-1",
        "The noise is never negative, so its mean is not 0: rng.random is uniform from 0 to 1.",
        _NOISE,
        "    noise = std * rng.random(x.shape)\n",
    ),
    _edit(
        "denoising",
        "I4-variance-for-deviation",
        "std is used as the variance. It is the standard deviation.",
        _NOISE,
        "    noise = std**0.5 * rng.standard_normal(x.shape)\n",
    ),
    _edit(
        "denoising",
        "I4-deviation-ignored",
        "The noise always has deviation 1.",
        _NOISE,
        "    noise = rng.standard_normal(x.shape)\n",
    ),
    _edit(
        "denoising",
        "C12-one-noise-for-all-examples",
        "All examples get the same noise. Each entry has its own.",
        _NOISE,
        "    noise = std * rng.standard_normal(x.shape[1:]) + 0 * x\n",
    ),
    _edit(
        "denoising",
        "C13-seed-set-inside",
        "The seed is set in each call: the noise is always the same.",
        _NOISE,
        "    noise = std * np.random.default_rng(0).standard_normal(x.shape)\n",
    ),
    _edit(
        "denoising",
        "I4-noise-multiplied",
        "The examples are multiplied by noise. It is added.",
        _ADDED,
        "    return x * (1 + noise.astype(x.dtype))\n",
    ),
    _edit(
        "denoising",
        "L7-computed-in-float32",
        "The digits behind the seventh are lost: numbers of float64 are computed in float32. Where does the "
        "type change?",
        _ADDED,
        "    return (x + noise).astype(np.float32)\n",
    ),
    _edit(
        "denoising",
        "L6-noise-added-in-place",
        "The noise is added to the caller's own examples.",
        _ADDED,
        "    x += noise.astype(x.dtype)\n    return x.copy()\n",
    ),
)

_PCA = (
    _edit(
        "pca",
        "I8-rows-for-columns",
        "The rows of V are taken. svd returns Vᵀ: its rows are the directions.",
        _FIRST,
        "return Vt[:, :k]",
    ),
    _edit(
        "pca",
        "I8-least-directions",
        "The directions along which the examples vary least are returned.",
        _FIRST,
        "return Vt[::-1][:k].T",
    ),
    _edit(
        "pca",
        "I8-mean-subtracted",
        "The mean is subtracted first. This autoencoder has no bias: take x as it is.",
        _SVD,
        _SVD.replace("svd(x,", "svd(x - x.mean(axis=0),"),
    ),
    _edit(
        "pca",
        "I8-columns-scaled",
        "The columns are scaled by the singular values. Their length is 1.",
        _SVD + "    " + _FIRST + "\n",
        "    _, sizes, Vt = np.linalg.svd(x, full_matrices=False)\n    return (Vt[:k] * sizes[:k, None]).T\n",
    ),
    _edit(
        "pca",
        "I8-one-direction-too-many",
        "There is one direction too many.",
        _FIRST,
        "return Vt[: k + 1].T",
    ),
    _edit(
        "pca",
        "I8-codes-for-directions",
        "These are the codes of the examples (the columns of U), not the directions.",
        _SVD + "    " + _FIRST + "\n",
        "    U, _, Vt = np.linalg.svd(x, full_matrices=False)\n    return U[:, :k]\n",
    ),
    _edit(
        "pca",
        "I8-squares-forgotten",
        "The singular values are summed without being squared.",
        _BOUND,
        "return float(sizes[k:].sum() / len(x))",
    ),
    _edit(
        "pca",
        "I8-largest-for-the-rest",
        "The bound sums the singular values that are kept. What is lost is in those that are left out.",
        _BOUND,
        "return float((sizes[:k] ** 2).sum() / len(x))",
    ),
    _edit(
        "pca",
        "I2-not-divided-by-the-examples",
        "The bound is not divided by the number of examples, though the loss is.",
        _BOUND,
        "return float((sizes[k:] ** 2).sum())",
    ),
    _edit(
        "pca",
        "I8-off-by-one",
        "The bound leaves out one singular value too many: the first that is lost is number K, from 0.",
        _BOUND,
        "return float((sizes[k + 1 :] ** 2).sum() / len(x))",
    ),
    _edit(
        "pca",
        "I8-share-of-the-variance",
        "The bound is given as a share of the whole. It is a loss.",
        _BOUND,
        "return float((sizes[k:] ** 2).sum() / (sizes**2).sum())",
    ),
    _edit(
        "pca",
        "L7-computed-in-float32",
        "The digits behind the seventh are lost: numbers of float64 are computed in float32. Where does the "
        "type change?",
        _SIZES,
        "    sizes = np.linalg.svd(x.astype(np.float32), compute_uv=False)\n",
    ),
    _edit(
        "pca",
        "L6-examples-centred-in-place",
        "The caller's examples are changed.",
        _SIZES,
        _SIZES + "    x -= x.mean(axis=0)\n",
    ),
)
WRONG = (*_AUTOENCODER, *_DENOISING_WRONG, *_PCA)
