"""What is charged to a hand-in, with times that are given and not measured."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autograder.sandbox.clock import Budget, Spent, Starved, Use
from autograder.sandbox.meter import Meter


def test_passing_time_counts_but_not_waiting_for_a_processor():
    budget = Budget(5)
    budget.charge(Use(wall_s=4, waited_s=3.5))
    assert budget.left_s == 4.5
    budget.charge(Use(wall_s=4))
    budget.check()
    budget.charge(Use(wall_s=0.5))
    with pytest.raises(Spent):
        budget.check()


def test_processors_count_one_by_one():
    budget = Budget(5)
    budget.charge(Use(wall_s=2, cpu_s=4.9))
    budget.check()
    budget.charge(Use(wall_s=0.1, cpu_s=0.2))
    with pytest.raises(Spent):
        budget.check()


def test_waiting_for_a_processor_does_not_pay_for_other_processors():
    budget = Budget(5)
    budget.charge(Use(wall_s=10, cpu_s=6, waited_s=9))
    with pytest.raises(Spent):
        budget.check()


def test_a_test_uses_the_time_of_its_hand_in_and_is_told_which_of_them_ended():
    whole = Budget(10)
    for _ in range(3):
        budget = Budget(4, within=whole)
        budget.charge(Use(wall_s=3))
        budget.check()
    last = budget.fresh(4)
    assert last.left_s == 1
    last.charge(Use(wall_s=1))
    with pytest.raises(Spent) as caught:
        last.check()
    assert caught.value.budget is whole


def test_what_was_lost_by_no_fault_is_given_back():
    whole = Budget(10)
    lost = Budget(9, within=whole)
    lost.charge(Use(wall_s=8, cpu_s=8, waited_s=1))
    lost.refund()
    assert whole.left_s == 10


def test_a_machine_that_lets_nobody_run_is_told_apart_from_a_student_who_is_slow():
    budget = Budget(2)
    budget.charge(Use(wall_s=19, waited_s=18.5))
    budget.check()
    budget.charge(Use(wall_s=2, waited_s=2))
    with pytest.raises(Starved):
        budget.check()
    spent = Budget(2)
    spent.charge(Use(wall_s=21, waited_s=19))
    with pytest.raises(Spent):
        spent.check()


class Hands:
    """A clock that is set by hand."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def sleeper():
    """A process that does nothing for a long time."""
    code = "import time; print(1, flush=True); time.sleep(600)"
    with subprocess.Popen([sys.executable, "-IS", "-c", code], stdout=subprocess.PIPE) as process:
        process.stdout.read(1)
        yield process
        process.kill()


def settled(pid, state):
    """Wait until the kernel says that a process is in a state."""
    while Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] != state:
        time.sleep(0.001)


def test_sleep_counts_and_being_stopped_from_outside_does_not(sleeper):
    now = Hands()
    meter = Meter(sleeper.pid, now)
    settled(sleeper.pid, "S")
    meter.take()
    now.now += 2
    assert meter.take().wall_s == 2
    os.kill(sleeper.pid, signal.SIGSTOP)
    settled(sleeper.pid, "T")
    meter.take()
    now.now += 3
    use = meter.take()
    assert (use.wall_s, use.waited_s) == (3, 3)
    assert meter.held_up_s == 3
    os.kill(sleeper.pid, signal.SIGCONT)
    settled(sleeper.pid, "S")
    meter.take()
    now.now += 2
    assert meter.take().waited_s < 1
    assert meter.held_up_s == 0
    meter.close()


def test_all_threads_of_a_worker_and_our_own_work_for_it_count():
    meter = Meter(os.getpid())
    meter.take()
    end = time.process_time() + 0.1
    while time.process_time() < end:
        pass
    assert meter.take().cpu_s >= 0.2  # of the process, and once more of this thread on its behalf
    meter.close()


def test_a_process_that_is_gone_is_no_error(sleeper):
    meter = Meter(sleeper.pid)
    sleeper.kill()
    sleeper.wait()
    assert meter.take().cpu_s < 60
    meter.close()
    assert meter.take().waited_s == 0


def test_nothing_that_short_answers_used_is_lost(sleeper):
    now = Hands()
    meter = Meter(os.getpid(), now)
    meter.take()
    end = time.process_time() + 0.1
    while time.process_time() < end:
        pass
    for _ in range(5):
        meter.resume()
        now.now += 0.0001
        assert meter.finish() is None
    meter.resume()
    now.now += 1
    use = meter.finish()
    assert use.wall_s == pytest.approx(1.0005)
    assert use.cpu_s >= 0.1


def test_short_answers_are_told_of_when_there_are_enough(sleeper):
    now = Hands()
    meter = Meter(sleeper.pid, now)
    told = []
    for _ in range(30):
        meter.resume()
        now.now += 0.0001
        told.append(meter.finish())
    assert 0.0024 < sum(use.wall_s for use in told if use) < 0.0031
    assert sum(use is not None for use in told) <= 6
    meter.close()
