"""What a signal raises where the time of our own code is over."""

from __future__ import annotations

import gc
from types import FrameType


class TookTooLong(BaseException):
    """The time is over. No Exception, so that no `except Exception` on the way holds it up."""


def is_lost_in(frame: FrameType | None) -> bool:
    """Whether Python drops what a signal raises in a frame: a finalizer's, or a collector's callback's."""
    callbacks = {getattr(callback, "__code__", None) for callback in gc.callbacks}
    while frame is not None:
        if frame.f_code in callbacks or frame.f_code.co_name == "__del__":
            return True
        frame = frame.f_back
    return False
