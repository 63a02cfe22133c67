"""What tests use of answers that nothing declares, learned from the course's own solution.

Where a function has no return annotation, its answer counts as what the tests take it for: a tuple that they
unpack on right answers, and that passes, is a tuple of as many values.
"""

from __future__ import annotations

from contextvars import ContextVar, Token
from typing import Any

from .kinds import DictOf, Kind, ListOf, StudentError

_CURRENT: ContextVar[Usage | None] = ContextVar("usage", default=None)


class Unopened(StudentError):
    """A test has used an answer that nothing declares; `where` tells which."""

    def __init__(self, message: str, where: str) -> None:
        super().__init__(message)
        self.where = where


class Usage:
    """Kinds that the answers of undeclared functions are used as. A context manager: inside, they hold."""

    def __init__(self) -> None:
        self._kinds: dict[str, Kind] = {}  # place of an answer -> its kind
        self._held: dict[str, Any] = {}  # place -> an answer that was held back since `__enter__`
        self._tokens: list[Token[Usage | None]] = []

    def __enter__(self) -> Usage:
        self._held = {}
        self._tokens.append(_CURRENT.set(self))
        return self

    def __exit__(self, *_: object) -> None:
        _CURRENT.reset(self._tokens.pop())

    @property
    def held_back(self) -> bool:
        """Whether an answer came, since this was entered, that no test could use."""
        return bool(self._held)

    def kind(self, where: str) -> Kind | None:
        """What the answer in a place is used as; None where nothing is known of it."""
        return self._kinds.get(where)

    def hold_back(self, value: Any, where: str) -> None:
        """Note an answer that no test can use, the first in its place."""
        self._held.setdefault(where, value)

    def learn(self, raised: BaseException) -> bool:
        """Open what a test could not use of a right answer; whether there was anything to open.

        That is the answer which the error tells of, or each that was held back where it tells of none.
        """
        asked = [raised.where] if isinstance(raised, Unopened) else list(self._held)
        kinds = {where: _kind_like(self._held[where]) for where in asked if where in self._held}
        opened = {where: kind for where, kind in kinds.items() if kind is not None}
        self._kinds |= opened
        return bool(opened)

    def forget(self) -> None:
        """Let go of the answers that were held back."""
        self._held = {}


def current() -> Usage | None:
    """The usage that holds here."""
    return _CURRENT.get()


def _kind_like(value: Any) -> Kind | None:
    if type(value) is tuple:
        return ("data",) * len(value)
    if type(value) is list:
        return ListOf("data")
    if type(value) is dict:
        return DictOf("data")
    return "str" if type(value) is str else None
