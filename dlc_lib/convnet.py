"""A small convolutional network for images: conv, relu, pool, affine, relu, affine, softmax."""

from __future__ import annotations

import numpy as np

from .arrays import Array, Cache, IntArray
from .im2col import conv_im2col_backward, conv_im2col_forward
from .layers import affine_backward, affine_forward, relu_backward, relu_forward
from .losses import softmax_loss
from .pool import max_pool_backward, max_pool_forward


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
    fan_ins = (channels * kernel * kernel, filters * (height // 2) * (width // 2), hidden)
    shapes = ((filters, channels, kernel, kernel), (fan_ins[1], hidden), (hidden, classes))
    w1, w2, w3 = (
        np.sqrt(2 / fan_in) * rng.standard_normal(shape)
        for fan_in, shape in zip(fan_ins, shapes, strict=True)
    )
    b1, b2, b3 = np.zeros(filters), np.zeros(hidden), np.zeros(classes)
    return {"w1": w1, "b1": b1, "w2": w2, "b2": b2, "w3": w3, "b3": b3}


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
    pad = (params["w1"].shape[2] - 1) // 2
    maps, conv = conv_im2col_forward(x, params["w1"], params["b1"], stride=1, pad=pad)
    maps, relu1 = relu_forward(maps)
    maps, pool = max_pool_forward(maps, pool_height=2, pool_width=2, stride=2)
    units, affine1 = affine_forward(maps, params["w2"], params["b2"])
    units, relu2 = relu_forward(units)
    scores, affine2 = affine_forward(units, params["w3"], params["b3"])
    return scores, (conv, relu1, pool, affine1, relu2, affine2)


def convnet_loss(
    x: Array, y: IntArray, params: dict[str, Array], *, lam: float
) -> tuple[float, dict[str, Array]]:
    """Loss of a batch and its gradient with respect to every parameter.

    loss = softmax loss (mean over the batch) + lam / 2 · (Σ w1² + Σ w2² + Σ w3²). Biases are not penalised.

    Args:
        x: images, shape (N, C, H, W).
        y: classes, shape (N,), integers of any width from 0 to classes − 1.
        params: as `convnet_init` returns them.
        lam: strength of the penalty, at least 0.

    Returns:
        loss: one number.
        gradients: for each name in params an array of its shape, float64.

    No input is changed.

    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), sections 6.5 and 7.1.1.
    """
    scores, (conv, relu1, pool, affine1, relu2, affine2) = convnet_forward(x, params)
    loss, dscores = softmax_loss(scores, y)
    dunits, dw3, db3 = affine_backward(dscores, affine2)
    dunits = relu_backward(dunits, relu2)
    dmaps, dw2, db2 = affine_backward(dunits, affine1)
    dmaps = max_pool_backward(dmaps, pool)
    dmaps = relu_backward(dmaps, relu1)
    _, dw1, db1 = conv_im2col_backward(dmaps, conv)
    gradients = {"w1": dw1, "b1": db1, "w2": dw2, "b2": db2, "w3": dw3, "b3": db3}
    for name in ("w1", "w2", "w3"):
        loss += 0.5 * lam * float(np.sum(params[name] ** 2))
        gradients[name] = gradients[name] + lam * params[name]
    return loss, gradients


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
