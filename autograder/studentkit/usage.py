"""What tests use of answers that nothing declares, learned from the course's own solution.

Where a function has no return annotation, its answer counts as what the tests take it for: a tuple that they
unpack on right answers, and that passes, is a tuple of as many values. Right answers in one place may be of
several kinds: None or a tuple, tuples of several lengths. The values of a dict or a list are in one place,
which messages name, each in a part of its own, which they do not: keys are the student's to choose.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from typing import Any

from .kinds import DictOf, Kind, ListOf, StudentError

_PARTS = 64  # of one place that are told apart; others count as the place itself

_CURRENT: ContextVar[Usage | None] = ContextVar("usage", default=None)


class Unopened(StudentError):
    """A test has used an answer that nothing declares; `where` tells which."""

    def __init__(self, message: str, where: str) -> None:
        super().__init__(message)
        self.where = where


class Usage:
    """Kinds that the answers of undeclared functions are used as. A context manager: inside, they hold."""

    def __init__(self) -> None:
        # Place of an answer -> part of it, "" for the whole -> its kinds, in the order learned.
        self._kinds: dict[str, dict[str, list[Kind]]] = {}
        self._learning = False  # whether answers are right ones
        self._held: dict[str, Any] = {}  # place -> an answer that was held back since `__enter__`
        self._guessed = False  # whether an answer since then was in a part of which nothing is known
        self._tokens: list[Token[Usage | None]] = []

    def __enter__(self) -> Usage:
        self.forget()
        self._tokens.append(_CURRENT.set(self))
        return self

    def __exit__(self, *_: object) -> None:
        _CURRENT.reset(self._tokens.pop())

    @property
    def held_back(self) -> bool:
        """Whether an answer came, since this was entered, that no test could use, or not for sure."""
        return bool(self._held) or self._guessed

    @contextmanager
    def learning(self) -> Iterator[None]:
        """Inside, answers are right, and a kind that is new in an open place is one more of that place."""
        self._learning = True
        try:
            yield
        finally:
            self._learning = False

    @property
    def known(self) -> int:
        """How many kinds are known, of all places together."""
        return sum(len(kinds) for parts in self._kinds.values() for kinds in parts.values())

    def kind(self, value: Any, where: str, part: str = "") -> Kind | None:
        """What an answer in a part of a place is used as; None where nothing is known of the place.

        A part of which nothing is known counts as the whole place. An answer of no kind that is known there
        is held back, and counts as the nearest one: a list as a tuple of as many values, else the kind that
        was learned first.
        """
        parts = self._kinds.get(where)
        if parts is None:
            return None
        found = _kind_like(value)
        own = "data" if found is None else found  # an empty tuple has a kind, too
        if self._learning:
            _note(parts, part, own)
            return own
        self._guessed |= part not in parts
        kinds = parts.get(part, parts[""])
        if own in kinds:
            return own
        self.hold_back(value, where)
        return next((kind for kind in kinds if _may_be(value, kind)), kinds[0])

    def hold_back(self, value: Any, where: str) -> None:
        """Note an answer that no test can use, the first in its place."""
        self._held.setdefault(where, value)

    def learn(self, raised: BaseException) -> bool:
        """Open what a test could not use of a right answer; whether there was anything to open.

        That is the answer which the error tells of, or each that was held back where it tells of none.
        """
        asked = [raised.where] if isinstance(raised, Unopened) else list(self._held)
        kinds = {where: _kind_like(self._held[where]) for where in asked if where in self._held}
        opened = {
            where: {"": [kind]}
            for where, kind in kinds.items()
            if kind is not None and where not in self._kinds
        }
        self._kinds |= opened
        return bool(opened)

    def forget(self) -> None:
        """Let go of the answers that were held back."""
        self._held, self._guessed = {}, False


def current() -> Usage | None:
    """The usage that holds here."""
    return _CURRENT.get()


def _note(parts: dict[str, list[Kind]], part: str, kind: Kind) -> None:
    """Add a kind to those of a part, if there is room for it, and of the whole."""
    for each in {"", part}:
        kinds = parts.setdefault(each, []) if len(parts) < _PARTS else parts.get(each)
        if kinds is not None and kind not in kinds:
            kinds.append(kind)


def _may_be(value: Any, kind: Kind) -> bool:
    """Whether a sequence counts as one of another type: tests seldom tell lists from tuples."""
    if type(value) not in (list, tuple):
        return False
    return len(value) == len(kind) if isinstance(kind, tuple) else isinstance(kind, ListOf)


def _kind_like(value: Any) -> Kind | None:
    if type(value) is tuple:
        return ("data",) * len(value)
    if type(value) is list:
        return ListOf("data")
    if type(value) is dict:
        return DictOf("data")
    return "str" if type(value) is str else None
