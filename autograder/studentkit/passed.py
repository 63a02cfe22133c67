"""What a test passes to a student's function, and what has to be true of it after the call."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from .frameworks import arrays_of
from .handle import Handle, Method
from .kinds import DictOf, Kind, ListOf, Object, StudentError


def kind_passed(value: Any) -> Kind:
    """The kind that an argument has, and is to have after the call."""
    if type(value) is np.ndarray:
        return "array" if value.dtype.kind in "fiub" else "data"
    if isinstance(value, Handle):
        return "handle" if value._class is None else Object(value._class)
    if type(value) is tuple:
        return tuple(map(kind_passed, value))
    if type(value) is list:
        return ListOf(_common(value))
    if type(value) is dict:
        return DictOf(_common(value.values()))
    if arrays := arrays_of(type(value)):
        return arrays.kind
    stays = isinstance(value, np.random.Generator | Method) or callable(value)
    return "handle" if stays else "data"


def _common(values: Iterable[Any]) -> Kind:
    kinds = {kind_passed(value) for value in values}
    return kinds.pop() if len(kinds) == 1 else "data"


def check_left(
    left: Iterable[Any], kinds: tuple[Kind, ...], name: str, check: Callable[[Any, Kind, str], Any]
) -> tuple[Any, ...]:
    """The arguments as a call of `name` left them. Raises StudentError where one is of another kind now."""
    checked = []
    for place, (argument, kind) in enumerate(zip(left, kinds, strict=True), start=1):
        try:
            checked.append(check(argument, kind, name))
        except StudentError as error:
            raise StudentError(f"{name} made something else of its argument {place}") from error
    return tuple(checked)
