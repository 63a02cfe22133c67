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
from collections.abc import Iterable

from .framework import ArrayData, Arrays, Build, Framework, Kernels
from .jax import JAX
from .matplotlib import MATPLOTLIB
from .numpy import NUMPY
from .torch import TORCH
from .triton import TRITON

__all__ = [
    "ADOPTED",
    "ARRAYS",
    "FRAMEWORKS",
    "INTERPRETED",
    "KERNELS",
    "ArrayData",
    "Arrays",
    "Build",
    "Framework",
    "Kernels",
    "arrays_of",
    "builds_of",
    "known",
    "loaded",
]

FRAMEWORKS = {framework.name: framework for framework in (NUMPY, TORCH, TRITON, JAX, MATPLOTLIB)}
# Kind -> arrays of that kind.
ARRAYS = {framework.arrays.kind: framework.arrays for framework in FRAMEWORKS.values() if framework.arrays}
# Name of a framework -> how its kernels run.
KERNELS = {name: framework.kernels for name, framework in FRAMEWORKS.items() if framework.kernels}
# Variables by which the kernels of every framework are interpreted.
INTERPRETED = {name: value for kernels in KERNELS.values() for name, value in kernels.interpreted.items()}
# What a notebook that was written for another grader may import.
ADOPTED = tuple(name for name, framework in FRAMEWORKS.items() if framework.adopted)


def known(packages: Iterable[str]) -> list[Framework]:
    """The frameworks among the packages that an assignment lists, in their order."""
    return [FRAMEWORKS[name] for name in packages if name in FRAMEWORKS]


def builds_of(packages: Iterable[str]) -> dict[str, Build]:
    """Name -> build, of the listed packages that are installed by themselves where processors compute."""
    return {framework.name: framework.build for framework in known(packages) if framework.build}


def loaded() -> list[Framework]:
    """The frameworks that this process has imported."""
    return [framework for framework in FRAMEWORKS.values() if framework.name in sys.modules]


def arrays_of(kind: type) -> Arrays | None:
    """The arrays whose type is `kind` itself; None for a subclass, which may compute otherwise."""
    for arrays in ARRAYS.values():
        if any(kind is own for own in arrays.types()):
            return arrays
    return None
