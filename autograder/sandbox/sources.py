"""What may be told of an exception: words that stand literally in the student's own source.

A worker's word about type, file, line and text is the student's to choose, and hidden inputs could hide in
it. So nothing of it is passed on: it only selects from lists that are ours and from what was handed in. How
many ways there are to select is bounded, whatever was handed in (`TYPES`, `LOCATIONS`, `PIECES`).
"""

from __future__ import annotations

import builtins
import re
from collections.abc import Mapping
from functools import cached_property

from ..text import line
from .inside.script import FILE
from .pieces import PIECES, Statement, matching, statement_at
from .plan import LoadPlan

TYPES = (
    *("ArithmeticError", "AssertionError", "AttributeError", "EOFError", "Exception", "FloatingPointError"),
    *("ImportError", "IndexError", "KeyError", "KeyboardInterrupt", "LookupError", "MemoryError"),
    *("ModuleNotFoundError", "NameError", "NotImplementedError", "OSError", "OverflowError"),
    *("RecursionError", "RuntimeError", "StopIteration", "SyntaxError", "SystemExit", "TypeError"),
    *("UnboundLocalError", "ValueError", "ZeroDivisionError"),
)
LOCATIONS = 16  # lines of one hand-in that are named; faults in others are told without a line
OUTCOMES = (len(TYPES) + 1) * (LOCATIONS + 1) * (PIECES + 1)
_CODE_CHARS = 80
_ENDS = re.compile(r"\r\n|\r|\n")  # as Python counts lines


class Sources:
    """The source of one hand-in. Remembers which of its lines were named."""

    def __init__(self, plan: LoadPlan) -> None:
        self._plan = plan
        self._named: set[tuple[str, int]] = set()
        self._statements: dict[tuple[str, int], Statement | None] = {}

    @cached_property
    def _files(self) -> Mapping[str, _File]:
        texts = {f"{module}.py": text for module, text in self._plan.modules.items()}
        script = {} if self._plan.script is None else {FILE: self._plan.script}
        return {name: _File(text) for name, text in {**texts, **script}.items()}

    def location(self, file: object, number: object) -> tuple[str, int] | None:
        """File and line, if there is such a line and not too many others were named."""
        source = self._files.get(file) if isinstance(file, str) else None
        if source is None or type(number) is not int or not 1 <= number <= len(source.lines):
            return None
        location = (str(file), number)
        if location not in self._named and len(self._named) >= LOCATIONS:
            return None
        self._named.add(location)
        return location

    def at(self, location: tuple[str, int]) -> str:
        """Where the student finds a line, in words."""
        file, number = self._plan.as_handed_in(*location)
        return f"line {number} of {line(file, 80)}"

    def words(self, kind: str, location: tuple[str, int], said: object) -> str:
        """What of an exception's text stands in the statement there; if nothing does, the line itself."""
        source = self._files[location[0]]
        text = said[:300] if isinstance(said, str) else ""
        if location not in self._statements:
            self._statements[location] = statement_at(source.text, location[1])
        told = matching(kind, text, self._statements[location])
        code = line(source.lines[location[1] - 1], _CODE_CHARS)
        return told or (f"`{code}`" if code else "")


class _File:
    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def lines(self) -> list[str]:
        return _ENDS.split(self.text)


def type_of(name: object) -> str:
    """The type of our list that an exception is of; a student's own class has any name."""
    kind = getattr(builtins, name, None) if isinstance(name, str) else None
    if isinstance(kind, type) and issubclass(kind, BaseException):
        return next((base.__name__ for base in kind.__mro__ if base.__name__ in TYPES), "an exception")
    return "an exception"
