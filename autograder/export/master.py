"""The master notebook: the release's notebook with solutions in it, between marks of the other grader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath

from ..errors import LeakError
from ..model import Assignment, Course, Task
from ..release import project
from ..release.build import audit_files
from ..release.contents import release_files
from ..release.giveaway import refuse_early
from ..release.notebook import notebook
from ..source.cells import Cell, cells_of, markdown, source_of, to_notebook
from ..source.names import names_of
from .marks import beside, marked, unmarked

_README = """\
# {title}

{due}{points:g} points. `handout.md` explains everything, and so does the notebook.

| task | points |
|---|---|
{tasks}

Work in `{id}.ipynb` and hand that in: the files beside it are what it imports. Complete the functions in its
cells; the docstring of a function is what it has to keep to. The cell `check(globals())` runs the tests of
`test_public.py`, once this is installed:

```
python -m pip install -r requirements.txt
```

The tests here are a start. Other tests, on other shapes and values, decide your points.
"""


@dataclass(frozen=True)
class Master:
    """The parts of a master notebook, the same for every grader."""

    cells: list[Cell]  # of the release's notebook: handout, imports, stubs, explorations
    tasks: dict[str, Task]  # id of a cell -> its task
    answers: dict[str, str]  # id of a cell -> its code with the solutions between marks
    files: dict[str, bytes]  # what students get beside the notebook


def master(
    course: Course, assignment: Assignment, begin: str, end: str, give_away: tuple[str, ...] = ()
) -> Master:
    """Make the parts of a master notebook.

    Args:
        course: the course.
        assignment: the assignment.
        begin: line before a solution.
        end: line after it.
        give_away: assignments whose solutions may be shown before their due date.

    Raises:
        TooEarly: what students would get shows a solution of an assignment that is still open.
        LeakError: what students would get leaks something else.
    """
    refuse_early(course, assignment, datetime.now(UTC), give_away)
    files = release_files(course, assignment, extra={"README.md": _readme(assignment)})
    name = f"{assignment.id}.ipynb"
    tasks = {f"task-{task.id}".replace("_", "-")[:64]: task for task in assignment.tasks}
    cells = [_asking(cell, tasks) for cell in cells_of(files[name])]
    whole = notebook(course, assignment, project(course, assignment, solution=True))
    solved = {cell["id"]: source_of(cell) for cell in cells_of(whole)}
    answers = _answers(assignment, cells, solved, begin, end)
    left = {task: unmarked(text, begin, end) for task, text in answers.items()}
    handed_out = [{**cell, "source": left.get(cell["id"], source_of(cell))} for cell in cells]
    others = {path: data for path, data in files.items() if PurePosixPath(path).suffix != ".ipynb"}
    leaks = audit_files(course, assignment, {**others, name: to_notebook(handed_out).encode()})
    if leaks:
        raise LeakError(leaks)
    return Master(cells, tasks, answers, others)


def _readme(assignment: Assignment) -> str:
    return _README.format(
        id=assignment.id,
        title=assignment.title,
        due=f"Due {assignment.due:%A %d %B %Y, %H:%M %Z}. " if assignment.due else "",
        points=assignment.points,
        tasks="\n".join(f"| {task.title} | {task.points:g} |" for task in assignment.tasks),
    )


def _asking(cell: Cell, tasks: Mapping[str, Task]) -> Cell:
    """The cell, which for a written task asks for the answer in the cell that follows."""
    task = tasks.get(cell["id"])
    if task is None or task.kind != "written":
        return cell
    text = f"**{task.title}.** {task.prompt}\n\nWrite your answer into the cell below."
    return markdown(cell["id"], text, **cell["metadata"])


def _answers(
    assignment: Assignment, cells: list[Cell], solved: Mapping[str, str], begin: str, end: str
) -> dict[str, str]:
    """Id of a task's cell -> its solution between marks, helpers that students do not get inside them."""
    cut = {name.qualified for name in names_of(assignment.tasks)}
    imports = next(cell for cell in cells if cell["id"] == "imports")
    extra = _missing(source_of(imports), solved["imports"])
    answers = {}
    for cell in cells:
        if cell["cell_type"] == "code" and cell["id"].startswith("task-"):
            helpers, kept = beside(solved[cell["id"]], source_of(cell))
            extra = f"{extra}\n{helpers}"  # later cells may use those of earlier ones
            answers[cell["id"]] = marked(kept, cut, begin, end, extra)
    return answers


def _missing(shown: str, whole: str) -> str:
    """Imports that only the solution needs."""
    lines = [line for line in whole.splitlines() if line not in shown.splitlines()]
    return "\n".join(line for line in lines if "__future__" not in line)
