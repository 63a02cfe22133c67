"""Test cells as functions that use our `student` fixture."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from ..intake.ipython import without_magics
from ..source.parsing import parse
from .draft import Check, Draft

_RAISING = {"assert_raises", "assertRaises", "raises"}


@dataclass(frozen=True)
class Test:
    """A check whose statements can be a test here."""

    __test__ = False  # not a test class for pytest

    check: Check
    part: str  # of its task; also the end of its function's name
    shown: ast.Module
    hidden: ast.Module


def slug(name: str) -> str:
    """A name as an identifier in lower case."""
    found = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    return found if found[:1].isalpha() else f"t_{found}"


def unique(name: str, taken: set[str]) -> str:
    """The name, with a number where it is taken; taken from now on."""
    found, count = name, 1
    while found in taken:
        count += 1
        found = f"{name}_{count}"
    taken.add(found)
    return found


def read_check(draft: Draft, check: Check) -> tuple[ast.Module, ast.Module] | None:
    """What of a check is shown and hidden; None, with a sentence in `draft.left`, where it can be no test."""
    try:
        shown, hidden = _statements(check.shown, check.output), _statements(check.hidden, check.output)
    except ValueError as error:
        draft.left.append(f"{check.name}: {check.points:g} points: {error}")
        return None
    if _bound(shown) & _looked_up(hidden):  # the hidden part goes on with what the shown part made
        draft.left.append(f"{check.name}: its hidden part repeats what students see; take that out of one")
        return shown, ast.Module([*shown.body, *hidden.body], [])
    return shown, hidden


def tested(checks: Iterable[Check]) -> set[str]:
    """Names that checks use, as far as they are Python."""
    found: set[str] = set()
    for text in (text for check in checks for text in (check.shown, check.hidden)):
        with suppress(SyntaxError):
            found |= _looked_up(parse(without_magics(text)[0]))
    return found


def used(trees: Iterable[ast.AST], names: Iterable[str]) -> list[str]:
    """Which of the names some code uses, in their order."""
    found = set().union(*map(_looked_up, trees))
    return [name for name in names if name in found]


def function(head: str, module: str, functions: list[str], trees: list[ast.Module], first: str = "") -> str:
    """Text of a test: the student's functions have the names there that the notebook's cells call them by."""
    lines = [head, *([f"    {first}"] if first else [])]
    lines += [f"    {each} = student.{module}.{each}" for each in used(trees, functions)]
    return "\n".join([*lines, *(line for tree in trees for line in _indented(tree))])


def _statements(code: str, output: str) -> ast.Module:
    """`output` is what the last line is to show. Raises ValueError with the reason why it can be no test."""
    text, _ = without_magics(code)
    try:
        tree = parse(text)
    except SyntaxError as error:
        raise ValueError(f"is no plain Python ({error.msg})") from None
    calls = {_called(each) for each in ast.walk(tree) if isinstance(each, ast.Call)}
    last = tree.body[-1] if tree.body else None
    value = last.value if isinstance(last, ast.Expr) else ast.Constant(None)
    if calls & _RAISING:
        raise ValueError("expects an exception by a call; write `try` and `except` instead")
    if "test_case" in calls:
        raise ValueError("is written with otter's test_case; write its assertions")
    shows = not isinstance(value, ast.Compare | ast.Call | ast.Constant)
    if shows or (tree.body and output not in ("", "True")):
        raise ValueError("is judged by what its last line shows; write an assertion instead")
    if isinstance(value, ast.Compare) or (isinstance(value, ast.Call) and output):
        tree.body[-1] = ast.Assert(value)
    handled: ast.Module = ast.fix_missing_locations(_Handlers().visit(tree))
    return handled


def _looked_up(tree: ast.AST) -> set[str]:
    return {each.id for each in ast.walk(tree) if isinstance(each, ast.Name)}


def _bound(tree: ast.AST) -> set[str]:
    stored = (each for each in ast.walk(tree) if isinstance(each, ast.Name))
    return {each.id for each in stored if isinstance(each.ctx, ast.Store)}


def _indented(tree: ast.Module) -> list[str]:
    # Unparsed as a block, so that lines of long strings are not moved.
    block = ast.If(ast.Constant(True), tree.body, [])
    return ast.unparse(block).split("\n")[1:] if tree.body else []


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


class _Handlers(ast.NodeTransformer):
    """What student code raises arrives as StudentError, which names it."""

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.ExceptHandler:
        """Have the handler look at the name of what was raised."""
        self.generic_visit(node)
        kind = getattr(node.type, "id", "AssertionError")
        if kind != "AssertionError":
            name = node.name or "raised"
            told = f"{{type({name}).__name__}} {{{name}}} {{getattr({name}, 'detail', '')}}"
            node.type, node.name = ast.Name("Exception", ast.Load()), name
            node.body[:0] = ast.parse(f'assert "{kind}" in f"{told}", "expected {kind}"').body
        return node
