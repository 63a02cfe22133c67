"""Where the time of one submission goes.

    python bench/breakdown.py [--json] [--submissions N] [--against CHECKOUT [--rounds N]]

Right hand-ins of the four-question assignment, on one core, read, graded in isolation (tier 1), and
reported. A part's seconds are its own, without those of the parts inside it; medians over submissions.
With another checkout, medians over rounds of each of the two in turn.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import defaultdict
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from alternate import add_options, alternate, print_both
from machine import machine, on_one_core

on_one_core()

import numpy as np  # noqa: E402  # reads the number of threads at its import
import ours  # noqa: E402

from autograder.engine import grade  # noqa: E402
from autograder.grading import GraderSession  # noqa: E402
from autograder.sandbox.loader import Loader  # noqa: E402
from autograder.sandbox.process import Process  # noqa: E402
from autograder.sandbox.zygote import Zygote  # noqa: E402
from autograder.studentkit.local import LocalFunction  # noqa: E402

try:
    from autograder.sandbox.functions import RemoteFunction
except ImportError:  # an older checkout
    from autograder.sandbox.remote import RemoteFunction  # type: ignore[no-redef,attr-defined]

WARM = 10
# Part -> what it is made of. They lie within one another: "fork" and "load" within the first "border".
PARTS: dict[str, list[tuple[Any, str]]] = {
    "read": [(ours, "find_hand_ins"), (ours, "read_submission")],
    "plan": [(grade, "load_plan")],
    "fork": [(Zygote, "fork")],
    "isolation": [(Process, "_expect_lock")],
    "load": [(Loader, "load")],
    "pytest": [(GraderSession, "run")],
    "border": [(RemoteFunction, name) for name in ("__call__", "map", "watch")],
    "end": [(Process, "end")],
    "points": [(grade, "refuse_forbidden"), (grade, "score")],
    "report": [(ours, "to_json"), (ours, "write_atomically"), (ours, "write_student")],
}
MEANS = {
    "read": "the hand-in from disk, checked",
    "plan": "which text becomes which module",
    "fork": "a copy of the zygote",
    "isolation": "the worker locks itself down",
    "load": "handing over the student's modules and running them",
    "pytest": "fixtures, hooks, results",
    "tests": "the hidden tests' own arithmetic, the reference included",
    "border": "writing what goes to the worker, reading what comes back: our side",
    "answers": "the worker: the student's functions, and its side of the border",
    "student": "of these: the same functions called in one process",
    "end": "killing and reaping the worker",
    "points": "forbidden names, points",
    "report": "JSON and HTML, written",
    "rest": "what belongs to none of these",
    "own": "of all: processor time of the grading process",
}
_INSIDE = ("student", "own")  # parts of others


class Ledger:
    """Seconds of each part, its inner parts taken off."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self._inner = [np.zeros(2)]  # of finished parts within each part that is running

    def timed(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, its seconds written down."""

        @wraps(function)
        def run(*args: Any, **options: Any) -> Any:
            self._inner.append(np.zeros(2))
            start = _clocks()
            try:
                return function(*args, **options)
            finally:
                whole = _clocks() - start
                self._enter(name, *(whole - self._inner.pop()))
                self._inner[-1] += whole

        return run

    def _enter(self, name: str, seconds: float, worked: float) -> None:
        # On one core a worker may run before the call that wakes it returns, so only the processor's
        # clock tells our part of a call from the worker's.
        if name == "border":
            self.seconds["answers"] += seconds - worked
            seconds = worked
        self.seconds[name] += seconds

    def attach(self) -> None:
        """Time every part from now on."""
        for name, places in PARTS.items():
            for owner, attribute in places:
                setattr(owner, attribute, self.timed(name, getattr(owner, attribute)))

    def attach_tests(self, session: GraderSession) -> None:
        """Time what stands in the tests' own bodies."""
        for item in session._items:
            item.obj = self.timed("tests", item.obj)

    def take(self) -> dict[str, float]:
        """What was written down since the last time."""
        found, self.seconds = self.seconds, defaultdict(float)
        return dict(found)


def _clocks() -> np.ndarray[Any, np.dtype[np.float64]]:
    """Seconds that passed, and that this process worked, which has one thread.

    Of a whole process the kernel tells only what was until its last tick, while a timer runs on that clock
    as it does around each test: work of a test would count as what follows it.
    """
    return np.array([time.perf_counter(), time.thread_time()])


def measure(count: int, folder: Path) -> dict[str, list[float]]:
    """Part -> seconds, for each submission."""
    setup = ours.four_questions()
    grader, floor, ledger = ours.Ours(setup, folder), ours.Floor(setup), Ledger()
    found: dict[str, list[float]] = defaultdict(list)
    ledger.attach()
    ledger.attach_tests(grader._grader._session)
    LocalFunction._run = ledger.timed("student", LocalFunction._run)  # type: ignore[method-assign]
    for number in range(-WARM, count):
        ledger.take()
        own = time.thread_time()
        seconds = grader.grade()
        own = time.thread_time() - own
        parts = ledger.take()
        floor.grade()
        student = ledger.take()["student"]
        if number >= 0:
            parts |= {"rest": seconds - sum(parts.values()), "student": student, "own": own, "total": seconds}
            for name, value in parts.items():
                found[name].append(value)
    grader.close()
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print one JSON object last")
    parser.add_argument("--submissions", type=int, default=100, help="how many (100)")
    add_options(parser)
    options = parser.parse_args()
    if options.against:
        compare(options)
        return
    with TemporaryDirectory() as folder:
        found = measure(options.submissions, Path(folder))
    seconds = {name: round(median(values), 6) for name, values in found.items()}
    if options.json:
        figures = {f"{name}_s": value for name, value in seconds.items()}
        print(
            json.dumps({**figures, "submissions": options.submissions, "machine": machine("numpy", "pytest")})
        )
        return
    print(f"milliseconds of one submission, one core, medians of {options.submissions}")
    for name, means in MEANS.items():
        print(f"{1000 * seconds[name]:8.2f}  {'  ' if name in _INSIDE else ''}{name:10} {means}")
    print(f"{1000 * seconds['total']:8.2f}  in all")


def compare(options: argparse.Namespace) -> None:
    """Measure two checkouts and print both."""
    found = alternate("breakdown.py", options, "--submissions", str(options.submissions))
    if options.json:
        about = {"submissions": options.submissions, "machine": machine("numpy", "pytest")}
        print(json.dumps({**found, **about}))
        return
    print(f"milliseconds of one submission, one core, medians of {options.rounds} rounds")
    print_both(found, 1e-3)


if __name__ == "__main__":
    main()
