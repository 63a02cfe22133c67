"""Mutants of the reference: each differs from it by one small change."""

from __future__ import annotations

import ast
import difflib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ..course.library import module_path
from ..model import Course, Task
from ..source.definitions import named_statements
from ..source.names import names_of
from .operators import changes

_WRAPPED = (ast.BinOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.UnaryOp)


@dataclass(frozen=True)
class Mutant:
    """One wrong version of a module.

    The id holds module, function, operator and the line before and after, but no line number: it stays
    the same when lines move.
    """

    id: str
    module: str
    function: str  # qualified name
    operator: str
    text: str  # of the whole module
    diff: str  # of the changed lines


def mutants_of(module: str, text: str, functions: Sequence[str]) -> list[Mutant]:
    """All mutants of the named functions of a module, in the order of the lines."""
    mutants: dict[str, Mutant] = {}
    for qualified, nodes in named_statements(ast.parse(text)).items():
        for node in nodes if qualified in functions else ():
            if isinstance(node, ast.FunctionDef):
                for mutant in _mutants(module, text, qualified, node):
                    mutants.setdefault(mutant.text, mutant)
    return _told_apart(mutants.values())


def mutants_of_tasks(course: Course, tasks: Iterable[Task]) -> list[Mutant]:
    """Mutants of every function that these tasks ask for."""
    functions: dict[str, list[str]] = {}
    for name in names_of(tasks):
        functions.setdefault(name.module, []).append(name.qualified)
    mutants: list[Mutant] = []
    for module, names in functions.items():
        text = module_path(course, module).read_text(encoding="utf-8")
        mutants += mutants_of(module, text, names)
    return mutants


def _told_apart(mutants: Iterable[Mutant]) -> list[Mutant]:
    """Ids numbered where one line can be changed into another in several places."""
    seen: Counter[str] = Counter()
    result = []
    for mutant in mutants:
        seen[mutant.id] += 1
        count = seen[mutant.id]
        result.append(mutant if count == 1 else replace(mutant, id=f"{mutant.id} ({count})"))
    return result


def _mutants(module: str, text: str, qualified: str, function: ast.FunctionDef) -> Iterator[Mutant]:
    for statement in function.body:
        for node in _executed(statement):
            for operator, other in changes(node):
                changed = _replaced(text, node, other)
                if changed is None or not _compiles(changed):
                    continue
                before, after = _lines(text, changed)
                yield Mutant(
                    id=f"{module}.{qualified}: {operator}: {' '.join(before)} -> {' '.join(after)}",
                    module=module,
                    function=qualified,
                    operator=operator,
                    text=changed,
                    diff="\n".join([*(f"- {line}" for line in before), *(f"+ {line}" for line in after)]),
                )


def _executed(node: ast.AST) -> Iterator[ast.AST]:
    """A node and what is in it, but for texts of errors and annotations."""
    if isinstance(node, ast.Raise) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
        return
    yield node
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns") or getattr(node, "arg", "") == "strict":
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not _is_open_size(node, child):
                yield from _executed(child)


def _is_open_size(node: ast.AST, argument: ast.AST) -> bool:
    """The -1 of a reshape: NumPy takes any negative number for it."""
    named = isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "reshape"
    return named and isinstance(argument, ast.UnaryOp)


def _replaced(text: str, node: ast.AST, other: ast.AST | None) -> str | None:
    """The module with `other` in the place of `node`; None where nothing changes."""
    if isinstance(node, ast.If) and isinstance(other, ast.If):
        node, other = node.test, other.test  # the rest of the statement keeps its text
    lines = text.encode().splitlines(keepends=True)
    first, last = node.lineno - 1, node.end_lineno - 1  # type: ignore[attr-defined]
    start, end = node.col_offset, node.end_col_offset  # type: ignore[attr-defined]
    new = "pass" if other is None else ast.unparse(ast.fix_missing_locations(other))
    if isinstance(other, _WRAPPED):
        new = f"({new})"
    head, tail = lines[first][:start], lines[last][end:]
    changed = b"".join([*lines[:first], head + new.encode() + tail, *lines[last + 1 :]]).decode()
    return changed if ast.dump(_parsed(changed)) != ast.dump(_parsed(text)) else None


def _parsed(text: str) -> ast.AST:
    try:
        return ast.parse(text)
    except SyntaxError:
        return ast.Pass()


def _compiles(text: str) -> bool:
    try:
        compile(text, "<mutant>", "exec")
    except (SyntaxError, ValueError):
        return False
    return True


def _lines(before: str, after: str) -> tuple[list[str], list[str]]:
    """Lines that differ, without their indentation."""
    old, new = before.splitlines(), after.splitlines()
    for tag, first, last, start, end in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            return [line.strip() for line in old[first:last]], [line.strip() for line in new[start:end]]
    return [], []
