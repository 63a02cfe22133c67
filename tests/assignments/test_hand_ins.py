"""The complete work of an assignment has full marks in whichever form it is handed in."""

from __future__ import annotations

import ast
import json
import random
import shutil
from pathlib import Path

import pytest

from autograder.course import assignment_ids, find_course, load_assignment
from autograder.engine import Setup
from autograder.engine.assembly import open_grader
from autograder.intake import find_hand_ins, read_submission
from autograder.release import build_release

COURSE = find_course(Path(__file__).parent)
ALL = assignment_ids(COURSE)
SAMPLE = 2  # assignments in `make test`


def code_cells(folder, assignment):
    cells = json.loads((folder / f"{assignment.id}.ipynb").read_text())["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def verdicts(report):
    return [f"{each.id}: {each.message} {each.detail}" for each in report.results if each.verdict != "passed"]


def single_file(folder, assignment):
    """Text of a module with what the cells of a notebook define."""
    body = [node for text in code_cells(folder, assignment) for node in ast.parse(text).body]
    kinds = ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef | ast.Assign
    texts = [ast.unparse(node) for node in body if isinstance(node, kinds)]
    return "from __future__ import annotations\n" + "\n".join(
        text for text in texts if "studentkit" not in text and "__future__" not in text
    )


@pytest.mark.soak("assignments", "autograder/intake", "autograder/release", "dlc_lib")
def test_folder_notebook_alone_and_single_file_have_full_marks(tmp_path, rounds, seed):
    for name in random.Random(f"forms {seed}").sample(ALL, len(rounds(SAMPLE, len(ALL)))):
        assignment, folder = load_assignment(COURSE, name), tmp_path / name
        build_release(COURSE, assignment, folder / "solved", solution=True)
        shutil.copy(folder / f"solved/{name}.ipynb", folder)
        (folder / "work.py").write_text(single_file(folder, assignment))
        setup = Setup(COURSE, assignment, 1, b"the key of these tests", timed=False)
        with open_grader(setup) as grader:
            for form in ("solved", f"{name}.ipynb", "work.py"):
                (hand_in,) = find_hand_ins([folder / form], COURSE.library)
                report = grader.grade(read_submission(COURSE, assignment, hand_in))
                marks = report.score + report.open_points
                assert marks == assignment.points, (name, form, verdicts(report))
