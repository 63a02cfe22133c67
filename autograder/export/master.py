"""The release notebook with its solutions between marks, which other graders take out again."""

from __future__ import annotations

import ast
import json
from dataclasses import dataclass
from pathlib import PurePosixPath

from ..model import Assignment, Course, Task
from ..release import project
from ..release.contents import release_files
from ..release.notebook import notebook
from ..release.stubs import Function
from .cells import Cell, source_of


@dataclass(frozen=True)
class Master:
    """What a master notebook of any grader is made of."""

    cells: list[Cell]  # of the release's notebook: handout, imports, stubs, explorations
    tasks: dict[str, Task]  # id of a cell -> its task
    answers: dict[str, str]  # id of a cell -> its code with the solutions between marks
    helpers: dict[str, str]  # id of a cell -> what the solution has beside the functions of the task
    files: dict[str, bytes]  # what students get beside the notebook


def master(course: Course, assignment: Assignment, begin: str, end: str) -> Master:
    """The parts of a master notebook; `begin` and `end` are the lines around a solution."""
    files = release_files(course, assignment)
    name = f"{assignment.id}.ipynb"
    cells: list[Cell] = json.loads(files[name])["cells"]
    whole = notebook(course, assignment, project(course, assignment, solution=True))
    solved = {cell["id"]: source_of(cell) for cell in json.loads(whole)["cells"]}
    tasks = {f"task-{task.id}".replace("_", "-")[:64]: task for task in assignment.tasks}
    cut = {source.partition(":")[2] for task in assignment.tasks for source in task.source}
    answers, helpers = {}, {}
    for cell in cells:
        if cell["id"] in tasks and cell["cell_type"] == "code":
            shown = _names(source_of(cell))
            helpers[cell["id"]], kept = _beside(solved[cell["id"]], shown)
            answers[cell["id"]] = marked(kept, cut, begin, end)
    needed = _missing(source_of(_imports(cells)), solved["imports"])
    first = next(iter(helpers), None)
    if first is not None and needed:
        helpers[first] = f"{needed}\n{helpers[first]}".strip()
    beside = {path: data for path, data in files.items() if PurePosixPath(path).suffix != ".ipynb"}
    return Master(cells, tasks, answers, helpers, beside)


def marked(text: str, names: set[str], begin: str, end: str) -> str:
    """The text with the body of each named function, its docstring left out, between two lines."""
    lines = text.split("\n")
    for node in sorted(_functions(ast.parse(text), names), key=lambda each: -each.lineno):
        first = node.body[1] if ast.get_docstring(node, clean=False) is not None else node.body[0]
        top = (node.body[0].end_lineno or 0) if first is not node.body[0] else first.lineno - 1
        indent = " " * first.col_offset
        lines.insert(node.end_lineno or 0, indent + end)
        lines.insert(top, indent + begin)
    return "\n".join(lines)


def _functions(tree: ast.Module, names: set[str]) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    found = []
    for node in tree.body:
        inside = [(f"{node.name}.", each) for each in node.body] if isinstance(node, ast.ClassDef) else []
        for prefix, each in [("", node), *inside]:
            if isinstance(each, Function) and prefix + each.name in names:
                found.append(each)
    return found


def _names(text: str) -> set[str]:
    return {node.name for node in ast.parse(text).body if isinstance(node, Function | ast.ClassDef)}


def _beside(text: str, shown: set[str]) -> tuple[str, str]:
    """What a solution's cell has that the student's lacks, and the rest."""
    lines, tree = text.split("\n"), ast.parse(text)
    extra = [node for node in tree.body if getattr(node, "name", None) not in shown]
    taken: list[str] = []
    for node in reversed(extra):
        top = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", []))]) - 1
        taken[:0] = [*lines[top : node.end_lineno], ""]
        del lines[top : node.end_lineno]
    return "\n".join(taken).strip(), "\n".join(lines).strip()


def _imports(cells: list[Cell]) -> Cell:
    return next(cell for cell in cells if cell["id"] == "imports")


def _missing(shown: str, whole: str) -> str:
    """Imports that only the solution needs."""
    lines = [line for line in whole.splitlines() if line not in shown.splitlines()]
    return "\n".join(line for line in lines if "__future__" not in line)
