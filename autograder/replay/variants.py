"""Reads how a kernel is launched: the size of the grid, and the value of each parameter."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from .kernels import Kernel
from .schema import Refused, reference
from .vocabulary import DTYPES

_OPTIONS = {"num_warps": 64, "num_stages": 32, "num_ctas": 16, "maxnreg": 255}  # name -> most
_MOST_PROGRAMS = 1 << 31
_TEXT = re.compile(r"[\w.+\-]{0,64}", re.ASCII)


def read_variant(told: Any, kernel: Kernel, values: Sequence[str]) -> dict[str, Any]:
    """Read and check one configuration of a launch. Raises Refused."""
    given: Mapping[str, Any] = dict(told["given"])
    if not given.keys() <= set(kernel.parameters):
        raise Refused("a kernel gets arguments that it does not take")
    read = {
        name: _literal(value) if name in kernel.constants else _argument(value, values)
        for name, value in given.items()
    }
    options = {name: _option(str(name), value) for name, value in dict(told["options"]).items()}
    return {"grid": _grid(told["grid"]), "given": read, "options": options}


def _grid(told: Any) -> list[int]:
    product = 1
    if type(told) is not list or not 1 <= len(told) <= 3 or any(type(size) is not int for size in told):
        raise Refused("a kernel is launched on no grid")
    for size in told:
        product *= size
    if min(told) < 0 or product > _MOST_PROGRAMS:
        raise Refused("a kernel is launched on a grid that no GPU has")
    return list(told)


def _option(name: str, value: Any) -> int:
    if name not in _OPTIONS or type(value) is not int or not 1 <= value <= _OPTIONS[name]:
        raise Refused(
            f"a kernel is launched with more than {', '.join(_OPTIONS)}, or beyond what they may be"
        )
    return value


def _argument(value: Any, values: Sequence[str]) -> Any:
    """What a kernel gets when it runs: tensors among others."""
    if type(value) is list and value[:1] == ["v"]:
        return reference(value, values)
    if type(value) is list and value[:1] == ["desc"]:
        return _descriptor(value, values)
    if type(value) is list and value[:1] == ["l"]:
        return ["l", *(_argument(inner, values) for inner in value[1:])]
    return _literal(value)


def _descriptor(told: list[Any], values: Sequence[str]) -> list[Any]:
    _, base, *sizes, padding = told
    lengths = {
        len(numbers)
        for numbers in sizes
        if type(numbers) is list and all(type(size) is int for size in numbers)
    }
    if len(sizes) != 3 or len(lengths) != 1 or padding not in ("zero", "nan"):
        raise Refused("a kernel gets a descriptor that is none")
    return ["desc", reference(base, values), *sizes, padding]


def _literal(value: Any) -> Any:
    """What is known when a kernel is compiled. No tensor: in an interpreter it would be one of torch's."""
    if value is None or type(value) in (bool, float):
        return value
    if type(value) is int and -(1 << 63) <= value < 1 << 64:
        return value
    if type(value) is list and value[:1] == ["s"] and _TEXT.fullmatch(value[1]):
        return ["s", value[1]]
    if type(value) is list and value[:1] == ["tl"] and value[1] in DTYPES:
        return ["tl", value[1]]
    if type(value) is list and value[:1] == ["l"]:
        return ["l", *map(_literal, value[1:])]
    raise Refused("a kernel gets an argument that is neither a tensor, a number nor a text")
