"""The clock of a hand-in: what its code may use up, test by test and in all."""

from __future__ import annotations

from dataclasses import dataclass

_PATIENCE = 10  # times as much time passes, at most, while the machine is busy with others


class Spent(Exception):
    """A budget is used up; `budget` says which."""

    def __init__(self, budget: Budget) -> None:
        super().__init__(f"{budget.whole_s:g} s are used up")
        self.budget = budget


class Starved(Exception):
    """The code waited too long for a processor: the machine's fault, not the student's."""


@dataclass(frozen=True, slots=True)
class Use:
    """What was used in a stretch of time, in seconds."""

    wall_s: float = 0.0  # that passed while an answer was waited for, or worked on
    cpu_s: float = 0.0  # of all processors, by all threads
    waited_s: float = 0.0  # of the first, in which the machine let others run
    own_s: float = 0.0  # of the second, of the grader itself while an answer was under way


class Budget:
    """Seconds that may be used: of processors, or of time in which no processor was waited for.

    The larger of the two counts, so neither threads nor sleep are free, and a busy machine costs nobody
    anything. What is used of a budget is used of the one that it lies `within`, too.
    """

    def __init__(self, whole_s: float, within: Budget | None = None) -> None:
        self.whole_s = whole_s
        self._within = within
        self._wall_s = self._cpu_s = self._waited_s = 0.0
        self.own_s = 0.0  # of what was charged, the grader's own work while answers were under way

    @property
    def left_s(self) -> float:
        """What may still be used."""
        used = max(self._wall_s - self._waited_s, self._cpu_s)
        left = self.whole_s - used
        return left if self._within is None else min(left, self._within.left_s)

    def charge(self, use: Use) -> None:
        """Take off what was used; see `check`."""
        self._wall_s += use.wall_s
        self._cpu_s += use.cpu_s
        self._waited_s += use.waited_s
        self.own_s += use.own_s
        if self._within is not None:
            self._within.charge(use)

    def check(self) -> None:
        """Raise Spent where nothing is left, Starved where too much was waited for a processor."""
        if self._within is not None:
            self._within.check()
        if self.left_s <= 0:
            raise Spent(self)
        if self._wall_s > _PATIENCE * self.whole_s:
            raise Starved

    def fresh(self, whole_s: float) -> Budget:
        """An unused budget of the same size, within the same outer one."""
        return Budget(whole_s, self._within)

    def refund(self) -> None:
        """Give back to the outer budget what was used of this one; for work that was lost by no fault."""
        if self._within is not None:
            self._within.charge(Use(-self._wall_s, -self._cpu_s, -self._waited_s))
