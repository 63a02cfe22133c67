"""An object of code in this process, used as a handle is used over the border."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from .kinds import Kind, StudentError

_CROSSES = (type(None), bool, int, float, str, np.ndarray, np.generic)


def guard(value: Any, where: str, kind: Kind = "data") -> Any:
    """`value` as it would cross the border: data as it is, a handle and anything else guarded."""
    if kind == "handle":
        return Guarded(value, where)
    if type(value) in (tuple, list) and type(kind) is tuple and len(kind) == len(value):
        return type(value)(guard(each, where, part) for each, part in zip(value, kind, strict=True))
    if type(value) in (tuple, list):
        return type(value)(guard(each, where) for each in value)
    if type(value) is dict:
        return {key: guard(each, where) for key, each in value.items()}
    return value if isinstance(value, _CROSSES) else Guarded(value, where)


def unguard(value: Any) -> Any:
    """What was guarded; anything else as it is."""
    return value._object if isinstance(value, Guarded) else value


def attempt(where: str, function: Callable[..., Any], *args: Any, **options: Any) -> Any:
    """The function's result; StudentError for whatever it raises."""
    try:
        return function(*args, **options)
    except StudentError:
        raise
    except (Exception, SystemExit) as error:
        raise StudentError(f"{where} raised {type(error).__name__}", detail=repr(error)) from error


class Guarded:
    """Public attributes, items, length, operators, calls; what they raise becomes StudentError."""

    __slots__ = ("_object", "_where")

    __array_ufunc__ = None  # so that numpy leaves `array + guarded` to us

    def __init__(self, value: Any, where: str) -> None:
        object.__setattr__(self, "_object", value)
        object.__setattr__(self, "_where", where)

    @property
    def remote_type(self) -> str:
        """Name of the object's type, for messages."""
        return type(self._object).__name__

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        where = f"{self._where.partition('.')[0]}.{name}"
        return guard(attempt(where, getattr, self._object, name), where)

    def __setattr__(self, name: str, value: Any) -> None:
        if name.startswith("_"):
            raise AttributeError(name)
        attempt(f"{self._where.partition('.')[0]}.{name}", setattr, self._object, name, unguard(value))

    def __call__(self, *args: Any, **options: Any) -> Any:
        """Call the object."""
        plain = {name: unguard(each) for name, each in options.items()}
        return guard(attempt(self._where, self._object, *map(unguard, args), **plain), self._where)

    def __len__(self) -> int:
        return int(attempt(self._where, len, self._object))

    def __iter__(self) -> Iterator[Any]:
        return (self[place] for place in range(len(self)))

    def __bool__(self) -> bool:
        return True

    def __getitem__(self, key: Any) -> Any:
        return self._operate(operator.getitem, self, key)

    def __setitem__(self, key: Any, value: Any) -> None:
        self._operate(operator.setitem, self, key, value)

    def _operate(self, function: Callable[..., Any], *operands: Any) -> Any:
        return guard(attempt(self._where, function, *map(unguard, operands)), self._where)

    __hash__ = object.__hash__


def _operator(name: str, *, reflected: bool = False) -> Callable[..., Any]:
    function = getattr(operator, name)

    def operate(self: Guarded, *others: Any) -> Any:
        return self._operate(function, *others, self) if reflected else self._operate(function, self, *others)

    return operate


for _name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul"):
    setattr(Guarded, f"__{_name}__", _operator(_name))
    setattr(Guarded, f"__r{_name}__", _operator(_name, reflected=True))
for _name in ("neg", "pos", "abs", "lt", "le", "gt", "ge", "eq", "ne"):
    setattr(Guarded, f"__{_name}__", _operator(_name))
