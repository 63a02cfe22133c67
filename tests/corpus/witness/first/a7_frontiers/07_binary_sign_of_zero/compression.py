from __future__ import annotations

import numpy as np


def magnitude_prune(w: np.ndarray, *, sparsity: float) -> tuple[np.ndarray, np.ndarray]:
    if not (0 <= sparsity <= 1):
        raise ValueError("sparsity is a share")
    pruned = int(sparsity * w.size + 0.5)
    order = np.argsort(np.abs(w), axis=None, kind="stable")
    mask = np.ones_like(w)
    mask.flat[order[:pruned]] = 0
    return np.multiply(w, mask), mask


def pruned_step(w: np.ndarray, dw: np.ndarray, mask: np.ndarray, *, lr: float) -> np.ndarray:
    return (w - lr * dw) * mask


def binarize_forward(w: np.ndarray):
    alpha = np.mean(np.abs(w), axis=0, keepdims=True)
    return alpha * np.sign(w), {"w": w, "alpha": alpha}


def binarize_backward(dout: np.ndarray, cache: dict) -> np.ndarray:
    passes = np.abs(cache["w"]) <= 1
    return cache["alpha"] * dout * passes
