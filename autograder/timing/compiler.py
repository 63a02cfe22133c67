"""The fixture `compiler` of a hidden test: a student's kernels compiled for GPUs that are not here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from ..errors import OpenPoints
from ..studentkit.kinds import StudentError

_LIMIT_S = 60.0  # for all variants of one function and one GPU
_NAMES = {80: "an A100 (sm_80)", 90: "an H100 or H200 (sm_90)"}


class Toolchain(Protocol):
    """The proxy of a student's code in a worker that compiles."""

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
    """Compiles what a function of the student's launches. Raises OpenPoints where that cannot be done."""

    def __init__(self, open_: Callable[[], Toolchain] | None) -> None:
        self._open = open_
        self._toolchain: Toolchain | None = None

    def __call__(
        self, module: str, function: str, *args: Any, capability: int, **options: Any
    ) -> list[Variant]:
        """Every variant of every kernel that the call launches, for a GPU of that compute capability."""
        if self._open is None:
            raise OpenPoints("kernels are compiled by the grader only")
        self._toolchain = self._toolchain or self._open()
        self._toolchain.allow(_LIMIT_S)
        target = getattr(getattr(self._toolchain, module), function)
        found = target.compile(capability, *args, **options)
        try:
            return [_variant(**each) for each in found]
        except (TypeError, ValueError) as error:
            raise StudentError(f"{function} disturbed the compiler", "crashed", repr(error)) from None


def assert_launchable(variants: list[Variant], function: str, capability: int) -> None:
    """Assert that every kernel has a variant that compiles and fits into the GPU's shared memory."""
    where = _NAMES.get(capability, f"sm_{capability}")
    assert variants, f"{function} launches no Triton kernel"
    for name in dict.fromkeys(each.name for each in variants):
        ours = [each for each in variants if each.name == name]
        if any(each.fits for each in ours):
            continue
        error = next((each.error for each in ours if each.error), "")
        if error:
            raise AssertionError(f"the kernel {name} does not compile for {where}: {error}")
        least = min(each.shared for each in ours)
        raise AssertionError(
            f"the kernel {name} needs {least // 1024} KiB of shared memory in its smallest configuration, "
            f"but {where} has {ours[0].max_shared // 1024} KiB for one program"
        )


def _variant(
    *, name: str, shared: int, max_shared: int, tensor_cores: bool, error: str | None, **_: Any
) -> Variant:
    return Variant(str(name)[:80], int(shared), int(max_shared), bool(tensor_cores), str(error or "")[:400])
