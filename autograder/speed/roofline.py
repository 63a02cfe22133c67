"""The least time that a computation can take on a device.

Williams, Waterman and Patterson, Roofline: an insightful visual performance model for multicore
architectures (Communications of the ACM, 2009): t >= max(operations / peak, bytes / bandwidth).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

_TERA = 1e12


@dataclass(frozen=True, slots=True)
class Work:
    """What one call has to do at the very least.

    Args:
        flops: floating-point operations, a multiplication and an addition counted as two.
        bytes: of inputs read once and of results written once.
    """

    flops: float
    bytes: float


@dataclass(frozen=True, slots=True)
class Roof:
    """What a device can do at best."""

    flops_per_s: Mapping[str, float]  # by arithmetic: "float32", "tf32", "float16", "bfloat16"
    bytes_per_s: float  # of its main memory

    def floor_s(self, work: Work, arithmetic: str) -> float:
        """Least seconds for `work`; the fastest arithmetic known where that one is not listed."""
        peak = self.flops_per_s.get(arithmetic, max(self.flops_per_s.values()))
        return max(work.flops / peak, work.bytes / self.bytes_per_s)

    def or_better(self, other: Roof) -> Roof:
        """The higher of two estimates, separately for each rate; both list the same arithmetic."""
        flops = {name: max(peak, other.flops_per_s[name]) for name, peak in self.flops_per_s.items()}
        return Roof(flops, max(self.bytes_per_s, other.bytes_per_s))


def _gpu(fp32: float, tf32: float, half: float, terabytes: float) -> Roof:
    peaks = {"float32": fp32, "tf32": tf32, "float16": half, "bfloat16": half}
    return Roof({name: peak * _TERA for name, peak in peaks.items()}, terabytes * _TERA)


# Dense peaks from the vendor's data sheets, in TFLOP/s and TB/s; the larger variant of each name.
GPU_ROOFS: Mapping[str, Roof] = {
    "H200": _gpu(67, 494.5, 989.5, 4.8),
    "H100": _gpu(67, 494.5, 989.5, 3.35),
    "A100": _gpu(19.5, 156, 312, 2.04),
    "A10G": _gpu(31.2, 62.5, 125, 0.6),
    "A10": _gpu(31.2, 62.5, 125, 0.6),
    "L40S": _gpu(91.6, 183, 366, 0.864),
    "L4": _gpu(30.3, 60, 121, 0.3),
    "V100": _gpu(15.7, 15.7, 125, 0.9),
    "T4": _gpu(8.1, 8.1, 65, 0.32),
    "RTX 4090": _gpu(82.6, 82.6, 330.4, 1.008),
    "RTX 3090": _gpu(35.6, 35.6, 142, 0.936),
}


def gpu_roof(name: str) -> Roof | None:
    """Roof of a GPU by the name its driver gives; None for one that is not in the table."""
    words = name.replace("-", " ")
    known = sorted(GPU_ROOFS, key=len, reverse=True)
    return next((GPU_ROOFS[name] for name in known if f" {name} " in f" {words} "), None)
