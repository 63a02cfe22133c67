"""Puts solutions between two marker lines (BEGIN SOLUTION, END SOLUTION), as other graders want them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from textwrap import dedent

from ..source.definitions import Function, lines_of, named_statements, text_of

_IMPORTS = (ast.Import, ast.ImportFrom)


def marked(text: str, names: set[str], begin: str, end: str, helpers: str = "") -> str:
    """Put the body of each named function, without its docstring, between the lines `begin` and `end`.

    Args:
        text: source code.
        names: qualified names of the functions.
        begin: line before a solution.
        end: line after it.
        helpers: source code of helpers that only solutions use. What a body needs of it is put inside the
            body, so that a student's version shows none of it.

    Returns:
        The source code with solutions marked.
    """
    lines = text.split("\n")
    functions = [node for name, node in _defined(text) if name in names and isinstance(node, Function)]
    for node in sorted(functions, key=lambda function: -function.lineno):
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
        kept |= {statement for statement in tree.body if _binds(statement) & wanted}
        wanted = wanted.union(*map(_used, kept))
    # A Triton kernel finds what it uses among the names of its module only.
    imported = set[str]().union(*(_binds(statement) for statement in kept if isinstance(statement, _IMPORTS)))
    needed = [f"global {', '.join(sorted(imported))}"] if imported else []
    for statement in tree.body:
        needed += text_of(statement, helpers).split("\n") if statement in kept else []
    return needed


def _used(node: ast.AST) -> set[str]:
    names = {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
    return names | {inner.attr for inner in ast.walk(node) if isinstance(inner, ast.Attribute)}


def _binds(node: ast.stmt) -> set[str]:
    if isinstance(node, _IMPORTS):
        return {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Attribute):
        return {node.targets[0].attr}
    named = getattr(node, "name", None)
    return {named} if named else _used(node)


def beside(text: str, students: str) -> tuple[str, str]:
    """Split a solution's cell into helpers that the student's cell lacks, and the rest.

    A method among the helpers becomes a function and an assignment that puts it into its class.

    Args:
        text: code of the solution's cell.
        students: code of the student's cell.

    Returns:
        (helpers, rest).
    """
    lines, shown = text.split("\n"), {name for name, _ in _defined(students)}
    extra = [("", node) for node in ast.parse(text).body if getattr(node, "name", None) not in shown]
    for name, node in _defined(text):
        if name.count(".") == 1 and name not in shown and name.partition(".")[0] in shown:
            extra.append((name, node))
    taken: list[str] = []
    for name, node in sorted(extra, key=lambda entry: -entry[1].lineno):
        at = slice(lines_of(node).start - 1, node.end_lineno)
        definition = dedent("\n".join(lines[at]))
        taken[:0] = [definition, f"{name} = {name.partition('.')[2]}" if name else "", ""]
        del lines[at]
    return "\n".join(taken).strip(), "\n".join(lines).strip()


def _defined(text: str) -> Iterator[tuple[str, ast.stmt]]:
    """Qualified names and the statements that define them."""
    for name, nodes in named_statements(ast.parse(text)).items():
        yield from ((name, node) for node in nodes)


def unmarked(text: str, begin: str, end: str) -> str:
    """The text as students get it: what stands between the marker lines is replaced by a stub's `raise`."""
    kept, inside = list[str](), False
    for line in text.split("\n"):
        mark = line.strip()
        if mark == begin:
            kept.append(line.replace(begin, "raise NotImplementedError()"))
        elif not inside and mark != end:
            kept.append(line)
        inside = (inside or mark == begin) and mark != end
    return "\n".join(kept)
