"""A machine that is busy with other work costs no student a test."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import replace

import pytest

from autograder.sandbox import LoadPlan, Sandbox
from autograder.studentkit import StudentError
from tests.sandbox.conftest import LIMITS

CODE = """
import time

def work(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end: pass
    return seconds
def loop():
    while True: pass
def wait(seconds):
    time.sleep(seconds)
    return seconds
"""
BUSY = "import time\nend = time.monotonic() + 600\nwhile time.monotonic() < end: pass"
WALL_S = 0.6


@pytest.fixture(scope="module")
def on_a_busy_core():
    """The code in a worker that shares one core with four programs that never rest."""
    before = os.sched_getaffinity(0)
    core = min(before)
    os.sched_setaffinity(0, {core})
    others = []
    try:
        with (
            Sandbox(library="dlc_lib", packages=("numpy",), tier=1) as sandbox,
            sandbox.open(
                LoadPlan({"m": CODE}), replace(LIMITS, wall_s=WALL_S), lambda *_: "data", 7
            ) as student,
        ):
            others += [subprocess.Popen([sys.executable, "-S", "-c", BUSY]) for _ in range(4)]
            yield student
    finally:
        for each in others:
            each.kill()
            each.wait()
        os.sched_setaffinity(0, before)


def test_time_in_which_others_ran_is_not_the_student_s(on_a_busy_core):
    on_a_busy_core.begin("work")
    start = time.monotonic()
    assert on_a_busy_core.m.work(0.8 * WALL_S) == 0.8 * WALL_S
    assert time.monotonic() - start > WALL_S  # or the machine was not busy at all


def test_an_endless_loop_still_ends_there(on_a_busy_core):
    on_a_busy_core.begin("loop")
    start = time.monotonic()
    with pytest.raises(StudentError) as caught:
        on_a_busy_core.m.loop()
    assert caught.value.verdict == "timeout"
    assert time.monotonic() - start < 60  # and not when the programs beside it end


def test_sleep_is_not_excused(on_a_busy_core):
    on_a_busy_core.begin("wait")
    with pytest.raises(StudentError) as caught:
        on_a_busy_core.m.wait(2 * WALL_S)
    assert caught.value.verdict == "timeout"
