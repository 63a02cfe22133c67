"""What honest hand-ins pay for hostile ones beside them.

    python bench/neighbours.py [--json] [--rounds N] [--tier N]

A right hand-in of a small course is graded again and again while another process grades: honest hand-ins
like it, or hostile ones (endless loops, threads, memory, prints, deaths). Its time among hostile ones over
its time among honest ones, medians of rounds that alternate. The time of the hostile ones, deadlines and
all, is not in it.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from machine import machine

sys.path.insert(0, str(Path(__file__).parents[1]))

from autograder.engine import Grader, Setup
from autograder.engine.assembly import open_grader
from autograder.intake import find_hand_ins, read_submission
from autograder.model import Submission
from tests.hostile import HOSTILE
from tests.tiny_course import hand_in, make_assignment, make_course

_A_ROUND = 15  # times that the honest hand-in is graded


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--tier", type=int, default=1)
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        found = _measured(Path(folder), options.rounds, options.tier)
    if options.json:
        print(json.dumps({**found, "machine": machine("numpy")}))
    else:
        print("\n".join(f"{name:20} {value:8.3f}" for name, value in found.items()))


def _measured(folder: Path, rounds: int, tier: int) -> dict[str, float]:
    course = make_course(folder / "course")
    setup = Setup(course, make_assignment(course), tier, b"the key of a measurement")
    honest = _read(setup, hand_in(folder / "ada"))
    hostile = [_read(setup, hand_in(folder / name, total=f"{code}\n")) for name, code in HOSTILE.items()]
    times: dict[str, list[float]] = {"honest": [], "hostile": []}
    with open_grader(setup) as grader:
        grader.grade(honest)
        for _ in range(rounds):
            for name, others in (("honest", [honest]), ("hostile", hostile)):
                with _beside(setup, others):
                    times[name] += [_timed(grader, honest) for _ in range(_A_ROUND)]
    alone, beside = median(times["honest"]), median(times["hostile"])
    return {
        "tier": tier,
        "among_honest_s": round(alone, 4),
        "among_hostile_s": round(beside, 4),
        "hostile_ratio": round(beside / alone, 3),
    }


def _read(setup: Setup, folder: Path) -> Submission:
    (found,) = find_hand_ins([folder], setup.course.library)
    return read_submission(setup.course, setup.assignment, found)


def _timed(grader: Grader, submission: Submission) -> float:
    start = time.perf_counter()
    report = grader.grade(submission)
    if report.score != 100:
        raise RuntimeError(f"the right hand-in got {report.score}: {report.results}")
    return time.perf_counter() - start


@contextmanager
def _beside(setup: Setup, submissions: list[Submission]) -> Iterator[None]:
    """Another process that grades these, over and over."""
    context = get_context("spawn")
    started: Any = context.Event()
    process = context.Process(target=_grade_on, args=(setup, submissions, started), daemon=True)
    process.start()
    started.wait()
    try:
        yield
    finally:
        process.terminate()
        process.join()


def _grade_on(setup: Setup, submissions: list[Submission], started: Any) -> None:
    with open_grader(setup) as grader:
        started.set()
        for submission in cycle(submissions):
            grader.grade(submission)


if __name__ == "__main__":
    main()
