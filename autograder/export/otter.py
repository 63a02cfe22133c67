"""`dlc export otter`: a master notebook for `otter assign`, whose cases read the verdicts of our engine."""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from ..engine import Setup, hidden_tests
from ..grading import MACHINE_PARTS
from ..model import Assignment, Course, Task
from ..release.place import put_in_place
from ..spec.course import ASSIGNMENT_FILE
from .cells import Cell, code, raw, source_of, to_notebook
from .master import Master, master

VERDICTS = "dlc_verdicts"  # variable of the notebook that is run in place of the student's
_BEGIN, _END = "# BEGIN SOLUTION", "# END SOLUTION"
_SLICE, _KEY = "dlc_course", "key"
_PLUGIN = "autograder.export.otter_plugin.Judge"


def export_otter(
    course: Course, assignment: Assignment, key: bytes, out: Path, give_away: tuple[str, ...] = ()
) -> None:
    """Write a master notebook, what students get beside it, and what grading needs, into a new folder.

    The autograder zip that `otter assign` makes of it holds the hidden tests and a key derived from the
    course's for this assignment. Raises ExportError, and as a release does TooEarly and LeakError, and
    writes nothing.
    """
    parts = master(course, assignment, _BEGIN, _END, give_away)
    shares = _shares(assignment, hidden_tests(Setup(course, assignment, course.tier, key)))
    files = dict(parts.files)
    files[f"{assignment.id}.ipynb"] = to_notebook(list(_cells(assignment, parts, shares))).encode()
    files |= {f"{_SLICE}/{path}": data for path, data in _slice(course, assignment, key).items()}
    put_in_place(out, files, private=(f"{_SLICE}/{_KEY}",))


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
        "autograder_files": [_SLICE],
        "plugins": [{_PLUGIN: {"course": f"../source/files/{_SLICE}", "assignment": assignment.id}}],
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


def _slice(course: Course, assignment: Assignment, key: bytes) -> dict[str, bytes]:
    """The least of the course that grades this assignment."""
    kept = [course.root / course.library, assignment.folder, course.graders / assignment.id]
    files = {
        path.relative_to(course.root).as_posix(): path.read_bytes()
        for folder in kept
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
    for each in assignment.provided:
        if each.after:  # the specification names it, so it has to be there
            named = course.assignments / each.after / ASSIGNMENT_FILE
            files[named.relative_to(course.root).as_posix()] = named.read_bytes()
    places = {"assignments": course.assignments, "graders": course.graders}
    lines = [f"library: {course.library}", f"tier: {course.tier}", f"key_file: {_KEY}"]
    lines += [f"{name}: {path.relative_to(course.root).as_posix()}" for name, path in places.items()]
    files["course.yaml"] = "".join(f"{line}\n" for line in lines).encode()
    derived = hmac.new(key, f"otter {assignment.id}".encode(), "sha256").hexdigest()
    return files | {_KEY: f"{derived}\n".encode()}
