"""Functions that a test passes to the student's code, run here while a call waits for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from .inside import wire

Callback = Callable[..., Any]
_MOST = 100_000  # calls during one request
_LEAST = 1 << 20  # bytes that one call may pass in any case
_FACTOR = 8  # times the bytes that the test passed, where that is more
_ALL = 64  # times what one call may pass: all of them together


class TooMuch(Exception):
    """The student's code passes more to a function of the test than that may be asked to work on."""


class Callbacks:
    """The functions passed in one request, and how much the student's code may still pass to them.

    What a function works on is paid by the trusted process: so much is allowed as is in proportion to what
    the test itself handed over.
    """

    def __init__(self) -> None:
        self._functions: list[Callback] = []
        self._one = _LEAST
        self._calls = _MOST
        self._bytes = _ALL * _LEAST

    def add(self, function: Callback) -> int:
        """The number by which the other side calls it."""
        self._functions.append(function)
        return len(self._functions) - 1

    def passed(self, arrays: Iterable[memoryview | bytes]) -> None:
        """Say what arrays the test hands over."""
        if self._functions:
            self._one = max(_LEAST, _FACTOR * sum(map(len, arrays)))
            self._bytes = _ALL * self._one

    def answer(self, header: dict[str, Any], payload: bytearray) -> list[memoryview | bytes]:
        """Run a function on what is passed; the message that says what it gave. Raises WireError, TooMuch."""
        number = header["callback"]
        if type(number) is not int or not 0 <= number < len(self._functions):
            raise wire.WireError("a call of no function")
        self._calls -= 1
        self._bytes -= len(payload)
        if len(payload) > self._one or self._calls < 0 or self._bytes < 0:
            raise TooMuch
        decoder = wire.Decoder(payload, {})
        args, options = decoder.decode(header.get("args")), decoder.decode(header.get("options"))
        decoder.finish()
        named = type(options) is dict and all(type(name) is str for name in options)
        if type(args) is not tuple or not named:
            raise wire.WireError("a call without arguments")
        encoder = wire.Encoder(wire.refuse)
        try:
            value = encoder.encode(self._functions[number](*args, **options))
        except Exception as error:  # an argument of the wrong shape raises here, as it would in their file
            return wire.pack({"error": f"{type(error).__name__}: {error}"[:300]}, [])
        return wire.pack({"value": value}, encoder.payload)
