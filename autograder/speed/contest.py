"""What a race is about: who runs what, where, how often, and what it earns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from ..replay import Allowance
from .curve import Curve
from .paired import Contestant, Rule
from .roofline import Roof, Work

Inputs = tuple[tuple[Any, ...], Mapping[str, Any]]  # positional and keyword arguments
STUDENT, REFERENCE, VENDOR, NULL = "student", "reference", "vendor", "null"
_SUSPICIOUS = 1.1  # vendor time / student time above which a person looks first


class Size(Protocol):
    """One size of the problem."""

    def draw(self, rng: Any, device: str) -> Inputs:
        """Fresh inputs on a device, "cpu" or "cuda"."""

    def answer(self, args: tuple[Any, ...], options: Mapping[str, Any]) -> Any:
        """The right answer to these inputs, by an oracle."""

    def check(self, found: Any, answer: Any) -> None:
        """Raise AssertionError where `found` is not the right answer."""

    @property
    def work(self) -> Work:
        """What one call has to do."""


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
    """What a hidden test asks to be timed."""

    module: str
    function: str
    sizes: Sequence[Size]
    vendor: str | None = None  # function of module `vendor` in the library, timed beside the others
    allows: Allowance | None = None  # what may run; None for everything
    arithmetic: str = "float32"
    curve: Curve = field(default_factory=Curve)
    rule: Rule = field(default_factory=Rule)
    suspicious: float = _SUSPICIOUS

    @property
    def places(self) -> range:
        """Of the sizes, smallest first."""
        return range(len(self.sizes))
