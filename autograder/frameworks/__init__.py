"""The frameworks that the project knows something of, a file and a row each.

An assignment may list any installed distribution; one stands here where listing it is not enough: it has
arrays or random numbers of its own, is to be loaded or set up before student code is, or has words of its own
for what went wrong.

These files are used in three places: by the grader, in the process that student code is forked from, and in
the student kit of a release. So they import the standard library, numpy and one another, and look a framework
up where it is loaded already.
"""

from __future__ import annotations

import sys

from .framework import ArrayData, Arrays, Framework
from .jax import JAX
from .matplotlib import MATPLOTLIB
from .numpy import NUMPY
from .torch import TORCH
from .triton import TRITON

__all__ = ["ARRAYS", "FRAMEWORKS", "ArrayData", "Arrays", "Framework", "arrays_of", "loaded"]

FRAMEWORKS = {each.name: each for each in (NUMPY, TORCH, TRITON, JAX, MATPLOTLIB)}
ARRAYS = {each.arrays.kind: each.arrays for each in FRAMEWORKS.values() if each.arrays}  # kind -> arrays


def loaded() -> list[Framework]:
    """Those that are loaded in this process."""
    return [each for each in FRAMEWORKS.values() if each.name in sys.modules]


def arrays_of(kind: type) -> Arrays | None:
    """The framework's arrays that a type is the type of; none for a subclass, which may compute otherwise."""
    for arrays in ARRAYS.values():
        if any(kind is each for each in arrays.types()):
            return arrays
    return None
