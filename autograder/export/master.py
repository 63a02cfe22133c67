"""The release notebook with its solutions between marks, which other graders take out again."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath
from textwrap import dedent

from ..errors import LeakError
from ..model import Assignment, Course, Task
from ..release import project
from ..release.build import audit_files
from ..release.contents import release_files
from ..release.giveaway import refuse_early
from ..release.notebook import notebook
from ..release.stubs import Function
from .cells import Cell, source_of, to_notebook

_IMPORTS = (ast.Import, ast.ImportFrom)


@dataclass(frozen=True)
class Master:
    """What a master notebook of any grader is made of."""

    cells: list[Cell]  # of the release's notebook: handout, imports, stubs, explorations
    tasks: dict[str, Task]  # id of a cell -> its task
    answers: dict[str, str]  # id of a cell -> its code with the solutions between marks
    files: dict[str, bytes]  # what students get beside the notebook


def master(
    course: Course, assignment: Assignment, begin: str, end: str, give_away: tuple[str, ...] = ()
) -> Master:
    """The parts of a master notebook; `begin` and `end` are the lines around a solution.

    Refuses as a release does what students would get of it, TooEarly and LeakError; `give_away` names
    assignments whose solutions may be shown before their due date.
    """
    refuse_early(course, assignment, datetime.now(UTC), give_away)
    files = release_files(course, assignment)
    name = f"{assignment.id}.ipynb"
    cells: list[Cell] = json.loads(files[name])["cells"]
    whole = notebook(course, assignment, project(course, assignment, solution=True))
    solved = {cell["id"]: source_of(cell) for cell in json.loads(whole)["cells"]}
    tasks = {f"task-{task.id}".replace("_", "-")[:64]: task for task in assignment.tasks}
    cut = {source.partition(":")[2] for task in assignment.tasks for source in task.source}
    answers = {}
    extra = _missing(source_of(_imports(cells)), solved["imports"])
    for cell in cells:
        if cell["id"] in tasks and cell["cell_type"] == "code":
            shown = _names(source_of(cell))
            helpers, kept = _beside(solved[cell["id"]], shown)
            extra = f"{extra}\n{helpers}"  # later cells may use those of earlier ones
            answers[cell["id"]] = marked(kept, cut, begin, end, extra)
    beside = {path: data for path, data in files.items() if PurePosixPath(path).suffix != ".ipynb"}
    leaks = audit_files(course, assignment, {**beside, name: _handed_out(cells, answers, begin, end)})
    if leaks:
        raise LeakError(leaks)
    return Master(cells, tasks, answers, beside)


def _handed_out(cells: list[Cell], answers: dict[str, str], begin: str, end: str) -> bytes:
    """The notebook that students get once the other grader has taken out what stands between the marks."""
    left = {name: _without_solutions(text, begin, end) for name, text in answers.items()}
    shown = [{**cell, "source": left.get(cell["id"], source_of(cell))} for cell in cells]
    return to_notebook(shown).encode()


def _without_solutions(text: str, begin: str, end: str) -> str:
    kept, inside = list[str](), False
    for line in text.split("\n"):
        mark = line.strip()
        if mark == begin:
            kept.append(line.replace(begin, "raise NotImplementedError()"))
        elif not inside and mark != end:
            kept.append(line)
        inside = (inside or mark == begin) and mark != end
    return "\n".join(kept)


def marked(text: str, names: set[str], begin: str, end: str, helpers: str = "") -> str:
    """The text with the body of each named function, its docstring left out, between two lines.

    Those of the `helpers` that a body needs stand in it, so that nothing of them is left beside it.
    """
    lines = text.split("\n")
    for node in sorted(_functions(ast.parse(text), names), key=lambda each: -each.lineno):
        first = node.body[1] if ast.get_docstring(node, clean=False) is not None else node.body[0]
        top = (node.body[0].end_lineno or 0) if first is not node.body[0] else first.lineno - 1
        indent = " " * first.col_offset
        lines.insert(node.end_lineno or 0, indent + end)
        needed = _needed(node, helpers)
        lines[top:top] = [indent + begin, *(f"{indent}{line}".rstrip() for line in needed)]
    return "\n".join(lines)


def _needed(node: ast.AST, helpers: str) -> list[str]:
    """Lines of the statements of `helpers` that some code uses, directly or by one another."""
    tree, kept = ast.parse(helpers), set[ast.stmt]()
    wanted, before = _used(node), -1
    while len(kept) > before:
        before = len(kept)
        kept |= {each for each in tree.body if _binds(each) & wanted}
        wanted = wanted.union(*map(_used, kept))
    lines = helpers.split("\n")
    # A Triton kernel finds what it uses among the names of its module only.
    imported = set[str]().union(*(_binds(each) for each in kept if isinstance(each, _IMPORTS)))
    found = [f"global {', '.join(sorted(imported))}"] if imported else []
    for each in tree.body:
        found += lines[_top(each) : each.end_lineno] if each in kept else []
    return found


def _used(node: ast.AST) -> set[str]:
    names = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
    return names | {each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute)}


def _binds(node: ast.stmt) -> set[str]:
    if isinstance(node, _IMPORTS):
        return {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Attribute):
        return {node.targets[0].attr}
    named = getattr(node, "name", None)
    return {named} if named else _used(node)


def _top(node: ast.stmt) -> int:
    first: int = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", []))])
    return first - 1


def _functions(tree: ast.Module, names: set[str]) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for name, node in _definitions(tree) if name in names and isinstance(node, Function)]


def _definitions(tree: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    """Qualified names of the functions, classes and methods, each with its statement."""
    for node in tree.body:
        if isinstance(node, Function | ast.ClassDef):
            yield node.name, node
        if isinstance(node, ast.ClassDef):
            yield from (
                (f"{node.name}.{each.name}", each) for each in node.body if isinstance(each, Function)
            )


def _names(text: str) -> set[str]:
    return {name for name, _ in _definitions(ast.parse(text))}


def _beside(text: str, shown: set[str]) -> tuple[str, str]:
    """What a solution's cell has that the student's lacks, and the rest.

    A method becomes a function that is put into its class where it is needed.
    """
    lines, tree = text.split("\n"), ast.parse(text)
    methods = [(name, node) for name, node in _definitions(tree) if "." in name and name not in shown]
    extra = [("", node) for node in tree.body if getattr(node, "name", None) not in shown]
    extra += [(name, node) for name, node in methods if name.partition(".")[0] in shown]
    taken: list[str] = []
    for name, node in sorted(extra, key=lambda each: -each[1].lineno):
        top = _top(node)
        found = dedent("\n".join(lines[top : node.end_lineno]))
        taken[:0] = [found, f"{name} = {name.partition('.')[2]}" if name else "", ""]
        del lines[top : node.end_lineno]
    return "\n".join(taken).strip(), "\n".join(lines).strip()


def _imports(cells: list[Cell]) -> Cell:
    return next(cell for cell in cells if cell["id"] == "imports")


def _missing(shown: str, whole: str) -> str:
    """Imports that only the solution needs."""
    lines = [line for line in whole.splitlines() if line not in shown.splitlines()]
    return "\n".join(line for line in lines if "__future__" not in line)
