"""Right products and convolutions in torch, written differently from the reference."""

from __future__ import annotations

from autograder.author import Variant

_ROWS = """
def outer_matmul(a, b):
    if a.dim() != 2 or b.dim() != 2:
        raise ValueError("two matrices, please")
    if a.size(1) != b.size(0):
        raise ValueError("sizes differ")
    c = a.new_empty((a.size(0), b.size(1)))
    for i in range(a.size(0)):
        c[i] = (a[i, :, None] * b).sum(0)
    return c
"""
_BLOCKS_OF_K = """
def outer_matmul(a, b, block=8):
    if a.ndim != 2 or b.ndim != 2 or a.shape[1] != b.shape[0]:
        raise ValueError
    result = torch.zeros(a.shape[0], b.shape[1], dtype=a.dtype)
    for start in range(0, a.shape[1], block):
        left, right = a[:, start : start + block], b[start : start + block]
        result += (left.unsqueeze(2) * right.unsqueeze(0)).sum(dim=1)
    return result
"""
_COLUMNS_OF_TILES = """
def _tile(a, b):
    total = a[:, :1] * b[:1]
    for k in range(1, a.shape[1]):
        torch.addcmul(total, a[:, k : k + 1], b[k : k + 1], out=total)
    return total


def outer_matmul(a, b):
    if a.ndim != 2 or b.ndim != 2 or a.shape[1] != b.shape[0]:
        raise ValueError(f"{a.shape} and {b.shape}")
    rows = []
    for above in a.split(64, dim=0):
        rows.append(torch.cat([_tile(above, each) for each in b.split(4096, dim=1)], dim=1))
    return torch.cat(rows, dim=0)
"""
_BY_ROWS_OF_C_TRANSPOSED = """
def outer_matmul(a, b):
    if not (a.ndim == b.ndim == 2 and a.shape[1] == b.shape[0]):
        raise ValueError("no product")
    if a.shape[0] > b.shape[1]:
        return outer_matmul(b.t(), a.t()).t().contiguous()
    c = torch.zeros(a.shape[0], b.shape[1], dtype=a.dtype)
    for entries, row in zip(a.t(), b):
        for i, entry in enumerate(entries.tolist()):
            c[i].add_(row, alpha=entry)
    return c
"""
_UNFOLD_AND_FOLD = """
def conv2d_forward(x, w, *, stride, pad):
    F, C, HH, WW = w.shape
    H_out, W_out = (x.shape[2] + 2 * pad - HH) // stride + 1, (x.shape[3] + 2 * pad - WW) // stride + 1
    if H_out < 1 or W_out < 1:
        raise ValueError("the filter is larger than the image")
    cols = torch.nn.functional.unfold(x, (HH, WW), padding=pad, stride=stride)
    return (w.reshape(1, F, -1) @ cols).reshape(len(x), F, H_out, W_out)


def conv2d_backward_data(dout, w, *, height, width, stride, pad):
    filters = w.reshape(len(w), -1)
    cols = torch.matmul(filters.t(), dout.flatten(2))
    return torch.nn.functional.fold(cols, (height, width), w.shape[2:], padding=pad, stride=stride)


def conv2d_backward_weight(dout, x, *, kernel_height, kernel_width, stride, pad):
    cols = torch.nn.functional.unfold(x, (kernel_height, kernel_width), padding=pad, stride=stride)
    dw = torch.bmm(dout.flatten(2), cols.transpose(1, 2)).sum(dim=0)
    return dw.reshape(dout.shape[1], x.shape[1], kernel_height, kernel_width)
"""
_A_TAP_AT_A_TIME = """
def conv2d_forward(x, w, *, stride, pad):
    HH, WW = w.shape[2:]
    if x.shape[2] + 2 * pad < HH or x.shape[3] + 2 * pad < WW:
        raise ValueError("does not fit")
    Ho = len(range(0, x.shape[2] + 2 * pad - HH + 1, stride))
    Wo = len(range(0, x.shape[3] + 2 * pad - WW + 1, stride))
    padded = x.new_zeros((x.shape[0], x.shape[1], x.shape[2] + 2 * pad, x.shape[3] + 2 * pad))
    padded[:, :, pad : pad + x.shape[2], pad : pad + x.shape[3]] = x
    out = x.new_zeros((x.shape[0], w.shape[0], Ho, Wo))
    for r in range(HH):
        for s in range(WW):
            seen = padded[:, :, r : r + stride * Ho : stride, s : s + stride * Wo : stride]
            out += torch.einsum("ncij,fc->nfij", seen, w[:, :, r, s])
    return out


def conv2d_backward_data(dout, w, *, height, width, stride, pad):
    Ho, Wo = dout.shape[2:]
    dx = dout.new_zeros((dout.shape[0], w.shape[1], height + 2 * pad, width + 2 * pad))
    for r in range(w.shape[2]):
        for s in range(w.shape[3]):
            place = dx[:, :, r : r + stride * Ho : stride, s : s + stride * Wo : stride]
            place += torch.tensordot(dout, w[:, :, r, s], dims=([1], [0])).movedim(3, 1)
    return dx.narrow(2, pad, height).narrow(3, pad, width).contiguous()


def conv2d_backward_weight(dout, x, *, kernel_height, kernel_width, stride, pad):
    Ho, Wo = dout.shape[2:]
    xp = torch.constant_pad_nd(x, (pad, pad, pad, pad))
    dw = dout.new_empty((dout.shape[1], x.shape[1], kernel_height, kernel_width))
    for r in range(kernel_height):
        for s in range(kernel_width):
            seen = xp[:, :, r : r + stride * Ho : stride, s : s + stride * Wo : stride]
            dw[:, :, r, s] = torch.einsum("nfij,ncij->fc", dout, seen)
    return dw
"""
_ZEROS_BETWEEN_STRIDES = """
def _correlate(x, w, stride):
    windows = x.unfold(2, w.shape[2], stride).unfold(3, w.shape[3], stride)
    return torch.tensordot(windows, w, dims=([1, 4, 5], [1, 2, 3])).permute(0, 3, 1, 2)


def _surround(x, pad):
    return torch.nn.functional.pad(x, [pad] * 4)


def conv2d_forward(x, w, *, stride, pad):
    if any(w.shape[axis] > x.shape[axis] + 2 * pad for axis in (2, 3)):
        raise ValueError("too large")
    return _correlate(_surround(x, pad), w, stride)


def conv2d_backward_data(dout, w, *, height, width, stride, pad):
    N, F, Ho, Wo = dout.shape
    HH, WW = w.shape[2:]
    spread = dout.new_zeros((N, F, height + 2 * pad + HH - 1, width + 2 * pad + WW - 1))
    spread[:, :, HH - 1 :: stride, WW - 1 :: stride][:, :, :Ho, :Wo] = dout
    dx = _correlate(spread, w.flip(2, 3).transpose(0, 1), 1)
    return dx[:, :, pad : pad + height, pad : pad + width]


def conv2d_backward_weight(dout, x, *, kernel_height, kernel_width, stride, pad):
    windows = _surround(x, pad).unfold(2, kernel_height, stride).unfold(3, kernel_width, stride)
    return torch.einsum("nfij,ncijrs->fcrs", dout, windows)
"""

RIGHT = (
    Variant(id="outer-rows-of-sums", task="outer_matmul", module="torch_matmul", code=_ROWS),
    Variant(id="outer-blocks-of-k", task="outer_matmul", module="torch_matmul", code=_BLOCKS_OF_K),
    Variant(id="outer-tiles-joined", task="outer_matmul", module="torch_matmul", code=_COLUMNS_OF_TILES),
    Variant(
        id="outer-rows-scaled-by-numbers",
        task="outer_matmul",
        module="torch_matmul",
        code=_BY_ROWS_OF_C_TRANSPOSED,
    ),
    Variant(id="conv-unfold-and-fold", task="conv2d", module="torch_conv", code=_UNFOLD_AND_FOLD),
    Variant(id="conv-a-tap-at-a-time", task="conv2d", module="torch_conv", code=_A_TAP_AT_A_TIME),
    Variant(id="conv-zeros-between-strides", task="conv2d", module="torch_conv", code=_ZEROS_BETWEEN_STRIDES),
)
