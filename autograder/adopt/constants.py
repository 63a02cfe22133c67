"""Decides which statements of a notebook's given code can stand at the top of a library module."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable

from ..source.definitions import Definition, Statement

_Elsewhere = Definition | ast.Import | ast.ImportFrom
_Assignment = ast.Assign | ast.AnnAssign | ast.AugAssign
# What is not in a release, and cannot be read or asked for while a hand-in is graded.
_OUTSIDE = frozenset(
    {"open", "input", "load", "loadtxt", "genfromtxt", "fromfile", "read_text", "read_bytes", "urlopen"}
)


class Constants:
    """Decides which assignments are kept.

    One that calls nothing is kept; any other only if a check or a function uses its names. One is left out if
    it would run a student's answer, which is a stub in the release, or uses something that is left out.
    """

    def __init__(
        self, nodes: Iterable[tuple[ast.stmt, bool]], tested: Collection[str], lost: Collection[str]
    ) -> None:
        """`nodes` are all statements in order, and whether each is an answer; `lost` names are not there."""
        self._tested = frozenset(tested)
        self._kept: set[int] = set()
        self._reasons: dict[int, str] = {}
        every = [(Statement(node), answered) for node, answered in nodes]
        definitions = [
            (statement, answered) for statement, answered in every if isinstance(statement.node, Definition)
        ]
        given = [
            statement
            for statement, answered in every
            if not answered and not isinstance(statement.node, _Elsewhere)
        ]
        needed = self._needed([statement for statement, _ in definitions], given)
        answers = {name for statement, answered in definitions if answered for name in statement.binds}
        helpers = [statement for statement, answered in definitions if not answered]
        gone = set(lost)
        for statement in given:
            spoiled = _spoiled(helpers, answers | gone)
            reason = _reason(statement, needed, answers, spoiled)
            if reason:
                self._reasons[id(statement.node)] = reason
                gone |= statement.binds
            else:
                self._kept.add(id(statement.node))

    def keeps(self, node: ast.stmt) -> bool:
        """Whether a given statement comes along."""
        return id(node) in self._kept

    def why_not(self, node: ast.stmt) -> str:
        """Why a given statement is not kept, and which of its names tests use."""
        names = sorted(Statement(node).binds & self._tested)
        missed = f"; tests use {', '.join(names)}" if names else ""
        return self._reasons.get(id(node), "is not carried over") + missed

    def _needed(self, definitions: list[Statement], given: list[Statement]) -> set[str]:
        needed = set(self._tested).union(*(definition.uses for definition in definitions))
        for statement in reversed(given):
            if statement.binds & needed:
                needed |= statement.uses
        return needed


def _reason(statement: Statement, needed: set[str], answers: set[str], spoiled: set[str]) -> str:
    """Why a statement cannot come along; nothing if it can."""
    if not isinstance(statement.node, _Assignment):
        return "is run, and defines nothing"
    if answers & statement.uses:
        return "needs an answer"
    if spoiled & statement.uses:
        return f"needs {', '.join(sorted(spoiled & statement.uses))}, which students do not have"
    calls = [node for node in ast.walk(statement.node) if isinstance(node, ast.Call)]
    if any(_called(call) in _OUTSIDE for call in calls):
        return "reads a file or asks somebody"
    if calls and not statement.binds & needed:
        return "is used by no test and no function"
    return ""


def _spoiled(helpers: list[Statement], missing: set[str]) -> set[str]:
    """Names that are missing, and functions that would meet them when they are called."""
    lost = set(missing)
    while new := {name for helper in helpers if helper.uses & lost for name in helper.binds} - lost:
        lost |= new
    return lost


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
