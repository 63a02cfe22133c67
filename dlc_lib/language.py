"""Language: what comes next in a text, how surprised a network is by it, and texts of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from .arrays import Array, IntArray


def language_windows(tokens: IntArray, *, length: int) -> tuple[IntArray, IntArray]:
    """Cut a text into windows, and beside each token put the one that comes next.

        inputs[n, t] = tokens[n·length + t]        targets[n, t] = tokens[n·length + t + 1]

    The windows do not overlap. What is left at the end and does not fill a window is left out; there are
    N = (number of tokens − 1) // length windows.

    Args:
        tokens: a text, shape (S,) with S at least 1, integers of any width.
        length: tokens in a window, at least 1.

    Returns:
        inputs: shape (N, length).
        targets: shape (N, length).

    tokens is not changed.

    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 10.2.3.
    """
    count = (len(tokens) - 1) // length
    used = count * length
    return tokens[:used].reshape(count, length).copy(), tokens[1 : used + 1].reshape(count, length).copy()


def temporal_softmax_loss(x: Array, y: IntArray, mask: IntArray) -> tuple[float, Array]:
    """Cross-entropy of the softmax at every step that counts, and its gradient.

        p[n, t, v] = exp(x[n, t, v]) / Σ_u exp(x[n, t, u])
        M          = number of steps (n, t) with mask[n, t] = 1
        loss       = −1/M Σ mask[n, t] · log p[n, t, y[n, t]]
        dx[n, t]   = mask[n, t] · (p[n, t] − onehot(y[n, t])) / M

    The mean is over the steps that count, not over all steps and not over the sequences. If no step counts,
    loss and gradient are 0. The loss is finite for scores of any size. y may hold anything from 0 to V − 1
    where the mask is 0.

    Args:
        x: scores, shape (N, T, V), float64.
        y: right tokens, shape (N, T), integers of any width from 0 to V − 1.
        mask: 1 where a step counts and 0 where it is padding, shape (N, T).

    Returns:
        loss: one number.
        dx: gradient of the loss with respect to x, float64, shape of x.

    No input is changed.

    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), sections 6.2.2.3 and 10.2.
    """
    log_p = x - np.logaddexp.reduce(x, axis=2, keepdims=True)
    weight = mask / max(float(mask.sum()), 1.0)
    right = np.take_along_axis(log_p, y[:, :, None], axis=2)[:, :, 0]
    dx = np.exp(log_p)
    sequence, step = np.indices(y.shape)
    dx[sequence, step, y] -= 1
    return float(-(weight * right).sum()), (dx * weight[:, :, None]).astype(x.dtype)


def clip_gradients(gradients: Mapping[str, Array], *, limit: float) -> tuple[dict[str, Array], float]:
    """Shorten gradients that are too long, all by the same factor.

        norm = sqrt(Σ over all arrays of the squares of all entries)
        clipped = gradients · min(1, limit / norm)        gradients of length 0 stay as they are

    Args:
        gradients: arrays by name.
        limit: length that is not to be exceeded, above 0.

    Returns:
        clipped: arrays of the same names and shapes, in a new dict.
        norm: length before clipping, one number.

    Neither gradients nor its arrays are changed.

    Source: Pascanu, Mikolov and Bengio, On the difficulty of training recurrent neural networks (2013),
    algorithm 1.
    """
    norm = float(np.sqrt(sum(float((dw**2).sum()) for dw in gradients.values())))
    factor = limit / norm if norm > limit else 1.0
    return {name: dw * factor for name, dw in gradients.items()}, norm


def sample_token(scores: Array, *, temperature: float, rng: np.random.Generator) -> int:
    """Draw the next token.

        probability of v = exp(scores[v] / temperature) / Σ_u exp(scores[u] / temperature)

    A low temperature makes likely tokens likelier, a high one makes all alike.

    Args:
        scores: shape (V,), of any size.
        temperature: above 0.
        rng: source of chance.

    Returns:
        token: a whole number from 0 to V − 1.

    scores is not changed.

    Source: Hinton, Vinyals and Dean, Distilling the Knowledge in a Neural Network (2015), equation 1.
    """
    weights = np.exp((scores - scores.max()) / temperature)
    return int(rng.choice(len(scores), p=weights / weights.sum()))


def generate(
    step: Callable[[int, Any], tuple[Array, Any]],
    first: int,
    *,
    length: int,
    temperature: float,
    rng: np.random.Generator,
) -> list[int]:
    """Let a network write: each token that was drawn is the input of the next step.

        scores, state = step(token, state)        token = `sample_token`(scores)

    beginning with step(first, None).

    Args:
        step: step(token, state) gives the scores of the next token, shape (V,), and the next state.
        first: the token to begin with.
        length: tokens to draw, at least 0.
        temperature: of `sample_token`.
        rng: source of chance.

    Returns:
        tokens: what was drawn, `length` of them, without the first.

    Source: Graves, Generating Sequences With Recurrent Neural Networks (2013), section 2.
    """
    token, state, drawn = first, None, []
    for _ in range(length):
        scores, state = step(token, state)
        token = sample_token(scores, temperature=temperature, rng=rng)
        drawn.append(token)
    return drawn
