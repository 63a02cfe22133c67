import signal
import time

import pytest

from autograder.diagnosis.timecap import TookTooLong, within


def forever():
    while True:
        try:
            time.sleep(5)
        except Exception:
            continue


def test_endless_loop_is_ended():
    assert isinstance(within(0.05, forever), TookTooLong)


def test_result_and_exceptions_pass_and_the_alarm_is_off_afterwards():
    assert within(5, lambda: 3) == 3
    with pytest.raises(KeyError):
        within(5, lambda: {}[0])
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
