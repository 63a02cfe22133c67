"""otter-grader: each hand-in graded by `otter run`."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Mapping
from pathlib import Path

from peers.notebooks import POINTS, QUESTIONS, fill_in, otter_master, write
from peers.venvs import run


class Otter:
    """An assignment of otter's, and one right hand-in."""

    def __init__(self, commands: Path, folder: Path) -> None:
        self._commands = commands
        self._folder = folder / "otter-course"
        shutil.rmtree(self._folder, ignore_errors=True)
        write(self._folder / "q4.ipynb", otter_master())
        self._run("assign", "q4.ipynb", "dist", "--no-pdfs")
        fill_in(self._folder / "dist/student/q4.ipynb", self._folder / "submission/q4.ipynb")
        (self._folder / "results").mkdir()
        (self._zip,) = (self._folder / "dist/autograder").glob("*.zip")

    def grade(self) -> float:
        """Seconds a submission. Raises where the right hand-in does not get full marks."""
        start = time.perf_counter()
        self._run("run", "-a", str(self._zip.resolve()), "-o", "results", "--no-logo", "submission/q4.ipynb")
        seconds = time.perf_counter() - start
        results = json.loads((self._folder / "results/results.json").read_text(encoding="utf-8"))
        score = sum(test.get("score", 0) for test in results["tests"])
        if score != POINTS * len(QUESTIONS):
            raise RuntimeError(f"otter gave {score} points: {json.dumps(results)[:2000]}")
        return seconds

    def score(self, instead: Mapping[str, str]) -> float | None:
        """Points of a hand-in that is right but for some questions; None where it gets no grade."""
        notebook, results = self._folder / "submission/q4.ipynb", self._folder / "results/results.json"
        (student,) = (self._folder / "dist/student").glob("*.ipynb")
        fill_in(student, notebook, instead)
        results.unlink(missing_ok=True)
        words = ("run", "-a", str(self._zip.resolve()), "-o", "results", "--no-logo", "submission/q4.ipynb")
        try:
            self._run(*words)
            tests = json.loads(results.read_text(encoding="utf-8"))["tests"]
        except (RuntimeError, OSError, ValueError):
            return None
        return float(sum(test.get("score", 0) for test in tests))

    def _run(self, *words: str) -> None:
        run(self._commands, self._folder, "otter", *words)
