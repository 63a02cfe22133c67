"""What the top level of a student's module binds and uses. Read, never run."""

from __future__ import annotations

import ast
import symtable
import warnings
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property

from ..model import Task
from .parsing import parse

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
TaskNames = Mapping[str, frozenset[str]]  # function or class of a module -> its methods that are tasks


class Statement:
    """One statement at the top level of a module."""

    def __init__(self, node: ast.stmt) -> None:
        self.node = node

    @property
    def lines(self) -> range:
        """Its lines, counted from 1, decorators included."""
        decorators = getattr(self.node, "decorator_list", [])
        first = min([self.node.lineno, *(each.lineno for each in decorators)])
        return range(first, (self.node.end_lineno or self.node.lineno) + 1)

    @cached_property
    def binds(self) -> frozenset[str]:
        """Names of the module that it defines, imports, assigns, or changes a part of."""
        return frozenset(_bound(self.node))

    @cached_property
    def uses(self) -> frozenset[str]:
        """Names of the module that it, or the code it defines, looks up."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                table = symtable.symtable(ast.unparse(self.node), "<hand-in>", "exec")
        except (SyntaxError, RecursionError, ValueError):
            names = {node.id for node in ast.walk(self.node) if isinstance(node, ast.Name)}
        else:
            names = set(_looked_up(table, top=True))
        return frozenset(names)


def statements(tree: ast.Module) -> list[Statement]:
    """The statements at the top level, in order."""
    return [Statement(node) for node in tree.body]


def definitions(tree: ast.Module) -> dict[str, Definition]:
    """Functions and classes at the top level; of several with one name the last."""
    return {node.name: node for node in tree.body if isinstance(node, Definition)}


def is_stub(node: Definition, methods: Collection[str] = ()) -> bool:
    """Whether nothing is done in a function, or in a class.

    A class is judged by its `methods` that are tasks; where none is, by all but those of two underscores.
    """
    body = node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body
    if isinstance(node, ast.ClassDef):
        within = [each for each in body if isinstance(each, Definition)]
        if methods:
            return all(is_stub(each) for each in within if each.name in methods)
        return bool(within) and all(is_stub(each) for each in within if not each.name.startswith("__"))
    return all(_does_nothing(statement) for statement in body)


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
    found: dict[str, dict[str, frozenset[str]]] = {}
    for source in (source for task in tasks for source in task.source):
        module, name = place(source)
        method = source.partition(":")[2].partition(".")[2]
        names = found.setdefault(module, {})
        names[name] = names.get(name, frozenset()) | ({method} if method else frozenset())
    return dict(found)


def place(source: str) -> tuple[str, str]:
    """Module and top-level name of "dlc_lib.autograd:Tensor.relu": ("autograd", "Tensor")."""
    module, _, name = source.partition(":")
    return module.rpartition(".")[2], name.partition(".")[0]


def adopted(
    tasks: tuple[Task, ...], modules: Mapping[str, str], script: str | None
) -> dict[str, tuple[str, ...]]:
    """Module -> names that a script supplies, since the student's module lacks them or has a stub."""
    if script is None:
        return {}
    supplied: dict[str, tuple[str, ...]] = {}
    for module, names in task_names(tasks).items():
        found = finished(script, names) - finished(modules.get(module), names)
        if found:
            supplied[module] = tuple(name for name in names if name in found)
    return supplied


def _does_nothing(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Raise):
        raised = statement.exc.func if isinstance(statement.exc, ast.Call) else statement.exc
        return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"
    return isinstance(statement, ast.Pass) or (
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    )


def _bound(node: ast.AST) -> Iterator[str]:
    if isinstance(node, Definition):
        yield node.name
    elif isinstance(node, ast.Import | ast.ImportFrom):
        for alias in node.names:
            yield alias.asname or alias.name.partition(".")[0]
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store | ast.Del):
        yield node.id
    elif isinstance(node, ast.Subscript | ast.Attribute) and isinstance(node.ctx, ast.Store | ast.Del):
        yield from _owner(node)
    elif not isinstance(node, ast.Lambda | ast.comprehension):
        for child in ast.iter_child_nodes(node):
            yield from _bound(child)


def _owner(node: ast.expr) -> Iterator[str]:
    while isinstance(node, ast.Subscript | ast.Attribute):
        node = node.value
    if isinstance(node, ast.Name):
        yield node.id


def _looked_up(table: symtable.SymbolTable, *, top: bool) -> Iterator[str]:
    for symbol in table.get_symbols():
        if symbol.is_referenced() and (top or symbol.is_global()):
            yield symbol.get_name()
    for child in table.get_children():
        yield from _looked_up(child, top=False)
