"""Operations of torch that a student's process is to do without while it is timed."""

from __future__ import annotations

import ctypes
import warnings
from collections.abc import Callable, Sequence
from typing import Any

_KEYS = ("CPU", "CUDA")


class ForbiddenOperation(RuntimeError):
    """The student's code, or what it called, ran an operation that the task is to do without."""


def withhold(prefixes: Sequence[str]) -> None:
    """Make every operation whose name begins with one of `prefixes` raise ForbiddenOperation.

    In torch's dispatcher, below all names that Python has for it: who knows whether a call is traced can
    not run the operation in one that is not. It costs nothing where none of them is called.
    """
    import torch

    registry: Any = torch._C
    library = registry._dispatch_library("IMPL", "aten", "", __file__, 1)
    with warnings.catch_warnings(action="ignore"):  # that kernels are replaced is the purpose
        for name in registry._dispatch_get_all_op_names():
            if not name.startswith(tuple(prefixes)):
                continue
            for key in _KEYS:
                if registry._dispatch_has_computed_kernel_for_dispatch_key(name, key):
                    library.impl(name.partition("::")[2], key, _refusal(name))
    # The kernels come back when the library goes: no name in Python may lead to it.
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(library))


def _refusal(name: str) -> Callable[..., Any]:
    def refuse(*_: Any, **__: Any) -> Any:
        raise ForbiddenOperation(f"{name} is an operation that this task is to do without")

    return refuse
