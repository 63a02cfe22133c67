"""What is told of a program that is refused: names of lists that are not the student's.

A program comes from a process in which the student's code has run, and hidden inputs could be spelt in it. So
a name is told only where torch, Triton or Python has it, and one of them in a message; two where a task names
what is not to be called.
"""

from __future__ import annotations

import ast
import builtins
import math
import re
from collections.abc import Sequence, Set
from functools import cache

from .vocabulary import LANGUAGE, MEMBERS, OUTSIDE

_FUNCTIONS = 3  # that one test names
_OPERATIONS = 2_000  # that torch has, of those that are told
BEYOND = 40  # of them that a task names as not to be called
_SENTENCES = 50  # of refusals without a name
_NAME = re.compile(r"(aten|mkldnn)::\w{1,60}", re.ASCII)
_WORDS = LANGUAGE | MEMBERS | OUTSIDE
_PIECES = frozenset(name.lower() for name in dir(ast))
_NAMED = _OPERATIONS + math.comb(BEYOND, 2) + len(_WORDS) + len(_PIECES) + len(dir(builtins))
OUTCOMES = _FUNCTIONS * (_NAMED + _SENTENCES)


@cache
def _operations() -> frozenset[str]:
    import torch

    found = {schema.name for schema in torch._C._jit_get_all_schemas()}
    return frozenset(sorted(filter(_NAME.fullmatch, found))[:_OPERATIONS])


def operations(found: Set[str], beyond: Set[str]) -> str:
    """What was run of torch's: of `beyond` up to two, else one, sooner by a name that Python knows."""
    known = sorted(found & _operations(), key=lambda name: ("::_" in name, name))
    chosen = [name for name in known if name in beyond][:2] or known[:1]
    return ", ".join(chosen) or "an operation that is not torch's own"


def word(name: str) -> str:
    """A name in the text of a kernel."""
    return name if name in _WORDS else "a name"


def member(words: Sequence[str]) -> str:
    """Members of members: as a whole, or the first that is not the student's to choose."""
    whole = ".".join(words)
    return whole if whole in _WORDS else next((each for each in words if each in _WORDS), "…")


def exception(name: str) -> str:
    """A type of what a step raises."""
    return name if hasattr(builtins, name) else "an exception"
