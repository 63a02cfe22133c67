"""A module's text with the bodies of its tasks cut out and all else as its author wrote it."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from ..errors import AutograderError
from ..source.definitions import Function, named_statements
from .lines import Edit, apply, removal, trailing_comments
from .unused import drop_unused


class StubError(AutograderError):
    """A module cannot be cut as its assignment asks. Holds every fault found."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Removed:
    """What goes from one module."""

    label: str  # short id of the assignment, named in the stub: "a4"
    tasks: tuple[str, ...]  # qualified names whose bodies go: "conv_forward", "Tensor.relu"
    omit: tuple[str, ...] = ()  # qualified names that go wholly: "_columns"
    packages: tuple[str, ...] = ()  # whose plain imports stay: every student needs `import numpy as np`


def stubbed(text: str, removed: Removed, path: str) -> str:
    """`text` with everything after the docstring of each task replaced by `raise NotImplementedError`.

    Imports and module constants that only served what was cut go too. `path` is for messages. Raises
    StubError naming each unknown name and each task without a docstring.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    definitions = named_statements(_parse(text, path))
    faults = _faults(definitions, removed, path)
    if faults:
        raise StubError(faults)
    lines = text.split("\n")
    edits = [
        _stub(node, lines, f"{removed.label}/{name}")
        for name in dict.fromkeys(removed.tasks)
        for node in definitions[name]
        if isinstance(node, Function)
    ]
    edits += [removal(node, lines) for name in dict.fromkeys(removed.omit) for node in definitions[name]]
    result = apply(lines, edits)
    _parse(result, f"{path} after the cut")
    return drop_unused(text, result, removed.packages)


def _parse(text: str, path: str) -> ast.Module:
    try:
        return ast.parse(text)
    except SyntaxError as error:
        raise StubError([f"{path}:{error.lineno}: {error.msg}; expected Python"]) from error


def _faults(definitions: dict[str, list[ast.stmt]], removed: Removed, path: str) -> list[str]:
    faults = [
        f"{path}: has no {name}, which the assignment names; correct the name or define it"
        for name in (*removed.tasks, *removed.omit)
        if name not in definitions
    ]
    for name in removed.tasks:
        faults += [fault for node in definitions.get(name, ()) for fault in _task_faults(name, node, path)]
        outer = [left_out for left_out in removed.omit if f"{name}.".startswith(f"{left_out}.")]
        faults += [f"{path}: {name} is a task, but `omit` removes it with {left_out}" for left_out in outer]
    return faults


def _task_faults(name: str, node: ast.stmt, path: str) -> list[str]:
    if not isinstance(node, Function):
        return [f"{path}:{node.lineno}: {name} is no function; name functions, or methods as Class.method"]
    if not ast.get_docstring(node):
        return [
            f"{path}:{node.lineno}: {name} has no docstring; it is the student's contract: "
            "write formula, shapes, errors and source"
        ]
    return []


def _stub(node: Function, lines: list[str], name: str) -> Edit:
    docstring = node.body[0]
    last = (docstring.end_lineno or docstring.lineno) - 1
    # Columns of the syntax tree count bytes of UTF-8.
    kept = lines[last].encode()[: docstring.end_col_offset].decode()
    before = lines[docstring.lineno - 1].encode()[: docstring.col_offset].decode()
    statement = f'raise NotImplementedError("{name}")'
    new = [f"{kept}; {statement}"] if before.strip() else [kept, before + statement]
    end = trailing_comments(lines, node.end_lineno or node.lineno, node.col_offset)
    return Edit(last, end, tuple(new))
