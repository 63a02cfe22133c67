"""The notebook of a release, as JSON: handout, a cell for each task, a cell that runs the public tests."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

from ..frameworks import known
from ..model import Assignment, Course, Task
from ..source.cells import Cell, code, markdown, to_notebook
from ..source.definitions import Definition, named_statements, text_of
from ..source.names import names_of, task_modules
from .exploration import EXPERIMENT, PREAMBLE, Part, exploration
from .projection import project

_NUMBERED = re.compile(r"## \d+\. ")
_TESTS = "from studentkit.plugin import check\n\ncheck(globals())"
_USE = "from studentkit.notebook import use\n\nuse(globals())  # {library} now calls your functions"
_PLACE = {PREAMBLE: "first", EXPERIMENT: "last"}


def notebook(course: Course, assignment: Assignment, library: dict[str, str]) -> str:
    """The notebook in format 4.5, without outputs, the same bytes each time.

    Each task has a cell tagged `task:<id>` with its functions as `library` (path -> text) has them, and
    behind it what `notebook.py` of the assignment explores with them. It stands behind its section where
    the handout has one numbered section a task, else behind them all.
    """
    sections = _sections((assignment.folder / "handout.md").read_text("utf-8"))
    parts = exploration(assignment.folder / "notebook.py")
    helpers = _helpers(course, assignment, library)
    tasks = _tasks(course, assignment, library, parts, helpers)
    numbered = [text for text in sections if _NUMBERED.match(text)]
    cells: list[Cell] = []
    for number, text in enumerate(sections):
        cells.append(markdown(f"handout-{number}", text))
        if number == 0:
            cells.append(code("imports", _imports(course, assignment, library, helpers)))
            cells += _cells(parts, PREAMBLE)
        if len(numbered) == len(tasks) and text in numbered:
            cells += tasks[numbered.index(text)]
    if len(numbered) != len(tasks):
        cells += [cell for task in tasks for cell in task]
    cells += [code("tests", _TESTS), *_explore(course, parts, EXPERIMENT)]
    return to_notebook(cells)


def _helpers(course: Course, assignment: Assignment, library: dict[str, str]) -> dict[str, set[str]]:
    """Module -> what a solution has beside its tasks and the release does not: it moves to the cells."""
    released = project(course, assignment)
    paths = {module: f"{course.library}/{module}.py" for module in task_modules(assignment)}
    return {module: _defined(library[path]) - _defined(released[path]) for module, path in paths.items()}


def _defined(text: str) -> set[str]:
    return {name for name in named_statements(ast.parse(text)) if "." not in name}


def _tasks(
    course: Course,
    assignment: Assignment,
    library: dict[str, str],
    parts: list[Part],
    helpers: dict[str, set[str]],
) -> list[list[Cell]]:
    """Cells of each task; a class that several tasks complete stands in the first one's."""
    shown: set[str] = set()
    return [
        [_task_cell(course, task, library, shown, helpers), *_explore(course, parts, number)]
        for number, task in enumerate(assignment.tasks, 1)
    ]


def _cells(parts: list[Part], section: int) -> list[Cell]:
    mine = [part for part in parts if part.section == section]
    return [
        (code if part.kind == "code" else markdown)(f"explore-{_PLACE.get(section, section)}-{at}", part.text)
        for at, part in enumerate(mine, 1)
    ]


def _explore(course: Course, parts: list[Part], section: int) -> list[Cell]:
    cells = _cells(parts, section)
    first = next((at for at, cell in enumerate(cells) if cell["cell_type"] == "code"), None)
    if first is not None:
        use = _USE.replace("{library}", course.library)
        cells.insert(first, code(f"use-{_PLACE.get(section, section)}", use))
    return cells


def _sections(handout: str) -> list[str]:
    return [part.strip() for part in re.split(r"^(?=## )", handout, flags=re.MULTILINE) if part.strip()]


def _task_cell(
    course: Course, task: Task, library: dict[str, str], shown: set[str], helpers: dict[str, set[str]]
) -> Cell:
    if task.kind != "code":
        text = f"**{task.title}.** {task.prompt}\n\nWrite your answer into `answers/{task.id}.md`."
        return markdown(f"task-{task.id}", text, tags=[f"task:{task.id}"])
    homes = dict.fromkeys((name.module, name.top) for name in names_of([task]))
    parts = [
        f"# {name} stands in a cell above: complete it there"
        if name in shown
        else _definition(library[f"{course.library}/{module}.py"], name)
        for module, name in homes
    ]
    for module in dict.fromkeys(module for module, name in homes if name not in shown):
        parts[:0] = _beside(library[f"{course.library}/{module}.py"], helpers[module])
    shown.update(name for _, name in homes)
    return code(f"task-{task.id}", "\n\n\n".join(parts), tags=[f"task:{task.id}"])


def _beside(text: str, helpers: set[str]) -> list[str]:
    """The helpers of a solution, in their order."""
    named = named_statements(ast.parse(text))
    nodes = dict.fromkeys(node for name, found in named.items() if name in helpers for node in found)
    return [text_of(node, text) for node in sorted(nodes, key=lambda node: node.lineno)]


def _definition(text: str, name: str) -> str:
    nodes = named_statements(ast.parse(text))[name]
    return text_of(next(node for node in nodes if isinstance(node, Definition)), text)


def _imports(
    course: Course, assignment: Assignment, library: dict[str, str], helpers: dict[str, set[str]]
) -> str:
    """What the cells of the tasks need: the imports of their modules, and constants beside them."""
    plain: set[str] = set()
    names: dict[str, set[str]] = {}
    sources = [(name.module, name.top) for name in names_of(assignment.tasks)]
    for module in dict.fromkeys(module for module, _ in sources):
        tree = ast.parse(library[f"{course.library}/{module}.py"])
        tasks = {name for home, name in sources if home == module}
        used = _used(node for node in tree.body if getattr(node, "name", None) in tasks)
        for node in tree.body:
            if isinstance(node, ast.Import):
                plain.add(ast.unparse(node))
            elif isinstance(node, ast.ImportFrom):
                home = f"{course.library}.{node.module}" if node.level else str(node.module)
                names.setdefault(home, set()).update(ast.unparse(alias) for alias in node.names)
        beside = named_statements(tree).keys() & used - {name for _, name in sources} - helpers[module]
        if beside:
            names.setdefault(f"{course.library}.{module}", set()).update(beside)
    future = names.pop("__future__", set())
    first = [f"from __future__ import {', '.join(sorted(future))}", ""] if future else []
    rest = [f"from {home} import {', '.join(sorted(found))}" for home, found in sorted(names.items())]
    first += [framework.notebook for framework in known(assignment.packages) if framework.notebook]
    return "\n".join([*first, *sorted(plain), *_without_tasks(rest, {name for _, name in sources})])


def _used(nodes: Iterable[ast.AST]) -> set[str]:
    return {inner.id for node in nodes for inner in ast.walk(node) if isinstance(inner, ast.Name)}


def _without_tasks(lines: list[str], tasks: set[str]) -> list[str]:
    """Imports of what the notebook defines itself would hide the student's work in a later run."""
    kept = []
    for line in lines:
        head, _, names = line.partition(" import ")
        left = [name for name in names.split(", ") if name not in tasks]
        kept += [f"{head} import {', '.join(left)}"] if left else []
    return kept
