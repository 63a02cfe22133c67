"""Utilities for training and sampling from character-level language models."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def language_windows(tokens: np.ndarray, *, length: int) -> tuple[np.ndarray, np.ndarray]:
    """Return non-overlapping input windows and their next-token targets."""
    if len(tokens) <= length:
        empty = np.empty((0, length), dtype=tokens.dtype)
        return empty, empty.copy()
    pairs = sliding_window_view(tokens, length + 1)[::length]
    return pairs[:, :-1].copy(), pairs[:, 1:].copy()


def _log_probabilities(scores: np.ndarray) -> np.ndarray:
    """Log-softmax over the last axis."""
    maximum = scores.max(axis=-1, keepdims=True)
    log_partition = maximum + np.log(np.sum(np.exp(scores - maximum), axis=-1, keepdims=True))
    return scores - log_partition


def temporal_softmax_loss(x: np.ndarray, y: np.ndarray, mask: np.ndarray) -> tuple[float, np.ndarray]:
    """Masked cross-entropy, averaged over unmasked time steps."""
    active = mask.astype(bool)
    count = int(active.sum())
    if count == 0:
        return 0.0, np.zeros_like(x)
    log_p = _log_probabilities(x)
    n, t = np.nonzero(active)
    loss = -log_p[n, t, y[n, t]].sum() / count
    gradient = np.exp(log_p)
    gradient[n, t, y[n, t]] -= 1.0
    gradient *= active[:, :, None]
    gradient /= count
    return float(loss), gradient


def clip_gradients(gradients: Mapping[str, np.ndarray], *, limit: float) -> tuple[dict[str, np.ndarray], float]:
    """Rescale all gradients so that their global norm does not exceed ``limit``."""
    flat = np.concatenate([g.ravel() for g in gradients.values()]) if gradients else np.zeros(1)
    norm = float(np.linalg.norm(flat))
    scale = 1.0 if norm <= limit else limit / norm
    return {name: g * scale for name, g in gradients.items()}, norm


def sample_token(scores: np.ndarray, *, temperature: float, rng: np.random.Generator) -> int:
    """Sample from ``softmax(scores / temperature)``."""
    log_p = _log_probabilities(np.asarray(scores, dtype=float) / temperature)
    return int(np.argmax(rng.multinomial(1, np.exp(log_p) / np.exp(log_p).sum())))


def generate(
    step: Callable[[int, Any], tuple[np.ndarray, Any]],
    first: int,
    *,
    length: int,
    temperature: float,
    rng: np.random.Generator,
) -> list[int]:
    """Generate ``length`` tokens autoregressively."""
    generated: list[int] = []
    token, state = first, None
    for _ in range(length):
        scores, state = step(token, state)
        token = sample_token(scores, temperature=temperature, rng=rng)
        generated.append(token)
    return generated
