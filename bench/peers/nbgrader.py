"""nbgrader: a class graded by one `nbgrader autograde`."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from peers.notebooks import POINTS, QUESTIONS, fill_in, nbgrader_source, write
from peers.venvs import run

_CONFIG = 'c = get_config()\nc.CourseDirectory.course_id = "bench"\nc.ClearSolutions.code_stub = '
_CONFIG += '{"python": "# YOUR CODE HERE\\nraise NotImplementedError()"}\n'


class Nbgrader:
    """A course with some right hand-ins of one assignment."""

    def __init__(self, commands: Path, folder: Path, submissions: int) -> None:
        self._commands = commands
        self._course = folder / "nbgrader-course"
        self._count = submissions
        shutil.rmtree(self._course, ignore_errors=True)
        write(self._course / "source/q4/q4.ipynb", nbgrader_source())
        (self._course / "nbgrader_config.py").write_text(_CONFIG, encoding="utf-8")
        self.run("generate_assignment", "q4", "--force")
        for number in range(submissions):
            target = self._course / f"submitted/s{number:03}/q4/q4.ipynb"
            fill_in(self._course / "release/q4/q4.ipynb", target)

    def grade(self) -> tuple[float, float]:
        """Seconds a submission: the command's start shared out, and without its start.

        Raises where a right hand-in does not get full marks.
        """
        alone, together = self._seconds("--student", "s000"), self._seconds()
        self._check()
        return together / self._count, (together - alone) / (self._count - 1)

    def _seconds(self, *words: str) -> float:
        start = time.perf_counter()
        self.run("autograde", "q4", "--force", *words)
        return time.perf_counter() - start

    def run(self, *words: str) -> None:
        """One of its commands in the course. RuntimeError with its complaints."""
        run(self._commands, self._course, "nbgrader", *words)

    def _check(self) -> None:
        script = (
            "from nbgrader.api import Gradebook\n"
            "with Gradebook('sqlite:///gradebook.db') as book:\n"
            "    print([s.score for s in book.assignment_submissions('q4')])\n"
        )
        found = run(self._commands, self._course, "python", "-c", script).strip()
        wanted = [float(POINTS * len(QUESTIONS))] * self._count
        if found != str(wanted):
            raise RuntimeError(f"nbgrader gave {found} instead of {wanted}")
