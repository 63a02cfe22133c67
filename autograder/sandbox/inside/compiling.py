"""Compiles the Triton kernels that a function launches, for a GPU that need not be there.

As far as PTX, the code of NVIDIA's virtual machine, and in memory: so a worker needs neither a directory to
write into nor the right to start the assembler.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import torch
import triton
from triton.backends.compiler import GPUTarget
from triton.backends.driver import DriverBase
from triton.backends.nvidia.compiler import CUDABackend
from triton.runtime.cache import CacheManager

_ERROR = 2000  # characters kept of a complaint
_PROPERTIES: dict[int, dict[str, int]] = {  # A100 and H100 or H200
    80: {"max_shared_mem": 166912, "multiprocessor_count": 108},
    90: {"max_shared_mem": 232448, "multiprocessor_count": 132},
}


class _Utilities:
    """What a driver tells of its GPU."""

    def __init__(self, properties: Mapping[str, int]) -> None:
        self._properties = {
            **properties,
            "max_num_regs": 65536,
            "warpSize": 32,
            "sm_clock_rate": 1_500_000,
            "mem_clock_rate": 2_600_000,
            "mem_bus_width": 5120,
        }

    def get_device_properties(self, _device: int) -> dict[str, int]:
        return dict(self._properties)


class _AbsentGPU(DriverBase):  # type: ignore[misc]  # Triton carries no types
    """A driver that knows everything about its GPU except how to reach one."""

    def __init__(self, capability: int, properties: Mapping[str, int]) -> None:
        self.utils = _Utilities(properties)
        self._capability = capability

    @classmethod
    def is_active(cls) -> bool:
        return True

    def map_python_to_cpp_type(self, ty: str) -> str:
        return ty

    def get_current_target(self) -> GPUTarget:
        return GPUTarget("cuda", self._capability, 32)

    def get_device_capability(self, _device: int = 0) -> tuple[int, int]:
        return divmod(self._capability, 10)

    def get_active_torch_device(self) -> torch.device:
        return torch.device("meta")

    def get_current_device(self) -> int:
        """A number of its own for each GPU: Triton keeps what it compiled by this number."""
        return self._capability

    def set_current_device(self, _device: int) -> None:
        """There is only one."""

    def get_current_stream(self, _device: int | None = None) -> int:
        return 0

    def get_device_interface(self) -> Any:
        raise RuntimeError("there is no GPU here: kernels are compiled but not run")

    def get_empty_cache_for_benchmark(self) -> torch.Tensor:
        return torch.empty(0, device="meta")

    def clear_cache(self, _cache: torch.Tensor) -> None:
        """Nothing is cached."""

    def get_benchmarker(self) -> Callable[..., list[float]]:
        return _call_once


class _NoCache(CacheManager):  # type: ignore[misc]  # Triton carries no types
    """Keeps nothing: one student's kernels are no business of the next one's."""

    def __init__(self, *_args: Any, **_options: Any) -> None:
        pass

    def get_file(self, _filename: str) -> None:
        return None

    def put(self, _data: Any, filename: str, binary: bool = True) -> str:  # noqa: ARG002  # Triton's name
        return filename

    def get_group(self, _filename: str) -> None:
        return None

    def put_group(self, filename: str, _group: Any) -> str:
        return filename


class _Translated(Exception):
    """A kernel is PTX now."""

    def __init__(self, ptx: str, metadata: dict[str, Any]) -> None:
        self.ptx = ptx
        self.metadata = metadata


def compile_launches(
    launch: Callable[[], object], capability: int, *, exhaustive: bool = False
) -> list[dict[str, Any]]:
    """Compile every kernel that a function launches, without running any.

    Of an autotuned one, configurations are compiled in their order until one fits the GPU.

    The function should call its kernels on tensors of the device "meta" or "cpu". Their outputs stay as
    they were, so it cannot look at them. A kernel that does not compile is recorded and the function goes
    on as if it had run.

    Args:
        launch: launches Triton kernels.
        capability: the GPU to compile for: 80 for an A100, 90 for an H100 or H200.
        exhaustive: compile every configuration instead.

    Returns:
        For each variant in the order of the launches, without repetitions: "name" of the kernel; "shared",
        bytes of shared memory of one program, of which the GPU has "max_shared"; "tensor_cores", whether
        they multiply; "wgmma", whether in Hopper's way; "copies", whether loads run beside the
        arithmetic; "error", the text of the compiler's complaint, or None. Where there is an error, the
        numbers are 0.

    Raises:
        RuntimeError: TRITON_INTERPRET is set.
        ValueError: the capability is neither 80 nor 90.
    """
    if triton.knobs.runtime.interpret:
        raise RuntimeError("kernels cannot be compiled where TRITON_INTERPRET is set")
    if capability not in _PROPERTIES:
        raise ValueError(f"kernels are compiled for 80 or 90, not for {capability}")
    compiled: list[dict[str, Any]] = []
    limit = _PROPERTIES[capability]["max_shared_mem"]
    with _in_memory(), _recording(compiled, limit, exhaustive), absent({"capability": capability}):
        launch()
    return compiled


def absent(gpu: Mapping[str, int]) -> AbstractContextManager[None]:
    """Let Triton believe in a GPU of that "capability"; others of its properties replace those of a table."""
    properties = {name: value for name, value in gpu.items() if name != "capability"}
    capability = gpu["capability"]
    return _driver(_AbsentGPU(capability, {**_PROPERTIES.get(capability, _PROPERTIES[80]), **properties}))


def warm_up() -> None:
    """Compile a small kernel for every GPU: what Triton asks of its assembler is remembered."""
    from . import nothing

    for capability in _PROPERTIES:
        compiled = compile_launches(lambda: nothing.kernel[(1,)](torch.empty(1)), capability)
        if len(compiled) != 1 or compiled[0]["error"]:
            raise RuntimeError(f"Triton cannot compile here: {compiled}")


@contextmanager
def _in_memory() -> Iterator[None]:
    """Stop each compilation at PTX, and keep nothing of it on disk."""

    def stop(_self: Any, ptx: str, metadata: dict[str, Any], *_rest: Any) -> None:
        raise _Translated(ptx, dict(metadata))

    cache, assemble = triton.knobs.cache, CUDABackend.make_cubin
    before = cache.manager_class
    cache.manager_class, CUDABackend.make_cubin = _NoCache, stop
    try:
        yield
    finally:
        cache.manager_class, CUDABackend.make_cubin = before, assemble


@contextmanager
def _driver(driver: _AbsentGPU) -> Iterator[None]:
    config = triton.runtime.driver
    before = config._active
    config.set_active(driver)
    try:
        yield
    finally:
        config._active = before


@contextmanager
def _recording(found: list[dict[str, Any]], limit: int, exhaustive: bool) -> Iterator[None]:
    """Compile instead of launching, and keep what the compiler made or said."""
    function = triton.runtime.jit.JITFunction
    run = function.run
    seen: set[object] = set()

    def compile_only(self: Any, *args: Any, **kwargs: Any) -> None:
        if not exhaustive and any(_fits(variant) for variant in found if variant["name"] == self.__name__):
            return
        entry: dict[str, Any] = {"name": self.__name__, "max_shared": limit, "error": None}
        try:
            run(self, *args, **{**kwargs, "warmup": True})
        except _Translated as done:
            if done.metadata["hash"] not in seen:
                seen.add(done.metadata["hash"])
                found.append({**entry, "shared": done.metadata["shared"], **_features(done.ptx)})
        except Exception as fault:
            text = f"{type(fault).__name__}: {fault}"[:_ERROR]
            found.append({**entry, "shared": 0, **_features(""), "error": text})

    tuner = triton.runtime.autotuner.Autotuner
    tune = tuner.run

    def try_all(self: Any, *args: Any, **kwargs: Any) -> Any:
        bests, self.cache, self.do_bench = self.cache, {}, _call_once
        try:
            return tune(self, *args, **kwargs)
        finally:
            self.cache = bests
            del self.do_bench  # a cached property

    function.run, tuner.run = compile_only, try_all
    try:
        yield
    finally:
        function.run, tuner.run = run, tune


def _call_once(call: Callable[[], object], *, quantiles: tuple[float, ...] = (0.5,), **_: Any) -> list[float]:
    """In place of a benchmark."""
    call()
    return [1.0] * len(quantiles)


def _fits(entry: dict[str, Any]) -> bool:
    return entry["error"] is None and bool(entry["shared"] <= entry["max_shared"])


def _features(ptx: str) -> dict[str, bool]:
    return {
        "tensor_cores": "wgmma.mma_async" in ptx or "mma.sync" in ptx,
        "wgmma": "wgmma.mma_async" in ptx,
        "copies": "cp.async" in ptx,
    }
