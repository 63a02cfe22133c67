"""Unexpected errors, told in one sentence: the traceback goes to a file that can be reported."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import traceback
from contextlib import suppress

from ..text import line

INTERRUPTED, _FAILED = 130, 2
_CHARS = 2_000


def told(error: BaseException) -> int:
    """Say on stderr what an exception means to whoever runs the command; returns the exit code."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if isinstance(error, KeyboardInterrupt):
        _say("interrupted")
        return INTERRUPTED
    if isinstance(error, OSError):
        _drop_stdout()
    if isinstance(error, BrokenPipeError):
        _say("nobody reads what this prints any more; what was to be written is written")
    elif isinstance(error, OSError):
        place = f"{error.filename}: " if error.filename else ""
        _say(f"{place}{error.strerror or type(error).__name__}; mend that and run the same command again")
    elif isinstance(error, MemoryError):
        _say("there is no memory left; name fewer processes with --jobs, or close what else runs here")
    else:
        _say(f"this is a fault of dlc, not yours: {type(error).__name__}{_reported(error)}")
    return _FAILED


def _reported(error: BaseException) -> str:
    with suppress(OSError):
        descriptor, path = tempfile.mkstemp(".txt", "dlc-fault-")
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.writelines(traceback.format_exception(error))
        return f"; please report it with {path}, after a look that nothing in it is private"
    return "; please report it with what you ran"


def _drop_stdout() -> None:
    """Let what is left in the buffer of stdout go nowhere, or Python would complain about it at its end."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _say(text: str) -> None:
    with suppress(OSError):
        print(f"dlc: {line(text, _CHARS)}", file=sys.stderr, flush=True)
