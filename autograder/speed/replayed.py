"""A contestant that is a program: written down where its code is, run where that never was."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from ..replay import Scribe, blamed, prepare
from .contest import Contest
from .size import Inputs

_WRITING_S = 30.0  # to write one call down: it runs once, and each operation is looked at
Call = Callable[[], Any]


class Replayed:
    """A contest's function of `source`, as programs in `worker`, one of ours.

    They are handed over before any clock runs. `gpu` tells the properties of the one that `worker` has.
    """

    def __init__(self, source: Any, worker: Any, contest: Contest, gpu: dict[str, int] | None = None) -> None:
        assert contest.allows is not None
        function = getattr(getattr(source, contest.module), contest.function)
        self._scribe = Scribe(function, contest.function, contest.allows, gpu)
        self._source, self.worker, self._contest = source, worker, contest
        self._there: dict[str, int] = {}  # text of a program -> its number in the worker
        self._given = 0

    def renew(self) -> None:
        """The worker has been started afresh and knows no program any more."""
        self._there.clear()

    def number(self, inputs: Inputs) -> int:
        """The number of the program for such inputs; the worker has it from now on."""
        self._source.allow(_WRITING_S)
        program = self._scribe.program(inputs.args, inputs.options)
        if program.text not in self._there:
            self._given += 1
            self.worker.allow(_WRITING_S)
            with blamed(self._contest.function):
                prepare(self.worker, self._given, program)
            self._there[program.text] = self._given
        return self._there[program.text]

    def ready(self, inputs: Inputs) -> Call:
        """What runs the program on these inputs."""
        return partial(self._run, inputs.args, self.number(inputs))

    def _run(self, args: Iterable[Any], number: int) -> Any:
        with blamed(self._contest.function):
            return self.worker.executor.run(*args, number=number)
