import gc
import signal
import time

import pytest

from autograder.alarm import TookTooLong
from autograder.diagnosis.timecap import within


def forever():
    while True:
        try:
            time.sleep(5)
        except Exception:
            continue


def busy():
    while True:
        pass


@pytest.mark.parametrize("endless", [busy, forever])
def test_endless_loop_is_ended(endless):
    assert isinstance(within(0.05, endless), TookTooLong)


def test_time_in_which_a_processor_is_waited_for_does_not_count():
    assert within(0.05, lambda: time.sleep(0.3)) is None


def test_result_and_exceptions_pass_and_the_alarm_is_off_afterwards():
    assert within(5, lambda: 3) == 3
    with pytest.raises(KeyError):
        within(5, lambda: {}[0])
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    assert signal.getitimer(signal.ITIMER_VIRTUAL) == (0.0, 0.0)


class Busy:
    def __del__(self):
        time.sleep(0.2)


def test_an_alarm_in_a_finalizer_or_a_callback_of_the_collector_is_not_lost():
    """Python drops what is raised there, and the endless loop would go on."""

    def wait(phase, _):
        if phase == "stop":
            time.sleep(0.2)

    def finalized():
        Busy()
        forever()

    def collected():
        gc.collect()
        forever()

    assert isinstance(within(0.05, finalized), TookTooLong)
    gc.callbacks.append(wait)
    try:
        assert isinstance(within(0.05, collected), TookTooLong)
    finally:
        gc.callbacks.remove(wait)
