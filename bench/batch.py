"""A class graded by one command of ours from a cold start, as `nbgrader autograde` grades it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

from autograder.engine import Setup
from autograder.release import build_release


class Batch:
    """Right hand-ins for `dlc grade`, none equal to another."""

    def __init__(self, setup: Setup, folder: Path, submissions: int) -> None:
        self._course, self._count = setup.course.root, submissions
        self._hand_ins, self._out = folder / "class", folder / "graded"
        shutil.rmtree(self._hand_ins, ignore_errors=True)
        for number in range(submissions):
            target = self._hand_ins / f"s{number:03}"
            build_release(setup.course, setup.assignment, target, solution=True)
            for path in (target / setup.course.library).glob("*.py"):
                path.write_text(f"{path.read_text(encoding='utf-8')}\n# {number}\n", encoding="utf-8")

    def grade(self) -> float:
        """Seconds a submission, the command's start and end shared out. Raises if not all are right."""
        shutil.rmtree(self._out, ignore_errors=True)
        words = ["grade", "q4", str(self._hand_ins), "-o", str(self._out), "--jobs", "1", "--json"]
        command = [sys.executable, "-m", "autograder", *words, "--course", str(self._course)]
        start = time.perf_counter()
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        seconds = time.perf_counter() - start
        scores = [report["score"] for report in json.loads(done.stdout)["reports"]]
        if scores != [100.0] * self._count:
            raise RuntimeError(f"our own command gave {scores}")
        return seconds / self._count
