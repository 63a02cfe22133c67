"""How dlc_lib/digits.npz was made: python make_digits.py OUT. Needs scikit-learn."""

import sys
from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits


def make_digits(out: Path) -> None:
    """Write scikit-learn's digits in a shuffled order: images uint8 (1797, 8, 8), labels uint8 (1797,)."""
    digits = load_digits()
    order = np.random.default_rng(0).permutation(len(digits.target))
    np.savez_compressed(
        out, images=digits.images[order].astype(np.uint8), labels=digits.target[order].astype(np.uint8)
    )


if __name__ == "__main__":
    make_digits(Path(sys.argv[1]))
