"""A call turned into data: the steps of torch and the kernels of Triton that it is made of.

What comes out is a program that somebody else can check and run; nothing in it has to be believed. Shapes,
strides and dtypes may decide what a function does, numbers in tensors may not: they are others when the
program runs.

    {"inputs": 2, "steps": [...], "kernels": [...], "result": ["v", 5], "named": ["aten::einsum", ...]}

Values have numbers: the inputs first, then whatever a step gives. A step is

    ["aten::add.Tensor", [arguments], {options}, [numbers of what it gives]]
    ["item", value, number]                             one number read out of a tensor, passed on as it is
    ["constant", dtype, shape, [entries], number]       a few entries that the code brings along
    ["launch", kernel, [variant, ...]]                  of an autotuned kernel one for each configuration

and an argument null, true, 1, 0.5, or one of ["v", number], ["l", ...], ["s", text], ["dtype", name],
["format", name], ["device"], ["layout"], ["tl", name], ["desc", tensor, shape, strides, block, padding].
"""

from __future__ import annotations

import ast
import builtins
import inspect
import json
import sys
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

MOST_STEPS = 20_000  # beyond, reading the program costs whoever checks it too much
_FEW = 64  # entries of a tensor that the code brings along
_PLAIN = (type(None), bool, int, float)
_DTYPES = {"fp16": "float16", "bf16": "bfloat16", "fp32": "float32", "fp64": "float64"}  # of Triton
REASONS = {
    "numbers": "reads numbers out of a tensor and decides or computes with them in Python",
    "foreign": "uses a tensor that is neither an argument nor computed from one: kept from another call, "
    "made by NumPy, or a large table",
    "value": "passes torch or Triton something that is no tensor, number, dtype or text",
    "steps": f"takes more than {MOST_STEPS:,} operations",
    "kernel": "launches a kernel whose text is not to be had",
}


class Unrecordable(Exception):
    """The call does something that no program can say; `reason` is a key of a table."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"it {REASONS[reason]}, which cannot be recorded")
        self.reason = reason


class Number(float):
    """A number that was read out of a tensor: to be passed on to torch, and for nothing else."""


def _refuse(*_: Any, **__: Any) -> Any:
    raise Unrecordable("numbers")


for _name in (
    *("add", "radd", "sub", "rsub", "mul", "rmul", "truediv", "rtruediv", "floordiv", "rfloordiv", "mod"),
    *("rmod", "pow", "rpow", "neg", "pos", "abs", "lt", "le", "gt", "ge", "eq", "ne", "bool", "int", "round"),
    *("str", "repr", "format", "trunc", "floor", "ceil", "divmod", "rdivmod", "hash"),
):
    setattr(Number, f"__{_name}__", _refuse)


def recorded(
    function: Callable[..., Any], outlines: Sequence[Any], options: Mapping[str, Any], device: str = "cpu"
) -> dict[str, Any]:
    """The program of one call on tensors of these outlines: (shape, strides, dtype) each.

    On the device "meta" they take no memory, however large they are. Raises Unrecordable where the call
    cannot be said as a program, and whatever the function raises.
    """
    import torch

    inputs = [_example(torch, outline, device) for outline in outlines]
    recorder = _Recorder(torch, inputs)
    with recorder.watching():
        result = function(*inputs, **options)
    if recorder.refused:  # and the function caught it
        raise Unrecordable(recorder.refused)
    return recorder.program(result)


def record(
    function: Callable[..., Any], outlines: Sequence[Any], options: Mapping[str, Any], device: str = "cpu"
) -> bytes:
    """The program of a call as text; {"unrecordable": reason} where it has none."""
    try:
        program = recorded(function, outlines, options, device)
    except Unrecordable as error:
        program = {"unrecordable": error.reason}
    return json.dumps(program).encode()


def _example(torch: Any, outline: Any, device: str) -> Any:
    shape, strides, dtype = outline
    value = torch.empty_strided(tuple(shape), tuple(strides), dtype=getattr(torch, dtype), device=device)
    return value if device == "meta" else value.normal_()


class _Recorder:
    """Steps of one call, as they happen."""

    def __init__(self, torch: Any, inputs: Sequence[Any]) -> None:
        self._torch = torch
        self._steps: list[Any] = []
        self._kernels: list[dict[str, Any]] = []
        self._known: dict[int, int] = {}  # id of a kernel -> its place
        self._numbers: dict[float, int] = {}  # what `item` gave -> number of the value
        self._held: list[Any] = []  # kernels: their ids must stay theirs
        self._group: list[Any] | None = None  # variants of the kernel that is being tuned
        self._count = 0
        self._inputs = len(inputs)
        self._named: set[str] = set()  # functions of torch as they were called
        self.refused = ""
        for each in inputs:
            self._new(each)

    def program(self, result: Any) -> dict[str, Any]:
        """What was recorded, with the function's result."""
        plain = type(result) is self._torch.Tensor
        return {
            "inputs": self._inputs,
            "steps": self._steps,
            "kernels": self._kernels,
            "result": self._tensor(result) if plain else None,
            "named": sorted(self._named),
        }

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Write down all that is done in the meantime."""
        with ExitStack() as open_:
            for mode in self._modes():
                open_.enter_context(mode)
            if "triton.runtime.jit" in sys.modules:
                open_.enter_context(self._kernels_watched())
            yield

    def _modes(self) -> tuple[Any, Any]:
        from torch.overrides import TorchFunctionMode
        from torch.utils._python_dispatch import TorchDispatchMode

        recorder, tensor = self, self._torch.Tensor
        reads = {tensor.item: self._item, tensor.__float__: self._item, tensor.tolist: self._listed}

        class Operations(TorchDispatchMode):
            @classmethod
            def _should_skip_dynamo(cls) -> bool:
                return False  # to skip it, torch imports it in the midst of the call, for seconds

            def __torch_dispatch__(
                self, operation: Any, _types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
            ) -> Any:
                return recorder.operation(operation, args, kwargs or {})

        class Reading(TorchFunctionMode):
            def __torch_function__(
                self, called: Any, _types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
            ) -> Any:
                recorder._named.add(f"aten::{called.__name__}")
                if called in reads:
                    return reads[called](args[0])
                return called(*args, **(kwargs or {}))

        modes: tuple[Any, Any] = Reading, Operations  # their constructors carry no types
        return modes[0](), modes[1]()

    def operation(self, operation: Any, args: Sequence[Any], options: Mapping[str, Any]) -> Any:
        """Run and write down an operation of torch."""
        name = operation.name()
        if name == "aten::_local_scalar_dense":
            raise self._refusal("numbers")
        told = [self._encoded(each) for each in args]
        chosen = {key: self._encoded(value) for key, value in options.items()}
        result = operation(*args, **options)
        parts = result if isinstance(result, (tuple, list)) else (result,)
        self._add([name, told, chosen, [self._given(each) for each in parts]])
        return result

    def _given(self, value: Any) -> int | None:
        if not isinstance(value, self._torch.Tensor) or self._number(value) is not None:
            return None  # what works in place gives what there was
        return self._new(value)

    def _item(self, tensor: Any) -> Any:
        if not tensor.dtype.is_floating_point or tensor.numel() != 1:
            raise self._refusal("numbers")
        source = self._tensor(tensor)
        self._count += 1
        value = Number(0.5 + self._count / (1 << 40))  # like no other number, and exact in float64
        self._numbers[float.__add__(value, 0.0)] = self._count - 1
        self._add(["item", source, self._count - 1])
        return value

    def _listed(self, tensor: Any) -> Any:
        if not tensor.ndim:
            return self._item(tensor)
        return [self._listed(each) for each in tensor.unbind(0)]

    def _add(self, step: list[Any]) -> None:
        self._steps.append(step)
        if len(self._steps) > MOST_STEPS:
            raise self._refusal("steps")

    def _refusal(self, reason: str) -> Unrecordable:
        self.refused = self.refused or reason
        return Unrecordable(reason)

    # -- values

    def _new(self, tensor: Any) -> int:
        tensor._recorded = (self, self._count)
        self._count += 1
        return self._count - 1

    def _number(self, tensor: Any) -> int | None:
        owner, number = getattr(tensor, "_recorded", (None, None))
        return number if owner is self else None

    def _tensor(self, tensor: Any) -> list[Any]:
        number = self._number(tensor)
        return ["v", self._constant(tensor) if number is None else number]

    def _constant(self, tensor: Any) -> int:
        """A small tensor that comes from nowhere, such as torch.tensor([1, 2, 1])."""
        if type(tensor) is not self._torch.Tensor or tensor.numel() > _FEW or tensor.is_complex():
            raise self._refusal("foreign")
        with self._torch._C.DisableTorchFunction():
            entries = [] if tensor.is_meta else tensor.detach().reshape(-1).tolist()
        dtype = str(tensor.dtype).removeprefix("torch.")
        number = self._new(tensor)
        self._add(["constant", dtype, list(tensor.shape), entries, number])
        return number

    def _encoded(self, value: Any) -> Any:
        torch = self._torch
        if isinstance(value, torch.Tensor):
            return self._tensor(value)
        if isinstance(value, float) and (plain := float.__add__(value, 0.0)) in self._numbers:
            return ["v", self._numbers[plain]]
        if type(value) in _PLAIN:
            return value
        if type(value) is str:
            return ["s", value]
        if isinstance(value, (tuple, list)):
            return ["l", *map(self._encoded, value)]
        if isinstance(value, torch.dtype):
            return ["dtype", str(value).removeprefix("torch.")]
        if isinstance(value, torch.memory_format):
            return ["format", str(value).removeprefix("torch.")]
        if isinstance(value, torch.device):
            return ["device"]
        if value is torch.strided:
            return ["layout"]
        return self._triton(value)

    def _triton(self, value: Any) -> Any:
        kind, home = type(value).__name__, type(value).__module__.partition(".")[0]
        if home == "triton" and kind == "constexpr":
            return self._encoded(value.value)
        if home == "triton" and kind == "dtype":
            return ["tl", _DTYPES.get(value.name, str(value.name))]
        if home == "triton" and kind == "TensorDescriptor":
            sizes = [[*map(int, each)] for each in (value.shape, value.strides, value.block_shape)]
            return ["desc", self._tensor(value.base), *sizes, str(value.padding)]
        raise self._refusal("value")

    # -- kernels

    @contextmanager
    def _kernels_watched(self) -> Iterator[None]:
        """Write launches down in place of launching; of an autotuned kernel in every configuration."""
        from triton.runtime.autotuner import Autotuner
        from triton.runtime.interpreter import InterpretedFunction
        from triton.runtime.jit import JITFunction

        recorder, tune = self, Autotuner.run

        def launch(kernel: Any, *args: Any, grid: Any, warmup: bool = False, **options: Any) -> None:
            if not warmup:
                recorder.launch(kernel, args, grid, options)

        def tune_all(tuner: Any, *args: Any, **options: Any) -> Any:
            with recorder._as_one_step(tuner):
                return tune(tuner, *args, **options)

        before = [(each, each.run) for each in (Autotuner, InterpretedFunction, JITFunction)]
        Autotuner.run, InterpretedFunction.run, JITFunction.run = tune_all, launch, launch
        try:
            yield
        finally:
            for each, run in before:
                each.run = run

    @contextmanager
    def _as_one_step(self, tuner: Any) -> Iterator[None]:
        group, bests, self._group = self._group, tuner.cache, []
        tuner.cache, tuner.cache_results, tuner.do_bench = {}, False, _call_once
        try:
            yield
            if self._group:
                unique = {json.dumps(each): each for each in self._group}
                self._add(["launch", self._group[0][0], [variant for _, variant in unique.values()]])
        finally:
            self._group, tuner.cache = group, bests
            del tuner.do_bench  # a cached property

    def launch(self, kernel: Any, args: Sequence[Any], grid: Any, options: Mapping[str, Any]) -> None:
        """Write one launch down."""
        given = dict(zip(kernel.arg_names, args, strict=False))
        given |= {name: value for name, value in options.items() if name in kernel.arg_names}
        others = {name: self._encoded(each) for name, each in options.items() if name not in kernel.arg_names}
        sizes = grid(given) if callable(grid) else grid
        variant = {
            "grid": [int(each) for each in sizes],
            "given": {name: self._encoded(value) for name, value in given.items()},
            "options": {name: each for name, each in others.items() if each is not None},
        }
        place = self._kernel(kernel)
        if self._group is not None:
            self._group.append([place, variant])
        else:
            self._add(["launch", place, [variant]])

    def _kernel(self, kernel: Any) -> int:
        if id(kernel) in self._known:
            return self._known[id(kernel)]
        function = kernel.fn
        try:
            source = textwrap.dedent(inspect.getsource(function))
            used = {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}
        except (OSError, TypeError, SyntaxError):
            raise self._refusal("kernel") from None
        place = self._known[id(kernel)] = len(self._kernels)
        self._held.append(kernel)
        asked = getattr(kernel, "do_not_specialize", None) or getattr(kernel, "kwargs", {}).get(
            "do_not_specialize"
        )
        names: dict[str, Any] = {}
        unspecialized = [str(each) for each in asked or ()]
        self._kernels.append({"source": source, "names": names, "unspecialized": unspecialized})
        known = {**function.__globals__, **inspect.getclosurevars(function).nonlocals}
        for name in sorted(used & known.keys()):
            if (meaning := self._meaning(known[name])) is not None:
                names[name] = meaning
        return place

    def _meaning(self, value: Any) -> list[Any] | None:
        """What a name outside a kernel stands for, if the kernel can use it."""
        language = sys.modules["triton.language"]
        if value is language:
            return ["language"]
        if type(value).__name__ in ("JITFunction", "InterpretedFunction"):
            return ["kernel", self._kernel(value)]
        if type(value).__name__ == "constexpr" and type(value.value) in (*_PLAIN, str):
            return ["constexpr", value.value]
        if type(value) in (*_PLAIN, str):
            return ["value", value]
        name = getattr(value, "name", None) or getattr(value, "__name__", None)
        if isinstance(name, str) and getattr(language, name, builtins) is value:
            return ["tl", name]
        return None


def _call_once(call: Callable[[], object], *, quantiles: tuple[float, ...] = (0.5,), **_: Any) -> list[float]:
    """In place of a benchmark."""
    call()
    return [1.0] * len(quantiles)
