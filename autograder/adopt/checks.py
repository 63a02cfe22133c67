"""Turns the test cells of a notebook into test functions that use our `student` fixture."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from ..intake.ipython import without_magics
from ..source.parsing import parse, parse_to_change
from .draft import Check, Draft

_RAISING = {"assert_raises", "assertRaises", "raises"}


@dataclass(frozen=True)
class Test:
    """A test cell that can become a test function, with its statements split into shown and hidden ones."""

    __test__ = False  # not a test class for pytest

    check: Check
    part: str  # of its task; also the end of its function's name
    shown: ast.Module
    hidden: ast.Module


def slug(name: str) -> str:
    """Turn a name into an identifier: "Part 1.2" into "part_1_2", and "1.2" into "t_1_2"."""
    identifier = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    return identifier if identifier[:1].isalpha() else f"t_{identifier}"


def unique(name: str, taken: set[str]) -> str:
    """The name, with a number appended if it is in `taken`; it is added to `taken`."""
    free, count = name, 1
    while free in taken:
        count += 1
        free = f"{name}_{count}"
    taken.add(free)
    return free


def read_check(draft: Draft, check: Check) -> tuple[ast.Module, ast.Module] | None:
    """The shown and the hidden statements of a check.

    None where it cannot become a test; then a sentence in `draft.left` says why.
    """
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
    """All names that checks use; checks that are no Python are skipped."""
    names: set[str] = set()
    for text in (text for check in checks for text in (check.shown, check.hidden)):
        with suppress(SyntaxError):
            names |= _looked_up(parse(without_magics(text)[0]))
    return names


def used(trees: Iterable[ast.AST], names: Iterable[str]) -> list[str]:
    """Which of the names some code uses, in their order."""
    looked_up = set().union(*map(_looked_up, trees))
    return [name for name in names if name in looked_up]


def function(head: str, module: str, functions: list[str], trees: list[ast.Module], first: str = "") -> str:
    """The text of a test function.

    Args:
        head: its first line, up to the colon.
        module: library module of the student's functions.
        functions: names of functions that the statements may call; those that they do are bound first.
        trees: the statements.
        first: a line to put before all others.
    """
    lines = [head, *([f"    {first}"] if first else [])]
    lines += [f"    {name} = student.{module}.{name}" for name in used(trees, functions)]
    return "\n".join([*lines, *(line for tree in trees for line in _indented(tree))])


def _statements(code: str, output: str) -> ast.Module:
    """`output` is what the last line is to show. Raises ValueError with the reason why it can be no test."""
    text, _ = without_magics(code)
    try:
        tree = parse_to_change(text)
    except SyntaxError as error:
        raise ValueError(f"is no plain Python ({error.msg})") from None
    calls = {_called(node) for node in ast.walk(tree) if isinstance(node, ast.Call)}
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
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def _bound(tree: ast.AST) -> set[str]:
    stored = (node for node in ast.walk(tree) if isinstance(node, ast.Name))
    return {node.id for node in stored if isinstance(node.ctx, ast.Store)}


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
