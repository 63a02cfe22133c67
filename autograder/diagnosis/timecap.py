"""A limit for code of ours that may not end: a catalogued mistake can be an endless loop."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import TypeVar

from ..alarm import TookTooLong, is_lost_in

T = TypeVar("T")
_AGAIN_S = 0.02  # until the next try, where the first came at a bad moment


def within(seconds: float, function: Callable[[], T]) -> T | TookTooLong:
    """What the function returns, or TookTooLong. Outside the main thread there is no limit."""
    if threading.current_thread() is not threading.main_thread():
        return function()

    def stop(_: int, frame: FrameType | None) -> None:
        if not is_lost_in(frame):
            signal.setitimer(signal.ITIMER_REAL, 0)
            raise TookTooLong

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN_S)
    try:
        return function()
    except TookTooLong as late:
        return late.with_traceback(None)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
