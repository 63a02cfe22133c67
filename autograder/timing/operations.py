"""What a function may run, and the refusal of what ran beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..studentkit.kinds import StudentError
from .kernels import is_from_a_library

KERNEL = "kernel::"  # begins the name of what was launched, on a GPU or in Triton's interpreter
_TOLD = 3  # names in a message
_NAME = re.compile(r"ForbiddenOperation: (\w+::\w+)")  # in what a worker tells of a refusal


@dataclass(frozen=True, slots=True)
class Allowance:
    """A list of what is allowed: what is not on it is refused, whatever it is."""

    operations: frozenset[str]  # as torch's dispatcher names them, without overloads: "aten::add"
    says: str  # the same in words, for the student
    launches: bool = False  # whether a kernel of the student's own has to be launched


def refuse_operations(ran: Sequence[str], allowed: Allowance, function: str) -> None:
    """Raise StudentError for what is not allowed, AssertionError where no kernel was launched."""
    kernels = [name.removeprefix(KERNEL) for name in ran if name.startswith(KERNEL)]
    others = {name for name in ran if not name.startswith(KERNEL)} - allowed.operations
    if others:
        raise StudentError(_sentence(others, allowed, function), "forbidden")
    for kernel in kernels:
        if is_from_a_library(kernel):
            says = f"{function} runs {kernel:.80}, a kernel of a library"
            raise StudentError(f"{says}; this task asks for kernels of your own", "forbidden")
    if allowed.launches and not any(kernel.isidentifier() for kernel in kernels):
        raise AssertionError(f"{function} launches no Triton kernel; one is to do the work")


def _sentence(names: Iterable[str], allowed: Allowance, function: str) -> str:
    """Names that Python knows are told before torch's inner ones."""
    known = sorted(names, key=lambda name: ("::_" in name, name))
    told = ", ".join(known[:_TOLD]) + (" and others" if len(known) > _TOLD else "")
    return f"{function} runs {told:.200}; this task allows {allowed.says}"


def told_refusal(error: StudentError, allowed: Allowance, function: str) -> StudentError | None:
    """The refusal behind what a worker reported that may run no more than is allowed; None if none is."""
    found = _NAME.search(error.detail)
    if found is None:
        return None
    return StudentError(_sentence([found[1]], allowed, function), "forbidden", error.detail)
