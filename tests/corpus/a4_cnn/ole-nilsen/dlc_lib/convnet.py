"""A small convolutional network for images: conv, relu, pool, affine, relu, affine, softmax."""

from __future__ import annotations

import numpy as np

from .arrays import Array, Cache, IntArray


def convnet_init(
    *,
    channels: int,
    height: int,
    width: int,
    filters: int,
    kernel: int,
    hidden: int,
    classes: int,
    rng: np.random.Generator,
) -> dict[str, Array]:
    """Parameters to start training from.

    Weights are normal with mean 0 and variance 2 / fan_in, so that a relu layer keeps the size of what
    passes through it; fan_in is the number of weights that feed one unit. Biases are 0.

    Args:
        channels: C of the images.
        height: H of the images, at least 2.
        width: W of the images, at least 2.
        filters: F of the convolution.
        kernel: height and width K of its filters, odd.
        hidden: units M of the hidden affine layer.
        classes: number of classes.
        rng: source of randomness.

    Returns:
        params, float64: w1 (F, C, K, K), b1 (F,), w2 (F·(H // 2)·(W // 2), M), b2 (M,), w3 (M, classes),
        b3 (classes,).

    Source: He et al., Delving Deep into Rectifiers (2015), equation 10.
    """
    raise NotImplementedError("a4/convnet_init")


def convnet_forward(x: Array, params: dict[str, Array]) -> tuple[Array, Cache]:
    """Scores of a batch of images.

    conv with stride 1 and pad (K − 1) / 2, which keeps H and W · relu · max pool 2×2 with stride 2 ·
    affine (which flattens) · relu · affine.

    Args:
        x: images, shape (N, C, H, W).
        params: as `convnet_init` returns them.

    Returns:
        scores: shape (N, classes).
        cache: what a backward pass needs.

    No input is changed.

    Source: LeCun et al., Gradient-based learning applied to document recognition (1998), section II.
    """
    raise NotImplementedError("a4/convnet_forward")


def convnet_loss(
    x: Array, y: IntArray, params: dict[str, Array], *, lam: float
) -> tuple[float, dict[str, Array]]:
    """Loss of a batch and its gradient with respect to every parameter.

    loss = softmax loss (mean over the batch) + lam / 2 · (Σ w1² + Σ w2² + Σ w3²). Biases are not penalised.

    Args:
        x: images, shape (N, C, H, W).
        y: classes, whole numbers, shape (N,).
        params: as `convnet_init` returns them.
        lam: strength of the penalty, at least 0.

    Returns:
        loss: one number.
        gradients: for each name in params an array of its shape.

    No input is changed.

    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), sections 6.5 and 7.1.1.
    """
    raise NotImplementedError("a4/convnet_loss")


def convnet_train(
    params: dict[str, Array],
    x: Array,
    y: IntArray,
    *,
    epochs: int,
    batch: int,
    lr: float,
    momentum: float,
    lam: float,
    rng: np.random.Generator,
) -> tuple[dict[str, Array], list[float]]:
    """Train by gradient descent with momentum on shuffled minibatches.

    velocity ← momentum · velocity − lr · gradient, w ← w + velocity.

    Args:
        params: where to start; not changed.
        x: images, shape (N, C, H, W).
        y: classes, shape (N,).
        epochs: times that every image is seen.
        batch: images in a minibatch.
        lr: step size.
        momentum: share of the velocity kept.
        lam: strength of the penalty on weights.
        rng: source of the shuffling.

    Returns:
        params after training, and the loss of every minibatch in order.

    Source: Sutskever et al., On the importance of initialization and momentum (2013), equations 1 and 2.
    """
    velocity = {name: np.zeros_like(value) for name, value in params.items()}
    losses = []
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch):
            chosen = order[start : start + batch]
            loss, gradients = convnet_loss(x[chosen], y[chosen], params, lam=lam)
            velocity = {name: momentum * velocity[name] - lr * gradients[name] for name in params}
            params = {name: params[name] + velocity[name] for name in params}
            losses.append(loss)
    return params, losses


def convnet_accuracy(x: Array, y: IntArray, params: dict[str, Array]) -> float:
    """Share of the images whose largest score is that of their class, 0 to 1."""
    scores, _ = convnet_forward(x, params)
    return float(np.mean(scores.argmax(axis=1) == y))
