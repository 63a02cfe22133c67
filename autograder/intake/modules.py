"""Which file of a hand-in is which module of the library."""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from ..source.parsing import parse
from ..source.unfinished import TaskNames, finished
from ..text import shown
from .paths import stem, suffix


@dataclass(frozen=True, slots=True)
class Layout:
    """Files sorted by what they are."""

    modules: Mapping[str, str]  # module of a task -> its path
    helpers: Mapping[str, str]  # module of the student's own -> its path
    scripts: tuple[str, ...]  # other files of Python
    notes: tuple[str, ...]


def lay_out(
    texts: Mapping[str, str], tasks: Mapping[str, TaskNames], provided: Collection[str], library: str
) -> Layout:
    """Sort Python files (path -> text) into modules of tasks, helpers that these import, and scripts.

    A file is a module by its name, wherever it lies. Of several copies the one with the most finished
    tasks counts, then one in the library's folder, then the one nearest to the top.
    """
    modules, notes = {}, []
    for module, names in tasks.items():
        copies = [path for path in texts if _module(path) == module]
        if copies:
            modules[module] = min(copies, key=lambda path: _rank(path, texts[path], names, library))
            if len({texts[path] for path in copies}) > 1:
                others = ", ".join(shown(path) for path in sorted(copies) if path != modules[module])
                notes.append(f"{shown(modules[module])}: counts as {module}; not {others}")
    helpers = _helpers(texts, modules, {*tasks, *provided})
    scripts = tuple(
        path
        for path in sorted(texts)
        if _module(path) not in (*tasks, *provided) and _is_script(path, library)
    )
    return Layout(modules, helpers, scripts, tuple(notes))


def changed(texts: Mapping[str, str], ours: Mapping[str, str], library: str) -> list[str]:
    """Provided modules of which the student's copy differs from ours."""
    return sorted(
        {
            _module(path)
            for path, text in texts.items()
            if _module(path) in ours
            and _folder(path) == library
            and text.strip() != ours[_module(path)].strip()
        }
    )


def _module(path: str) -> str:
    return stem(path) if suffix(path) == ".py" else ""


def _folder(path: str) -> str:
    return path.rpartition("/")[0].rpartition("/")[2]


def _rank(path: str, text: str, names: TaskNames, library: str) -> tuple[object, ...]:
    done = len(finished(text, names))
    return (-done, _folder(path) != library, path.count("/"), path)


def _is_script(path: str, library: str) -> bool:
    name = path.rpartition("/")[2].casefold()
    shipped = name.startswith("test_") or name in ("conftest.py", "setup.py", "__init__.py")
    return not shipped and _folder(path) not in (library, "studentkit")


def _helpers(texts: Mapping[str, str], modules: Mapping[str, str], taken: Collection[str]) -> dict[str, str]:
    """Modules beside those of the tasks that these import from, and so on."""
    folders = {path.rpartition("/")[0] for path in modules.values()}
    beside = {
        _module(path): path
        for path in sorted(texts)
        if path.rpartition("/")[0] in folders and _module(path) not in (*taken, "__init__")
    }
    helpers: dict[str, str] = {}
    waiting = list(modules.values()) if beside else []
    while waiting:
        for name in _imports(texts[waiting.pop()]):
            if name in beside and name not in helpers:
                helpers[name] = beside[name]
                waiting.append(beside[name])
    return helpers


def _imports(text: str) -> set[str]:
    """Last parts of what a module imports from, and names that may be modules."""
    try:
        tree = parse(text)
    except SyntaxError:
        return set()
    modules = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules |= {alias.name.rpartition(".")[2] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            modules |= {(node.module or "").rpartition(".")[2], *(alias.name for alias in node.names)}
    return modules
