"""`dlc export nbgrader`: a course directory for nbgrader, in which our engine judges the test cells."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..model import Assignment, Course, Task
from ..release.folder import ExportError, write_folder
from ..source.cells import Cell, code, markdown, to_notebook
from .master import Master, master

TEST = "test-"  # before a task's id: the grade_id of its test cell
OUTSIDE = "hidden tests run outside this kernel"  # stands in each test cell of ours, hidden from students
CONFIG, BESIDE = "nbgrader_config.py", "nbgrader_config_dlc.py"
LINE = f"load_subconfig({BESIDE!r})"  # for an instructor's own configuration
_BEGIN, _END = "### BEGIN SOLUTION", "### END SOLUTION"
_ANSWER = "*The answer stands in this cell.*"  # generate_assignment writes its own words for students
_WHOLE = '''"""nbgrader's configuration: hidden tests are run by deep-learning-clinic, in its sandbox."""

c = get_config()
c.CourseDirectory.course_id = {name!r}
c.ClearSolutions.code_stub = {{"python": "raise NotImplementedError()"}}
'''
_PART = '''"""Written by `dlc export nbgrader`: nbgrader_config.py has to load this file, last of all."""

c = get_config()
'''
_JUDGE = """\
# Judge stands for nbgrader's Execute: of the assignments that deep-learning-clinic exported, no cell is run
# in a kernel; other assignments are executed as before.
c.Autograde.autograde_preprocessors = [
    "autograder.export.nbgrader_plugin.Judge",
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.Judge.course = {root!r}
"""


def export_nbgrader(
    course: Course, assignment: Assignment, out: Path, give_away: tuple[str, ...] = ()
) -> str | None:
    """Write `source/<id>/` and a configuration into a course directory of nbgrader.

    Sources of other assignments there stay. If it raises, nothing was changed.

    Args:
        course: the course.
        assignment: the assignment.
        out: the course directory; it need not exist.
        give_away: assignments whose solutions may be shown before their due date.

    Returns:
        The line that the instructor has to add to their own configuration, beside which ours was written;
        None where nothing is left to do.

    Raises:
        ExportError: the folder cannot be written.
        TooEarly: what students would get shows a solution of an assignment that is still open.
        LeakError: what students would get leaks something else.
    """
    parts = master(course, assignment, _BEGIN, _END, give_away)
    notebook = to_notebook(list(_cells(parts)))
    source = f"source/{assignment.id}"
    files = {f"{source}/{path}": data for path, data in parts.files.items()}
    files[f"{source}/{assignment.id}.ipynb"] = notebook.encode()
    judge = _JUDGE.format(root=str(course.root))
    whole = (_WHOLE.format(name=out.resolve().name) + judge).encode()
    theirs = _present(out / CONFIG)
    if theirs in (None, whole):
        write_folder(out, files | {CONFIG: whole}, replaced=(source,))
        return None
    write_folder(out, files | {BESIDE: (_PART + judge).encode()}, replaced=(source, BESIDE))
    return None if BESIDE.encode() in (theirs or b"") else LINE


def _present(path: Path) -> bytes | None:
    try:
        return path.read_bytes() if path.is_file() else None
    except OSError as error:
        raise ExportError(f"{path}: cannot be read ({error.strerror}); name another folder") from error


def _cells(parts: Master) -> Iterator[Cell]:
    for cell in parts.cells:
        task = parts.tasks.get(cell["id"])
        if task is None:
            yield cell
        elif task.kind == "written":
            yield cell
            yield markdown(f"answer-{task.id}", _ANSWER, nbgrader=_manual(task))
        else:
            tags = {"tags": [f"task:{task.id}"]}
            yield code(cell["id"], parts.answers[cell["id"]], **tags, nbgrader=_answer(task))
            yield code(f"{TEST}{task.id}", _hidden(task), nbgrader=_test(task))


def _hidden(task: Task) -> str:
    says = f"{task.id}: {OUTSIDE}; autograde with the nbgrader_config.py exported"
    lines = ["### BEGIN HIDDEN TESTS", f'raise RuntimeError("{says}")', "### END HIDDEN TESTS"]
    return "\n".join([f"# {task.title}: {task.points:g} points, by hidden tests", *lines])


def _answer(task: Task) -> dict[str, Any]:
    return _kind(task.id, solution=True)


def _test(task: Task) -> dict[str, Any]:
    return _kind(f"{TEST}{task.id}", grade=True, locked=True, points=task.points)


def _manual(task: Task) -> dict[str, Any]:
    return _kind(task.id, grade=True, solution=True, points=task.points)


def _kind(grade_id: str, **differing: Any) -> dict[str, Any]:
    plain = {"schema_version": 3, "grade": False, "locked": False, "solution": False, "task": False}
    return {**plain, "grade_id": grade_id, **differing}
