"""Reads a recorded program from what a student's worker sent, by strict rules.

Every name is looked up in our own tables only. An operation must be on the task's list, its arguments of the
kinds that its schema names, and a value must exist before it is used. What is passed on is not the worker's
text but a new one, written from what was read.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from ..studentkit.kinds import StudentError
from ..studentkit.recording import MOST_STEPS
from .allowance import Allowance
from .kernels import read_kernels
from .schema import DTYPES, Refused, signature_of
from .variants import read_variant

# A step of honest code has 100 bytes and 20 parts, each of which takes some memory when it is read.
_MOST_BYTES = 4 << 20
_MOST_PARTS = 500_000
_MOST_CONSTANT = 64  # entries
_MOST_CONSTANTS = 256  # entries of all of them
_MOST_KERNELS = 32
_MOST_VARIANTS = 64  # of one launch
_NAME = 200  # characters
_MALFORMED = (ValueError, TypeError, LookupError, AttributeError, RecursionError, MemoryError)
Outline = tuple[tuple[int, ...], tuple[int, ...], str]  # shape, strides, dtype


def outline(value: Any) -> Outline:
    """Shape, strides and dtype of a tensor: all that the recording worker learns of it."""
    return tuple(value.shape), tuple(value.stride()), str(value.dtype).removeprefix("torch.")


@dataclass(frozen=True, slots=True)
class Program:
    """One call of a student's function as a list of steps, checked."""

    function: str
    text: str  # what an executor prepares
    launches: bool  # whether any kernel is launched


def read_program(data: bytes, inputs: int, allowed: Allowance, function: str) -> Program:
    """Read and check a program.

    Args:
        data: what the worker sent.
        inputs: number of tensors that the function gets.
        allowed: what the function may run.
        function: its name, for messages.

    Raises:
        StudentError: it is no program, or does something that is not allowed.
    """
    if len(data) > _MOST_BYTES or data.count(b",") + data.count(b"[") + data.count(b"{") > _MOST_PARTS:
        raise StudentError(f"{function} cannot be run by the grader: its program is too long", "forbidden")
    try:
        with _uncollected():
            return _Reader(inputs, allowed, function).program(json.loads(data))
    except Refused as error:
        says = str(error)
    except _MALFORMED:
        says = "its process sent no proper program"
    raise StudentError(f"{function} cannot be run by the grader: {says}", "forbidden")


@contextmanager
def _uncollected() -> Iterator[None]:
    """Spare the collector many lists among which no ring can be: it took two thirds of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@dataclass
class _Reader:
    """One program while it is read."""

    inputs: int
    allowed: Allowance
    function: str
    values: list[str] = field(default_factory=list)  # "tensor" or "number", by number
    constants: int = 0  # entries

    def program(self, told: Mapping[str, Any]) -> Program:
        """All of it, step by step."""
        steps, kernels = _sequence(told["steps"], MOST_STEPS), _sequence(told["kernels"], _MOST_KERNELS)
        if told["inputs"] != self.inputs:
            raise Refused("it takes other arguments")
        kinds = {step[0] for step in steps if type(step[0]) is str}
        operations = {kind.partition(".")[0] for kind in kinds if "::" in kind[:_NAME]}
        named = {name for name in _sequence(told["named"], MOST_STEPS) if type(name) is str}
        self.allowed.refuse(operations, named, self.function)
        self.values = ["tensor"] * self.inputs
        read = read_kernels(kernels, self.function) if kernels else []
        written = [self._step(step, read) for step in steps]
        launches = any(step[0] == "launch" for step in written)
        if told["result"] is None:
            raise StudentError(f"{self.function} returned no plain tensor; expected a torch tensor")
        result = self._result(told["result"])
        text = {"inputs": self.inputs, "steps": written, "kernels": [kernel.written for kernel in read]}
        return Program(self.function, json.dumps({**text, "result": result}), launches)

    def _result(self, told: Any) -> list[Any]:
        kind, number = told
        if kind != "v" or type(number) is not int or not 0 <= number < len(self.values):
            raise Refused("its result is no value of the program")
        if self.values[number] != "tensor":
            raise Refused("its result is no tensor")
        return ["v", number]

    def _step(self, step: Any, kernels: Sequence[Any]) -> list[Any]:
        kind = step[0]
        if type(step) is not list or type(kind) is not str:
            raise Refused("a step of it is none")
        if kind == "launch":
            return self._launch(step, kernels)
        if kind == "item":
            signature_of("aten::item", self.allowed)
            source = self._result(step[1])
            return ["item", source, self._new(step[2], "number")]
        if kind == "constant":
            return self._constant(*step[1:])
        _, args, options, gives = step
        told = signature_of(kind, self.allowed).read(args, options, self.values)
        given = _sequence(gives, MOST_STEPS)
        outputs = [None if output is None else self._new(output, "tensor") for output in given]
        return [kind, *told, outputs]

    def _new(self, number: Any, kind: str) -> int:
        """The number of a new value, which has to be the next one."""
        if type(number) is not int or number != len(self.values):
            raise Refused("its values are not in order")
        self.values.append(kind)
        return number

    def _constant(self, dtype: Any, shape: Any, entries: Any, number: Any) -> list[Any]:
        """A small table."""
        sizes = [size for size in _sequence(shape, 8) if type(size) is int and 0 <= size <= _MOST_CONSTANT]
        numbers = [entry for entry in _sequence(entries, _MOST_CONSTANT) if type(entry) in (int, float, bool)]
        self.constants += len(numbers)
        if dtype not in DTYPES or len(sizes) != len(shape) or len(numbers) != len(entries):
            raise Refused("a constant of it is none")
        if self.constants > _MOST_CONSTANTS:
            raise Refused("it brings large tables along")
        return ["constant", dtype, sizes, numbers, self._new(number, "tensor")]

    def _launch(self, step: list[Any], kernels: Sequence[Any]) -> list[Any]:
        if not self.allowed.launches:
            raise Refused("it launches a kernel, which this task does without")
        _, place, variants = step
        if type(place) is not int or not 0 <= place < len(kernels):
            raise Refused("it launches a kernel that is not there")
        told = _sequence(variants, _MOST_VARIANTS)
        if not told:
            raise Refused("it launches nothing")
        return ["launch", place, [read_variant(variant, kernels[place], self.values) for variant in told]]


def _sequence(value: Any, most: int) -> list[Any]:
    if type(value) is not list or len(value) > most:
        raise Refused("a part of it is too long, or no list")
    return value
