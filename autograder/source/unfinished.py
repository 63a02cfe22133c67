"""Which functions of its tasks a text finishes, and which it leaves as stubs. Read, never run."""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping

from ..model import Task
from .definitions import Definition, Statement, definitions, statements
from .names import names_of
from .parsing import parse

TaskNames = Mapping[str, frozenset[str]]  # function or class of a module -> its methods that are tasks


def is_stub(node: Definition, methods: Collection[str] = ()) -> bool:
    """Whether nothing is done in a function, or in a class.

    A class is judged by its `methods` that are tasks; where none is, by all but those of two underscores.
    """
    body = node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body
    if isinstance(node, ast.ClassDef):
        within = [statement for statement in body if isinstance(statement, Definition)]
        if methods:
            return all(is_stub(definition) for definition in within if definition.name in methods)
        return bool(within) and all(
            is_stub(definition) for definition in within if not definition.name.startswith("__")
        )
    return all(_does_nothing(statement) for statement in body)


def is_unfinished(statement: Statement, methods: Collection[str] = ()) -> bool:
    """Whether a statement defines a function or class in which nothing is done yet."""
    return isinstance(statement.node, Definition) and is_stub(statement.node, methods)


def finished(source: str | None, names: TaskNames) -> frozenset[str]:
    """Those of `names` that `source` binds to something else than a stub. All where it cannot be parsed."""
    if source is None:
        return frozenset()
    try:
        tree = parse(source)
    except SyntaxError:
        return frozenset(names)
    defined = definitions(tree)
    bound = frozenset().union(*(statement.binds for statement in statements(tree)))
    return frozenset(
        name
        for name, methods in names.items()
        if name in bound and not (name in defined and is_stub(defined[name], methods))
    )


def task_names(tasks: tuple[Task, ...]) -> dict[str, TaskNames]:
    """Module -> the functions and classes at its top level that tasks are about, with their methods."""
    by_module: dict[str, dict[str, frozenset[str]]] = {}
    for name in names_of(tasks):
        names = by_module.setdefault(name.module, {})
        names[name.top] = names.get(name.top, frozenset()) | ({name.method} if name.method else frozenset())
    return dict(by_module)


def adopted(
    tasks: tuple[Task, ...], modules: Mapping[str, str], script: str | None
) -> dict[str, tuple[str, ...]]:
    """Module -> names that a script supplies, since the student's module lacks them or has a stub."""
    if script is None:
        return {}
    supplied: dict[str, tuple[str, ...]] = {}
    for module, names in task_names(tasks).items():
        lacking = finished(script, names) - finished(modules.get(module), names)
        if lacking:
            supplied[module] = tuple(name for name in names if name in lacking)
    return supplied


def _does_nothing(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Raise):
        raised = statement.exc.func if isinstance(statement.exc, ast.Call) else statement.exc
        return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"
    return isinstance(statement, ast.Pass) or (
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    )
