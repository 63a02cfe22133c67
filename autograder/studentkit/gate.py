"""The gate for all that a student's code gives: what it was declared to be, or StudentError.

Both back ends of the `student` fixture let every reply, attribute, item and result of an operator through
here. Out come numbers, plain arrays, handles, containers of these where they were declared, and `Inert`.
Nothing of the student's is called.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from itertools import repeat
from typing import Any

import numpy as np

from .frameworks import ARRAYS, ArrayData, Arrays, as_numbers
from .handle import Handle
from .inert import Inert
from .kinds import DictOf, Kind, ListOf, Maybe, Named, Object, StudentError, kind_of, type_name
from .usage import current

_REAL = "fiub"
_WANTED = {"float": "one number", "int": "a whole number", "bool": "True or False", "str": "a string"}
_ACCEPTED = {"float": (float, int), "int": (int,), "bool": (bool,), "str": (str,)}
_UNDECLARED_IS_OPEN: ContextVar[bool] = ContextVar("undeclared is open", default=False)


@contextmanager
def undeclared_open() -> Iterator[None]:
    """Inside, what nothing declares comes as plain data; whoever asks for it answers for its use."""
    token = _UNDECLARED_IS_OPEN.set(True)
    try:
        yield
    finally:
        _UNDECLARED_IS_OPEN.reset(token)


def opened(value: Any, annotation: Any, name: str = "the result") -> Any:
    """Check an answer of which no annotation says the type: `opened(reply, dict[str, Array], "params")`.

    Args:
        value: What the student's function returned.
        annotation: The type that it must have, as a type annotation would say it.
        name: What it is called in messages.

    Returns:
        The answer as plain data of that type.

    Raises:
        StudentError: It is of another type.
    """
    return check_kind(value._value if isinstance(value, Inert) else value, kind_of(annotation), name)


def check_kind(value: Any, kind: Kind, where: str, part: str = "") -> Any:
    """`value` as its kind, or StudentError saying what `where` returned instead.

    Numbers become `float`, numpy scalars arrays of no axes. `part` tells which of the answers it is that are
    called `where`.
    """
    if isinstance(kind, str):
        return _check_array(value, where) if kind == "array" else _check_plain(value, kind, where, part)
    if isinstance(kind, tuple):
        return _check_tuple(value, kind, where, part)
    if isinstance(kind, Named):
        named: tuple[Any, ...] = tuple.__new__(kind.of, _check_tuple(value, kind.kinds, where, part))
        return named
    if isinstance(kind, Maybe):
        return None if value is None else check_kind(value, kind.kind, where, part)
    if isinstance(kind, Object):
        return _check_object(value, kind, where)
    if isinstance(kind, ListOf):
        return _check_list(value, kind, where, part)
    return _check_dict(value, kind, where, part)


def _check_plain(value: Any, kind: str, where: str, part: str) -> Any:
    if kind == "data":
        return _undeclared(value, where, part)
    if kind in ARRAYS:
        return _check_framework(value, ARRAYS[kind], where)
    if kind == "none":
        if value is not None:
            raise StudentError(f"{where} returned {type_name(value)}; it should return nothing")
        return None
    if kind == "handle":
        if not isinstance(value, Handle):
            raise StudentError(f"{where} returned {type_name(value)}; expected an object that stays")
        return value
    return _check_scalar(value, kind, where)


def _undeclared(value: Any, where: str, part: str) -> Any:
    """As what tests use right answers; else numbers, arrays of numbers, None and handles.

    All other values do nothing until somebody opens them.
    """
    if _UNDECLARED_IS_OPEN.get():
        return value
    usage = current()
    kind = usage.kind(value, where, part) if usage is not None else None
    if kind is not None and kind != "data":
        return check_kind(value, kind, where, part)
    if value is None or type(value) in (bool, int, float) or isinstance(value, Handle):
        return value
    if isinstance(value, np.ndarray | np.generic) and value.dtype.kind in _REAL:
        return value
    if usage is not None:
        usage.hold_back(value, where)
    return Inert(value, where)


def _check_object(value: Any, kind: Object, where: str) -> Handle:
    name = kind.of.__name__
    # A type that a handle names is one of Python's or numpy's own.
    if isinstance(value, Handle) and value.remote_type in ("object", name):
        return value._as(kind.of)
    wanted = f"{'an' if name[:1] in 'aeiouAEIOU' else 'a'} {name}"
    raise StudentError(f"{where} returned {type_name(value)}; expected {wanted}")


def _check_list(value: Any, kind: ListOf, where: str, part: str) -> list[Any]:
    if type(value) not in (list, tuple):
        raise StudentError(f"{where} returned {type_name(value)}; expected a list")
    inside = f"{where.removesuffix(',')}, in its list,"
    return [check_kind(inner, kind.each, inside, f"{part}[{at}]") for at, inner in enumerate(value)]


def _check_dict(value: Any, kind: DictOf, where: str, part: str) -> dict[Any, Any]:
    if type(value) is not dict:
        raise StudentError(f"{where} returned {type_name(value)}; expected a dict")
    # Keys, and places in a list, are the student's to choose: they could carry hidden inputs into a message.
    inside = f"{where.removesuffix(',')}, in its dict,"
    return {key: check_kind(inner, kind.each, inside, f"{part}[{key!r:.64}]") for key, inner in value.items()}


def _check_tuple(value: Any, kinds: tuple[Kind, ...], where: str, part: str) -> tuple[Any, ...]:
    if type(value) not in (tuple, list):
        raise StudentError(f"{where} returned {type_name(value)}; expected {len(kinds)} values")
    if len(value) != len(kinds):
        raise StudentError(f"{where} returned {len(value)} values; expected {len(kinds)}")
    return tuple(map(check_kind, value, kinds, _places(where, len(kinds)), repeat(part)))


@lru_cache(maxsize=256)  # a gradient by differences gives the same tuple hundreds of times
def _places(where: str, count: int) -> tuple[str, ...]:
    outer = where.removesuffix(",")
    return tuple(f"{outer}, value {place} of {count}," for place in range(1, count + 1))


def _check_array(value: Any, where: str) -> np.ndarray[Any, np.dtype[Any]]:
    array = None if isinstance(value, ArrayData) else as_numbers(value)
    if array is None:
        array_like = isinstance(value, Handle) and value.remote_type.startswith("array of")
        wanted = "real numbers" if array_like else "a numpy array"
        raise StudentError(f"{where} returned {type_name(value)}; expected {wanted}")
    if array.dtype.kind not in _REAL:
        raise StudentError(f"{where} returned an array of dtype {array.dtype}; expected real numbers")
    return array


def _check_framework(value: Any, arrays: Arrays, where: str) -> np.ndarray[Any, np.dtype[Any]]:
    if not isinstance(value, arrays.flag):
        raise StudentError(f"{where} returned {type_name(value)}; expected {arrays.flag.said}")
    if value.dtype.kind not in _REAL:
        raise StudentError(f"{where} returned a {arrays.kind} of dtype {value.dtype}; expected real numbers")
    return value.view(np.ndarray)


def _check_scalar(value: Any, kind: str, where: str) -> Any:
    if type(value) is np.ndarray and value.ndim == 0:
        value = value[()]
    if isinstance(value, np.generic):
        value = value.item()
    if type(value) not in _ACCEPTED[kind]:
        raise StudentError(f"{where} returned {type_name(value)}; expected {_WANTED[kind]}")
    return float(value) if kind == "float" else value
