"""However many processes grade, a device is raced on by as many as it has places for."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from autograder.errors import OpenPoints
from autograder.speed.device_lock import DeviceLock, core_lock

ROOT = Path(__file__).parents[2]
RACE = """
import sys, time
from pathlib import Path
from autograder.speed.device_lock import DeviceLock
folder, places = Path(sys.argv[1]), int(sys.argv[2])
with DeviceLock("gpu", places, folder):
    begun = time.monotonic()
    print("in", flush=True)
    time.sleep(float(sys.argv[3]))
    print(begun, time.monotonic(), flush=True)
"""


def racing(folder: Path, places: int, seconds: float) -> subprocess.Popen[str]:
    """Another grader that races for so long."""
    command = [sys.executable, "-c", RACE, str(folder), str(places), str(seconds)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)


@pytest.mark.parametrize("places", [1, 2])
def test_no_more_race_at_once_than_there_are_places(tmp_path, places):
    races = [racing(tmp_path, places, 0.3) for _ in range(4)]
    spans = [tuple(map(float, race.communicate(timeout=1_800)[0].split()[1:])) for race in races]
    at_once = [sum(begun <= start < ended for begun, ended in spans) for start, _ in spans]
    assert max(at_once) <= places
    assert all(race.returncode == 0 for race in races)


def test_a_grader_that_is_killed_frees_its_place(tmp_path):
    with racing(tmp_path, 1, 60) as other:
        assert other.stdout.readline() == "in\n"
        os.kill(other.pid, signal.SIGKILL)
    start = time.monotonic()
    with DeviceLock("gpu", 1, tmp_path):
        assert time.monotonic() - start < 5


def test_a_place_is_free_again_after_a_race_that_failed(tmp_path):
    device_lock = DeviceLock("gpu", 1, tmp_path)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), device_lock:
            raise ZeroDivisionError


def test_devices_do_not_wait_for_each_other(tmp_path):
    with DeviceLock("one", 1, tmp_path), DeviceLock("another/../one", 1, tmp_path):
        names = sorted(path.name for path in tmp_path.iterdir())
    assert len(names) == 2
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in tmp_path.iterdir())


def test_a_link_that_somebody_laid_is_not_followed(tmp_path):
    precious = tmp_path / "precious"
    with DeviceLock("gpu", 1, tmp_path):
        file = next(tmp_path.iterdir())
    file.unlink()
    file.symlink_to(precious)
    with pytest.raises(OpenPoints, match="cannot be locked"), DeviceLock("gpu", 1, tmp_path):
        pass
    assert not precious.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make another user's file")
def test_the_file_of_another_user_is_not_locked(tmp_path):
    with DeviceLock("gpu", 1, tmp_path):
        file = next(tmp_path.iterdir())
    os.chown(file, 12345, 12345)
    with pytest.raises(OpenPoints, match="belongs to another user"), DeviceLock("gpu", 1, tmp_path):
        pass


def test_half_of_the_cores_are_raced_on(tmp_path):
    places = max(1, len(os.sched_getaffinity(0)) // 2)
    with ExitStack() as races:
        for _ in range(places):
            races.enter_context(core_lock(tmp_path))
        assert len(list(tmp_path.iterdir())) == places
