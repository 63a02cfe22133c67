"""This project's side of the measurements: the four-question course, its grader, its tests called bare."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from autograder.course import load_assignment, load_course, modules_of
from autograder.engine import Setup
from autograder.engine.assembly import open_grader
from autograder.intake import find_hand_ins, read_submission
from autograder.model import Report
from autograder.release import build_release
from autograder.report import to_json, write_student
from autograder.report.files import write_atomically
from autograder.studentkit import Local
from autograder.studentkit.kinds import kinds_of

COURSE = Path(__file__).parent / "course"
Test = Callable[..., None]


def four_questions() -> Setup:
    """The course that all graders share, at tier 1."""
    course = load_course(COURSE)
    return Setup(course, load_assignment(course, "q4"), 1, b"the key of a measurement")


class Ours:
    """Hand-ins as `dlc grade` takes them: read, graded in isolation, report written."""

    def __init__(self, setup: Setup, folder: Path) -> None:
        self._setup = setup
        self._folder = folder
        build_release(setup.course, setup.assignment, folder / "hand-in", solution=True, force=True)
        library = folder / "hand-in" / setup.course.library
        self._texts = {path: path.read_text(encoding="utf-8") for path in library.glob("*.py")}
        self._count = 0
        self._grader = open_grader(setup)

    def grade(self) -> float:
        """Seconds for one submission. Raises where the right hand-in does not get full marks."""
        self._make_another()
        start = time.perf_counter()
        report = self.report()
        write_atomically(self._folder / "result.json", to_json(report))
        write_student(report, self._folder / "report.html")
        seconds = time.perf_counter() - start
        if report.score != 100:
            raise RuntimeError(f"our own grader gave {report.score}: {report.results}")
        return seconds

    def _make_another(self) -> None:
        # Students differ: nothing of the hand-in before may be remembered for this one.
        self._count += 1
        for path, text in self._texts.items():
            path.write_text(f"{text}\n# hand-in {self._count}\n", encoding="utf-8")

    def report(self) -> Report:
        """The graded hand-in."""
        (hand_in,) = find_hand_ins([self._folder / "hand-in"], self._setup.course.library)
        return self._grader.grade(read_submission(self._setup.course, self._setup.assignment, hand_in))

    def close(self) -> None:
        """End the sandbox."""
        self._grader.close()


class Floor:
    """The same tests called one after the other in this process: no isolation, no pytest, no report."""

    def __init__(self, setup: Setup) -> None:
        modules = modules_of(setup.course)
        self._student = Local(modules.library, kinds_of(modules.library))
        self._tests: list[Test] = []
        for path in sorted(setup.course.graders_of(setup.assignment.id).glob("test_*.py")):
            module = modules.load(path)
            self._tests += [each for name, each in vars(module).items() if name.startswith("test_")]

    def grade(self) -> float:
        """Seconds for one submission."""
        start = time.perf_counter()
        for number, test in enumerate(self._tests):
            test(self._student, np.random.default_rng(number))
        return time.perf_counter() - start
