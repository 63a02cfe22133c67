"""What a function promises to return, and the check that it did.

A kind is read off a return annotation: "array", "float", "int", "bool", "str", "none", "handle" (`Any`
or a class: stays with the student and can be passed back), "data" (anything that can cross the
border), or a tuple of kinds.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

Kind = str | tuple["Kind", ...]

_SCALARS: dict[Any, str] = {float: "float", int: "int", bool: "bool", str: "str", type(None): "none"}


class StudentError(Exception):
    """The student's code raised, died, or returned something of the wrong kind. Never our fault.

    `verdict` is the value of a `Verdict`: "error", "timeout", "memory", "output", "crashed", "forbidden".
    """

    def __init__(self, message: str, verdict: str = "error", detail: str = "") -> None:
        super().__init__(message)
        self.verdict = verdict
        self.detail = detail


class TensorData(np.ndarray[Any, np.dtype[Any]]):
    """The numbers of a torch tensor that crossed the border, flagged so that it is no numpy answer."""


def return_kind(function: Any) -> Kind:
    """Kind that `function` is annotated to return; "handle" for a class, "data" where nothing is said."""
    if isinstance(function, type):
        return "handle"
    try:
        hints = typing.get_type_hints(function)
    except Exception:  # the annotations of a student may name anything
        return "data"
    return _kind(hints["return"]) if "return" in hints else "data"


def kinds_of(load: Callable[[str], Any]) -> Callable[[str, str], Kind]:
    """Look-up (module, name) -> kind over modules that `load` imports; "data" for what is not there."""

    @cache  # reading annotations costs more than a call of a small function
    def look_up(module: str, name: str) -> Kind:
        try:
            function = getattr(load(module), name)
        except (ImportError, AttributeError):
            return "data"
        return return_kind(function)

    return look_up


def _kind(annotation: Any) -> Kind:
    if annotation is Any:
        return "handle"
    if annotation in _SCALARS:
        return _SCALARS[annotation]
    origin = typing.get_origin(annotation)
    if origin is np.ndarray or annotation is np.ndarray:
        return "array"
    if origin is tuple:
        inner = typing.get_args(annotation)
        return "data" if inner[-1:] == (Ellipsis,) else tuple(_kind(each) for each in inner)
    if origin is None and isinstance(annotation, type):
        return "data" if annotation in (list, dict, tuple) else "handle"
    if origin in (typing.Union, types.UnionType, list, dict):
        return "data"
    return "data"


def type_name(value: Any) -> str:
    """Name of a value's type for a message; an array also tells its shape."""
    if isinstance(value, TensorData):
        return "a torch tensor"
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    if value is None:
        return "None"
    name = str(getattr(value, "remote_type", None) or type(value).__name__)
    return f"{'an' if name[:1] in 'aeiouAEIOU' else 'a'} {name}"


def check_kind(value: Any, kind: Kind, where: str) -> Any:
    """`value` as its kind, or StudentError saying what `where` returned instead.

    Numbers become `float`, numpy scalars arrays of no axes; nothing of the student's is called.
    """
    if isinstance(kind, tuple):
        return _check_tuple(value, kind, where)
    if kind in ("data", "handle"):
        return value
    if kind == "none":
        if value is not None:
            raise StudentError(f"{where} returned {type_name(value)}; it should return nothing")
        return None
    if kind == "array":
        return _check_array(value, where)
    return _check_scalar(value, kind, where)


def _check_tuple(value: Any, kinds: tuple[Kind, ...], where: str) -> tuple[Any, ...]:
    if type(value) not in (tuple, list):
        raise StudentError(f"{where} returned {type_name(value)}; expected {len(kinds)} values")
    if len(value) != len(kinds):
        raise StudentError(f"{where} returned {len(value)} values; expected {len(kinds)}")
    return tuple(
        check_kind(each, kind, f"{where}, value {i + 1} of {len(kinds)},")
        for i, (each, kind) in enumerate(zip(value, kinds, strict=True))
    )


def _check_array(value: Any, where: str) -> np.ndarray[Any, np.dtype[Any]]:
    if type(value) in (int, float) or isinstance(value, np.generic):
        value = np.asarray(value)
    if not isinstance(value, np.ndarray) or isinstance(value, TensorData):
        raise StudentError(f"{where} returned {type_name(value)}; expected a numpy array")
    if value.dtype.kind not in "fiub":
        raise StudentError(f"{where} returned an array of dtype {value.dtype}; expected real numbers")
    return np.asarray(value)


def _check_scalar(value: Any, kind: str, where: str) -> Any:
    if isinstance(value, np.ndarray) and value.ndim == 0 and not isinstance(value, TensorData):
        value = value[()]
    if isinstance(value, np.generic):
        value = value.item()
    accepted = {"float": (float, int), "int": (int,), "bool": (bool,), "str": (str,)}[kind]
    if type(value) not in accepted:
        wanted = {"float": "one number", "int": "a whole number", "bool": "True or False", "str": "a string"}
        raise StudentError(f"{where} returned {type_name(value)}; expected {wanted[kind]}")
    return float(value) if kind == "float" else value
