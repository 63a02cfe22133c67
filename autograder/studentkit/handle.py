"""An object that stayed with the student: a cache, an optimizer, a Tensor of a small autograd."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NoReturn, Protocol

from .frameworks import TELLABLE
from .kinds import Kind, StudentError, member_of

MOST_ITEMS = 20_000  # of an object that a test goes through; as many as values in a reply

_OPERATORS = ["add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul"]
_COMPARISONS = ["neg", "pos", "abs", "lt", "le", "gt", "ge", "eq", "ne"]


class Holder(Protocol):
    """What holds the objects that handles stand for: a worker's proxy, or this process."""

    def use(
        self,
        op: str,
        where: str,
        kind: Kind,
        target: Handle | None,
        *,
        name: str = "",
        args: tuple[Any, ...] = (),
        options: Mapping[str, Any] | None = None,
        part: str = "",
    ) -> Any:
        """The checked result of using the object in the way of `op`.

        `where` names it for messages, `part` tells it from others that these call the same.
        """


class Handle:
    """Stands for the object. Public attributes, methods, items, length, operators, calls.

    Every use asks the holder and raises StudentError if the object does not play along. What it gives is
    checked against the annotations of the class of the reference that the object was declared to be of.
    """

    __slots__ = ("_class", "_holder", "_key", "_where", "remote_type")

    __array_ufunc__ = None  # so that numpy leaves `array + handle` to us

    def __init__(
        self, holder: Holder, key: Any, type_name: str, where: str, owner: type | None = None
    ) -> None:
        set_ = object.__setattr__
        set_(self, "_holder", holder)
        set_(self, "_key", key)  # by which the holder knows the object
        set_(self, "_where", where)
        set_(self, "_class", owner)
        set_(self, "remote_type", type_name if type_name in TELLABLE else "object")

    def __repr__(self) -> str:
        return f"<{self.remote_type} of the student's, from {self._where}>"

    def __bool__(self) -> bool:
        return True

    def __array__(self, *_: Any, **__: Any) -> NoReturn:
        raise StudentError(f"{self._where} gave an object; expected a numpy array")

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        member = member_of(self._class, name)
        if member.is_method:
            return Method(self, name, member.kind)
        return self._use("getattr", name, member.kind)

    def __setattr__(self, name: str, value: Any) -> None:
        if name.startswith("_"):
            raise AttributeError(name)
        self._holder.use("setattr", self._member(name), "handle", self, name=name, args=(value,))

    def __call__(self, *args: Any, **options: Any) -> Any:
        """Call the object."""
        kind = member_of(self._class, "__call__").kind
        return self._holder.use("call", self._where, kind, self, args=args, options=options, part="()")

    def __len__(self) -> int:
        length: int = self._holder.use("len", self._member("__len__"), "int", self)
        if not 0 <= length <= MOST_ITEMS:
            raise StudentError(f"{self._member('__len__')} gave no length, or one beyond {MOST_ITEMS}")
        return length

    def __iter__(self) -> Iterator[Any]:
        return (self[place] for place in range(len(self)))

    def __getitem__(self, key: Any) -> Any:
        part = f"[{key!r:.64}]" if type(key) in (str, int) else "[]"
        return self._operate("getitem", "__getitem__", self, key, part=part)

    def __setitem__(self, key: Any, value: Any) -> None:
        where = self._member("__setitem__")
        self._holder.use("operator", where, "handle", None, name="setitem", args=(self, key, value))

    def _as(self, owner: type) -> Handle:
        """The same object, declared to be of a class of the reference."""
        object.__setattr__(self, "_class", owner)
        return self

    def _use(self, op: str, name: str, kind: Kind) -> Any:
        return self._holder.use(op, self._member(name), kind, self, name=name)

    def _member(self, name: str) -> str:
        """What a message calls a member: "Tensor.relu", however long the chain that led here."""
        owner = self._where.partition(".")[0] if self._class is None else self._class.__name__
        return owner if name.startswith("__") and self._class is None else f"{owner}.{name}"

    def _operate(self, name: str, member: str, *operands: Any, part: str = "") -> Any:
        kind, where = member_of(self._class, member).kind, self._member(member)
        part = part or member
        return self._holder.use("operator", where, kind, None, name=name, args=operands, part=part)

    __hash__ = object.__hash__


class Method:
    """A method of the student's object, which the reference declares; found when it is called."""

    __slots__ = ("_handle", "_kind", "_name")

    def __init__(self, handle: Handle, name: str, kind: Kind) -> None:
        self._handle = handle
        self._name = name
        self._kind = kind

    def __call__(self, *args: Any, **options: Any) -> Any:
        """Call it."""
        handle = self._handle
        return handle._holder.use(
            "method",
            handle._member(self._name),
            self._kind,
            handle,
            name=self._name,
            args=args,
            options=options,
        )

    @property
    def bound(self) -> Handle:
        """The method as an object, to be passed to the student."""
        method: Handle = self._handle._use("getattr", self._name, "handle")
        return method


def _operator(name: str) -> Callable[..., Any]:
    def operate(self: Handle, *others: Any) -> Any:
        return self._operate(name, f"__{name}__", self, *others)

    return operate


def _reflected(name: str) -> Callable[..., Any]:
    def operate(self: Handle, other: Any) -> Any:
        return self._operate(name, f"__r{name}__", other, self)

    return operate


for _name in (*_OPERATORS, *_COMPARISONS):
    setattr(Handle, f"__{_name}__", _operator(_name))
for _name in _OPERATORS:
    setattr(Handle, f"__r{_name}__", _reflected(_name))
