"""What the whole course costs: one submission to each assignment, and its table of mistakes.

    python bench/whole_course.py [--json] [--runs N]

A submission is the complete solution, graded in isolation (tier 1) on one core, the grader warm. The table
is `dlc audit --quick` of one assignment on all cores, every catalogued solution graded and diagnosed.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import Any

CORES = os.sched_getaffinity(0)

from machine import machine, on_one_core  # noqa: E402  # the cores are looked at first

on_one_core()

from autograder.course import assignment_ids, find_course, load_assignment  # noqa: E402
from autograder.engine import Setup  # noqa: E402  # numpy reads the number of threads at its import
from autograder.engine.assembly import open_grader  # noqa: E402
from autograder.model import Submission  # noqa: E402
from autograder.release import project  # noqa: E402


def grading(setup: Setup, runs: int) -> dict[str, Any]:
    """Seconds of one submission, median of some, after one to warm up."""
    files = project(setup.course, setup.assignment, solution=True)
    modules = {Path(path).stem: text for path, text in files.items()}
    seconds, tests = [], 0
    with open_grader(setup) as grader:
        for number in range(runs + 1):
            submission = Submission(f"student-{number}", setup.assignment.id, modules)
            start = time.perf_counter()
            report = grader.grade(submission)
            seconds.append(time.perf_counter() - start)
            tests = len(report.results)
            if report.score != setup.assignment.points:
                raise RuntimeError(f"{setup.assignment.id}: our own solution got {report.score}")
    return {"tests": tests, "submission_s": round(median(seconds[1:]), 3)}


def auditing(assignment_id: str) -> dict[str, Any]:
    """Seconds of the table of mistakes, and what it says."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "autograder", "audit", assignment_id, "--quick", "--json"],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: os.sched_setaffinity(0, CORES),
    )
    if not done.stdout:
        raise RuntimeError(done.stderr)
    (row,) = json.loads(done.stdout)["assignments"]
    return {
        "mistakes": row["mistakes"]["total"],
        "killed": row["mistakes"]["killed"],
        "named_first": row["mistakes"]["named_first"],
        "variants": row["variants"]["total"],
        "kept": row["variants"]["passed"],
        "audit_s": round(time.perf_counter() - start, 1),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print one JSON object last")
    parser.add_argument("--runs", type=int, default=5, help="submissions to each assignment (5)")
    parser.add_argument("ids", nargs="*", help="assignments; all when none is named")
    options = parser.parse_args()
    course, rows = find_course(Path(__file__).parent), []
    for name in options.ids or assignment_ids(course):
        setup = Setup(course, load_assignment(course, name), 1, b"the key of a measurement")
        rows.append({"id": name, **grading(setup, options.runs), **auditing(name)})
        if not options.json:
            print("  ".join(f"{key} {value}" for key, value in rows[-1].items()), flush=True)
    totals = {key: sum(row[key] for row in rows) for key in rows[0] if key not in ("id", "submission_s")}
    total = {**totals, "audit_s": round(totals["audit_s"], 1)}
    if options.json:
        print(json.dumps({"assignments": rows, "total": total, "machine": machine("numpy", "torch")}))
    else:
        print("  ".join(f"{key} {value}" for key, value in total.items()))


if __name__ == "__main__":
    main()
