"""A small text to learn from, and the numbers of its letters."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from .arrays import IntArray


def load_text() -> str:
    """The tale of the three lamps: about 2,800 letters, written for this course."""
    return Path(__file__).with_name("text.txt").read_text(encoding="utf-8")


def letters_of(text: str) -> str:
    """Every letter that occurs, once, in order: letter v of it is token v."""
    return "".join(sorted(set(text)))


def encode(text: str, letters: str) -> IntArray:
    """Tokens of a text, shape (len(text),). ValueError for a letter that is not in `letters`."""
    return np.array([letters.index(each) for each in text], dtype=np.int64)


def decode(tokens: IntArray | list[int], letters: str) -> str:
    """The text that tokens stand for."""
    return "".join(letters[token] for token in tokens)
