"""What is told of a program that is refused: names of lists that are not the student's.

A program comes from a process in which the student's code has run, and hidden inputs could be spelt in it. So
a name is told only where torch, Triton or Python has it, and one of them in a message.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Sequence
from functools import cache, lru_cache

from .vocabulary import LANGUAGE, MEMBERS, OUTSIDE

_FUNCTIONS = 3  # that one test names
_OPERATIONS = 2_000  # that torch has, of those that are told
_SENTENCES = 50  # of refusals without a name
_NAME = re.compile(r"aten::\w{1,60}", re.ASCII)
_WORDS = LANGUAGE | MEMBERS | OUTSIDE
_PIECES = frozenset(name.lower() for name in dir(ast))
OUTCOMES = _FUNCTIONS * (_OPERATIONS + len(_WORDS) + len(_PIECES) + len(dir(builtins)) + _SENTENCES)


@cache
def _operations() -> frozenset[str]:
    import torch

    found = {schema.name for schema in torch._C._jit_get_all_schemas()}
    return frozenset(sorted(filter(_NAME.fullmatch, found))[:_OPERATIONS])


@lru_cache(maxsize=256)
def operation(name: str) -> str:
    """An operation of torch's dispatcher."""
    return name if name in _operations() else "an operation that is not torch's own"


def word(name: str) -> str:
    """A name in the text of a kernel."""
    return name if name in _WORDS else "a name"


def member(words: Sequence[str]) -> str:
    """Members of members; the first that is not the student's to choose."""
    return next((each for each in words if each in _WORDS), "…")


def exception(name: str) -> str:
    """A type of what a step raises."""
    return name if hasattr(builtins, name) else "an exception"
