"""Functions and modules whose names a later cell uses for data: `loss = loss(x)`, `np = 3`."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping, Sequence

from ..source.definitions import Definition, Statement
from ..source.unfinished import is_unfinished

_Import = ast.Import | ast.ImportFrom


def overwritten(
    statements: Sequence[Statement], methods: Mapping[str, Collection[str]]
) -> dict[int, frozenset[str]]:
    """Position of each statement that takes the name of a function, class or module away -> these names.

    An experiment at the end of a notebook must not take away what its functions need: a definition stays.
    What gives the name to another function does count: a lambda, the name of one, or a call that is passed
    the function, as `f = jit(f)`. `methods` maps names of tasks to their methods, as stubs do not stay.
    """
    callables = {name for statement in statements if _defines(statement.node) for name in statement.binds}
    callables |= {name for statement in statements if _is_lambda(statement.node) for name in statement.binds}
    defined: set[str] = set()
    data: set[str] = set()  # once one of these, a name is passed on as data
    losses = {}
    for at, statement in enumerate(statements):
        if _defines(statement.node):
            stub = is_unfinished(statement, methods.get(getattr(statement.node, "name", ""), ()))
            defined = defined - statement.binds if stub else defined | statement.binds
            data -= statement.binds
            continue
        names = _assigned(statement) & defined
        taken = {name for name in names if name in data or not _redefines(statement.node, name, callables)}
        if taken:
            data |= taken
            losses[at] = frozenset(taken)
    return losses


def _defines(node: ast.stmt) -> bool:
    return isinstance(node, Definition | _Import)


def _is_lambda(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Lambda)


def _assigned(statement: Statement) -> frozenset[str]:
    """Names of the module that are bound anew, not just changed in a part."""
    inside = (node for node in ast.walk(statement.node) if isinstance(node, ast.Name))
    return statement.binds & {inner.id for inner in inside if isinstance(inner.ctx, ast.Store)}


def _redefines(node: ast.stmt, name: str, callables: Collection[str]) -> bool:
    """Whether a statement gives a name to a function, class or module."""
    for inner in ast.walk(node):
        if isinstance(inner, Definition) and inner.name == name:
            return True
        if isinstance(inner, _Import) and name in Statement(inner).binds:
            return True
        if any(name == target and _is_callable(value, name, callables) for target, value in _pairs(inner)):
            return True
    return False


def _pairs(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """Plain names that an assignment binds, each with its value."""
    if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            pairs = [(target, node.value)]
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                pairs = list(zip(target.elts, node.value.elts, strict=False))
            yield from ((target.id, value) for target, value in pairs if isinstance(target, ast.Name))


def _is_callable(value: ast.expr, name: str, callables: Collection[str]) -> bool:
    if isinstance(value, ast.Call):
        return any(
            isinstance(argument, ast.Name) and argument.id == name
            for argument in (*value.args, *(keyword.value for keyword in value.keywords))
        )
    while isinstance(value, ast.Attribute):
        value = value.value
    return isinstance(value, ast.Lambda) or (isinstance(value, ast.Name) and value.id in callables)
