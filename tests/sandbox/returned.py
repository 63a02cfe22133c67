"""Values that students return: how each is made, and what it may be declared as.

Run as a module of a student's, so it imports the standard library and numpy alone.
"""

from __future__ import annotations

import array
import collections
import dataclasses
import datetime
import decimal
import enum
import fractions
import pathlib
import random
import types
from typing import Any, NamedTuple

import numpy as np

X = np.arange(6.0).reshape(2, 3)


class Pair(NamedTuple):
    dw: Any
    db: Any


class Code(enum.IntEnum):
    THREE = 3


class Name(enum.StrEnum):
    W = "w"


class Plain(enum.Enum):
    A = 1


@dataclasses.dataclass
class Record:
    dw: Any
    db: Any


class Lying:
    """Looks like whatever it is asked for."""

    __class__ = tuple
    shape, dtype, ndim = (2, 3), np.dtype(float), 2

    def __array__(self, *_: Any, **__: Any) -> Any:
        return X

    def __float__(self) -> float:
        return 1.0

    __len__ = __index__ = lambda self: 2

    def __iter__(self) -> Any:
        return iter((X, X))


def _refuse(*_: Any, **__: Any) -> Any:
    raise RuntimeError("what a student wrote was called")


def _hostile(base: type, *names: str) -> Any:
    """A subclass of which every way in is the student's own."""
    ways = ("len", "iter", "getitem", "contains", "reversed", "eq", "bool", "array", "array_ufunc", *names)
    ways += ("array_function", "float", "int", "index", "str", "reduce_ex", "getattribute", "complex")
    space = {f"__{way}__": _refuse for way in ways}
    space |= dict.fromkeys(
        ("items", "keys", "values", "copy", "get", "tobytes", "view", "astype", "item"), _refuse
    )
    space |= {"__hash__": base.__hash__, "__class__": property(_refuse), "__array_priority__": 1e9}
    return type("Hostile", (base,), space)


HostileArray = _hostile(np.ndarray)


def _filled(value: Any) -> Any:
    if issubclass(type(value), list):
        list.extend(value, [X, X])
    else:
        dict.__setitem__(value, "w", X)
    return value


class Finalized(np.ndarray):
    def __array_finalize__(self, of: Any) -> None:
        if of is not None and type(of) is Finalized:
            _refuse()


class MyFloat(float): ...


class MyFloat32(np.float32): ...


class MyInt64(np.int64): ...


class Metaclass(type):
    __mro__ = property(_refuse)  # type: ignore[assignment]

    def __instancecheck__(cls, _: Any) -> bool:
        return True


class Strange(Metaclass("Base", (), {})):  # type: ignore[misc]
    pass


class StrangeList(list, metaclass=Metaclass): ...


class Text(str): ...


class Own(dict):
    def __missing__(self, key: Any) -> Any:
        return X


def _deep(levels: int) -> Any:
    value: Any = X
    for _ in range(levels):
        value = [value]
    return value


def _endless() -> Any:
    value: list[Any] = [X]
    value.append(value)
    return value


def _endless_dict() -> Any:
    value: dict[str, Any] = {}
    value["w"] = value
    return value


def _read_only() -> Any:
    value = X.copy()
    value.flags.writeable = False
    return value


def _ordered(**values: Any) -> Any:
    found = collections.OrderedDict(values)
    found.move_to_end(next(iter(values)))
    return found


def _function() -> None: ...


REAL = "array float"
WHOLE = "array float int"
SEQUENCE = "pair list"
# Name -> how it is made, and which declarations it satisfies.
VALUES: dict[str, tuple[Any, str]] = {
    "array": (lambda: X, "array"),
    "array, 0-d": (lambda: np.array(2.5), REAL),
    "array, 0-d whole": (lambda: np.array(2), WHOLE),
    "array, 0-d bool": (lambda: np.array(True), "array bool"),
    "array, empty": (lambda: np.zeros((0, 3)), "array"),
    "array, one entry": (lambda: np.ones(1), "array"),
    **{
        f"array of {name}": ((lambda name=name: X.astype(name)), "array")
        for name in ("bool", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f2", "f4", "q", "Q")
    },
    "array of complex64": (lambda: X.astype("c8"), ""),
    "array of complex128": (lambda: X.astype("c16"), ""),
    "array of long doubles": (lambda: X.astype(np.longdouble), ""),
    "array of objects": (lambda: np.array([X, None], dtype=object), ""),
    "array of lists": (lambda: np.array([[1.0], [1.0, 2.0]], dtype=object), ""),
    "array of texts": (lambda: np.array(["a", "b"]), ""),
    "array of bytes": (lambda: np.array([b"a"]), ""),
    "array of records": (lambda: np.zeros(2, dtype=[("w", float)]), ""),
    "array of dates": (lambda: np.array(["2026-01-01"], dtype="M8[D]"), ""),
    "array of time spans": (lambda: np.array([1], dtype="m8[s]"), ""),
    "array, big-endian": (lambda: X.astype(">f8"), "array"),
    "array, transposed": (lambda: X.T, "array"),
    "array, every other": (lambda: X[:, ::2], "array"),
    "array, reversed": (lambda: X[::-1], "array"),
    "array, broadcast": (lambda: np.broadcast_to(X[0], (4, 3)), "array"),
    "array, Fortran": (lambda: np.asfortranarray(X), "array"),
    "array, read-only": (_read_only, "array"),
    "array, unaligned": (lambda: np.frombuffer(b"x" + X.tobytes(), np.uint8)[1:].view("f8"), "array"),
    "array with NaN": (lambda: np.array([np.nan, np.inf, -0.0]), "array"),
    "array, large": (lambda: np.ones(100_000), "array"),
    "array of 17 axes": (lambda: np.ones((1,) * 17), ""),
    "np.matrix": (lambda: np.matrix(X), "array"),
    "np.recarray": (lambda: np.rec.array([(1.0,)], dtype=[("w", float)]), ""),
    "np.recarray of numbers": (lambda: X.view(np.recarray), "array"),
    "np.memmap-like": (lambda: np.ndarray.__new__(np.memmap, (2,), float, buffer=np.ones(2)), "array"),
    "masked array": (lambda: np.ma.array(X, mask=X > 2), ""),
    "masked array, nothing masked": (lambda: np.ma.array(X), ""),
    "chararray": (lambda: np.array(["a"]).view(np.char.chararray), ""),
    "array of a hostile class": (lambda: np.ndarray.__new__(HostileArray, (2,), buffer=np.ones(2)), "array"),
    "array of a class with __array_finalize__": (lambda: X.view(Finalized), "array"),
    "np.float64": (lambda: np.float64(2.5), REAL),
    "np.float32": (lambda: np.float32(2.5), REAL),
    "np.float16": (lambda: np.float16(2.5), REAL),
    "np.longdouble": (lambda: np.longdouble(2.5), ""),
    "np.int64": (lambda: np.int64(2), WHOLE),
    "np.uint8": (lambda: np.uint8(2), WHOLE),
    "np.longlong": (lambda: np.longlong(2), WHOLE),
    "np.bool_": (lambda: np.bool_(True), "array bool"),
    "np.complex128": (lambda: np.complex128(1j), ""),
    "np.str_": (lambda: np.str_("w"), "str"),
    "np.bytes_": (lambda: np.bytes_(b"w"), ""),
    "np.datetime64": (lambda: np.datetime64("2026-01-01"), ""),
    "np.void": (lambda: np.void(b"abc"), ""),
    "subclass of np.float32": (lambda: MyFloat32(2.5), REAL),
    "subclass of np.int64": (lambda: MyInt64(3), WHOLE),
    "float": (lambda: 2.5, REAL),
    "float, NaN": (lambda: float("nan"), REAL),
    "float, infinite": (lambda: float("-inf"), REAL),
    "subclass of float": (lambda: MyFloat(2.5), REAL),
    "hostile float": (lambda: float.__new__(_hostile(float), 2.5), REAL),
    "int": (lambda: 7, WHOLE),
    "int, -(2**63)": (lambda: -(2**63), WHOLE),
    "int, 2**63": (lambda: 2**63, ""),
    "int, 10**5000": (lambda: 10**5000, ""),
    "hostile int": (lambda: int.__new__(_hostile(int), 3), WHOLE),
    "IntEnum": (lambda: Code.THREE, WHOLE),
    "str Enum": (lambda: Name.W, "str"),
    "Enum": (lambda: Plain.A, ""),
    "bool": (lambda: True, "bool"),
    "complex": (lambda: 1j, ""),
    "Fraction": (lambda: fractions.Fraction(1, 2), ""),
    "Decimal": (lambda: decimal.Decimal("0.5"), ""),
    "str": (lambda: "w", "str"),
    "subclass of str": (lambda: Text("w"), "str"),
    "str, long": (lambda: "w" * 10_001, ""),
    "str, any character": (lambda: "\ud800é\0", "str"),
    "bytes": (lambda: b"w", ""),
    "bytearray": (lambda: bytearray(b"w"), ""),
    "memoryview": (lambda: memoryview(X), ""),
    "array.array": (lambda: array.array("d", [1.0]), ""),
    "None": (lambda: None, ""),
    "tuple of arrays": (lambda: (X, X + 1), SEQUENCE),
    "list of arrays": (lambda: [X, X + 1], SEQUENCE),
    "list of numbers": (lambda: [1.0, np.float32(2)], SEQUENCE),
    "list of floats and ints": (lambda: [1.0, 2, 3], "list"),
    "list of lists": (lambda: [[1.0, 2.0], [3.0, 4.0]], ""),
    "tuple of one": (lambda: (X,), "list"),
    "tuple, empty": (lambda: (), "list"),
    "list, empty": (lambda: [], "list"),
    "NamedTuple": (lambda: Pair(X, X + 1), SEQUENCE),
    "namedtuple": (lambda: collections.namedtuple("G", "a b")(X, X), SEQUENCE),
    "NamedTuple in a NamedTuple": (lambda: Pair(Pair(X, X), X), ""),
    "hostile tuple": (lambda: tuple.__new__(_hostile(tuple), (X, X)), SEQUENCE),
    "hostile list": (lambda: _filled(list.__new__(_hostile(list))), SEQUENCE),
    "list of a class with a metaclass": (lambda: StrangeList([X, X]), SEQUENCE),
    "UserList": (lambda: collections.UserList([X, X]), ""),
    "deque": (lambda: collections.deque([X, X]), ""),
    "array of two arrays": (lambda: np.stack([X, X]), "array"),
    "dict of arrays": (lambda: {"w": X, "b": X + 1}, "dict"),
    "dict, empty": (lambda: {}, "dict"),
    "dict of numbers": (lambda: {"w": 1.0, 2: np.int64(3)}, "dict"),
    "OrderedDict": (lambda: _ordered(w=X, b=X), "dict"),
    "defaultdict": (lambda: collections.defaultdict(list, w=X), "dict"),
    "Counter": (lambda: collections.Counter("wwb"), "dict"),
    "dict with __missing__": (lambda: Own(w=X), "dict"),
    "hostile dict": (lambda: _filled(dict.__new__(_hostile(dict))), "dict"),
    "ChainMap": (lambda: collections.ChainMap({"w": X}), ""),
    "UserDict": (lambda: collections.UserDict(w=X), ""),
    "MappingProxy": (lambda: types.MappingProxyType({"w": X}), ""),
    "dict with keys of numpy": (lambda: {np.int64(1): X, np.str_("w"): X}, "dict"),
    "dict with keys of an Enum": (lambda: {Code.THREE: X, Name.W: X}, "dict"),
    "dict with keys of bool": (lambda: {True: X, False: X}, "dict"),
    "dict with keys of float": (lambda: {0.5: X}, ""),
    "dict with keys of tuple": (lambda: {(0, 1): X}, ""),
    "dict with vast keys": (lambda: {10**5000: X}, ""),
    "dict of dicts": (lambda: {"layer": {"w": X}}, ""),
    "OrderedDict of NamedTuples": (lambda: _ordered(a=Pair(X, X)), ""),
    "dict_values": ({"w": X}.values, ""),
    "dict_keys": ({"w": X}.keys, ""),
    "dict_items": ({"w": X}.items, ""),
    "generator": (lambda: (each for each in (X, X)), ""),
    "map": (lambda: map(abs, (X, X)), ""),
    "zip": (lambda: zip((X, X), (X, X), strict=True), ""),
    "iterator": (lambda: iter([X, X]), ""),
    "range": (lambda: range(2), ""),
    "set": (lambda: {1.0, 2.0}, ""),
    "frozenset": (lambda: frozenset((1.0, 2.0)), ""),
    "list, deep": (lambda: _deep(40), ""),
    "list that holds itself": (_endless, ""),
    "dict that holds itself": (_endless_dict, ""),
    "list, 18000 numbers": (lambda: [1.0] * 18_000, "list"),
    "list, vast": (lambda: [1.0] * 30_000, ""),
    "dict, vast": (lambda: dict.fromkeys(range(30_000), 1.0), ""),
    "texts, too many": (lambda: {f"{at:05}" + "w" * 5_000: X for at in range(20)}, ""),
    "tuple with None": (lambda: (X, None), ""),
    "tuple with a set": (lambda: (X, {1}), ""),
    "dataclass": (lambda: Record(X, X), ""),
    "object that lies": (Lying, ""),
    "object with a metaclass": (Strange, ""),
    "SimpleNamespace": (lambda: types.SimpleNamespace(w=X), ""),
    "class": (lambda: Record, ""),
    "function": (lambda: _function, ""),
    "method": (lambda: X.sum, ""),
    "np.add": (lambda: np.add, ""),
    "np.float64 itself": (lambda: np.float64, ""),
    "module": (lambda: np, ""),
    "np.dtype": (lambda: X.dtype, ""),
    "Ellipsis": (lambda: ..., ""),
    "NotImplemented": (lambda: NotImplemented, ""),
    "slice": (lambda: slice(2), ""),
    "date": (lambda: datetime.date(2026, 1, 1), ""),
    "path": (lambda: pathlib.Path("w"), ""),
    "exception": (lambda: ValueError("w"), ""),
    "np.random.Generator": (lambda: np.random.default_rng(0), ""),
}


_WITHIN = {
    "tuple": tuple,
    "list": list,
    "dict": lambda values: dict(enumerate(values)),
    "OrderedDict": lambda values: collections.OrderedDict((f"w{at}", each) for at, each in enumerate(values)),
    "defaultdict": lambda values: collections.defaultdict(int, enumerate(values)),
    "Pair": lambda values: Pair(*values[:2], *[X] * (2 - len(values))),
    "set": lambda values: {type(each).__name__ for each in values},
}


def _mixed(dice: random.Random, depth: int = 0) -> Any:
    """Values within one another, as the dice fall."""
    if dice.random() < 0.3 * depth:
        return VALUES[dice.choice(list(VALUES))][0]()
    within = _WITHIN[dice.choice(list(_WITHIN))]
    return within([_mixed(dice, depth + 1) for _ in range(dice.randrange(4))])


def _made(name: str) -> Any:
    mixed, _, number = name.partition(" mixed ")
    return _mixed(random.Random(number)) if not mixed and number else VALUES[name][0]()
