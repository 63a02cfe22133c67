"""The frameworks that need special treatment: a file for each, and a row in the table below.

An assignment may list any installed package. Most need nothing here. A package has a file in this folder
when the grader must know more about it: its own array type or random numbers, what to load or set up before
student code runs, how its kernels are compiled, or how it words "out of memory" and "no GPU".

These files run in three places: in the grader, in the process from which the workers of student code are
forked, and in the student kit of a release. So they import only the standard library, numpy and one another.
None imports its framework; each looks it up in `sys.modules`, where it is if it was loaded. For the same
reason `crossing.py` lies here, which says what crosses from a worker to the grader, and from a student's code
to a test at home.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable

from .crossing import NAMES, NO_NUMBERS, Crossing, as_numbers
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
    "TELLABLE",
    "ArrayData",
    "Arrays",
    "Build",
    "Crossing",
    "Framework",
    "Kernels",
    "arrays_of",
    "as_numbers",
    "builds_of",
    "known",
    "loaded",
]

FRAMEWORKS = {framework.name: framework for framework in (NUMPY, TORCH, TRITON, JAX, MATPLOTLIB)}
# Kind -> arrays of that kind.
ARRAYS = {framework.arrays.kind: framework.arrays for framework in FRAMEWORKS.values() if framework.arrays}
# What may be told of the type of a value that stays with the student.
TELLABLE = NAMES | {f"{kind} {NO_NUMBERS}" for kind in ARRAYS}
# Name of a framework -> how its kernels run.
KERNELS = {name: framework.kernels for name, framework in FRAMEWORKS.items() if framework.kernels}
# Variables by which the kernels of every framework are interpreted.
INTERPRETED = {name: value for kernels in KERNELS.values() for name, value in kernels.interpreted.items()}
# What a notebook that was written for another grader may import.
ADOPTED = tuple(name for name, framework in FRAMEWORKS.items() if framework.adopted)


def known(packages: Iterable[str]) -> list[Framework]:
    """The frameworks among some packages, in the order of the packages.

    Args:
        packages: names as an assignment lists them; those that are no framework of the table are skipped.
    """
    return [FRAMEWORKS[name] for name in packages if name in FRAMEWORKS]


def builds_of(packages: Iterable[str]) -> dict[str, Build]:
    """The packages that are installed separately, from an index of builds for machines without a GPU.

    Args:
        packages: names as an assignment lists them.

    Returns:
        Name of the package -> version and index of that build.
    """
    return {framework.name: framework.build for framework in known(packages) if framework.build}


def loaded() -> list[Framework]:
    """The frameworks that this process has imported."""
    return [framework for framework in FRAMEWORKS.values() if framework.name in sys.modules]


def arrays_of(kind: type) -> Arrays | None:
    """How arrays of a type cross the border to the worker.

    Args:
        kind: type of a value.

    Returns:
        The entry of the framework that has this array type. None for any other type, subclasses of an array
        type among them: they may compute something else.
    """
    for arrays in ARRAYS.values():
        if any(kind is own for own in arrays.types()):
            return arrays
    return None
