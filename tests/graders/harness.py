"""Run the hidden tests of an assignment on the reference with some modules changed, in this process."""

from __future__ import annotations

import itertools
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

from autograder.grading import GraderSession, score
from autograder.mistakes.catalogue import Mistake, Variant
from autograder.model import Assignment, Course, Report, Submission, TestResult
from autograder.sandbox.inside.loading import Library
from autograder.spec import find_course, load_assignment
from autograder.studentkit import Local
from autograder.studentkit.kinds import kinds_of

PATIENCE_S = 10  # a mistake may never end
_COUNT = itertools.count()


@lru_cache(maxsize=1)
def the_course() -> Course:
    """This project as a course."""
    return find_course(Path(__file__).parent)


class Bench:
    """An assignment's hidden tests, kept warm."""

    def __init__(self, assignment_id: str) -> None:
        course = the_course()
        self.assignment: Assignment = load_assignment(course, assignment_id)
        self._session = GraderSession(course.graders / assignment_id, self.assignment.tasks)
        self._kind = kinds_of(lambda module: import_module(f"{course.library}.{module}"))
        self._texts = {
            path.stem: path.read_text(encoding="utf-8")
            for path in (course.root / course.library).glob("*.py")
            if path.stem != "__init__"
        }

    def text_of(self, module: str) -> str:
        """The reference's text."""
        return self._texts[module]

    def run(self, changed: Mapping[str, str]) -> tuple[TestResult, ...]:
        """Results of every hidden test on the library with these modules in it."""
        with _library({**self._texts, **changed}) as library, _patience(PATIENCE_S):
            student = Local(library.load, self._kind, wrap=True)
            return self._session.run(student, lambda test_id: 1)

    def grade(self, changed: Mapping[str, str]) -> Report:
        """The points for these results."""
        submission = Submission("variant", self.assignment.id, changed)
        return score(self.assignment, submission, self.run(changed), tier=0)

    def judge(self, variant: Mistake | Variant) -> dict[str, float]:
        """Task -> points lost by a variant."""
        report = self.grade({variant.module: variant.apply(self.text_of(variant.module))})
        broken = [result for result in report.results if result.verdict == "internal"]
        assert not broken, f"{broken[0].id}: {broken[0].detail}"
        return {
            task.task: task.max_score - (task.score or 0)
            for task in report.tasks
            if task.score != task.max_score
        }

    def may_lose(self, task_id: str) -> set[str]:
        """A task and all that need it."""
        found = {task_id}
        for task in self.assignment.tasks:  # a task comes after those it needs
            if found & set(task.needs):
                found.add(task.id)
        return found


@contextmanager
def _library(texts: Mapping[str, str]) -> Iterator[Library]:
    library = Library(f"variant_{next(_COUNT)}", texts)
    sys.meta_path.insert(0, library)
    try:
        yield library
    finally:
        sys.meta_path.remove(library)
        for name in [name for name in sys.modules if name.split(".")[0] == library.package]:
            del sys.modules[name]


@contextmanager
def _patience(seconds: int) -> Iterator[None]:
    def give_up(*_: Any) -> None:
        raise TimeoutError(f"still running after {seconds} s")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
