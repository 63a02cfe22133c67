"""Which of the statements that students are given can stand at the top of a module."""

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
    """Assignments that come along: those without a call, and of the others those that are needed.

    Needed is what checks or functions use. Nothing comes along that would run an answer, which students
    have as a stub, or use what is left out itself.
    """

    def __init__(
        self, nodes: Iterable[tuple[ast.stmt, bool]], tested: Collection[str], lost: Collection[str]
    ) -> None:
        """`nodes` are all statements in order, and whether each is an answer; `lost` names are not there."""
        self._tested = frozenset(tested)
        self._kept: set[int] = set()
        self._reasons: dict[int, str] = {}
        every = [(Statement(node), answered) for node, answered in nodes]
        definitions = [(each, answered) for each, answered in every if isinstance(each.node, Definition)]
        given = [each for each, answered in every if not answered and not isinstance(each.node, _Elsewhere)]
        needed = self._needed([each for each, _ in definitions], given)
        answers = {name for each, answered in definitions if answered for name in each.binds}
        helpers = [each for each, answered in definitions if not answered]
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
        """Why it does not, and whether a test misses it."""
        names = sorted(Statement(node).binds & self._tested)
        missed = f"; tests use {', '.join(names)}" if names else ""
        return self._reasons.get(id(node), "is not carried over") + missed

    def _needed(self, definitions: list[Statement], given: list[Statement]) -> set[str]:
        needed = set(self._tested).union(*(each.uses for each in definitions))
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
    calls = [each for each in ast.walk(statement.node) if isinstance(each, ast.Call)]
    if any(_called(each) in _OUTSIDE for each in calls):
        return "reads a file or asks somebody"
    if calls and not statement.binds & needed:
        return "is used by no test and no function"
    return ""


def _spoiled(helpers: list[Statement], missing: set[str]) -> set[str]:
    """Names that are missing, and functions that would meet them when they are called."""
    found = set(missing)
    while new := {name for each in helpers if each.uses & found for name in each.binds} - found:
        found |= new
    return found


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
