"""The notebook of a release, as JSON: handout, a cell for each task, a cell that runs the public tests."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable
from typing import Any

from ..model import Assignment, Course, Task
from .projection import split_source
from .stubs import Function, definitions

_NUMBERED = re.compile(r"## \d+\. ")
_TESTS = "from studentkit.plugin import check\n\ncheck(globals())"
_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def notebook(course: Course, assignment: Assignment, library: dict[str, str]) -> str:
    """The notebook in format 4.5, without outputs, the same bytes each time.

    Each task has a cell tagged `task:<id>` with its functions as `library` (path -> text) has them. It
    stands behind its section where the handout has one numbered section a task, else behind them all.
    """
    sections = _sections((assignment.folder / "handout.md").read_text("utf-8"))
    tasks = [_task_cell(course, task, library) for task in assignment.tasks]
    numbered = [text for text in sections if _NUMBERED.match(text)]
    cells: list[dict[str, Any]] = []
    for number, text in enumerate(sections):
        cells.append(_cell("markdown", f"handout-{number}", text))
        if number == 0:
            cells.append(_cell("code", "imports", _imports(course, assignment, library)))
        if len(numbered) == len(tasks) and text in numbered:
            cells.append(tasks[numbered.index(text)])
    if len(numbered) != len(tasks):
        cells += tasks
    cells.append(_cell("code", "tests", _TESTS))
    content = {"cells": cells, "metadata": _METADATA, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def _sections(handout: str) -> list[str]:
    return [part.strip() for part in re.split(r"^(?=## )", handout, flags=re.MULTILINE) if part.strip()]


def _cell(kind: str, cell_id: str, text: str, *tags: str) -> dict[str, Any]:
    cell: dict[str, Any] = {
        "cell_type": kind,
        "id": cell_id.replace("_", "-")[:64],
        "metadata": {"tags": list(tags)} if tags else {},
        "source": text.splitlines(keepends=True),
    }
    return cell | ({"execution_count": None, "outputs": []} if kind == "code" else {})


def _task_cell(course: Course, task: Task, library: dict[str, str]) -> dict[str, Any]:
    if task.kind != "code":
        text = f"**{task.title}.** {task.prompt}\n\nWrite your answer into `answers/{task.id}.md`."
        return _cell("markdown", f"task-{task.id}", text, f"task:{task.id}")
    parts, methods = [], []
    for module, name in map(split_source, task.source):
        path = f"{course.library}/{module}.py"
        if "." in name:
            methods.append(f"# {name}: write it in {path}")
        else:
            parts.append(_function(library[path], name))
    text = "\n\n\n".join([*methods, *parts]) if parts else "\n".join(methods)
    return _cell("code", f"task-{task.id}", text, f"task:{task.id}")


def _function(text: str, name: str) -> str:
    node = next(each for each in definitions(ast.parse(text))[name] if isinstance(each, Function))
    first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
    return "\n".join(text.split("\n")[first - 1 : node.end_lineno])


def _imports(course: Course, assignment: Assignment, library: dict[str, str]) -> str:
    """What the cells of the tasks need: the imports of their modules, and constants beside them."""
    plain: set[str] = set()
    names: dict[str, set[str]] = {}
    sources = [split_source(name) for task in assignment.tasks for name in task.source]
    for module in dict.fromkeys(module for module, _ in sources):
        tree = ast.parse(library[f"{course.library}/{module}.py"])
        tasks = {name for home, name in sources if home == module and "." not in name}
        used = _used(node for node in tree.body if getattr(node, "name", None) in tasks)
        for node in tree.body:
            if isinstance(node, ast.Import):
                plain.add(ast.unparse(node))
            elif isinstance(node, ast.ImportFrom):
                home = f"{course.library}.{node.module}" if node.level else str(node.module)
                names.setdefault(home, set()).update(ast.unparse(each) for each in node.names)
        beside = definitions(tree).keys() & used - {name for _, name in sources}
        if beside:
            names.setdefault(f"{course.library}.{module}", set()).update(beside)
    future = names.pop("__future__", set())
    first = [f"from __future__ import {', '.join(sorted(future))}", ""] if future else []
    rest = [f"from {home} import {', '.join(sorted(found))}" for home, found in sorted(names.items())]
    return "\n".join([*first, *sorted(plain), *_without_tasks(rest, {name for _, name in sources})])


def _used(nodes: Iterable[ast.AST]) -> set[str]:
    return {each.id for node in nodes for each in ast.walk(node) if isinstance(each, ast.Name)}


def _without_tasks(lines: list[str], tasks: set[str]) -> list[str]:
    """Imports of what the notebook defines itself would hide the student's work in a later run."""
    kept = []
    for line in lines:
        head, _, names = line.partition(" import ")
        left = [name for name in names.split(", ") if name not in tasks]
        kept += [f"{head} import {', '.join(left)}"] if left else []
    return kept
