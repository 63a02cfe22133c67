"""Runs checked programs, in a process of ours in which no student code was ever loaded.

A worker loads this module and `launching` from their text alone, so they import nothing else of the project.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch

from .launching import Launcher, Maker

_CHUNK = 4000  # lines in one piece of code
_MOST_AXES = 16  # of what is sent back: NumPy has an end, and no task comes near
_MOST_BYTES = 1 << 28  # a tensor of one number can have any size at all
_REAL = ("float16", "bfloat16", "float32", "float64")
_DTYPES = {
    name: getattr(torch, name) for name in (*_REAL, "bool", "uint8", "int8", "int16", "int32", "int64")
}
_FORMATS = ("contiguous_format", "preserve_format", "channels_last", "channels_last_3d")
# Methods that take what the operation of that name takes; calling one costs a third of the time.
_METHODS = frozenset(
    """
    abs add add_ addcdiv addcdiv_ addcmul addcmul_ addmm addmm_ as_strided baddbmm baddbmm_ bmm clone copy_
    detach div div_ exp expand fill_ flip maximum minimum mm mul mul_ neg permute select squeeze sub sub_ t
    transpose unbind unfold unsqueeze view zero_
    """.split()  # noqa: SIM905  # forty quoted words are no easier to read
)
_WITH_OUT = ("add", "addcmul", "bmm", "mm", "mul", "sub")  # functions that take `out` as the operation does


class StepFailed(Exception):
    """A step of a program raised. That is the program's fault, not that of the process that runs it."""


_prepared: dict[int, _Prepared] = {}


@contextmanager
def _blamed() -> Iterator[None]:
    """What a program raises is its own fault; that a library is missing is ours."""
    try:
        yield
    except ImportError:
        raise
    except Exception as error:
        raise StepFailed(f"{type(error).__name__}: {error}") from error


def prepare(number: int, data: Any, *, every: bool = False) -> None:
    """Keep a program, to be run by its number.

    Args:
        number: under which it is kept.
        data: the program's text as bytes.
        every: whether all variants of each launch run; otherwise only the fastest one.

    Raises:
        StepFailed: Python or torch refuses a part of it: a kernel with too many nested loops, a constant that
            does not fit its dtype.
    """
    with _blamed():
        _prepared[number] = _Prepared(json.loads(bytes(data)), every=every)


def run(*inputs: torch.Tensor, number: int) -> torch.Tensor:
    """The result of a program for these tensors. Raises StepFailed."""
    return _prepared[number].run(inputs)


class _Prepared:
    """A program as code: a line for each step, as fast as if somebody had written them in Python.

    Of the program's text only whole numbers come into it; everything else is looked up here and called by a
    name of ours.
    """

    def __init__(self, program: dict[str, Any], *, every: bool) -> None:
        self._launcher = Launcher(program["kernels"], every=every)
        self._names: dict[str, Any] = {}  # what the code calls and passes
        self._known: dict[str, str] = {}  # operation -> its name in the code
        self._inputs: int = program["inputs"]
        self._result: int = program["result"][1]
        self._count = 1 + max([program["inputs"], *_numbers(program["steps"])])
        ends, lines = _ends(program), []
        for place, step in enumerate(program["steps"]):
            lines.append(
                "\n    ".join([self._line(step), *(f"v[{over}] = None" for over in ends.get(place, ()))])
            )
        self._pieces = list(self._compiled(lines))

    def run(self, inputs: tuple[torch.Tensor, ...]) -> torch.Tensor:
        """Run every step in order. A value is freed after the last step that needs it, as in Python.

        New tensors are made on the device of the inputs, whichever device the program was recorded for.
        """
        values: list[Any] = [*inputs, *(None,) * (self._count - len(inputs))]
        if inputs[0].is_cpu:
            return self._run(values)
        with inputs[0].device:
            return self._run(values)

    def _run(self, values: list[Any]) -> torch.Tensor:
        tensors = values[: self._inputs]
        with _blamed():
            for piece in self._pieces:
                piece(values)
            result = values[self._result]
            if not all(map(_can_be_sent, (result, *tensors))):
                raise TypeError("what it leaves is no tensor of real numbers, or a vast one")
            plain: torch.Tensor = result.resolve_neg()
            # As it is sent: what fails then would be taken for a fault of ours.
            return plain.float() if plain.is_cpu and plain.dtype == torch.bfloat16 else plain

    def _compiled(self, lines: list[str]) -> Iterator[Callable[[list[Any]], None]]:
        for first in range(0, len(lines), _CHUNK):
            text = "\n    ".join(["def piece(v):", *lines[first : first + _CHUNK]])
            exec(compile(text, "<program>", "exec", dont_inherit=True), self._names)
            yield self._names.pop("piece")

    def _line(self, step: list[Any]) -> str:
        """A step as a line of Python."""
        kind = step[0]
        if kind == "launch":
            return f"{self._name(self._launcher.step(step[1], step[2], self._argument))}(v)"
        if kind == "item":
            return f"v[{step[2]}] = v[{step[1][1]}].item()"
        if kind == "constant":
            _, dtype, shape, entries, number = step
            table = torch.tensor(entries, dtype=_DTYPES[dtype]).reshape(shape)
            return f"v[{number}] = {self._name(table)}.to(v[0].device, copy=True)"
        _, args, options, outputs = step
        chosen = {key: value for key, value in options.items() if value != ["device"]}
        told = [
            *map(self._written, args),
            *(f"{key}={self._written(value)}" for key, value in chosen.items()),
        ]
        call = f"{self._operation(kind, chosen)}({', '.join(told)})"
        targets = ["_" if output is None else f"v[{output}]" for output in outputs]
        if _gives_list(_exact(kind)):
            return f"[{', '.join(targets)}] = {call}"
        return f"{targets[0]} = {call}" if len(targets) == 1 else call

    def _name(self, value: Any) -> str:
        name = f"x{len(self._names)}"
        self._names[name] = value
        return name

    def _operation(self, kind: str, options: dict[str, Any]) -> str:
        if kind not in self._known:
            stem = kind.removeprefix("aten::").partition(".")[0]
            call = _exact(kind)
            if "out" in options:
                call = getattr(torch, stem) if stem in _WITH_OUT else call
            elif stem in _METHODS:
                call = getattr(torch.Tensor, stem)
            self._known[kind] = self._name(call)
        return self._known[kind]

    def _written(self, told: Any) -> str:
        """An argument as Python."""
        if type(told) is int:
            return repr(told)
        if type(told) is list and told[0] == "v":
            return f"v[{told[1]}]"
        if type(told) is list and told[0] == "l":
            return f"[{', '.join(map(self._written, told[1:]))}]"
        return self._name(self._argument(told))

    def _argument(self, told: Any) -> Any:
        """An argument as a value; what a run has to give, as something that makes it of the run's values."""
        if type(told) is not list:
            return told
        kind, rest = told[0], told[1:]
        if kind == "v":
            return Maker(lambda values: values[rest[0]])
        if kind == "l":
            return [self._argument(inner) for inner in rest]
        if kind == "dtype":
            return _DTYPES[rest[0]]
        if kind == "format" and rest[0] in _FORMATS:
            return getattr(torch, rest[0])
        if kind == "layout":
            return torch.strided
        return rest[0] if kind == "s" else self._launcher.argument(kind, rest)


def _can_be_sent(value: Any) -> bool:
    """Whether a value is a tensor of real numbers, of a size and with axes that a reply can have.

    On a GPU it is not sent but copied to where it is asked for.
    """
    if type(value) is not torch.Tensor or value.is_complex() or value.ndim > _MOST_AXES:
        return False
    return not value.is_cpu or value.numel() * value.element_size() <= _MOST_BYTES


def _exact(name: str) -> Any:
    """An operation of torch by the name of its dispatcher."""
    stem, _, overload = name.removeprefix("aten::").partition(".")
    return getattr(getattr(torch.ops.aten, stem), overload or "default")


def _gives_list(exact: Any) -> bool:
    returns = exact._schema.returns
    return len(returns) != 1 or str(returns[0].type) != "Tensor"


def _ends(program: dict[str, Any]) -> dict[int, list[int]]:
    """Place of a step -> numbers of the values that nothing needs after it."""
    last: dict[int, int] = {}
    for place, step in enumerate(program["steps"]):
        for number in _numbers(step):
            last[number] = place
    last.pop(program["result"][1], None)
    ends: dict[int, list[int]] = {}
    for number, place in last.items():
        if number >= program["inputs"]:  # inputs are the caller's
            ends.setdefault(place, []).append(number)
    return ends


def _numbers(told: Any) -> list[int]:
    """Numbers of the values in a step, or in several."""
    if type(told) is dict:
        return [number for inner in told.values() for number in _numbers(inner)]
    if type(told) is not list or not told:
        return []
    if told[0] == "v":
        return [told[1]]
    if type(told[0]) is str and "::" in told[0]:
        return [*_numbers(told[1]), *_numbers(told[2]), *(value for value in told[3] if value is not None)]
    own = [told[-1]] if told[0] in ("item", "constant") else []
    return [*own, *(number for inner in told for number in _numbers(inner))]
