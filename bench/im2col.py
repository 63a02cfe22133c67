"""How much faster the im2col convolution is than the one by its definition.

    python bench/im2col.py [--json]

Forward and backward of one layer on one core, both in turns; the ratio is the median over the rounds.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))
from machine import machine, on_one_core

on_one_core()

import numpy as np  # noqa: E402  # reads the number of threads at its import

from dlc_lib import conv, im2col  # noqa: E402

IMAGES, FILTERS, ROUNDS = (16, 3, 16, 16), (8, 3, 3, 3), 7


def seconds(forward: Callable[..., Any], backward: Callable[..., Any], arrays: list[Any]) -> float:
    """Seconds of one forward and one backward pass."""
    x, w, b = arrays
    start = time.perf_counter()
    out, cache = forward(x, w, b, stride=1, pad=1)
    backward(out, cache)
    return time.perf_counter() - start


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print one JSON object last")
    options = parser.parse_args()
    rng = np.random.default_rng(0)
    arrays = [rng.normal(size=IMAGES), rng.normal(size=FILTERS), rng.normal(size=FILTERS[0])]
    loops, products = [], []
    for _ in range(ROUNDS):
        loops.append(seconds(conv.conv_forward, conv.conv_backward, arrays))
        products.append(seconds(im2col.conv_im2col_forward, im2col.conv_im2col_backward, arrays))
    ratio = median(a / b for a, b in zip(loops, products, strict=True))
    figures = {"loops_s": median(loops), "im2col_s": median(products), "speedup_ratio": round(ratio, 1)}
    if options.json:
        shapes = {"images": IMAGES, "filters": FILTERS, "rounds": ROUNDS}
        print(json.dumps({**figures, **shapes, "machine": machine("numpy")}))
        return
    print(f"images {IMAGES}, filters {FILTERS}, forward and backward, medians of {ROUNDS}")
    print(
        f"by the definition {figures['loops_s']:.4f} s, im2col {figures['im2col_s']:.4f} s: {ratio:.0f} times"
    )


if __name__ == "__main__":
    main()
