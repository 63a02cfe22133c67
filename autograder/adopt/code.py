"""Builds a library module from a notebook's code cells.

Functions that students write become tasks, other definitions stay, and what cannot be kept is listed.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from ..frameworks import ADOPTED
from ..intake.ipython import without_magics
from ..source.definitions import Definition, Statement, text_of
from ..source.parsing import parse_to_change
from .constants import Constants
from .draft import Code, Draft

Function = ast.FunctionDef | ast.AsyncFunctionDef
_PACKAGES = {*sys.stdlib_module_names, *ADOPTED}
_MAY_IMPORT = f"student code may import the standard library, {' and '.join(ADOPTED)}"


@dataclass
class Module:
    """The library module that a notebook becomes."""

    imports: list[str] = field(default_factory=list)
    body: list[str] = field(default_factory=list)
    tasks: list[str] = field(default_factory=list)  # functions and classes that students write
    methods: dict[str, list[str]] = field(default_factory=dict)  # class of `tasks` -> ".forward"
    others: set[str] = field(default_factory=set)  # further names that it defines

    def text(self) -> str:
        """Its source."""
        head = "from __future__ import annotations\n\n" + "\n".join(self.plain())
        return "\n\n\n".join([head, *self.body]) + "\n"

    def plain(self) -> list[str]:
        """Its imports but those from the future."""
        return [line for line in self.imports if "__future__" not in line]


@dataclass(frozen=True)
class _Part:
    """A statement of a cell."""

    node: ast.stmt
    code: Code
    text: str  # of the cell, as Python

    def source(self) -> str:
        if isinstance(self.node, Definition):  # with its decorators
            return text_of(self.node, self.text)
        return ast.get_source_segment(self.text, self.node) or ast.unparse(self.node)

    def told(self) -> str:
        return f"`{ast.unparse(self.node).splitlines()[0][:60]}`"


def build_module(draft: Draft, tested: Collection[str]) -> Module:
    """Build the module: functions in answers become tasks; other definitions, imports and constants stay.

    Args:
        draft: the notebook; what is left out of the module is added to its list `left`.
        tested: names that checks use.
    """
    module, parts = Module(), list(_parts(draft))
    lost = _take_imports(module, draft, parts)
    constants = Constants([(part.node, part.code.answered) for part in parts], tested, lost)
    for part in parts:
        node, answered = part.node, part.code.answered
        if isinstance(node, Definition) and answered:
            _take_answer(module, draft, node)
        elif isinstance(node, Definition) or constants.keeps(node):
            module.others |= Statement(node).binds
            module.body.append(part.source())
        elif answered and not _says_nothing(node):
            draft.left.append(f"an answer that is no function: {part.told()}")
        elif not _says_nothing(node):
            draft.left.append(f"given code {part.told()}: {constants.why_not(node)}")
    return module


def _parts(draft: Draft) -> Iterator[_Part]:
    magics = 0
    for code in draft.code:
        text, removed = without_magics(code.text)
        magics += removed
        try:
            tree = parse_to_change(text)
        except SyntaxError as error:
            first = code.text.strip().splitlines()[0][:60]
            draft.left.append(f"code that is no plain Python ({error.msg}): {first}")
            continue
        yield from (_Part(node, code, text) for node in tree.body)
    if magics:
        draft.left.append(f"{magics} lines for IPython or the shell (%, !, ?)")


def _take_imports(module: Module, draft: Draft, parts: list[_Part]) -> set[str]:
    """Take the imports that student code may have; the names that are lost with the others."""
    lost: set[str] = set()
    for node in (part.node for part in parts):
        for statement in _one_by_one(node):
            line, home = ast.unparse(statement), _home(statement)
            if home in _PACKAGES:
                module.imports += [line] if line not in module.imports else []
                continue
            lost |= Statement(statement).binds
            told = f"`{line}`: {_MAY_IMPORT}"
            draft.left += [told] if told not in draft.left else []
    return lost


def _one_by_one(node: ast.stmt) -> list[ast.Import | ast.ImportFrom]:
    if isinstance(node, ast.Import):
        return [ast.Import([alias]) for alias in node.names]
    return [node] if isinstance(node, ast.ImportFrom) else []


def _home(node: ast.Import | ast.ImportFrom) -> str:
    name = node.names[0].name if isinstance(node, ast.Import) else "." * node.level + (node.module or "")
    return name.partition(".")[0]


def _take_answer(module: Module, draft: Draft, node: Definition) -> None:
    inside: list[Function] = []
    if isinstance(node, ast.ClassDef):
        inside += [inner for inner in node.body if isinstance(inner, Function)]
        module.methods[node.name] = [f".{method.name}" for method in inside]
    else:
        inside.append(node)
    module.tasks.append(node.name)
    for function in inside:
        _document(draft, function)
    module.body.append(ast.unparse(node))


def _document(draft: Draft, node: Function) -> None:
    if ast.get_docstring(node) is None:
        node.body.insert(0, ast.Expr(ast.Constant(f"As the handout asks: {node.name}.")))
        draft.left.append(f"{node.name}: had no docstring, which students need as their contract; write it")


def _says_nothing(node: ast.stmt) -> bool:
    """Imports are taken before, and texts and `pass` are nothing to be missed."""
    text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return text or isinstance(node, ast.Pass | ast.Import | ast.ImportFrom)
