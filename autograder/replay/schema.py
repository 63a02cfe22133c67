"""Checks the arguments of a program's operations against the schemas that torch has for them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache, lru_cache, partial
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
_LONGEST_NAME = 100  # characters
Reader = Callable[[Any, Sequence[str]], Any]  # of a value, with the kinds of those that are there


class Refused(Exception):
    """A part of a program is not allowed; the message says why."""


class Signature:
    """The arguments that an operation takes: for each a function that reads and checks it."""

    def __init__(self, schema: Any) -> None:
        arguments = [
            (argument.name, _reader(str(argument.real_type)), argument.kwarg_only)
            for argument in schema.arguments
        ]
        self._places = [reader for _, reader, only_named in arguments if not only_named]
        self._names = {name: reader for name, reader, _ in arguments}

    def read(self, args: Any, options: Any, values: Sequence[str]) -> tuple[list[Any], dict[str, Any]]:
        """The arguments, checked and ready to be passed on. Raises Refused unless they fit the schema."""
        places, names = self._places, self._names
        if type(args) is not list or type(options) is not dict or len(args) > len(places):
            raise Refused("an operation of it has other arguments")
        if not options.keys() <= names.keys():
            raise Refused("an operation of it has other options")
        told = [reader(value, values) for reader, value in zip(places, args, strict=False)]
        return told, {name: names[name](value, values) for name, value in options.items()}


@lru_cache(maxsize=4096)
def _signature(name: str) -> Signature | None:
    """Of an operation with its overload; None where there is none."""
    import torch

    parts = _NAME.fullmatch(name)
    if parts is None:
        return None
    try:
        return Signature(torch._C._get_schema(f"aten::{parts[1]}", parts[2] or ""))
    except RuntimeError:
        return None


def signature_of(name: str, allowed: Allowance) -> Signature:
    """The arguments of an operation that is on the list. Raises Refused for any other."""
    known = len(name) <= _LONGEST_NAME and name.partition(".")[0] in allowed.operations
    signature = _signature(name) if known else None
    if signature is None:
        raise Refused("an operation of it is none that this task allows")
    return signature


@cache
def _reader(kind: str) -> Reader:
    """What reads an argument of a type that torch's schemas name."""
    if kind.startswith("Optional["):
        inner = _reader(kind[9:-1])
        return lambda value, values: None if value is None else inner(value, values)
    if kind.startswith("List["):
        return partial(_list, _reader(kind[5:-1]), "Tensor" not in kind)
    return _READERS.get(kind, _unknown)


def _list(read_one: Reader, numbers: bool, value: Any, values: Sequence[str]) -> Any:
    if type(value) is int and numbers:
        return _whole(value)  # torch takes one number for a list of them
    if type(value) is not list or value[:1] != ["l"] or len(value) > _LONGEST:
        raise Refused("an operation of it gets no list where it takes one")
    return ["l", *[read_one(one, values) for one in value[1:]]]


def _unknown(_value: Any, _values: Sequence[str]) -> Any:
    raise Refused("an operation of it takes more than tensors and numbers")


def reference(value: Any, values: Sequence[str], *kinds: str) -> list[Any]:
    """Read a reference to an earlier value. Raises Refused unless it exists and is of one of these kinds.

    Without `kinds`, it has to be a tensor.
    """
    if type(value) is not list or len(value) != 2 or value[0] != "v" or type(value[1]) is not int:
        raise Refused("an argument of it is no value")
    if not 0 <= value[1] < len(values) or values[value[1]] not in (kinds or _KINDS[:1]):
        raise Refused("it uses a value that is not there yet")
    return value


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


_READERS: dict[str, Reader] = {
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
