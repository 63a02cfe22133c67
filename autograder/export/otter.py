"""`dlc export otter`: a master notebook for `otter assign`, whose tests look up our engine's verdicts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from ..course.layout import COURSE_FILE
from ..course.slicing import bundle_of, bundled_layout
from ..engine import Setup
from ..engine.assembly import hidden_tests
from ..grading import packed_key
from ..model import MACHINE_PARTS, Assignment, Course, Task
from ..release.folder import write_folder
from ..source.cells import Cell, code, raw, source_of, to_notebook
from .master import Master, master

VERDICTS = "dlc_verdicts"  # variable of the notebook that is run in place of the student's
_BEGIN, _END = "# BEGIN SOLUTION", "# END SOLUTION"
_BUNDLE, _KEY = "dlc_course", "key"
_PLUGIN = "autograder.export.otter_plugin.Judge"


def export_otter(
    course: Course, assignment: Assignment, key: bytes, out: Path, give_away: tuple[str, ...] = ()
) -> None:
    """Write a master notebook, what students get beside it, and what grading needs.

    The autograder zip that `otter assign` makes from it holds the hidden tests and the key of their inputs.
    If it raises, nothing was written.

    Args:
        course: the course.
        assignment: the assignment.
        key: the course key.
        out: the new folder.
        give_away: assignments whose solutions may be shown before their due date.

    Raises:
        ExportError: the folder cannot be written, or is not empty.
        TooEarly: what students would get shows a solution of an assignment that is still open.
        LeakError: what students would get leaks something else.
    """
    parts = master(course, assignment, _BEGIN, _END, give_away)
    shares = _shares(assignment, hidden_tests(Setup(course, assignment, course.tier, key)))
    files = dict(parts.files)
    files[f"{assignment.id}.ipynb"] = to_notebook(list(_cells(assignment, parts, shares))).encode()
    files |= {f"{_BUNDLE}/{path}": data for path, data in _bundle(course, assignment, key).items()}
    write_folder(out, files, private=(f"{_BUNDLE}/{_KEY}",))


def _shares(assignment: Assignment, tests: Mapping[str, tuple[str, str]]) -> dict[str, dict[str, float]]:
    """Task -> test -> points, so that passed tests add up to our score."""
    shares: dict[str, dict[str, float]] = {}
    belonging = list(tests.values())
    for task in assignment.tasks:
        total = sum(task.weights.values())
        shares[task.id] = {
            test: task.points * task.weights[part] / total / belonging.count((owner, part))
            for test, (owner, part) in tests.items()
            if owner == task.id
        }
    return shares


def _cells(
    assignment: Assignment, parts: Master, shares: Mapping[str, Mapping[str, float]]
) -> Iterator[Cell]:
    yield raw("config", _config(assignment, parts))
    for cell in parts.cells:
        task = parts.tasks.get(cell["id"])
        if task is None:
            yield cell
        elif task.kind == "written":
            yield from _written(task, cell)
        else:
            yield from _question(task, cell, parts, shares[task.id])


def _config(assignment: Assignment, parts: Master) -> str:
    files = sorted({path.partition("/")[0] for path in parts.files})
    settings = {
        "name": assignment.id,
        "files": files,
        "autograder_files": [_BUNDLE],
        "plugins": [{_PLUGIN: {"course": f"../source/files/{_BUNDLE}", "assignment": assignment.id}}],
        "export_cell": False,
        "check_all_cell": False,
        "init_cell": False,
        "generate": {"show_stdout": True},
        # Otter knows no open points: it would refuse a solution whose speed cannot be measured here.
        "run_tests": not any(set(task.weights) & set(MACHINE_PARTS) for task in assignment.tasks),
    }
    return "# ASSIGNMENT CONFIG\n" + "\n".join(
        f"{key}: {json.dumps(value)}" for key, value in settings.items()
    )


def _question(task: Task, cell: Cell, parts: Master, shares: Mapping[str, float]) -> Iterator[Cell]:
    yield raw(f"begin-{task.id}", f"# BEGIN QUESTION\nname: {task.id}\ncheck_cell: false")
    yield raw(f"answer-{task.id}", "# BEGIN SOLUTION")
    yield code(cell["id"], parts.answers[cell["id"]], tags=[f"task:{task.id}"])
    yield raw(f"answered-{task.id}", "# END SOLUTION")
    yield raw(f"tests-{task.id}", "# BEGIN TESTS")
    for number, (test, points) in enumerate(shares.items()):
        config = f'""" # BEGIN TEST CONFIG\nhidden: true\npoints: {points!r}\n""" # END TEST CONFIG'
        yield code(f"case-{task.id}-{number}", f"{config}\nassert {VERDICTS}[{test!r}]")
    yield raw(f"tested-{task.id}", "# END TESTS")
    yield raw(f"end-{task.id}", "# END QUESTION")


def _written(task: Task, cell: Cell) -> Iterator[Cell]:
    yield raw(f"begin-{task.id}", f"# BEGIN QUESTION\nname: {task.id}\npoints: {task.points:g}\nmanual: true")
    yield cell
    yield raw(f"answer-{task.id}", "# BEGIN SOLUTION")
    yield {**cell, "id": f"solution-{cell['id']}"[:64], "source": [source_of(cell)]}
    yield raw(f"answered-{task.id}", "# END SOLUTION")
    yield raw(f"end-{task.id}", "# END QUESTION")


def _bundle(course: Course, assignment: Assignment, key: bytes) -> dict[str, bytes]:
    """The least of the course that grades this assignment, and a key of its own."""
    files = {name: path.read_bytes() for name, path in bundle_of(course, assignment).items()}
    layout = bundled_layout(course, _KEY).encode()
    return files | {COURSE_FILE: layout, _KEY: packed_key(key, assignment.id) + b"\n"}
