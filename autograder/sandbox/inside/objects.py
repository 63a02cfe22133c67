"""What stays with the student: objects that the grader holds only by a number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from . import wire
from .channel import read_message, write_message


class Objects:
    """The objects of the present test, and how values go in and out."""

    def __init__(self, frameworks: Any) -> None:
        self._arrays_of = frameworks.arrays_of
        self._held: dict[int, Any] = {}
        self._next = 0
        self.makers: dict[str, Callable[..., Any]] = {
            "h": self.get,
            "g": np.random.default_rng,
            "c": _callback,
            "T": lambda numbers, kind: frameworks.ARRAYS[kind].make(numbers),
            "p": lambda axes, tensor: tensor.permute(axes),
        }

    def clear(self) -> None:
        """Forget them all; numbers are not used again."""
        self._held.clear()

    def get(self, number: int, _type_name: str = "") -> Any:
        """The object."""
        return self._held[number]

    def cross(self, encoder: wire.Encoder, value: Any, kind: Any) -> Any:
        """Header of a result; `kind` says which parts stay even if they could cross (see `staying.py`)."""
        if kind == "handle":
            return self._stay(value)
        if type(kind) is dict and "or none" in kind:
            return None if value is None else self.cross(encoder, value, kind["or none"])
        if type(kind) is dict and type(value) is dict and all(type(key) in (str, int) for key in value):
            return ["d", *([key, self.cross(encoder, entry, kind["each"])] for key, entry in value.items())]
        if type(kind) in (list, dict) and type(value) in (tuple, list):
            kinds = kind if type(kind) is list else [kind["each"]] * len(value)
            if len(kinds) == len(value):
                parts = [self.cross(encoder, entry, part) for entry, part in zip(value, kinds, strict=True)]
                return ["t" if type(value) is tuple else "l", *parts]
        return encoder.encode(value)

    def keep(self, encoder: wire.Encoder, value: Any) -> list[Any]:
        """Header of a value that is no plain data: a framework's numbers cross, anything else stays."""
        arrays = self._arrays_of(type(value))
        if arrays is not None:
            return [*encoder.array("T", arrays.numbers(value)), arrays.kind]
        return self._stay(value)

    def _stay(self, value: Any) -> list[Any]:
        self._next += 1
        self._held[self._next] = value
        return ["h", self._next, type(value).__name__[:100]]


def _callback(number: int) -> Callable[..., Any]:
    """A function of the grader's: data there, data back."""

    def call(*args: Any, **options: Any) -> Any:
        encoder = wire.Encoder(wire.refuse)
        try:
            header = {"callback": number, "args": encoder.encode(args), "options": encoder.encode(options)}
        except wire.Stays as error:
            raise TypeError(f"this function takes arrays and numbers: {error}") from None
        write_message(header, encoder.payload)
        answer, payload = read_message()
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return wire.Decoder(payload, {}).decode(answer["value"])

    return call
