"""The complete work of every assignment has full marks in whichever form it is handed in."""

from __future__ import annotations

import ast
import json
import shutil
from pathlib import Path

import pytest

from autograder.course import assignment_ids, find_course, load_assignment
from autograder.engine import Setup
from autograder.engine.assembly import open_grader
from autograder.intake import find_hand_ins, read_submission
from autograder.release import build_release

COURSE = find_course(Path(__file__).parent)


@pytest.fixture(scope="module", params=assignment_ids(COURSE))
def course_work(request, tmp_path_factory):
    """(assignment, grade(folder) -> report, folder of the complete release)."""
    assignment = load_assignment(COURSE, request.param)
    solved = tmp_path_factory.mktemp(assignment.id) / "solved"
    build_release(COURSE, assignment, solved, solution=True)
    grader = open_grader(Setup(COURSE, assignment, 1, b"the key of these tests", timed=False))

    def grade(path):
        (hand_in,) = find_hand_ins([path], COURSE.library)
        return grader.grade(read_submission(COURSE, assignment, hand_in))

    yield assignment, grade, solved
    grader.close()


def code_cells(folder, assignment):
    cells = json.loads((folder / f"{assignment.id}.ipynb").read_text())["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def verdicts(report):
    return [f"{each.id}: {each.message} {each.detail}" for each in report.results if each.verdict != "passed"]


def test_folder_has_full_marks(course_work):
    assignment, grade, solved = course_work
    report = grade(solved)
    assert report.score + report.open_points == assignment.points, verdicts(report)


def test_notebook_alone_has_full_marks(course_work, tmp_path):
    assignment, grade, solved = course_work
    shutil.copy(solved / f"{assignment.id}.ipynb", tmp_path)
    report = grade(tmp_path / f"{assignment.id}.ipynb")
    assert report.score + report.open_points == assignment.points, verdicts(report)


def test_single_file_has_full_marks(course_work, tmp_path):
    assignment, grade, solved = course_work
    body = [node for text in code_cells(solved, assignment) for node in ast.parse(text).body]
    kinds = ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef | ast.Assign
    future = "from __future__ import annotations\n"
    texts = [ast.unparse(node) for node in body if isinstance(node, kinds)]
    (tmp_path / "work.py").write_text(
        future + "\n".join(text for text in texts if "studentkit" not in text and "__future__" not in text)
    )
    report = grade(tmp_path / "work.py")
    assert report.score + report.open_points == assignment.points, verdicts(report)
