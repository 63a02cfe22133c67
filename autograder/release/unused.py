"""Imports and module constants that nothing uses any more once bodies are cut."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Sequence

from .lines import Edit, apply, removal

_WIDTH = 110


def drop_unused(before: str, after: str, packages: tuple[str, ...] = ()) -> str:
    """`after` without the imports and constants that `before` used and `after` does not.

    What nothing used before either stays, since it may be there for others. Plain imports of `packages`
    stay: they tell nothing, and every student needs them.
    """
    used_before = _used(ast.parse(before))
    while True:
        tree = ast.parse(after)
        orphans = used_before - _used(tree)
        lines = after.split("\n")
        edits = [edit for node in tree.body if (edit := _edit(node, lines, orphans, packages))]
        if not edits:
            return after
        # One at a time: neighbours share the blank lines between them.
        after = apply(lines, [edits[-1]])


def helpers_left(
    before: str, after: str, tasks: Collection[str], elsewhere: str, elsewhere_before: str = ""
) -> list[str]:
    """Functions and classes of `after` that only withheld code used, whatever their names.

    Not `tasks`, none that nothing used before either, and none that students are told of: in a docstring or
    comment of `after`, or in the text `elsewhere` of all the other files. `elsewhere_before` is the text of
    the library's other modules before anything was cut.
    """
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    defined = {node.name: node for node in ast.parse(after).body if isinstance(node, kinds)}
    whole = {node.name: node for node in ast.parse(before).body if isinstance(node, kinds)}
    helpers = {
        name: node
        for name, node in defined.items()
        if name not in tasks and name in whole and _told(name, [whole[name]], before, elsewhere_before)
    }
    left = list(helpers)
    while True:  # helpers that only one another use are left, too
        gone = [defined[name] for name in left]
        told = [name for name in left if _told(name, gone, after, elsewhere)]
        if not told:
            return left
        left = [name for name in left if name not in told]


def _told(name: str, gone: Sequence[ast.stmt], text: str, elsewhere: str) -> bool:
    """Whether a name stands in any text but that of these definitions."""
    lines = text.split("\n")
    for node in gone:
        first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", ()))])
        last = node.end_lineno or node.lineno
        lines[first - 1 : last] = [""] * (last - first + 1)
    word = re.compile(rf"\b{re.escape(name)}\b")
    return bool(word.search("\n".join(lines)) or word.search(elsewhere))


def _used(tree: ast.Module) -> set[str]:
    """Names that are read, and words in strings: `__all__` and quoted annotations name things too."""
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    used = {
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            used.add(node.value)
    return used


def _edit(node: ast.stmt, lines: list[str], orphans: set[str], packages: tuple[str, ...]) -> Edit | None:
    if isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        names = [inner.id for target in targets for inner in ast.walk(target) if isinstance(inner, ast.Name)]
        return removal(node, lines) if names and orphans.issuperset(names) else None
    if not isinstance(node, ast.Import | ast.ImportFrom) or getattr(node, "module", "") == "__future__":
        return None
    if isinstance(node, ast.Import) and all(alias.name in packages for alias in node.names):
        return None
    kept = [alias for alias in node.names if (alias.asname or alias.name.split(".")[0]) not in orphans]
    if len(kept) == len(node.names):
        return None
    if not kept:
        return removal(node, lines)
    node.names = kept
    return Edit(node.lineno - 1, node.end_lineno or node.lineno, tuple(_written(node)))


def _written(node: ast.Import | ast.ImportFrom) -> list[str]:
    line = ast.unparse(node)
    if len(line) <= _WIDTH:
        return [line]
    start = line[: line.index(" import ")] + " import ("
    return [start, *(f"    {ast.unparse(alias)}," for alias in node.names), ")"]
