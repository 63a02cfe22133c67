"""The same 20 hand-ins graded by this project, by nbgrader and by otter, in one run.

    python bench/side_by_side.py [--json]

Seconds a submission, cheats that earn no more than zeros without a trick, and points kept after a crash.
Each tool runs its own way, with its own kernels: `dlc grade`, `nbgrader autograde`, `otter run`. One
core; a time limit of ten seconds a test or cell everywhere.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from machine import machine, on_one_core

on_one_core()

from class_of_twenty import CHEATING, CRASHING, HAND_INS, RIGHT, ZEROS  # noqa: E402
from peers.nbgrader import Nbgrader  # noqa: E402
from peers.notebooks import COURSE, POINTS, QUESTIONS, answer, fill_in  # noqa: E402
from peers.otter import Otter  # noqa: E402
from peers.venvs import PACKAGES, environment, run  # noqa: E402

BUILD = Path(__file__).parent.parent / "build/peers"
Scores = dict[str, float]  # hand-in -> points; one that has no grade is missing
TOOLS = ("this project", "nbgrader", "otter")


def ours() -> tuple[float, Scores]:
    """Seconds and points by `dlc grade`, its start included."""
    folder, out = BUILD / "twenty", BUILD / "twenty-graded"
    for each in (folder, out):
        shutil.rmtree(each, ignore_errors=True)
    for number, hand_in in enumerate(HAND_INS):
        library = folder / hand_in.name / "fourq"
        library.mkdir(parents=True)
        for question in QUESTIONS:
            text = hand_in.cells.get(question) or answer(question)
            (library / f"{question}.py").write_text(f"{text}\n# {number}\n", encoding="utf-8")
    words = ["grade", "q4", str(folder), "-o", str(out), "--jobs", "1", "--json", "--course", str(COURSE)]
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "autograder", *words], capture_output=True, text=True, check=False
    )
    seconds = time.perf_counter() - start
    if not done.stdout:
        raise RuntimeError(done.stderr)
    return seconds, {each["student"]: each["score"] for each in json.loads(done.stdout)["reports"]}


def nbgrader() -> tuple[float, Scores]:
    """Seconds and points by one `nbgrader autograde`, its start included."""
    tool = Nbgrader(environment(BUILD, "nbgrader"), BUILD, 0)
    course, commands = BUILD / "nbgrader-course", environment(BUILD, "nbgrader")
    with (course / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write("c.ExecutePreprocessor.timeout = 10\n")
    for hand_in in HAND_INS:
        target = course / "submitted" / hand_in.name / "q4/q4.ipynb"
        fill_in(course / "release/q4/q4.ipynb", target, hand_in.cells)
    start = time.perf_counter()
    with suppress(RuntimeError):  # it says so where some could not be graded
        tool.run("autograde", "q4", "--force")
    seconds = time.perf_counter() - start
    script = (
        "import json\nfrom nbgrader.api import Gradebook\n"
        "with Gradebook('sqlite:///gradebook.db') as book:\n"
        "    print(json.dumps({s.student.id: s.score for s in book.assignment_submissions('q4')}))\n"
    )
    kept = {each.parent.name for each in (course / "autograded").glob("*/q4")}
    found = json.loads(run(commands, course, "python", "-c", script))
    return seconds, {name: score for name, score in found.items() if name in kept}


def otter() -> tuple[float, Scores]:
    """Seconds and points by `otter run` on each."""
    tool = Otter(environment(BUILD, "otter"), BUILD)
    seconds, scores = 0.0, {}
    for hand_in in HAND_INS:
        start = time.perf_counter()
        score = tool.score(hand_in.cells)
        seconds += time.perf_counter() - start
        if score is not None:
            scores[hand_in.name] = score
    return seconds, scores


def row(seconds: float, scores: Scores) -> dict[str, Any]:
    """One tool's line of the table."""
    cheats = [each for each in HAND_INS if each.kind == CHEATING]
    crashes = [each for each in HAND_INS if each.kind == CRASHING]
    right = [each for each in HAND_INS if each.kind == RIGHT]
    if any(scores.get(each.name) != POINTS * len(QUESTIONS) for each in right):
        raise RuntimeError(f"right hand-ins without full marks: {scores}")
    honest = scores.get(ZEROS, 0.0)
    return {
        "submission_s": round(seconds / len(HAND_INS), 3),
        "cheats": len(cheats),
        "cheats_refused": sum(scores.get(each.name, 0.0) <= honest for each in cheats),
        "crash_points": sum(each.kept for each in crashes),
        "crash_points_kept": round(sum(scores.get(each.name, 0.0) for each in crashes), 2),
        "scores": {each.name: scores.get(each.name) for each in HAND_INS},
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print one JSON object last")
    options = parser.parse_args()
    BUILD.mkdir(parents=True, exist_ok=True)
    found = dict(zip(TOOLS, (row(*measure()) for measure in (ours, nbgrader, otter)), strict=True))
    peers = {name: words[0] for name, words in PACKAGES.items()}
    if options.json:
        about = {**machine("numpy", "pytest"), **peers}
        print(json.dumps({"tools": found, "points": POINTS * len(QUESTIONS), "machine": about}))
        return
    print("                 s each   cheats refused   points kept after a crash")
    for name, each in found.items():
        cheats = f"{each['cheats_refused']} of {each['cheats']}"
        kept = f"{each['crash_points_kept']:g} of {each['crash_points']:g}"
        print(f"{name:15}{each['submission_s']:8.2f}{cheats:>17}{kept:>28}")


if __name__ == "__main__":
    main()
