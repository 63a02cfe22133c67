"""Whoever is killed, whenever: the same command, run again, gives the gradebook of an undisturbed run."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager

import pytest

from tests.faults.family import KINDS, everyone, gone, kill
from tests.faults.running import names, rows, start
from tests.tiny_course import DOUBLE, TOTAL, hand_in, make_course

SLOW = f"import time\ntime.sleep(0.1)\n{TOTAL}"  # so that a worker is there to be killed
FILES = {
    "ada": {"total": SLOW},
    "bob": {"double": DOUBLE.replace("x + x", "x")},
    "cyd": {"total": "import os\ndef total(x):\n    os._exit(0)\n"},
    "dan": {"double": DOUBLE.replace("dout + dout", "dout"), "total": SLOW},
    "eve": {},
}


def grade(course, out, jobs):
    words = ("grade", "h1", "class", "-o", out, "--jobs", jobs)
    return start(course, *words, stdout=subprocess.DEVNULL)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """A course, the rows and files of a run that nobody disturbed, and the seconds that it took."""
    course = tmp_path_factory.mktemp("course")
    make_course(course)
    for name, files in FILES.items():
        hand_in(course / "class" / name, **files)
    begun = time.monotonic()
    process = grade(course, course / "out", 2)
    _, complaint = process.communicate(timeout=1_800)
    assert process.returncode == 0, complaint
    return course, rows(course / "out"), names(course / "out"), time.monotonic() - begun


@contextmanager
def load(wanted):
    """Both cores taken by others, or not."""
    spin = [sys.executable, "-c", "while True: pass"]
    others = [subprocess.Popen(spin) for _ in range(2 * wanted)]
    try:
        yield
    finally:
        for other in others:
            other.kill()
            other.wait()


def strike(process, chance, latest_s):
    """Kill somebody at some time; who it was, and everybody who was there."""
    kind = chance.choice(KINDS)
    time.sleep(chance.uniform(0, latest_s))
    deadline = time.monotonic() + latest_s
    family = everyone(process.pid)
    while process.poll() is None and kind not in {each for _, each in family} and time.monotonic() < deadline:
        time.sleep(0.005)
        family = everyone(process.pid)
    victims = [pid for pid, each in family if each == kind]
    for pid in victims[: chance.randint(1, 2)]:
        kill(pid)
    return kind if victims else "nobody", {pid for pid, _ in family}


def check_first(kind, process, complaint, out, expected):
    """Nobody has lost a point: each row is as ever, or says that the failure is ours."""
    if kind == "dlc":
        return
    assert process.returncode in (0, 1), complaint
    assert "Traceback" not in complaint
    found = rows(out)
    assert found.keys() == expected.keys()
    for name, row in found.items():
        assert row == expected[name] or (row["status"], row["score"]) == ("internal", ""), (kind, row)


def disturb(undisturbed, out, chance):
    """One round: a run in which somebody is killed, and the same command again."""
    course, expected, files, latest_s = undisturbed
    jobs, busy = chance.choice((1, 1, 2)), chance.random() < 0.1
    with load(busy):
        process = grade(course, out, jobs)
        kind, family = strike(process, chance, latest_s)
        family |= {pid for pid, _ in everyone(process.pid)}
        _, complaint = process.communicate(timeout=1_800)
    told = f"{out.name}: {kind} of {jobs} killed: {complaint}"
    check_first(kind, process, told, out, expected)
    again = grade(course, out, 1)
    _, complaint = again.communicate(timeout=1_800)
    assert again.returncode == 0, f"{told}; then {complaint}"
    assert rows(out) == expected, told
    assert names(out) == files, told
    assert gone(family), told


@pytest.mark.soak("autograder/store", "autograder/engine/pool.py", "autograder/engine/process.py")
def test_whoever_is_killed_nobody_is_lost_and_nothing_is_left(undisturbed, tmp_path, rounds, seed):
    side_by_side = ThreadPoolExecutor(2 * os.cpu_count())
    try:
        found = [
            side_by_side.submit(
                disturb, undisturbed, tmp_path / f"round{number}", random.Random(f"{seed}/{number}")
            )
            for number in rounds(4, 300)
        ]
        for each in as_completed(found):
            each.result()
    finally:
        side_by_side.shutdown(cancel_futures=True)
