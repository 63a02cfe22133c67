from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def random_flip(x: np.ndarray, *, rng: np.random.Generator) -> np.ndarray:
    width = x.shape[3]
    columns = np.broadcast_to(np.arange(width), (len(x), width)).copy()
    mirrored = rng.choice([True, False], size=len(x))
    columns[mirrored] = columns[mirrored, ::-1]
    return np.take_along_axis(x, columns[:, None, None, :], axis=3)


def random_crop(x: np.ndarray, *, pad: int, rng: np.random.Generator) -> np.ndarray:
    count, _, height, width = x.shape
    frame = ((0, 0), (0, 0), (pad, pad), (pad, pad))
    places = sliding_window_view(np.pad(x, frame), (height, width), axis=(2, 3))
    top, left = rng.integers(0, 2 * pad, size=(2, count), endpoint=True)
    return places[np.arange(count), :, top, left].copy()


def channel_statistics(x):
    channels = np.moveaxis(x, 1, 0).reshape(x.shape[1], -1)
    mean = channels.mean(axis=1)
    return mean, np.sqrt(((channels - mean[:, None]) ** 2).mean(axis=1))


def normalize(x, mean, std):
    centred = np.moveaxis(x, 1, -1) - mean
    scaled = np.divide(centred, std, out=centred.copy(), where=std > 0)
    return np.moveaxis(scaled, -1, 1)
