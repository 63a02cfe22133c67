"""Augmentation and normalization: more images than there are, and all on one scale."""

from __future__ import annotations

import numpy as np

from .arrays import Array


def random_flip(x: Array, *, rng: np.random.Generator) -> Array:
    """Mirror each image left to right with probability 1/2.

    Each image is flipped or not by itself; all its channels together.

    Args:
        x: images, shape (N, C, H, W), float64.
        rng: source of chance.

    Returns:
        flipped: shape of x, float64.

    x is not changed.

    Source: Krizhevsky, Sutskever and Hinton, ImageNet Classification with Deep Convolutional Neural
    Networks (2012), section 4.1.
    """
    mirrored = rng.random(len(x)) < 0.5
    flipped = x.copy()
    flipped[mirrored] = x[mirrored, :, :, ::-1]
    return flipped


def random_crop(x: Array, *, pad: int, rng: np.random.Generator) -> Array:
    """Move each image by chance: pad it with zeros all around and cut a window of its old size.

    The window's first row and first column are drawn from 0, ..., 2·pad, each place as likely as any
    other; for each image by itself, and the same for all its channels. At (pad, pad) the image stays as
    it is.

    Args:
        x: images, shape (N, C, H, W), float64.
        pad: rows and columns of zeros on each side, at least 0.
        rng: source of chance.

    Returns:
        cropped: shape of x, float64.

    x is not changed.

    Source: He, Zhang, Ren and Sun, Deep Residual Learning for Image Recognition (2016), section 4.2.
    """
    H, W = x.shape[2:]
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    places = rng.integers(2 * pad + 1, size=(len(x), 2))
    windows = [image[:, i : i + H, j : j + W] for image, (i, j) in zip(padded, places, strict=True)]
    return np.array(windows).reshape(x.shape).astype(x.dtype)


def channel_statistics(x: Array) -> tuple[Array, Array]:
    """Mean and standard deviation of each channel, over all images and all pixels.

        mean[c] = mean of x[:, c, :, :]        std[c] = sqrt(mean of (x[:, c, :, :] − mean[c])²)

    They are taken from the training images and used for all others as well.

    Args:
        x: images, shape (N, C, H, W), float64.

    Returns:
        mean: shape (C,), float64.
        std: shape (C,), float64.

    x is not changed.

    Source: LeCun, Bottou, Orr and Müller, Efficient BackProp (1998), section 4.3.
    """
    return x.mean(axis=(0, 2, 3)), x.std(axis=(0, 2, 3))


def normalize(x: Array, mean: Array, std: Array) -> Array:
    """Shift and scale each channel with statistics that are given.

        out[n, c, i, j] = (x[n, c, i, j] − mean[c]) / std[c]

    A channel with std[c] = 0 is only shifted.

    Args:
        x: images, shape (N, C, H, W), float64; those of the test set too.
        mean: shape (C,), of the training images.
        std: shape (C,), of the training images.

    Returns:
        out: shape of x, float64.

    No input is changed.

    Source: LeCun, Bottou, Orr and Müller, Efficient BackProp (1998), section 4.3.
    """
    scale = np.where(std > 0, std, 1)
    return (x - mean[:, None, None]) / scale[:, None, None]
