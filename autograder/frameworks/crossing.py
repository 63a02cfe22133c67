"""What of a value crosses the border to the grader, and as what.

The worker asks before it sends a reply, and the student kit before a test at home sees one, so that both say
the same of every value. A value counts by what it holds: a NamedTuple is a tuple, an OrderedDict a dict, an
IntEnum a whole number, an `np.matrix` an array. It is read by the methods of the type that it derives from:
nothing that the author of a subclass wrote is called. What a masked array hides is no number, so one stays,
and so does what only makes values when it is asked: generators, views, ranges, sets.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from .framework import Arrays, Numbers

MAX_NODES = 19_000  # values in one reply; the message around it has some of its own
MAX_DEPTH = 32  # containers inside one another
MAX_TEXT = 10_000  # characters of a text
MAX_TEXTS = 1 << 16  # of all texts and keys together
MAX_AXES = 16
_WHOLE = 1 << 63
_SIZES = {"b": (1,), "i": (1, 2, 4, 8), "u": (1, 2, 4, 8), "f": (2, 4, 8), "c": (8, 16)}  # in bytes

_BASES = (np.ndarray, float, int, bool, str, tuple, list, dict, type(None), np.generic)
_CONTAINERS = (tuple, list, dict)
_mro: Callable[[type], tuple[type, ...]] = type.__dict__["__mro__"].__get__  # a metaclass may have its own

_ARRAYS = {"O": "objects", "V": "records", "M": "dates", "m": "time spans"}
_ARRAYS |= dict.fromkeys("UST", "texts")
_LONG = "numbers of more than 64 bits"
_TOO_MANY = "that is too large or too deep"
_KEYS = "with other keys than texts and whole numbers"
NO_NUMBERS = "without plain numbers"  # of a framework's array that is sparse, say
# What is told of the type of a value that stays: any other name is its author's to choose, and could carry a
# hidden input into a message. Which of these it is tells a little too (KINDS in `report/disclosed.py`).
NAMES = frozenset(
    {
        *("NoneType", "bool", "bytearray", "bytes", "complex", "dict", "dict_items", "dict_keys"),
        *("dict_values", "ellipsis", "enumerate", "filter", "float", "frozenset", "function", "generator"),
        *("builtin_function_or_method", "int", "list", "map", "memoryview", "method", "module", "ndarray"),
        *("range", "set", "slice", "str", "tuple", "type", "zip", "NotImplementedType"),
        *("MaskedArray", "datetime64", "longdouble", "timedelta64"),
        *(f"array of {entries}" for entries in (*_ARRAYS.values(), _LONG)),
        f"array of more than {MAX_AXES} axes",
        "int of more than 64 bits",
        f"str of more than {MAX_TEXT} characters",
        *(f"{kind.__name__} {_TOO_MANY}" for kind in _CONTAINERS),
        f"dict {_KEYS}",
    }
)


def held(value: Any) -> Any:
    """A number, text or array as one of Python's and numpy's own types; anything else as it is."""
    base = _base_of(value)
    if base is None or base is type(value) or base in _CONTAINERS:
        return value
    if base is np.ndarray:
        return np.ndarray.view(value, np.ndarray)
    if base is np.generic:
        return _scalar(value)
    return {int: int.__index__, float: float.__float__, str: str.__str__}[base](value)


def as_numbers(value: Any) -> Numbers | None:
    """A number or an array as an array of whatever dtype; None for what is neither."""
    plain = held(value)
    if type(plain) is not np.ndarray and type(plain) not in (int, float) and not _is_scalar(plain):
        return None
    return np.asarray(plain)


_name = type.__dict__["__name__"].__get__


def name_of(value: Any) -> str:
    """What is told of the type of a value that stays."""
    name = str.__str__(_name(type(value)))  # a metaclass may have a `__name__` of its own
    return name if name in NAMES else "object"


class Crossing:
    """What crosses in one reply. All else stays: `keep(value, name)` gives what stands for it.

    `arrays_of` knows arrays of frameworks, which cross as their numbers, flagged. With `own`, arrays are
    copies in the order of memory and of bytes in which they arrive.
    """

    def __init__(
        self,
        keep: Callable[[Any, str], Any],
        arrays_of: Callable[[type], Arrays | None],
        *,
        own: bool = False,
    ) -> None:
        self._keep = keep
        self._arrays_of = arrays_of
        self._own = own
        self._nodes = 0
        self._letters = 0

    def cross(self, value: Any, stays: Any = "data", depth: int = 0) -> Any:
        """`value` as plain data; `stays` says what stays even if it could cross (see `staying.py`)."""
        self._nodes += 1
        if stays == "handle":
            return self._keep(value, name_of(value))
        if type(stays) is dict and "or none" in stays:
            return None if value is None else self.cross(value, stays["or none"], depth)
        base = _base_of(value)
        if base is float and type(value) is float:
            return value
        if base in _CONTAINERS:
            return self._container(value, base, stays, depth)
        if base is np.ndarray:
            return self._array(value)
        plain = held(value)
        if base is None:
            return self._foreign(value)
        if base is int and not -_WHOLE <= plain < _WHOLE:
            return self._keep(value, "int of more than 64 bits")
        if base is str and not self._takes(plain):
            return self._keep(value, f"str of more than {MAX_TEXT} characters")
        if base is np.generic and not _is_scalar(plain):
            return self._keep(value, name_of(value))
        return plain

    def _container(self, value: Any, base: Any, stays: Any, depth: int) -> Any:
        size = base.__len__(value)
        if depth >= MAX_DEPTH or self._nodes + size >= MAX_NODES:
            return self._keep(value, f"{base.__name__} {_TOO_MANY}")
        if base is not dict:
            parts = zip(base.__iter__(value), _parts(stays, size), strict=True)
            return base(self.cross(part, kind, depth + 1) for part, kind in parts)
        each = stays["each"] if type(stays) is dict else "data"
        entries = [(self._key(key), part) for key, part in dict.items(value)]
        if any(key is None for key, _ in entries):
            return self._keep(value, f"dict {_KEYS}")
        return {key: self.cross(part, each, depth + 1) for key, part in entries}

    def _key(self, key: Any) -> str | int | None:
        plain = held(key)
        if isinstance(plain, bool | np.integer):
            plain = int(plain)
        fits = -_WHOLE <= plain < _WHOLE if type(plain) is int else type(plain) is str and self._takes(plain)
        return plain if fits else None

    def _takes(self, text: str) -> bool:
        self._letters += len(text)
        return len(text) <= MAX_TEXT and self._letters <= MAX_TEXTS

    def _array(self, value: Any) -> Any:
        array = np.ndarray.view(value, np.ndarray)
        if array.ndim > MAX_AXES:
            return self._keep(value, f"array of more than {MAX_AXES} axes")
        if not _is_portable(array.dtype):
            return self._keep(value, f"array of {_ARRAYS.get(array.dtype.kind, _LONG)}")
        return self._owned(array)

    def _foreign(self, value: Any) -> Any:
        arrays = self._arrays_of(type(value))
        if arrays is None:
            return self._keep(value, name_of(value))
        try:
            numbers = arrays.numbers(value)
        except MemoryError:
            raise
        except Exception:  # a layout or a dtype that numpy does not know
            return self._keep(value, f"{arrays.kind} {NO_NUMBERS}")
        if not _is_portable(numbers.dtype):
            return self._keep(value, f"{arrays.kind} {NO_NUMBERS}")
        return self._owned(numbers).view(arrays.flag)

    def _owned(self, array: Numbers) -> Numbers:
        if not self._own:
            return array
        return array.astype(f"{array.dtype.kind}{array.dtype.itemsize}", order="C", copy=True)


def _base_of(value: Any) -> type | None:
    """The plain type that the type of a value is or derives from; the nearest one, if it does from two."""
    kind = type(value)
    for base in _BASES:
        if kind is base:
            return base
    masked = getattr(sys.modules.get("numpy.ma"), "MaskedArray", None)
    for each in _mro(kind):
        if each is masked:
            return None
        for base in _BASES:
            if each is base:
                return base
    return None


def _parts(stays: Any, size: int) -> Iterator[Any]:
    if type(stays) is list and len(stays) == size:
        return iter(stays)
    return iter([stays["each"] if type(stays) is dict else "data"] * size)


def _is_portable(dtype: np.dtype[Any]) -> bool:
    return dtype.isbuiltin != 2 and dtype.itemsize in _SIZES.get(dtype.kind, ())


# Types of numpy's numbers; some have two names and are two types.
_SCALARS = tuple(kind for kind in set(np.sctypeDict.values()) if _is_portable(np.dtype(kind)))


def _is_scalar(value: Any) -> bool:
    return any(type(value) is kind for kind in _SCALARS)


def _scalar(value: Any) -> Any:
    """A number of numpy's as one of the type in which it arrives."""
    kinds: Iterator[Any] = (kind for kind in _mro(type(value)) if any(kind is each for each in _SCALARS))
    own = next(kinds, None)
    if own is None:
        return value
    dtype = np.dtype(own)
    arrives = np.dtype(f"{dtype.kind}{dtype.itemsize}").type
    if arrives is type(value):
        return value
    if dtype.kind == "f":
        return arrives(own.__float__(value))
    return arrives(own.__index__(value)) if dtype.kind in "iu" else value
