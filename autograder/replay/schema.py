"""Arguments of torch's operations, held against the schemas that torch has for them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from .allowance import Allowance

DTYPES = frozenset(
    {
        *("bool", "uint8", "int8", "int16", "int32", "int64", "float16", "bfloat16", "float32", "float64"),
    }
)
_FORMATS = ("contiguous_format", "preserve_format", "channels_last", "channels_last_3d")
_NAME = re.compile(r"aten::(\w+)(?:\.(\w+))?")
_TEXT = re.compile(r"[a-z_]{0,20}")
_MOST = 1 << 40  # of a whole number
_LONGEST = 20_000  # entries of a list
_DEVICE = ["device"]
_KINDS = ("tensor", "number")  # of values


class Refused(Exception):
    """A piece of a program that is not allowed; says why."""


@cache
def _schema(name: str) -> tuple[tuple[str, str, bool], ...] | None:
    """(name, type, whether only by keyword) of every argument of an operation; None where there is none."""
    import torch

    found = _NAME.fullmatch(name)
    if found is None:
        return None
    try:
        schema = torch._C._get_schema(f"aten::{found[1]}", found[2] or "")
    except RuntimeError:
        return None
    return tuple((each.name, str(each.real_type), bool(each.kwarg_only)) for each in schema.arguments)


def names_of(name: str, allowed: Allowance) -> tuple[tuple[str, str, bool], ...]:
    """The arguments of an operation that is on the list. Raises Refused for any other."""
    if name.partition(".")[0] not in allowed.operations or (found := _schema(name)) is None:
        raise Refused(f"{name[:80]} is no operation that this task allows")
    return found


def read_arguments(
    schema: Sequence[tuple[str, str, bool]], args: Any, options: Any, values: Sequence[str]
) -> tuple[list[Any], dict[str, Any]]:
    """Arguments as they may be passed on. Raises Refused for a kind that the schema does not name."""
    places = [each for each in schema if not each[2]]
    if type(args) is not list or type(options) is not dict or len(args) > len(places):
        raise Refused("an operation of it has other arguments")
    told = [_read(kind, value, values) for (_, kind, _), value in zip(places, args, strict=False)]
    kinds = {name: kind for name, kind, _ in schema}
    chosen = {name: _read(_known(kinds, name), value, values) for name, value in options.items()}
    return told, chosen


def _known(kinds: Mapping[str, str], name: str) -> str:
    if name not in kinds:
        raise Refused("an operation of it has other options")
    return kinds[name]


def _read(kind: str, value: Any, values: Sequence[str]) -> Any:
    if kind.startswith("Optional["):
        return None if value is None else _read(kind[9:-1], value, values)
    if kind.startswith("List["):
        if type(value) is int and "Tensor" not in kind:
            return _whole(value)  # torch takes one number for a list of them
        if type(value) is not list or value[:1] != ["l"] or len(value) > _LONGEST:
            raise Refused("an operation of it gets no list where it takes one")
        return ["l", *(_read(kind[5:-1], each, values) for each in value[1:])]
    return _READERS.get(kind, _unknown)(value, values)


def _unknown(_value: Any, _values: Sequence[str]) -> Any:
    raise Refused("an operation of it takes more than tensors and numbers")


def reference(value: Any, values: Sequence[str], *kinds: str) -> list[Any]:
    """A value of one of these kinds, or else a tensor, which is there already."""
    if type(value) is not list or len(value) != 2 or value[0] != "v" or type(value[1]) is not int:
        raise Refused("an argument of it is no value")
    if not 0 <= value[1] < len(values) or values[value[1]] not in (kinds or _KINDS[:1]):
        raise Refused("it uses a value that is not there yet")
    return ["v", value[1]]


def _tensor(value: Any, values: Sequence[str]) -> Any:
    if type(value) is not list:
        return _number(value, values)  # which torch takes in a tensor's place
    return reference(value, values, *_KINDS)


def _number(value: Any, values: Sequence[str]) -> Any:
    if type(value) is list:
        return reference(value, values, "number")
    if type(value) in (bool, float):
        return value
    return _whole(value)


def _whole(value: Any, _values: Sequence[str] = ()) -> int:
    if type(value) is not int or not -_MOST <= value <= (1 << 63) - 1:
        raise Refused("a number of it is none")
    return value


def _truth(value: Any, _values: Sequence[str]) -> bool:
    if type(value) is not bool:
        raise Refused("an operation of it gets no truth value where it takes one")
    return value


def _text(value: Any, _values: Sequence[str]) -> list[str]:
    if type(value) is not list or value[:1] != ["s"] or not _TEXT.fullmatch(value[1]):
        raise Refused("a text of it is none")
    return ["s", value[1]]


def _dtype(value: Any, _values: Sequence[str]) -> list[str]:
    if type(value) is not list or value[:1] != ["dtype"] or value[1] not in DTYPES:
        raise Refused("it uses a dtype that this task does without")
    return ["dtype", value[1]]


def _format(value: Any, _values: Sequence[str]) -> list[str]:
    if type(value) is not list or value[:1] != ["format"] or value[1] not in _FORMATS:
        raise Refused("it uses an order in memory that is unknown")
    return ["format", value[1]]


def _device(value: Any, _values: Sequence[str]) -> list[str]:
    if value != _DEVICE:
        raise Refused("it uses a device that is none")
    return ["device"]


def _layout(value: Any, _values: Sequence[str]) -> list[str]:
    if value != ["layout"]:
        raise Refused("it uses a layout that is none")
    return ["layout"]


_READERS: dict[str, Callable[[Any, Sequence[str]], Any]] = {
    "Tensor": _tensor,
    "number": _number,
    "Scalar": _number,
    "float": _number,
    "int": _whole,
    "SymInt": _whole,
    "bool": _truth,
    "str": _text,
    "ScalarType": _dtype,
    "MemoryFormat": _format,
    "Device": _device,
    "Layout": _layout,
}
