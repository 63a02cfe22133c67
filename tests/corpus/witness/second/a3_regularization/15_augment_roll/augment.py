import numpy as np


def random_flip(x, *, rng):
    out = np.empty_like(x)
    for i in range(len(x)):
        direction = -1 if rng.random() < 0.5 else 1
        out[i] = x[i, :, :, ::direction]
    return out


def _shift(image, down, right):
    """Move an image, zeros come in at the border."""
    h, w = image.shape[1:]
    moved = np.zeros_like(image)
    if abs(down) >= h or abs(right) >= w:
        return moved
    to_rows = slice(max(down, 0), h + min(down, 0))
    from_rows = slice(max(-down, 0), h + min(-down, 0))
    to_cols = slice(max(right, 0), w + min(right, 0))
    from_cols = slice(max(-right, 0), w + min(-right, 0))
    moved[:, to_rows, to_cols] = image[:, from_rows, from_cols]
    return moved


def random_crop(x, *, pad, rng):
    out = np.zeros_like(x)
    for i, image in enumerate(x):
        down, right = (pad - int(rng.integers(2 * pad + 1)) for _ in range(2))
        out[i] = _shift(image, down, right)
    return out


def channel_statistics(x):
    per_channel = x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1).astype(np.float64)
    return per_channel.mean(axis=1).astype(x.dtype), per_channel.std(axis=1).astype(x.dtype)


def normalize(x, mean, std):
    divisor = np.where(std > 0, std, 1)[None, :, None, None]
    return ((x - mean[None, :, None, None]) / divisor).astype(x.dtype)
