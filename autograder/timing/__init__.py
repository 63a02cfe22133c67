"""Speed, measured by a process in which no student code runs."""

from .compiler import Compiler, Variant, assert_launchable
from .contest import VENDOR, Contest, Size, Track
from .cpu import TRANSPORT, TRANSPORT_TEXT, CpuTrack
from .curve import Curve
from .finish import Finish
from .interval import Interval, median_interval
from .paired import Laps, Rule, interleave
from .race import Race, TooSlow
from .roofline import GPU_ROOFS, Roof, Work, gpu_roof
from .turnstile import Turnstile

__all__ = [
    "GPU_ROOFS",
    "TRANSPORT",
    "TRANSPORT_TEXT",
    "VENDOR",
    "Compiler",
    "Contest",
    "CpuTrack",
    "Curve",
    "Finish",
    "Interval",
    "Laps",
    "Race",
    "Roof",
    "Rule",
    "Size",
    "TooSlow",
    "Track",
    "Turnstile",
    "Variant",
    "Work",
    "assert_launchable",
    "gpu_roof",
    "interleave",
    "median_interval",
]
