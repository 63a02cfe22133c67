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
_PATIENCE = 40  # times as much time passes, at most, while a processor or anything else is waited for


def within(seconds: float, function: Callable[[], T]) -> T | TookTooLong:
    """What the function returns, or TookTooLong. Outside the main thread there is no limit.

    Counted is the time of processors, so that a busy machine changes nothing of what is found.
    """
    if threading.current_thread() is not threading.main_thread():
        return function()

    def stop(_: int, frame: FrameType | None) -> None:
        if not is_lost_in(frame):
            _set(0)
            raise TookTooLong

    before = {number: signal.signal(number, stop) for number in (signal.SIGVTALRM, signal.SIGALRM)}
    _set(seconds)
    try:
        return function()
    except TookTooLong as late:
        return late.with_traceback(None)
    finally:
        _set(0)
        for number, handler in before.items():
            signal.signal(number, handler)


def _set(seconds: float) -> None:
    """Start both clocks, or stop them for 0."""
    again_s = _AGAIN_S if seconds else 0.0
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds, again_s)
    signal.setitimer(signal.ITIMER_REAL, _PATIENCE * seconds, again_s)
