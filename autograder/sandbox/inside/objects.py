"""What stays with the student: objects that the grader holds only by a number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from . import wire
from .channel import read_message, write_message


@dataclass(frozen=True, slots=True)
class Held:
    """Stands for an object that stays."""

    number: int
    name: str  # of its type


class Objects:
    """The objects of the present test, and how values go in and out."""

    def __init__(self, frameworks: Any) -> None:
        self._frameworks = frameworks
        self._held: dict[int, Any] = {}
        self._next = 0
        self.makers: dict[str, Callable[..., Any]] = {
            "h": self.get,
            "g": np.random.default_rng,
            "c": lambda number: _callback(number, frameworks.Crossing),
            "T": lambda numbers, kind: frameworks.ARRAYS[kind].make(numbers),
            "p": _permuted,
        }

    def clear(self) -> None:
        """Forget them all; numbers are not used again."""
        self._held.clear()

    def get(self, number: int, _type_name: str = "") -> Any:
        """The object."""
        return self._held[number]

    def crossing(self, *, own: bool = False) -> Any:
        """What turns the values of one reply into plain data.

        With `own` they are what they are now, whatever becomes of the arrays in them.
        """
        return self._frameworks.Crossing(self._stay, self._frameworks.arrays_of, own=own)

    def header(self, encoder: wire.Encoder, value: Any) -> list[Any]:
        """Header of what is no plain data in a result: numbers of a framework, an object that stays."""
        if type(value) is Held:
            return ["h", value.number, value.name]
        return [*encoder.array("T", value), value.kind]

    def _stay(self, value: Any, name: str) -> Held:
        self._next += 1
        self._held[self._next] = value
        return Held(self._next, name)


def _permuted(axes: list[int], value: Any) -> Any:
    if type(value) is np.ndarray:
        return value.transpose(axes).copy(order="K")
    return value.permute(axes)


def _callback(number: int, crossing_of: Callable[..., Any]) -> Callable[..., Any]:
    """A function of the grader's: data there, data back."""

    def call(*args: Any, **options: Any) -> Any:
        encoder, crossing = wire.Encoder(wire.refuse), crossing_of(_refused, lambda _: None)
        passed = {"args": encoder.encode(crossing.cross(args))}
        passed["options"] = encoder.encode(crossing.cross(options))
        header = {"callback": number, **passed}
        write_message(header, encoder.payload)
        answer, payload = read_message()
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return wire.Decoder(payload, {}).decode(answer["value"])

    return call


def _refused(_: Any, name: str) -> Any:
    raise TypeError(f"this function takes arrays and numbers: {name} cannot cross")
