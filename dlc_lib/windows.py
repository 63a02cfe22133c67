"""How often a window fits into an image: what convolution and pooling have in common."""

from __future__ import annotations


def output_size(size: int, window: int, *, stride: int, pad: int = 0) -> int:
    """Number of positions of a sliding window along one side of an image.

    1 + (size + 2·pad − window) // stride. What is left over at the far end and too short for another
    step is not read.

    Args:
        size: length of the side, in pixels.
        window: length of the window along that side.
        stride: pixels from one position to the next, at least 1.
        pad: pixels added at each of the two ends.

    Returns:
        The number of positions, at least 1.

    Raises:
        ValueError: the window does not fit, that is window > size + 2·pad.

    Source: Dumoulin and Visin, A guide to convolution arithmetic for deep learning (2016), section 2.
    """
    if window > size + 2 * pad:
        raise ValueError(f"a window of {window} does not fit into {size} pixels padded by {pad}")
    return 1 + (size + 2 * pad - window) // stride
