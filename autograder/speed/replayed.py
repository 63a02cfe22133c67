"""A contestant of a race whose calls are recorded in one worker and run as programs in another."""

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
    """The function of a contest, recorded in `source` and run in `worker`, where its code was never loaded.

    A program is handed to `worker` before any clock runs.

    Args:
        source: the worker that has the code.
        worker: the worker that runs programs.
        contest: which function, and what it may run.
        gpu: properties of the worker's GPU, if it has one; kernels are recorded for it.
    """

    def __init__(self, source: Any, worker: Any, contest: Contest, gpu: dict[str, int] | None = None) -> None:
        assert contest.allows is not None
        function = getattr(getattr(source, contest.module), contest.function)
        self._scribe = Scribe(function, contest.function, contest.allows, gpu)
        self._source, self.worker, self._contest = source, worker, contest
        self._there: dict[str, int] = {}  # text of a program -> its number in the worker
        self._given = 0

    def renew(self) -> None:
        """Forget which programs the worker has, after it was started afresh."""
        self._there.clear()

    def number(self, inputs: Inputs) -> int:
        """Record the call for inputs of these shapes, hand it to the worker, and return its number there."""
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
        """A function without arguments that runs the program on these inputs."""
        return partial(self._run, inputs.args, self.number(inputs))

    def _run(self, args: Iterable[Any], number: int) -> Any:
        with blamed(self._contest.function):
            return self.worker.executor.run(*args, number=number)
