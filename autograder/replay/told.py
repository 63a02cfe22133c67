"""Words for the message about a refused program: only names that the student cannot have made up.

A program comes from a process in which the student's code has run, and its names could spell out hidden
inputs. So a message shows a name only if torch, Triton or Python has it. It shows one name, or two where the
task itself lists what must not be called.
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

    schemas = {schema.name for schema in torch._C._jit_get_all_schemas()}
    return frozenset(sorted(filter(_NAME.fullmatch, schemas))[:_OPERATIONS])


def operations(ran: Set[str], beyond: Set[str]) -> str:
    """Which of torch's operations to name: up to two that are in `beyond`, else one that was run.

    Of the latter, one that Python code can call by that name comes first.
    """
    known = sorted(ran & _operations(), key=lambda name: ("::_" in name, name))
    chosen = [name for name in known if name in beyond][:2] or known[:1]
    return ", ".join(chosen) or "an operation that is not torch's own"


def word(name: str) -> str:
    """How to show a name of a kernel's text: as it is if it is on our list, else as "a name"."""
    return name if name in _WORDS else "a name"


def member(words: Sequence[str]) -> str:
    """How to show a dotted name: whole if it is on our list, else its first part that is, else as "…"."""
    whole = ".".join(words)
    return whole if whole in _WORDS else next((word for word in words if word in _WORDS), "…")


def exception(name: str) -> str:
    """How to show the type of an exception that a step raised."""
    return name if hasattr(builtins, name) else "an exception"
