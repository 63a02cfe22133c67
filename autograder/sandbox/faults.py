"""What happened in a worker, as the StudentError that a test sees.

Nothing the student's code can choose freely reaches the message: no text of an exception, no name of a
type of its own, for hidden inputs could hide in them. Those go into `detail`, which is for staff.
"""

from __future__ import annotations

import builtins
import errno
import os
import signal
from collections.abc import Callable
from typing import Any

from ..studentkit.kinds import StudentError
from .deaths import Cause, Death
from .inside.wire import WireError

_REFUSED = (errno.EPERM, errno.EACCES, errno.ENOSYS)
_SIGNALS: dict[int, tuple[str, str]] = {
    signal.SIGSYS: ("forbidden", "made a system call that is refused"),
    signal.SIGSEGV: ("crashed", "crashed: segmentation fault"),
}


def from_exception(
    fault: Any,
    where: str,
    place: Callable[[str, int], tuple[str, int]] = lambda file, line: (file, line),
    *,
    tell_text: bool = False,
) -> StudentError:
    """The error for an exception that the worker described. Raises WireError for no description.

    `place` tells where the student finds a line of a file that was loaded. `tell_text` adds what the
    exception says; only where no hidden input was sent before.
    """
    kind, file, line = _checked(fault)
    detail = str(fault.get("detail", ""))[:4000]
    found, line = place(file, line)
    at = f", line {line} of {found}" if found else ""
    if kind == "NotImplementedError":
        return StudentError(f"{where} is not done yet{at}", detail=detail)
    if kind == "MemoryError":
        return StudentError(f"{where} ran out of memory{at}", "memory", detail)
    if fault.get("errno") in _REFUSED:
        says = "tried to reach a file, a process or the network, which is refused while grading"
        return StudentError(f"{where} {says}{at}", "forbidden", detail)
    text = f": {fault.get('text')}" if tell_text and fault.get("text") else ""
    return StudentError(f"{where} raised {kind}{text:.300}{at}", detail=detail)


def _checked(fault: Any) -> tuple[str, str, int]:
    if not isinstance(fault, dict):
        raise WireError("no description of an exception")
    kind, file, line = fault.get("type"), fault.get("file"), fault.get("line")
    if type(kind) is not str or type(file) is not str or type(line) is not int:
        raise WireError("no description of an exception")
    found = getattr(builtins, kind, None)
    if not (isinstance(found, type) and issubclass(found, BaseException)):
        kind = "an exception"
    return kind, file if file.removesuffix(".py").isidentifier() else "", line


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
    """The error for a reply that is none."""
    return StudentError(f"{where} disturbed its process, which sent no proper reply", "crashed", why)
