"""The formats that students write code in: ending -> how a file is read. One more is a reader and a row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .notebook import Notebook, read_notebook

# reader(path, contents, most): cells in order. SubmissionError for what cannot be read, or holds more than
# `most` characters of code.
Reader = Callable[[str, bytes, int], Notebook]


@dataclass(frozen=True, slots=True)
class Format:
    """How a file of one format is read."""

    read: Reader | None  # None for Python itself: the file is a module of the library, or a script
    has_outputs: bool = False  # saved with what its cells printed and drew, which may be large


FORMATS: Mapping[str, Format] = {
    ".py": Format(None),
    ".ipynb": Format(read_notebook, has_outputs=True),
}
