"""Run the hidden tests of an assignment on the reference with some modules changed, in the sandbox."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from functools import lru_cache
from importlib import import_module
from pathlib import Path

from autograder.grading import GraderSession, Seeds, score
from autograder.mistakes.catalogue import Mistake, Variant
from autograder.model import Assignment, Course, Report, Submission, TestResult
from autograder.sandbox import LoadPlan, Sandbox
from autograder.spec import find_course, load_assignment
from autograder.studentkit.kinds import kinds_of


@lru_cache(maxsize=1)
def the_course() -> Course:
    """This project as a course."""
    return find_course(Path(__file__).parent)


class Bench:
    """An assignment's hidden tests and a sandbox, kept warm. A context manager."""

    def __init__(self, assignment_id: str) -> None:
        course = the_course()
        self.assignment: Assignment = load_assignment(course, assignment_id)
        self._kind = kinds_of(lambda module: import_module(f"{course.library}.{module}"))
        self._seeds = Seeds(b"a key of the tests' own", assignment_id, "variant")
        self._texts = {
            path.stem: path.read_text(encoding="utf-8")
            for path in (course.root / course.library).glob("*.py")
            if path.stem != "__init__"
        }
        with ExitStack() as parts:
            self._session = parts.enter_context(
                GraderSession(course.graders / assignment_id, self.assignment.tasks)
            )
            self._sandbox = parts.enter_context(
                Sandbox(library=course.library, packages=self.assignment.packages, tier=1)
            )
            self._parts = parts.pop_all()

    def __enter__(self) -> Bench:
        return self

    def __exit__(self, *_: object) -> None:
        self._parts.close()

    def text_of(self, module: str) -> str:
        """The reference's text."""
        return self._texts[module]

    def run(self, changed: Mapping[str, str]) -> tuple[TestResult, ...]:
        """Results of every hidden test on the library with these modules in it."""
        plan = LoadPlan({**self._texts, **changed})
        with self._sandbox.open(plan, self.assignment.limits, self._kind, 1) as student:
            return self._session.run(student, self._seeds)

    def grade(self, changed: Mapping[str, str]) -> Report:
        """The points for these results."""
        submission = Submission("variant", self.assignment.id, changed)
        return score(self.assignment, submission, self.run(changed), tier=self._sandbox.tier)

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
