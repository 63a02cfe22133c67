"""Messages between grader and worker, and how values are written in them.

A message is 12 bytes (length of the header, length of the payload, little-endian u32 and u64), a header
in JSON, and the payload: the raw bytes of the arrays, one after the other. In the header a value is

    null, true, 1, 0.5, "text"          itself (NaN and infinities as Python's json writes them)
    ["a", dtype, [shape]]               array; ["s", dtype, []] numpy scalar
    ["T", dtype, [shape], kind]         array of a framework, see `frameworks`: "tensor" is one of torch's
    ["p", [axes], ["T", ...]]           one whose axes lie in another order in memory, or "a", or "r";
                                        only towards the student
    ["t", ...], ["l", ...]              tuple, list
    ["d", [key, value], ...]            dict
    ["h", number, type name]            an object that stays with the student
    ["g", seed]                         np.random.default_rng(seed)
    ["c", number]                       a function on the other side
    ["r", number]                       an array of this message once more; only towards the student

Both sides use this file. What the worker sends is decoded by strict rules: nothing is looked up,
called or evaluated, and every size is checked before it is used.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

PREFIX = struct.Struct("<IQ")
MAX_HEADER = 1 << 20  # bytes
MAX_NODES = 20_000  # values in one message
MAX_DEPTH = 32  # containers inside one another
MAX_TEXT = 10_000  # characters of a string
_WHOLE = 1 << 63
_AXES = 16

DTYPES = frozenset(
    ["|b1", "|i1", "|u1", "<i2", "<i4", "<i8", "<u2", "<u4", "<u8", "<f2", "<f4", "<f8", "<c8", "<c16"]
)
_DTYPES = {name: np.dtype(name) for name in DTYPES}
_JSON = json.JSONEncoder(separators=(",", ":"), check_circular=False)  # what is encoded is a tree
_READ = json.JSONDecoder().raw_decode
_SMALL = 1 << 18  # bytes that are sooner copied than sent by themselves
_CONTAINERS: dict[type, str] = {tuple: "t", list: "l"}


class WireError(Exception):
    """What came is no message of this protocol."""


class Stays(Exception):
    """A value that cannot cross."""


def refuse(_: Encoder, value: Any) -> list[Any]:
    """For an encoder that lets nothing but data across."""
    raise Stays(f"{type(value).__name__} cannot cross")


class Encoder:
    """Writes values; `keep(encoder, value)` gives the header of whatever cannot cross, or raises Stays."""

    def __init__(self, keep: Callable[[Encoder, Any], list[Any]], *, repeats: bool = False) -> None:
        self._keep = keep
        self._nodes = 0
        self._seen: dict[int, int] | None = {} if repeats else None
        self.payload: list[memoryview | bytes] = []

    def encode(self, value: Any, depth: int = 0) -> Any:
        """Header of `value`; its arrays are added to the payload."""
        self._nodes += 1
        kind = type(value)
        if kind is np.ndarray and value.ndim <= _AXES and _portable(value.dtype) in DTYPES:
            return self.array("a", value) if self._seen is None else self._once(value, self._seen)
        if value is None or kind is bool or kind is float:
            return value
        if kind is int and -_WHOLE <= value < _WHOLE:
            return value
        if kind is str and len(value) <= MAX_TEXT:
            return value
        if depth < MAX_DEPTH and self._nodes + len(value if kind in (tuple, list, dict) else ()) < MAX_NODES:
            if kind in _CONTAINERS:
                return [_CONTAINERS[kind], *[self.encode(inner, depth + 1) for inner in value]]
            if kind is dict and all(type(key) in (str, int) for key in value):
                return ["d", *([key, self.encode(inner, depth + 1)] for key, inner in value.items())]
        if isinstance(value, np.generic) and kind.__module__ == "numpy" and _portable(value.dtype) in DTYPES:
            return self.array("s", np.asarray(value))
        return self._keep(self, value)

    def _once(self, value: np.ndarray[Any, Any], seen: dict[int, int]) -> list[Any]:
        axes, plain = _in_order(value)
        number = seen.get(id(value))
        if number is None:
            seen[id(value)] = len(seen)
        # A gradient by differences passes the same weights a hundred times in one message.
        header = self.array("a", plain) if number is None else ["r", number]
        return ["p", axes, header] if axes else header

    def array(self, tag: str, value: np.ndarray[Any, Any]) -> list[Any]:
        """Header of an array, its bytes added to the payload."""
        portable = _portable(value.dtype)
        if value.nbytes > _SMALL:
            plain = np.ascontiguousarray(value, dtype=portable)
            self.payload.append(plain.reshape(-1).view(np.uint8).data)
        elif value.size:
            self.payload.append(value.astype(_DTYPES[portable], copy=False).tobytes())
        return [tag, portable, list(value.shape)]


def _in_order(value: np.ndarray[Any, Any]) -> tuple[list[int], np.ndarray[Any, Any]]:
    """The order of an array's axes in memory, as a copy has it, and the array in that order; [] if plain."""
    copied = value if value.flags.c_contiguous else value.copy(order="K")
    if copied.flags.c_contiguous:
        return [], copied
    order = sorted(range(copied.ndim), key=lambda axis: -copied.strides[axis])
    return [order.index(axis) for axis in range(copied.ndim)], copied.transpose(order)


@lru_cache(maxsize=256)
def _portable(dtype: np.dtype[Any]) -> str:
    return dtype.newbyteorder("<").str


def pack(header: Any, payload: list[memoryview | bytes]) -> list[memoryview | bytes]:
    """The pieces of a message, in order; one where it is small, since every write wakes the other side."""
    text = _JSON.encode(header).encode("ascii", "replace")
    size = sum(map(len, payload))
    pieces: list[memoryview | bytes] = [PREFIX.pack(len(text), size) + text, *payload]
    return [b"".join(pieces)] if size <= _SMALL else pieces


def parse_header(text: bytes | bytearray) -> Any:
    """The JSON of a header. Raises WireError."""
    try:
        header, end = _READ(text.decode("ascii"))
    except (ValueError, RecursionError) as error:
        raise WireError(f"no header: {type(error).__name__}") from None
    if end != len(text):
        raise WireError("no header: more than one value")
    return header


def _plain(value: Any, kind: type) -> Any:
    """A value that is written as itself."""
    if value is None or kind is float or kind is bool:
        return value
    if (kind is int and -_WHOLE <= value < _WHOLE) or (kind is str and len(value) <= MAX_TEXT):
        return value
    raise WireError("no value")


class Decoder:
    """Reads values; `make` turns the headers ["h", ...], ["g", ...], ["c", ...], ["T", ...] into objects."""

    def __init__(
        self, payload: bytes | bytearray, make: dict[str, Callable[..., Any]], *, repeats: bool = False
    ) -> None:
        self._payload = payload
        self._make = make
        self._arrays: list[np.ndarray[Any, Any]] | None = [] if repeats else None
        self._at = 0
        self._nodes = 0

    def decode(self, header: Any, depth: int = 0) -> Any:
        """The value. Raises WireError."""
        self._nodes += 1
        if self._nodes > MAX_NODES or depth > MAX_DEPTH:
            raise WireError("too many values, or too deep")
        kind = type(header)
        if kind is not list:
            return _plain(header, kind)
        if not header or type(header[0]) is not str:
            raise WireError("no value")
        tag, rest = header[0], header[1:]
        if tag == "a":
            array = self._array(rest)
            if self._arrays is not None:
                self._arrays.append(array)
            return array
        if tag == "t" or tag == "l":
            values = [self.decode(inner, depth + 1) for inner in rest]
            return tuple(values) if tag == "t" else values
        if tag == "d":
            return dict(self._pair(pair, depth) for pair in rest)
        if tag == "s":
            return self._array(rest)[()]
        if tag == "T":
            return self._made(tag, [self._array(rest[:2]), *rest[2:]])
        if tag == "r" and self._arrays is not None:
            return self._arrays[rest[0]].copy()
        if tag == "p" and tag in self._make:
            return self._made(tag, [rest[0], self.decode(rest[1], depth + 1)])
        return self._made(tag, rest)

    def finish(self) -> None:
        """Raise WireError if a part of the payload belongs to no array."""
        if self._at != len(self._payload):
            raise WireError("bytes left over")

    def _pair(self, header: Any, depth: int) -> tuple[Any, Any]:
        if type(header) is not list or len(header) != 2 or type(header[0]) not in (str, int):
            raise WireError("no entry of a dict")
        return header[0], self.decode(header[1], depth + 1)

    def _array(self, rest: list[Any]) -> np.ndarray[Any, Any]:
        if len(rest) != 2 or type(rest[0]) is not str or rest[0] not in _DTYPES or type(rest[1]) is not list:
            raise WireError("no array")
        dtype, shape = _DTYPES[rest[0]], rest[1]
        if len(shape) > _AXES:
            raise WireError("no shape")
        size = dtype.itemsize
        for n in shape:
            if type(n) is not int or not 0 <= n < _WHOLE:
                raise WireError("no shape")
            size *= n
        if size > len(self._payload) - self._at:
            raise WireError("an array larger than what was sent")
        # Of an array without entries the other axes are bounded too: a sum over the empty one has them all.
        if not size and math.prod(n or 1 for n in shape) > len(self._payload) + MAX_NODES:
            raise WireError("an empty array with vast axes")
        start, self._at = self._at, self._at + size
        array = np.ndarray(shape, dtype, self._payload, start)
        # On the grader's side a large one stays where it came, for a copy would need its room twice.
        stays = size > _SMALL and array.flags.aligned and self._arrays is None
        return array if stays else array.copy()

    def _made(self, tag: str, rest: list[Any]) -> Any:
        if tag not in self._make:
            raise WireError(f"no value is written {tag!r:.20}")
        try:
            return self._make[tag](*rest)
        except TypeError:
            raise WireError(f"no {tag!r}") from None
