"""Points of the same hand-ins from this project, from nbgrader and from otter, task by task.

    python bench/equal_scores.py [--json] [ID ...]

For each assignment four notebooks: right, wrong in one task (a catalogued mistake), one whose first function
ends the process, one whose last never returns. nbgrader and otter run the course that `dlc export` wrote, by
their own commands. Assignments with torch need it in their environments and are named only on request.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from machine import machine  # noqa: E402

from autograder.course import assignment_ids, find_course, load_assignment, load_catalogue  # noqa: E402
from autograder.model import Assignment, Course  # noqa: E402
from autograder.release import project  # noqa: E402
from autograder.release.notebook import notebook  # noqa: E402
from tests.interop.tools import run, tool  # noqa: E402

BUILD = ROOT / "build/equal"
Scores = dict[str, dict[str, float]]  # hand-in -> task -> points
_BOOK = (
    "import json\nfrom nbgrader.api import Gradebook\n"
    "with Gradebook('sqlite:///gradebook.db') as book:\n"
    "    print(json.dumps({s.student.id: {g.name: g.auto_score for n in s.notebooks for g in n.grades}\n"
    "                      for s in book.assignment_submissions('{id}')}))\n"
)


def answers(course: Course, assignment: Assignment) -> dict[str, dict[str, str]]:
    """Hand-in -> task -> code of its cell."""
    whole = json.loads(notebook(course, assignment, project(course, assignment, solution=True)))
    right = {
        tag.removeprefix("task:"): "".join(cell["source"])
        for cell in whole["cells"]
        for tag in cell["metadata"].get("tags", ())
        if tag.startswith("task:") and cell["cell_type"] == "code"
    }
    # As a student would, who needs them in a task: the solution's imports that were not handed out.
    (imports,) = ("".join(cell["source"]) for cell in whole["cells"] if cell["id"] == "imports")
    lines = [line for line in imports.splitlines() if "__future__" not in line]
    top = next(iter(right))
    right[top] = "\n".join([*lines, "", "", right[top]])
    plain = {
        task.id: name
        for task in assignment.tasks
        for name in [task.source[0].partition(":")[2]]
        if task.id in right and "." not in name
    }
    first, last = next(iter(plain)), list(plain)[-1]
    wrong = next(
        (each.task, right[each.task].replace(each.old, each.new))
        for each in load_catalogue(course, assignment.id).wrong
        if each.old and right.get(each.task, "").count(each.old) == 1
    )
    ends = f"{right[first]}\n\n\ndef {plain[first]}(*_, **__):\n    import os\n    os._exit(0)\n"
    loops = f"{right[last]}\n\n\ndef {plain[last]}(*_, **__):\n    while True:\n        pass\n"
    return {
        "right": right,
        "wrong": {**right, wrong[0]: wrong[1]},
        "crashing": {**right, first: ends},
        "looping": {**right, last: loops},
    }


def write(source: Path, target: Path, cells: dict[str, str]) -> None:
    """A student's notebook: the handed-out one with these cells in the places of the tasks."""
    found = json.loads(source.read_text(encoding="utf-8"))
    for cell in found["cells"]:
        for tag in cell["metadata"].get("tags", ()):
            cell["source"] = cells.get(tag.removeprefix("task:"), cell["source"])
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(found), encoding="utf-8")


def early(name: str) -> list[str]:
    """Options that let an assignment show solutions of others before their due date."""
    assignment = load_assignment(find_course(ROOT), name)
    return [word for each in assignment.provided if each.after for word in ("--give-away", each.after)]


def dlc(*words: object) -> str:
    """What a command of ours printed."""
    command = [sys.executable, "-m", "autograder", *map(str, words)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout


def by_nbgrader(name: str, hand_ins: dict[str, dict[str, str]]) -> tuple[Scores, Path]:
    """Points by `nbgrader autograde`, and the tree of what was handed in."""
    folder, commands = BUILD / f"{name}-nbgrader", tool("nbgrader")
    dlc("export", "nbgrader", name, "-o", folder, *early(name))
    run(commands, folder, "nbgrader", "generate_assignment", name)
    for student, cells in hand_ins.items():
        target = folder / "submitted" / student / name / f"{name}.ipynb"
        write(folder / "release" / name / f"{name}.ipynb", target, cells)
    run(commands, folder, "nbgrader", "autograde", name)
    found = json.loads(run(commands, folder, "python", "-c", _BOOK.replace("{id}", name)))
    scores = {
        student: {task.removeprefix("test-"): points for task, points in each.items()}
        for student, each in found.items()
    }
    return scores, folder / "submitted"


def by_otter(name: str, hand_ins: dict[str, dict[str, str]]) -> Scores:
    """Points by `otter run`."""
    folder, commands = BUILD / f"{name}-otter", tool("otter")
    dlc("export", "otter", name, "-o", folder, *early(name))
    run(commands, folder, "otter", "assign", f"{name}.ipynb", "dist", "--no-pdfs")
    (archive,) = (folder / "dist/autograder").glob("*.zip")
    scores: Scores = {}
    for student, cells in hand_ins.items():
        work, out = folder / "submitted" / student / f"{name}.ipynb", folder / "results" / student
        write(folder / "dist/student" / f"{name}.ipynb", work, cells)
        out.mkdir(parents=True)
        run(commands, folder, "otter", "run", "-a", str(archive), "-o", str(out), "--no-logo", str(work))
        tests = json.loads((out / "results.json").read_text(encoding="utf-8"))["tests"]
        scores[student] = {each["name"]: each["score"] for each in tests if "score" in each}
    return scores


def by_us(name: str, submitted: Path) -> Scores:
    """Points by `dlc grade` of the same notebooks."""
    found = json.loads(dlc("grade", name, submitted, "-o", BUILD / f"{name}-ours", "--json", "--again"))
    return {
        each["student"]: {task["id"]: task["score"] for task in each["tasks"]} for each in found["reports"]
    }


def compare(course: Course, name: str) -> list[dict[str, Any]]:
    """A row for each hand-in: points of each grader, and the tasks in which they differ."""
    hand_ins = answers(course, load_assignment(course, name))
    theirs, submitted = by_nbgrader(name, hand_ins)
    found = {"ours": by_us(name, submitted), "nbgrader": theirs, "otter": by_otter(name, hand_ins)}
    rows = []
    for student in hand_ins:
        points = {grader: scores[student] for grader, scores in found.items()}
        differ = [
            task
            for task in hand_ins[student]
            if max(each[task] for each in points.values()) - min(each[task] for each in points.values())
            > 1e-3
        ]
        totals = {grader: round(sum(each.values()), 3) for grader, each in points.items()}
        rows.append(
            {
                "assignment": name,
                "hand_in": student,
                **totals,
                "tasks": len(hand_ins[student]),
                "differ": differ,
            }
        )
    return rows


def main() -> None:
    """Compare and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("ids", nargs="*", metavar="ID", help="assignments (those without torch)")
    parser.add_argument("--json", action="store_true", help="print one JSON object last")
    options = parser.parse_args()
    course = find_course(ROOT)
    plain = [each for each in assignment_ids(course) if "torch" not in load_assignment(course, each).packages]
    shutil.rmtree(BUILD, ignore_errors=True)
    BUILD.mkdir(parents=True)
    rows = [row for name in options.ids or plain for row in compare(course, name)]
    if options.json:
        print(json.dumps({"rows": rows, "machine": machine("numpy", "pytest")}))
        return
    for row in rows:
        told = f"differ in {', '.join(row['differ'])}" if row["differ"] else f"equal in {row['tasks']} tasks"
        points = "".join(f"{row[grader]:>9g}" for grader in ("ours", "nbgrader", "otter"))
        print(f"{row['assignment']:18}{row['hand_in']:10}{points}  {told}")


if __name__ == "__main__":
    main()
