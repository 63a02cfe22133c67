"""An object that stayed with the student: a cache, an optimizer, a Tensor of a small autograd."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol

# A type's name is the student's to choose, and could carry a hidden input into a message.
_TELLABLE = frozenset(
    [
        "function",
        "method",
        "type",
        "set",
        "frozenset",
        "generator",
        "bytes",
        "range",
        "map",
        "zip",
        "filter",
        "complex",
        "matrix",
        "MaskedArray",
        "recarray",
        "memmap",
        "NoneType",
        "list",
        "tuple",
        "dict",
        "str",
        "int",
        "module",
        "slice",
        "object",
        "enumerate",
        "ndarray",
    ]
)


class Border(Protocol):
    """What a handle needs of the proxy that made it."""

    def request(self, op: str, where: str, kind: Any = "data", **fields: Any) -> Any:
        """Ask the worker."""


class Handle:
    """A number that stands for the object. Public attributes, items, length, operators, calls.

    Every use asks the worker and raises StudentError if the object does not play along.
    """

    __slots__ = ("_border", "_number", "_serial", "_where", "remote_type")

    __array_ufunc__ = None  # so that numpy leaves `array + handle` to us

    def __init__(self, border: Border, serial: tuple[int, int], number: int, name: str, where: str) -> None:
        set_ = object.__setattr__
        set_(self, "_border", border)
        set_(self, "_serial", serial)  # worker and test in which the object lives
        set_(self, "_number", number)
        set_(self, "_where", where)
        set_(self, "remote_type", name if name in _TELLABLE else "object")

    def __repr__(self) -> str:
        return f"<{self.remote_type} of the student's, from {self._where}>"

    def __bool__(self) -> bool:
        return True

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self._border.request("getattr", self._member(name), target=self._target(), name=name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name.startswith("_"):
            raise AttributeError(name)
        self._border.request("setattr", self._member(name), target=self._target(), name=name, args=value)

    def __call__(self, *args: Any, **options: Any) -> Any:
        """Call the object."""
        return self._border.request("call", self._where, target=self._target(), args=args, options=options)

    def __len__(self) -> int:
        found = self._border.request("len", self._where, target=self._target())
        return int(found)

    def __iter__(self) -> Iterator[Any]:
        return (self[place] for place in range(len(self)))

    def __getitem__(self, key: Any) -> Any:
        return self._operate("getitem", self, key)

    def __setitem__(self, key: Any, value: Any) -> None:
        self._operate("setitem", self, key, value)

    def _target(self) -> list[Any]:
        return ["h", self._number]

    def _member(self, name: str) -> str:
        """What a message calls an attribute: "Tensor.relu", however long the chain that led here."""
        return f"{self._where.partition('.')[0]}.{name}"

    def _operate(self, name: str, *operands: Any) -> Any:
        return self._border.request("operator", self._where, name=name, args=operands)

    __hash__ = object.__hash__


def _operator(name: str) -> Callable[..., Any]:
    def operate(self: Handle, *others: Any) -> Any:
        return self._operate(name, self, *others)

    return operate


def _reflected(name: str) -> Callable[..., Any]:
    def operate(self: Handle, other: Any) -> Any:
        return self._operate(name, other, self)

    return operate


for _name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul"):
    setattr(Handle, f"__{_name}__", _operator(_name))
    setattr(Handle, f"__r{_name}__", _reflected(_name))
for _name in ("neg", "pos", "abs", "lt", "le", "gt", "ge", "eq", "ne"):
    setattr(Handle, f"__{_name}__", _operator(_name))
