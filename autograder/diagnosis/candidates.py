"""Code that may be wrong in the way of a student: the catalogue, two mistakes at once, mutants."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, islice

from ..author.catalogue import Mistake
from ..course import CourseModules
from ..frameworks import KERNELS
from ..model import Task
from ..mutants import Mutant, mutants_of_tasks
from ..studentkit.kinds import Kind
from .suspects import Suspect, suspects_of

AND = " And: "
_PAIRS = 80  # of mistakes that are tried together
_MUTANTS = 200  # of a task
_OF_PAIRS, _OF_MUTANTS = 0.95, 0.85  # how far to believe them
# What a mutant does, without a word of the solution. Another constant says too little to help.
_WORDS = {
    "operator": "one operation is the opposite of the one needed: plus for minus, times for divided by",
    "assignment": "something is overwritten that has to be added to",
    "comparison": "a comparison is turned round, or takes equality the other way",
    "sign": "a minus or a `not` is missing",
    "dropped": "a term or a factor is missing",
    "swapped": "two operands or two arguments are exchanged",
    "axis": "an axis, `keepdims` or a transposition is missing",
    "function": "a function stands where its sibling belongs: sum and mean, max and min, zeros and ones",
    "call": "a function that belongs around a value is missing, such as exp, log, sqrt, abs or copy",
    "bound": "a loop or a slice ends one place too early or too late",
    "removed": "a step is left out",
    "branch": "a condition holds always or never",
}


@dataclass(frozen=True, slots=True)
class Changed:
    """A mutant of the reference, as an edit of its module."""

    mutant: Mutant
    task: str

    @property
    def id(self) -> str:
        """Function and kind of the change: the mutant's own id shows lines of the solution."""
        return f"{self.mutant.function}: {self.mutant.operator}"

    @property
    def module(self) -> str:
        """The library module that it changes."""
        return self.mutant.module

    @property
    def says(self) -> str:
        """The sentence for the student."""
        return f"In {self.mutant.function}, {_WORDS[self.mutant.operator]}."

    def apply(self, _source: str) -> str:
        """The text of the module; a mutant is made of the reference alone."""
        return self.mutant.text


class Candidates:
    """Suspects for the tasks of an assignment, from the likely to the possible."""

    def __init__(
        self,
        modules: CourseModules,
        mistakes: Sequence[Mistake],
        kind: Callable[[str, str], Kind],
        packages: Collection[str],
    ) -> None:
        self._modules, self._kind = modules, kind
        # Kernels are interpreted, so slowly that to try everything would take half a minute.
        self.few = bool(KERNELS.keys() & set(packages))
        self._catalogued = suspects_of(modules, mistakes, kind)
        self._mutants: dict[str, list[Suspect]] = {}

    def catalogued(self, task: Task) -> Sequence[Suspect]:
        """The mistakes of the catalogue."""
        return self._catalogued.get(task.id, ())

    def beside(self, task: Task, upstream: Sequence[Suspect]) -> Iterator[Suspect]:
        """A mistake of the task together with one in a task that it needs."""
        for needed in upstream:
            for own in self.catalogued(task):
                both = own.after(needed, own.name, own.says, needed.sure)
                if both is not None:
                    yield both

    def pairs(self, suspects: Sequence[Suspect]) -> Iterator[Suspect]:
        """Two mistakes of a task in the same code, which together give numbers of their own."""
        for first, second in islice(combinations(suspects, 2), _PAIRS):
            both = second.after(first, first.name, first.says + AND + second.says, _OF_PAIRS)
            if both is not None:
                yield both

    def mutants(self, task: Task) -> Sequence[Suspect]:
        """The reference with one small change; none of a task without a catalogue."""
        if task.id not in self._catalogued:
            return ()
        if task.id not in self._mutants:
            made = mutants_of_tasks(self._modules.course, [task])
            changes = [Changed(mutant, task.id) for mutant in made if mutant.operator in _WORDS][:_MUTANTS]
            self._mutants[task.id] = [
                Suspect(change.id, change.says, (change,), self._modules, self._kind, _OF_MUTANTS)
                for change in changes
            ]
        return self._mutants[task.id]
