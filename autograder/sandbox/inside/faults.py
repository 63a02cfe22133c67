"""What the student's code raised, described as data."""

from __future__ import annotations

import builtins
import contextlib
import traceback
from collections.abc import Iterable
from types import TracebackType
from typing import Any

_DETAIL = 4000  # characters of a traceback
_TEXT = 300  # characters of what the exception says
_RAISED = (RuntimeError, AssertionError)  # by frameworks, for what Python has types for


def describe(error: BaseException, files: frozenset[str], frameworks: Iterable[Any] = ()) -> dict[str, Any]:
    """Type, line of the student's files, text and traceback of an exception, and what was lacking."""
    file, line = _location(error, files)
    fault: dict[str, Any] = {"type": _builtin_name(error), "file": file, "line": line, "errno": 0}
    fault.update(text="", detail="", lacks="")
    if isinstance(error, OSError) and type(error.errno) is int:
        fault["errno"] = error.errno
    with contextlib.suppress(BaseException):  # __str__ is the student's, and memory may be short
        fault["text"] = str(error.msg if isinstance(error, SyntaxError) else error)[:_TEXT]
        fault["lacks"] = _lacks(str(error), frameworks) if isinstance(error, _RAISED) else ""
        fault["detail"] = "".join(traceback.format_exception(error))[-_DETAIL:]
    return fault


def _lacks(text: str, frameworks: Iterable[Any]) -> str:
    """Whether memory or a device was lacking, by the words of the frameworks."""
    for framework in frameworks:
        for lacking, words in (("memory", framework.out_of_memory), ("device", framework.no_device)):
            if any(known in text for known in words):
                return lacking
    return ""


def _builtin_name(error: BaseException) -> str:
    for kind in type(error).__mro__:
        if builtins.__dict__.get(kind.__name__) is kind:
            return str(kind.__name__)
    return "Exception"


def _location(error: BaseException, files: frozenset[str]) -> tuple[str, int]:
    """File and line of the innermost frame that is the student's."""
    if isinstance(error, SyntaxError) and error.filename in files:
        return str(error.filename), error.lineno or 0
    location = ("", 0)
    step: TracebackType | None = error.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_filename in files:
            location = (step.tb_frame.f_code.co_filename, step.tb_lineno)
        step = step.tb_next
    return location
