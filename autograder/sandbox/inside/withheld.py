"""What a student's process is to do without while it is timed."""

from __future__ import annotations

import ctypes
import mmap
import sys
import warnings
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

_KEYS = ("CPU", "CUDA")
# Of the worker itself: data that comes, results that go, and buffers of the grader.
_OURS = frozenset(
    f"aten::{name}"
    for name in (
        *("to", "_to_copy", "detach", "resolve_conj", "resolve_neg", "lift_fresh", "permute", "copy_"),
        *("as_strided", "empty", "set_", "from_file"),
    )
)
# Functions of torch that call its operations past the dispatcher.
_PAST_DISPATCHER = (
    *("_dispatch_get_computed_kernel_for_dispatch_key", "_jit_to_static_module", "_fuse_to_static_module"),
    "StaticModule",
)


class ForbiddenOperation(RuntimeError):
    """The student's code, or what it called, ran an operation that the task is to do without."""


def close_detours() -> None:
    """Make code outside Python out of reach, but for that of modules; before any code of the student's.

    What the code fetches as it is loaded, it has when it is timed. There is no way in Python to take an
    audit hook away.
    """
    import torch

    for name in _PAST_DISPATCHER:
        if hasattr(torch._C, name):
            delattr(torch._C, name)

    def refuse(event: str, _: tuple[Any, ...]) -> None:
        if event.startswith("ctypes."):
            raise _forbidden(event.replace(".", "::", 1))

    sys.addaudithook(refuse)


def withhold_all_but(operations: Collection[str]) -> None:
    """Make every operation of torch raise ForbiddenOperation but these, named without overloads.

    In torch's dispatcher, below all names that Python has for it: who knows whether a call is traced can
    not run the operation in one that is not. It costs nothing where none of them is called. A product of
    NumPy's ends the process. To be called once.
    """
    import torch

    registry: Any = torch._C
    libraries: dict[str, Any] = {}
    with warnings.catch_warnings(action="ignore"):  # that kernels are replaced is the purpose
        for full in registry._dispatch_get_all_op_names():
            name = full.partition(".")[0]
            if name in operations or name in _OURS:
                continue
            space, _, within = full.partition("::")
            if space not in libraries:
                libraries[space] = registry._dispatch_library("IMPL", space, "", __file__, 1)
            for key in _KEYS:
                if registry._dispatch_has_computed_kernel_for_dispatch_key(full, key):
                    libraries[space].impl(within, key, _refusal(name))
    tools = _TOOLS.pop()
    # The kernels come back when a library goes: no name in Python may lead to it.
    for library in libraries.values():
        tools.keep(ctypes.py_object(library))
    for start, length in tools.algebra:
        if tools.protect(start, length, mmap.PROT_READ):
            raise OSError("the algebra of NumPy could not be taken away")


def _refusal(name: str) -> Callable[..., Any]:
    def refuse(*_: Any, **__: Any) -> Any:
        raise _forbidden(name)

    return refuse


def _forbidden(name: str) -> ForbiddenOperation:
    return ForbiddenOperation(f"{name} is not among what this task allows")


def _algebra() -> Iterator[tuple[int, int]]:
    """Where in memory the code of the library lies that NumPy brings for its products: (start, bytes).

    Arrays have too many ways in and out of tensors to close them. Without this library there is nothing
    fast to be had there.
    """
    folder = Path(np.__file__).resolve().parents[1] / "numpy.libs"
    for line in Path("/proc/self/maps").read_text(encoding="utf-8").splitlines():
        where, rights, *_, path = line.split(maxsplit=5)
        # Not those beside it: libquadmath has a part in every printf.
        if "x" in rights and Path(path).parent == folder and "blas" in path:
            start, _, end = where.partition("-")
            yield int(start, 16), int(end, 16) - int(start, 16)


@dataclass(frozen=True)
class _Tools:
    """What has to be found before the process locks itself down: later it may look up neither."""

    keep: Callable[[Any], None]  # forever
    protect: Callable[[int, int, int], int]  # a piece of memory
    algebra: tuple[tuple[int, int], ...]


def _found() -> _Tools:
    protect = ctypes.CDLL(None).mprotect
    protect.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    return _Tools(ctypes.pythonapi.Py_IncRef, protect, tuple(_algebra()))


_TOOLS = [_found()]  # taken out for use, so that nothing is left with which all could be undone
