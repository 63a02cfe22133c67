"""The list of what a function may run, and the refusal of anything else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..studentkit.kinds import StudentError
from .told import operations


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a task's function may run. Whatever is not on the list is refused."""

    operations: frozenset[str]  # as torch's dispatcher names them, without overloads: "aten::add"
    says: str  # the same in words, for the student
    launches: bool = False  # whether a kernel of the student's own has to be launched
    beyond: frozenset[str] = frozenset()  # not to be called, even where made of what is allowed

    def refuse(self, steps: Iterable[str], named: Iterable[str], function: str) -> None:
        """Refuse a program that runs something else.

        Args:
            steps: operations of the program.
            named: functions of torch that the student's process says were called. It may lie, so what it
                says can only count against the student.
            function: name of the student's function, for the message.

        Raises:
            StudentError: something is not allowed; the message names it where torch has that name.
        """
        refused = (set(steps) - self.operations) | (set(named) & self.beyond)
        if refused:
            told = operations(refused, self.beyond)
            raise StudentError(f"{function} runs {told}; this task allows {self.says}", "forbidden")
