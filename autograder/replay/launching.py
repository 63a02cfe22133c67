"""Makes Triton kernels from checked text and launches them.

They are compiled, or run in Triton's interpreter. There this module also keeps a kernel from reading or
writing beyond the tensors that it was given.

A worker loads this module and `executor` from their text alone, so they import nothing else of the project.
"""

from __future__ import annotations

import json
import linecache
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch

_TIMED = 5  # calls of a configuration of which the fastest counts
_Step = Callable[[list[Any]], None]
_made: dict[str, list[Any]] = {}  # kernels of programs by their text: compiled once for all sizes


class Launcher:
    """The kernels of one program. A launch runs the fastest of its variants; with `every`, all of them."""

    def __init__(self, kernels: list[dict[str, Any]], *, every: bool) -> None:
        self._every = every
        text = json.dumps(kernels)
        if text not in _made:
            _made[text] = _kernels(kernels)
        self._kernels = _made[text]

    def argument(self, kind: str, rest: list[Any]) -> Any:
        """An argument that only Triton has: a name of its language, or a tensor descriptor."""
        import triton.language as tl

        if kind == "tl":
            return getattr(tl, rest[0])
        if kind == "desc":
            return _descriptor(*rest)
        raise ValueError(kind)

    def step(self, kernel: int, variants: list[dict[str, Any]], argument: Callable[[Any], Any]) -> _Step:
        """A function that launches a kernel.

        Its first call finds the fastest variant. In the interpreter times say nothing, so the first variant
        is taken there.
        """
        calls = [_launch(self._kernels[kernel], variant, argument) for variant in variants]
        chosen = calls if self._every else calls[:1] if len(calls) == 1 or _is_interpreted() else []

        def step(values: list[Any]) -> None:
            if not chosen:
                chosen.append(_fastest(calls, values))
            for call in chosen:
                call(values)

        return step


def _kernels(told: list[dict[str, Any]]) -> list[Any]:
    """Kernels that may call one another."""
    spaces = [
        {name: _meaning(*value) for name, value in kernel["names"].items() if value[0] != "kernel"}
        for kernel in told
    ]
    made = [_jitted(kernel, space) for kernel, space in zip(told, spaces, strict=True)]
    for kernel, space in zip(told, spaces, strict=True):
        names = kernel["names"].items()
        space |= {name: made[value[1]] for name, value in names if value[0] == "kernel"}
    return made


def _meaning(kind: str, value: Any = None) -> Any:
    """What a name in a kernel stands for, if it is no other kernel."""
    import triton.language as tl

    if kind == "language":
        return tl
    if kind == "tl":
        return getattr(tl, value)
    return tl.constexpr(value) if kind == "constexpr" else value


class Maker:
    """An argument that can be made only when a program runs, from the values there are by then."""

    def __init__(self, make: Callable[[list[Any]], Any]) -> None:
        self.make = make


def filled(argument: Any, values: list[Any]) -> Any:
    """The argument with each `Maker` replaced by what it makes, and lists by tuples, as Triton wants."""
    if type(argument) is Maker:
        return argument.make(values)
    return tuple(filled(inner, values) for inner in argument) if type(argument) is list else argument


def _descriptor(base: list[Any], shape: Any, strides: Any, block: Any, padding: str) -> Maker:
    from triton.tools.tensor_descriptor import TensorDescriptor

    return Maker(lambda values: TensorDescriptor(values[base[1]], shape, strides, block, padding))


def _jitted(told: dict[str, Any], space: dict[str, Any]) -> Any:
    """A kernel from its text, in a namespace that knows only what it uses."""
    import triton

    name = f"<kernel {told['name']} {id(space)}>"
    source = told["source"] + "\n"
    # Where Triton reads it.
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    space["__name__"] = "kernels"
    exec(compile(source, name, "exec", dont_inherit=True), space)
    function = space.pop(told["name"])
    if told["unspecialized"]:
        return triton.jit(function, do_not_specialize=told["unspecialized"])
    return triton.jit(function)


def _launch(kernel: Any, told: dict[str, Any], argument: Callable[[Any], Any]) -> _Step:
    makers = {name: argument(value) for name, value in told["given"].items()}
    grid, options = tuple(told["grid"]), told["options"]
    if math.prod(grid) == 0:
        return lambda _: None

    def step(values: list[Any]) -> None:
        given = {name: filled(maker, values) for name, maker in makers.items()}
        if not _is_interpreted():
            kernel[grid](**given, **options)
            return
        with _within(given.values()):
            kernel[grid](**given)

    return step


def _is_interpreted() -> bool:
    import triton

    return bool(triton.knobs.runtime.interpret)


def _fastest(calls: list[_Step], values: list[Any]) -> _Step:
    """By the clock of the GPU; a configuration that cannot be launched is left out."""
    import triton

    times: list[tuple[float, int]] = []
    for place, call in enumerate(calls):
        try:
            call(values)
            torch.cuda.synchronize()
            taken = [_seconds(call, values) for _ in range(_TIMED)]
        except (triton.OutOfResources, triton.CompilationError, RuntimeError):
            continue
        times.append((min(taken), place))
    if not times:
        return calls[0]  # whose complaint tells why
    return calls[min(times)[1]]


def _seconds(call: _Step, values: list[Any]) -> float:
    start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
    start.record()
    call(values)
    end.record()
    torch.cuda.synchronize()
    return float(start.elapsed_time(end))


@contextmanager
def _within(arguments: Any) -> Iterator[None]:
    """Let the interpreter see nothing but the memory of these tensors: around it lies NaN, writing is lost.

    Its loads and stores are real ones of this process.
    """
    from triton.runtime import interpreter

    spans = []
    for argument in arguments:
        tensor = getattr(argument, "base", argument)
        if isinstance(tensor, torch.Tensor):
            storage = tensor.untyped_storage()
            spans.append((storage.data_ptr(), storage.data_ptr() + storage.nbytes()))
    memory = interpreter._interpreter
    interpreter._interpreter = _Fenced(memory, spans)
    try:
        yield
    finally:
        interpreter._interpreter = memory


class _Fenced:
    """The interpreter's access to memory, within some spans of addresses."""

    def __init__(self, memory: Any, spans: list[tuple[int, int]]) -> None:
        self._memory, self._spans = memory, spans

    def __getattr__(self, name: str) -> Any:
        return getattr(self._memory, name)

    def _inside(self, addresses: Any, size: int) -> Any:
        inside = np.zeros(addresses.shape, bool)
        for start, end in self._spans:
            inside |= (addresses >= start) & (addresses + np.uint64(size) <= end)
        return inside

    def load(self, addresses: Any, mask: Any, other: Any, dtype: Any) -> Any:
        inside = self._inside(addresses, np.dtype(dtype).itemsize)
        if inside.all():
            return self._memory.load(addresses, mask, other, dtype)
        lost = mask & ~inside
        poison = (
            np.nan
            if np.dtype(dtype).kind == "f"
            else True
            if np.dtype(dtype).kind == "b"
            else np.iinfo(dtype).max
        )
        other = np.where(lost, np.asarray(poison, dtype), other).astype(dtype)
        return self._memory.load(addresses, mask & inside, other, dtype)

    def store(self, addresses: Any, value: Any, mask: Any) -> Any:
        inside = self._inside(addresses, value.dtype.itemsize)
        return self._memory.store(addresses, value, mask if inside.all() else mask & inside)

    def atomic_rmw(self, operation: Any, addresses: Any, value: Any, mask: Any, order: Any) -> Any:
        inside = self._inside(addresses, value.dtype.itemsize)
        return self._memory.atomic_rmw(operation, addresses, value, mask & inside, order)

    def atomic_cas(self, addresses: Any, compared: Any, value: Any, order: Any) -> Any:
        if not self._inside(addresses, value.dtype.itemsize).all():
            raise RuntimeError("an atomic exchange outside of every tensor")
        return self._memory.atomic_cas(addresses, compared, value, order)
