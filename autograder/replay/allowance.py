"""What a function may run, and the refusal of what ran beside it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..studentkit.kinds import StudentError
from .told import operations


@dataclass(frozen=True, slots=True)
class Allowance:
    """A list of what is allowed: what is not on it is refused, whatever it is."""

    operations: frozenset[str]  # as torch's dispatcher names them, without overloads: "aten::add"
    says: str  # the same in words, for the student
    launches: bool = False  # whether a kernel of the student's own has to be launched
    beyond: frozenset[str] = frozenset()  # not to be called, even where made of what is allowed

    def refuse(self, steps: Iterable[str], named: Iterable[str], function: str) -> None:
        """Raise StudentError for what is not allowed, by names that torch has.

        Args:
            steps: operations of a program.
            named: functions of torch by which the recorder says that these were called. It comes from the
                student's process, so it is only held against them.
            function: for the message.
        """
        found = (set(steps) - self.operations) | (set(named) & self.beyond)
        if found:
            told = operations(found, self.beyond)
            raise StudentError(f"{function} runs {told}; this task allows {self.says}", "forbidden")
