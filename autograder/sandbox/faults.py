"""What happened in a worker, as the StudentError that a test sees.

Nothing the student's code can choose freely reaches the message, for hidden inputs could hide in it: what is
told of an exception is selected from the source that was handed in. The rest goes into `detail`, for staff.
"""

from __future__ import annotations

import errno
import os
import signal
from typing import Any

from ..studentkit.kinds import StudentError, raised_as
from ..text import line
from .deaths import Cause, Death
from .inside.wire import WireError
from .sources import Sources, type_of

_TEXT_CHARS = 200  # of what Python says of code that does not load
_REFUSED = (errno.EPERM, errno.EACCES, errno.ENOSYS)
_SIGNALS: dict[int, tuple[str, str]] = {
    signal.SIGSYS: ("forbidden", "made a system call that is refused"),
    signal.SIGSEGV: ("crashed", "crashed: segmentation fault"),
}


def from_exception(
    fault: Any, where: str, sources: Sources | None = None, *, tell_text: bool = False
) -> StudentError:
    """The error for an exception that the worker described. Raises WireError for a malformed description.

    `sources` is what was handed in: what is told of the exception is selected from it. With `tell_text` it
    is told in Python's words; only where no hidden input was sent before.
    """
    if not isinstance(fault, dict):
        raise WireError("no description of an exception")
    kind, detail = type_of(fault.get("type")), _text(fault, "detail")[:4000]
    location = sources.location(fault.get("file"), fault.get("line")) if sources else None
    at = f", {sources.at(location)}" if sources and location else ""
    if kind == "NotImplementedError":
        return StudentError(f"{where} is not done yet{at}", detail=detail)
    if kind == "MemoryError" or fault.get("lacks") == "memory":
        return StudentError(f"{where} ran out of memory{at}", "memory", detail)
    if fault.get("lacks") == "device":
        says = "asked for a GPU, and there is none while grading; let it run where its inputs are"
        return StudentError(f"{where} {says}{at}", detail=detail)
    if fault.get("errno") in _REFUSED:
        says = "tried to reach a file, a process or the network, which is refused while grading"
        return StudentError(f"{where} {says}{at}", "forbidden", detail)
    if tell_text:
        text = line(_text(fault, "text"), _TEXT_CHARS)
        return StudentError(f"{where} raised {kind}{f': {text}' if text else ''}{at}", detail=detail)
    words = sources.words(kind, location, fault.get("text")) if sources and location else ""
    says = f"{where} raised {kind}{at}{f': {words}' if words else ''}"
    error = raised_as(_text(fault, "type"))(says, detail=detail)
    error.add_note(_text(fault, "text")[:_TEXT_CHARS])  # for `pytest.raises(match=...)`, and told to nobody
    return error


def _text(fault: dict[str, Any], name: str) -> str:
    text = fault.get(name)
    return text if isinstance(text, str) else ""


def from_death(death: Death, cause: Cause, where: str) -> StudentError:
    """The error for a worker that its own code ended."""
    if cause is Cause.MEMORY:
        return StudentError(f"{where} used more memory than it may", "memory", death.says)
    if cause is Cause.CPU:
        return StudentError(f"{where} used up its processor time", "timeout", death.says)
    if not os.WIFSIGNALED(death.status):
        code = os.waitstatus_to_exitcode(death.status)
        return StudentError(f"{where} ended its own process (exit status {code})", "crashed", death.says)
    number = os.WTERMSIG(death.status)
    default = ("crashed", f"crashed: {signal.strsignal(number)}")
    verdict, says = _SIGNALS.get(number, default)
    return StudentError(f"{where} {says}", verdict, death.says)


def timeout(where: str, limit_s: float, *, in_all: bool = False) -> StudentError:
    """The error for a test whose time is up, or the time that the whole hand-in may take."""
    if in_all:
        return StudentError(f"{where} was ended: {_used_up(limit_s)}", "timeout")
    return StudentError(f"{where} took longer than the {limit_s:g} s of this test", "timeout")


def no_time_left(where: str, limit_s: float) -> StudentError:
    """The error for what is not begun any more."""
    return StudentError(f"{where} was not run: {_used_up(limit_s)}", "timeout")


def _used_up(limit_s: float) -> str:
    return f"the {limit_s:g} s that a hand-in may take in all are used up"


def too_large(where: str, reply_mb: int) -> StudentError:
    """The error for a reply over the limit."""
    return StudentError(f"{where} returned more than {reply_mb} MiB", "output")


def too_much_passed(where: str) -> StudentError:
    """The error for what is passed to a function of a test, in one call or in all."""
    return StudentError(f"{where} passed far more to a function of the test than it was given", "output")


def garbage(where: str, why: str) -> StudentError:
    """The error for a reply that cannot be read."""
    return StudentError(f"{where} disturbed its process, which sent no proper reply", "crashed", why)
