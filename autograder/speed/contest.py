"""What a race is about: who runs what, where, how often, and what it earns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from ..course import VENDOR
from ..errors import GraderError
from ..replay import Allowance
from .curve import Curve
from .paired import Contestant, Rule
from .roofline import Roof
from .size import Size, check_written

__all__ = ["NULL", "REFERENCE", "STUDENT", "VENDOR", "Contest", "Track"]

# Who runs; the vendor's library is called as the module that holds it.
STUDENT, REFERENCE, NULL = "student", "reference", "null"
_SUSPICIOUS = 1.1
_KINDS: Mapping[str, type | tuple[type, ...]] = {
    "module": str,
    "function": str,
    "sizes": Sequence,
    "vendor": (str, type(None)),
    "allows": (Allowance, type(None)),
    "arithmetic": str,
    "curve": Curve,
    "rule": Rule,
    "suspicious": (int, float),
}


class Track(Protocol):
    """Where contestants run: processes of this machine, or of its GPU."""

    device: str  # its name
    kind: str  # "cpu" or "cuda"
    tier: int

    def contestants(self, contest: Contest) -> Mapping[str, Contestant]:
        """The student's function, ours, the vendor's library if there is one here, and an empty call.

        Where the contest allows but some operations, programs of both functions run, in processes of ours.
        """

    def allow(self, seconds: float) -> None:
        """How long one call of the student's may take from now on."""

    def renew(self) -> None:
        """Start every contestant in a fresh process."""

    def doubt(self) -> str:
        """Why a person has to look at what was measured; empty where nobody has to."""

    def roofs(self) -> Iterator[Roof]:
        """What this device can do at best: estimates, none lower than the one before; none if not known."""

    def clocks(self) -> str:
        """Clock rate and throttling since the last look, in words; empty where that means nothing."""


@dataclass(frozen=True, slots=True)
class Contest:
    """What a hidden test asks to be timed: a function of the student's against the course's own.

    Args:
        module: of the library, as in "torch_matmul".
        function: in it.
        sizes: of the problem, smallest first; the largest decides, the others are shown.
        vendor: function of the library's module `vendor` that is timed beside the others, if there is one.
        allows: what may run; then programs of both functions are timed, in processes of ours. None for
            everything; on a GPU there must be a list.
        arithmetic: in which the device's least time is told: "float32", "tf32", "float16" or "bfloat16".
        curve: what a ratio of speeds earns.
        rule: when to stop measuring.
        suspicious: time of the vendor's library / time of the student's above which a person looks first.

    Raises:
        GraderError: there are no sizes, or something is missing or is not what it should be.
    """

    module: str
    function: str
    sizes: Sequence[Size]
    vendor: str | None = None
    allows: Allowance | None = None
    arithmetic: str = "float32"
    curve: Curve = field(default_factory=Curve)
    rule: Rule = field(default_factory=Rule)
    suspicious: float = _SUSPICIOUS

    def __post_init__(self) -> None:
        for name, kind in _KINDS.items():
            value = getattr(self, name)
            if not isinstance(value, kind):
                raise GraderError(f"{self}: {name} is of the wrong type, {type(value).__name__}")
        if not self.sizes:
            raise GraderError(f"{self}: has no sizes; give at least one")
        for size in self.sizes:
            check_written(size, str(self))

    def __str__(self) -> str:
        return f"the contest of {self.module}.{self.function}"

    @property
    def indices(self) -> range:
        """Of the sizes, smallest first."""
        return range(len(self.sizes))
