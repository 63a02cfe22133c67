"""A long day: many hand-ins, right, wrong and hostile, through one warm grader.

    python bench/soak.py [--json] [--submissions N]

Shows that the trusted process stays as large as it was (within 50 MB), that the same hand-in gets the same
points every time, and that no process, descriptor or file is left. Exit status 1 where one of these fails.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import tempfile
import time
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import Any

from machine import machine, on_one_core

on_one_core()

from ours import COURSE, four_questions  # noqa: E402  # numpy reads the number of threads at its import

from autograder.engine import Setup  # noqa: E402
from autograder.engine.assembly import open_grader  # noqa: E402
from autograder.model import Submission  # noqa: E402
from autograder.report import to_json, write_student  # noqa: E402
from autograder.report.files import write_atomically  # noqa: E402

ROUND = 50  # submissions between two looks at the memory
GROWTH_MB = 50.0
_SUBREAPER = 36  # prctl: orphans of our children become our children, so none can hide

# How the answer to one question begins; the others are right.
SPOILT = {
    "raises": ("softmax", "def softmax_loss(x, y):\n    raise ValueError('no')\n"),
    "wrong": ("conv", "def conv_forward(x, w, b, *, stride, pad):\n    return x[:, :1] * 2.0\n"),
    "prints": (
        "norm",
        "def batchnorm_forward(x, *_, **__):\n    print('x' * 300_000)\n    return x\n",
    ),
    "unreadable": ("affine", "def affine_forward(x, w, b:\n"),
    "dies": ("softmax", "import os\n\n\ndef softmax_loss(x, y):\n    os._exit(7)\n"),
    "hoards": ("norm", "def batchnorm_forward(x, gamma, beta, *, eps):\n    return bytearray(8 << 30)\n"),
    "forks": (
        "conv",
        "import os\n\n\ndef conv_forward(x, w, b, **_):\n    os.fork()\n    return x\n",
    ),
    "writes": ("norm", "open('FOLDER/left_over', 'w').write('x')\n"),
    "loops": ("softmax", "def softmax_loss(x, y):\n    while True:\n        pass\n"),
}
# Of 50 hand-ins 33 are right, and one loops, which costs three deadlines.
CYCLE = [kind for kind in SPOILT if kind != "loops" for _ in range(2)]
CYCLE = ["loops", *CYCLE, *["right"] * (ROUND - 1 - len(CYCLE))]


def hand_ins(folder: Path) -> dict[str, dict[str, str]]:
    """Kind -> texts of its modules; one of them tries to write to `folder`."""
    right = {path.stem: path.read_text(encoding="utf-8") for path in (COURSE / "fourq").glob("[a-z]*.py")}
    spoilt = {kind: (name, text.replace("FOLDER", str(folder))) for kind, (name, text) in SPOILT.items()}
    return {"right": right, **{kind: {**right, name: text} for kind, (name, text) in spoilt.items()}}


def resident_mb() -> float:
    """Memory of this process."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def children() -> int:
    """Processes that descend from this one and have not been reaped."""
    tasks = Path("/proc/self/task").glob("*/children")
    return sum(len(task.read_text(encoding="ascii").split()) for task in tasks)


def descriptors() -> int:
    """Files that this process holds open."""
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208  # a Path would count its own


def soak(setup: Setup, count: int, work: Path) -> dict[str, Any]:
    """Grade `count` hand-ins in turn; what was seen."""
    kinds, points, memory = hand_ins(work), defaultdict[str, set[float | None]](set), []
    before, start = descriptors(), time.perf_counter()
    with open_grader(setup) as grader:
        memory.append(round(resident_mb(), 1))
        for number in range(count):
            kind = CYCLE[number % ROUND]
            report = grader.grade(Submission(f"s{number}", setup.assignment.id, kinds[kind]))
            write_atomically(work / "result.json", to_json(report))
            write_student(report, work / "report.html")
            points[kind].add(report.score)
            if number % ROUND == ROUND - 1:
                memory.append(round(resident_mb(), 1))
    seconds = time.perf_counter() - start
    left = sorted(path.name for path in work.iterdir() if path.name not in ("result.json", "report.html"))
    return {
        "submissions": count,
        "submission_s": round(seconds / count, 4),
        "start_mb": memory[0],
        "end_mb": memory[-1],
        "growth_mb": round(max(memory) - memory[0], 1),
        "memory_mb": memory,
        "points": {kind: sorted(found, key=str) for kind, found in points.items()},
        "processes_left": children(),
        "descriptors_left": descriptors() - before,
        "files_left": left,
    }


def faults(found: dict[str, Any]) -> list[str]:
    """Which promises were broken."""
    broken = [f"{what} left: {found[what]}" for what in found if what.endswith("_left") and found[what]]
    if found["growth_mb"] > GROWTH_MB:
        broken.append(f"memory grew by {found['growth_mb']} MB")
    for kind, points in found["points"].items():
        if len(points) != 1 or None in points or (kind == "right") != (points == [100.0]):
            broken.append(f"a hand-in of the kind {kind} got {points}")
    return broken


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print one JSON object last")
    parser.add_argument("--submissions", type=int, default=1000, help="how many, in fifties (1000)")
    options = parser.parse_args()
    ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
    setup = four_questions()
    quick = replace(setup.assignment, limits=replace(setup.assignment.limits, wall_s=1.0))
    with tempfile.TemporaryDirectory() as folder:
        tempfile.tempdir = folder
        found = soak(
            replace(setup, assignment=quick), max(options.submissions // ROUND, 1) * ROUND, Path(folder)
        )
    found = {**found, "faults": faults(found), "machine": machine("numpy", "pytest")}
    if options.json:
        print(json.dumps(found))
    else:
        print(f"{found['submissions']} submissions, {found['submission_s']:.3f} s each")
        print(f"memory {found['start_mb']} MB at the start, {found['end_mb']} MB at the end")
        print("\n".join(found["faults"]) or "nothing left over, the same points every time")
    return 1 if found["faults"] else 0


if __name__ == "__main__":
    raise SystemExit(main())
