"""What a student returned and no annotation declares: held, and of no use until it is opened."""

from __future__ import annotations

from typing import Any, NoReturn

from .kinds import type_name
from .usage import Unopened


class Inert:
    """A value that does nothing. It can be passed back to the student, and opened by `opened`.

    Whatever else is done with it raises StudentError: a list that is added to itself forty times fills a
    machine's memory.
    """

    __slots__ = ("_value", "_where")

    __hash__ = None  # type: ignore[assignment]
    __array_ufunc__ = None  # so that numpy leaves `array + inert` to us

    def __init__(self, value: Any, where: str) -> None:
        object.__setattr__(self, "_value", value)
        object.__setattr__(self, "_where", where)

    @property
    def remote_type(self) -> str:
        """Name of the value's type, for messages."""
        return "NoneType" if self._value is None else type(self._value).__name__

    def __repr__(self) -> str:
        return f"<{type_name(self)}, from {self._where}>"

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("_"):  # what Python and numpy look for by themselves
            raise AttributeError(name)
        self._refuse()

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        says = f"{self._where} returned {type_name(self)}; a test cannot use that as it is"
        raise Unopened(says, self._where)


_UNARY = [
    "neg",
    "pos",
    "abs",
    "invert",
    "bool",
    "len",
    "iter",
    "int",
    "float",
    "index",
    "complex",
    "str",
    "bytes",
    "array",
    "call",
    "enter",
]
_BINARY = [
    "lt",
    "le",
    "gt",
    "ge",
    "eq",
    "ne",
    "getitem",
    "contains",
    "format",
    "round",
    "divmod",
    "rdivmod",
    "setattr",
    "setitem",
]
_ARITHMETIC = [
    "add",
    "sub",
    "mul",
    "truediv",
    "floordiv",
    "mod",
    "pow",
    "matmul",
    "and",
    "or",
    "xor",
    "lshift",
    "rshift",
]
for _name in (*_UNARY, *_BINARY, *_ARITHMETIC, *(f"{way}{name}" for way in "ri" for name in _ARITHMETIC)):
    setattr(Inert, f"__{_name}__", Inert._refuse)
