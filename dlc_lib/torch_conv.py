"""Convolution and its two gradients in torch as matrix products over windows, an image at a time."""

from __future__ import annotations

import torch

from .windows import output_size


def conv2d_forward(x: torch.Tensor, w: torch.Tensor, *, stride: int, pad: int) -> torch.Tensor:
    """Convolve images with filters (cross-correlation) without any convolution of the library.

    With xp = x padded by `pad` zeros on each side,

        out[n, f, i, j] = Σ_{c, r, s} xp[n, c, i·stride + r, j·stride + s] · w[f, c, r, s]

    Matrix products, views, copies, padding, `unfold` and `as_strided` are allowed; no operation whose
    name speaks of a convolution is, by whatever name it is called.

    Windows laid out as a matrix are HH·WW times as large as the image: laid out for one image at a time
    they stay in the cache until the product has used them.

    Args:
        x: images, shape (N, C, H, W), float32 or float64.
        w: filters, shape (F, C, HH, WW), dtype of x.
        stride: pixels from one window to the next, at least 1.
        pad: zeros added at each side of each image, at least 0.

    Returns:
        out: shape (N, F, Ho, Wo) with Ho = 1 + (H + 2·pad − HH) // stride and Wo likewise; dtype of x.

    Raises:
        ValueError: the filter does not fit, that is HH > H + 2·pad or WW > W + 2·pad.

    No input is changed.

    Source: Chellapilla, Puri and Simard, High performance convolutional neural networks for document
    processing (2006), section 3.
    """
    F, C, HH, WW = w.shape
    Ho = output_size(x.shape[2], HH, stride=stride, pad=pad)
    Wo = output_size(x.shape[3], WW, stride=stride, pad=pad)
    padded = torch.nn.functional.pad(x, (pad, pad, pad, pad))
    out = torch.empty((x.shape[0], F, Ho * Wo), dtype=x.dtype)
    cols = torch.empty((C, HH, WW, Ho, Wo), dtype=x.dtype)
    filters = w.reshape(F, -1)
    for image, result in zip(padded, out, strict=True):
        cols.copy_(_windows(image, HH, WW, stride, Ho, Wo))
        torch.mm(filters, cols.view(C * HH * WW, Ho * Wo), out=result)
    return out.view(x.shape[0], F, Ho, Wo)


def conv2d_backward_data(
    dout: torch.Tensor, w: torch.Tensor, *, height: int, width: int, stride: int, pad: int
) -> torch.Tensor:
    """Gradient of a convolution with respect to its images.

        dx[n, c, h, v] = Σ over f, i, j, r, s with i·stride + r = h + pad and j·stride + s = v + pad
                         of dout[n, f, i, j] · w[f, c, r, s]

    Matrix products, views, copies, sums, padding and `fold` are allowed; no convolution, transposed or
    not, and no autograd.

    Args:
        dout: gradient with respect to the output, shape (N, F, Ho, Wo), float32 or float64.
        w: filters, shape (F, C, HH, WW), dtype of dout.
        height: H of the images; Ho = 1 + (H + 2·pad − HH) // stride.
        width: W of the images.
        stride: as in the forward pass.
        pad: as in the forward pass.

    Returns:
        dx: shape (N, C, H, W), dtype of dout.

    No input is changed.

    Source: Chellapilla, Puri and Simard (2006), section 3, read backwards.
    """
    (N, F, Ho, Wo), (_, C, HH, WW) = dout.shape, w.shape
    padded = torch.zeros((N, C, height + 2 * pad, width + 2 * pad), dtype=dout.dtype)
    filters = w.reshape(F, -1).T.contiguous()
    for image, upstream in zip(padded, dout.reshape(N, F, Ho * Wo), strict=True):
        dcols = (filters @ upstream).view(C, HH, WW, Ho, Wo)
        for r in range(HH):
            for s in range(WW):
                image[:, r : r + stride * Ho : stride, s : s + stride * Wo : stride] += dcols[:, r, s]
    return padded[:, :, pad : pad + height, pad : pad + width]


def conv2d_backward_weight(
    dout: torch.Tensor, x: torch.Tensor, *, kernel_height: int, kernel_width: int, stride: int, pad: int
) -> torch.Tensor:
    """Gradient of a convolution with respect to its filters.

    With xp = x padded by `pad` zeros on each side,

        dw[f, c, r, s] = Σ_{n, i, j} dout[n, f, i, j] · xp[n, c, i·stride + r, j·stride + s]

    Matrix products, views, copies, sums, padding, `unfold` and `as_strided` are allowed; no convolution
    and no autograd.

    Args:
        dout: gradient with respect to the output, shape (N, F, Ho, Wo), float32 or float64.
        x: images, shape (N, C, H, W), dtype of dout.
        kernel_height: HH of the filters.
        kernel_width: WW of the filters.
        stride: as in the forward pass.
        pad: as in the forward pass.

    Returns:
        dw: shape (F, C, HH, WW), dtype of dout.

    No input is changed.

    Source: Chellapilla, Puri and Simard (2006), section 3.
    """
    (N, F, Ho, Wo), C = dout.shape, x.shape[1]
    padded = torch.nn.functional.pad(x, (pad, pad, pad, pad))
    cols = torch.empty((C, kernel_height, kernel_width, Ho, Wo), dtype=x.dtype)
    dw = torch.zeros((F, C * kernel_height * kernel_width), dtype=x.dtype)
    for image, upstream in zip(padded, dout.reshape(N, F, Ho * Wo), strict=True):
        cols.copy_(_windows(image, kernel_height, kernel_width, stride, Ho, Wo))
        dw.addmm_(upstream, cols.view(-1, Ho * Wo).T)
    return dw.view(F, C, kernel_height, kernel_width)


def _windows(image: torch.Tensor, HH: int, WW: int, stride: int, Ho: int, Wo: int) -> torch.Tensor:
    """Every window of one padded image, a view of shape (C, HH, WW, Ho, Wo)."""
    channel, row, column = image.stride()
    steps = (channel, row, column, row * stride, column * stride)
    return image.as_strided((image.shape[0], HH, WW, Ho, Wo), steps, image.storage_offset())
