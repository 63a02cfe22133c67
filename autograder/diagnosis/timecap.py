"""A limit for code of ours that may not end: a catalogued mistake can be an endless loop."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")


class TookTooLong(BaseException):
    """The time is over. No Exception, so that no `except Exception` on the way holds it up."""


def within(seconds: float, function: Callable[[], T]) -> T | TookTooLong:
    """What the function returns, or TookTooLong. Outside the main thread there is no limit."""
    if threading.current_thread() is not threading.main_thread():
        return function()

    def stop(*_: Any) -> None:
        raise TookTooLong

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        return function()
    except TookTooLong as late:
        return late.with_traceback(None)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
