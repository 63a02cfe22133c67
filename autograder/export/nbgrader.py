"""`dlc export nbgrader`: a course directory for nbgrader, whose tests our engine runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..model import Assignment, Course, Task
from ..release.place import put_in_place
from .cells import Cell, code, markdown, source_of, to_notebook
from .master import Master, master

TEST = "test-"  # before a task's id: the grade_id of its test cell
_BEGIN, _END = "### BEGIN SOLUTION", "### END SOLUTION"
_CONFIG = '''"""nbgrader's configuration: hidden tests are run by deep-learning-clinic, in its sandbox."""

c = get_config()
c.CourseDirectory.course_id = {name!r}
c.ClearSolutions.code_stub = {{"python": "raise NotImplementedError()"}}
# Takes the place of nbgrader's Execute: no cell of a student is run in a kernel.
c.Autograde.autograde_preprocessors = [
    "autograder.export.nbgrader_plugin.Judge",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.Judge.course = {root!r}
'''


def export_nbgrader(
    course: Course, assignment: Assignment, out: Path, give_away: tuple[str, ...] = ()
) -> None:
    """Write `source/<id>/` and `nbgrader_config.py` into a course directory of nbgrader.

    Another assignment's source there stays; a configuration that is not ours is refused. Raises
    ExportError, and as a release does TooEarly and LeakError, and changes nothing.
    """
    parts = master(course, assignment, _BEGIN, _END, give_away)
    notebook = to_notebook(list(_cells(parts)))
    files = {f"source/{assignment.id}/{path}": data for path, data in parts.files.items()}
    files[f"source/{assignment.id}/{assignment.id}.ipynb"] = notebook.encode()
    files["nbgrader_config.py"] = _CONFIG.format(name=out.name, root=str(course.root)).encode()
    put_in_place(out, files, replaced=f"source/{assignment.id}")


def _cells(parts: Master) -> Iterator[Cell]:
    for cell in parts.cells:
        task = parts.tasks.get(cell["id"])
        if task is None:
            yield cell
        elif task.kind == "written":
            yield markdown(cell["id"], source_of(cell), nbgrader=_manual(task))
        else:
            tags = {"tags": [f"task:{task.id}"]}
            yield code(cell["id"], parts.answers[cell["id"]], **tags, nbgrader=_answer(task))
            yield code(f"{TEST}{task.id}", _hidden(task), nbgrader=_test(task))


def _hidden(task: Task) -> str:
    says = f"{task.id}: hidden tests run outside this kernel; autograde with the nbgrader_config.py exported"
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
