"""The grader's own work for a hand-in: comparing its answers, computing what its code asks of a test.

How much that is depends on what the hand-in returns. So each test has bounds for it, and the time is taken
from the same budget as that of the hand-in's code.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ..model import Limits
from ..sandbox import Budget, Use
from .bounded import Bounds

_LEAST_S = 5.0  # of processors, that a test may use for itself beside the time of the student
# MiB that a test may use for itself. The C libraries under it end the process where they find no room for a
# stack or two; beyond that it is told by the largest reply, times as many.
_LEAST_MB, _REPLIES = 32, 3
_MACHINE_MB = 16 << 10  # the same for a test that asks the machine; a GPU's driver takes much


def bounds_of_test(limits: Limits) -> Bounds:
    """What a test may do by itself for a student."""
    return Bounds(_LEAST_S + limits.wall_s, max(_LEAST_MB, _REPLIES * limits.reply_mb))


def bounds_of_machine(limits: Limits) -> Bounds:
    """The same for a test that measures or compiles: how long that takes is not the student's doing."""
    return Bounds(_LEAST_S + limits.total_s, _MACHINE_MB)


@contextmanager
def charged_to(
    student: object, bounds: Bounds, spared_s: Callable[[], float] = lambda: 0.0
) -> Iterator[None]:
    """Charge the processor time that this process uses inside to the student's clock, where there is one.

    The bounds hold with or without one.

    Time used while an answer was awaited is charged with the answer, and not again. `spared_s` counts what
    is no work for this hand-in alone: right answers, which only the first that asks for them waits for.
    """
    clock = getattr(student, "clock", None)
    if not isinstance(clock, Budget):  # our own code in this process has none
        with bounds:
            yield
        return
    with bounds:  # what it takes to set them, a collection of garbage at times, is no work of the student's
        began_s, counted_s, before_s = time.process_time(), clock.own_s, spared_s()
        try:
            yield
        finally:
            own_s = time.process_time() - began_s - (clock.own_s - counted_s) - (spared_s() - before_s)
            clock.charge(Use(wall_s=own_s, cpu_s=own_s))
