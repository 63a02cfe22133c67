"""The fixture `compiler` of a hidden test: a student's kernels compiled for GPUs that are not here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from ..errors import OpenPoints
from ..replay import Allowance, Program, Scribe, blamed, prepare

_LIMIT_S = 60.0  # for all variants of one function and one GPU
_NAMES = {80: "an A100 (sm_80)", 90: "an H100 or H200 (sm_90)"}


class Worker(Protocol):
    """The proxy of code in a worker that compiles."""

    def allow(self, seconds: float) -> None:
        """How long the present test may take from now on."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One kernel in one configuration, compiled for one GPU."""

    name: str
    shared: int  # bytes of shared memory of one program
    max_shared: int  # bytes that the GPU has for one program
    tensor_cores: bool  # whether its products run on tensor cores
    error: str  # the compiler's complaint; empty where it had none

    @property
    def fits(self) -> bool:
        """Whether it can be launched on that GPU."""
        return not self.error and self.shared <= self.max_shared


class Compiler:
    """The fixture `compiler`: compiles what a function of the student's launches.

    The student's worker records the call as it would be on a GPU. The recorded text of the kernels is
    checked, and then compiled in a worker in which no student code runs.

    Args:
        student: starts the student's worker; without one every call raises OpenPoints.
        executor: starts the worker that compiles.
    """

    def __init__(
        self, student: Callable[[], Worker] | None = None, executor: Callable[[], Worker] | None = None
    ) -> None:
        self._open = (student, executor)
        self._workers: tuple[Any, Any] | None = None
        self._count = 0

    def __call__(
        self, module: str, function: str, allowed: Allowance, *args: Any, capability: int, **options: Any
    ) -> tuple[Program, list[Variant]]:
        """One call of a function, compiled.

        Args:
            module: of the library.
            function: in it.
            allowed: what it may run.
            args: tensors to call it on; they are not computed with.
            capability: compute capability of the GPU: 80 for an A100, 90 for an H100 or H200.
            options: of the call.

        Returns:
            The call as a program, and every variant of its kernels.

        Raises:
            OpenPoints: nothing can be compiled here.
            StudentError: the function fails, or runs what is not allowed.
        """
        self._workers = self._workers or self._opened()
        student, executor = self._workers
        target = getattr(getattr(student, module), function)
        student.allow(_LIMIT_S)
        program = Scribe(target, function, allowed, {"capability": capability}).program(args, options)
        executor.allow(_LIMIT_S)
        self._count += 1
        with blamed(function):
            prepare(executor, self._count, program, every=True)
            compiled = executor.executor.run.compile(capability, *args, number=self._count)
        return program, [_variant(**variant) for variant in compiled]

    def _opened(self) -> tuple[Any, Any]:
        student, executor = self._open
        if student is None or executor is None:
            raise OpenPoints("kernels are compiled by the grader only")
        return student(), executor()


def assert_launchable(variants: list[Variant], function: str, capability: int) -> None:
    """Assert that every kernel has a variant that compiles and fits into the GPU's shared memory.

    Args:
        variants: what `Compiler` gave.
        function: for the message.
        capability: they were compiled for.

    Raises:
        AssertionError: there is none, or none of a kernel's can be launched.
    """
    where = _NAMES.get(capability, f"sm_{capability}")
    assert variants, f"{function} launches no Triton kernel"
    for name in dict.fromkeys(variant.name for variant in variants):
        ours = [variant for variant in variants if variant.name == name]
        if any(variant.fits for variant in ours):
            continue
        error = next((variant.error for variant in ours if variant.error), "")
        if error:
            raise AssertionError(f"the kernel {name} does not compile for {where}: {error}")
        least = min(variant.shared for variant in ours)
        raise AssertionError(
            f"the kernel {name} needs {least // 1024} KiB of shared memory in its smallest configuration, "
            f"but {where} has {ours[0].max_shared // 1024} KiB for one program"
        )


def _variant(
    *, name: str, shared: int, max_shared: int, tensor_cores: bool, error: str | None, **_: Any
) -> Variant:
    return Variant(str(name)[:80], int(shared), int(max_shared), bool(tensor_cores), str(error or "")[:400])
