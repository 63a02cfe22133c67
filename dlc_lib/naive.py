"""Matrix product and convolution straight from their definitions: right, easy to read, and slow."""

from __future__ import annotations

import torch


def naive_matmul(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """One sum of products for each entry of the result.

    Args:
        a: shape (M, K).
        b: shape (K, N), dtype of a.

    Returns:
        c: shape (M, N) with c[m, n] = Σ_k a[m, k] · b[k, n].
    """
    c = torch.empty((a.shape[0], b.shape[1]), dtype=a.dtype)
    for m in range(a.shape[0]):
        for n in range(b.shape[1]):
            c[m, n] = (a[m] * b[:, n]).sum()
    return c


def naive_conv2d(x: torch.Tensor, w: torch.Tensor, *, stride: int, pad: int) -> torch.Tensor:
    """One sum of products for each pixel of the result.

    Args:
        x: images, shape (N, C, H, W).
        w: filters, shape (F, C, HH, WW), dtype of x.
        stride: pixels from one window to the next.
        pad: zeros added at each side of each image.

    Returns:
        out: shape (N, F, Ho, Wo).
    """
    F, _, HH, WW = w.shape
    padded = torch.constant_pad_nd(x, [pad] * 4)
    Ho = 1 + (padded.shape[2] - HH) // stride
    Wo = 1 + (padded.shape[3] - WW) // stride
    out = torch.empty((x.shape[0], F, Ho, Wo), dtype=x.dtype)
    for i in range(Ho):
        for j in range(Wo):
            window = padded[:, :, i * stride : i * stride + HH, j * stride : j * stride + WW]
            out[:, :, i, j] = (window.unsqueeze(1) * w).sum(dim=(2, 3, 4))
    return out
