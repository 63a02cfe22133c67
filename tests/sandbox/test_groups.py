"""Tier 3: each worker has a user and a control group of its own, which limits it and tells why it ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import contextmanager, suppress

import pytest

from autograder.errors import SandboxError
from autograder.model import Limits
from autograder.sandbox import LoadPlan, Sandbox, groups
from autograder.sandbox.groups import Groups
from autograder.sandbox.tiers import missing

needs_groups = pytest.mark.skipif(bool(missing(3)), reason=f"no tier 3 here: {'; '.join(missing(3))}")
LIMITS = Limits(wall_s=20, memory_mb=64, output_kb=8, reply_mb=4)
HOG = "kept = [bytearray(b'x' * (1 << 20)) for _ in range(256)]"
FORKS = """
import os, time
started = 0
try:
    for _ in range(100):
        if os.fork() == 0:
            time.sleep(20)
            os._exit(0)
        started += 1
except BlockingIOError:
    os._exit(started)
"""


def folders():
    parents = set(groups.find_parents().values())
    return {folder for parent in parents for folder in parent.glob("dlc-worker-*")}


@contextmanager
def held(code, memory_mb=32):
    """A process in a group of its own, which runs the code once it is there."""
    group = Groups().new()
    command = [sys.executable, "-c", f"input()\n{code}"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)
    pidfd = os.pidfd_open(process.pid)
    try:
        group.hold(pidfd, memory_mb, threads=False)
        process.stdin.write(b"\n")
        process.stdin.flush()
        yield process, group
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        process.stdin.close()
        os.close(pidfd)
        group.close()


@needs_groups
def test_workers_are_different_users_and_their_groups_go_with_them():
    before = folders()
    plan = LoadPlan({"m": "import os\ndef user():\n    return os.getuid()\n"})
    with Sandbox(library="dlc_lib", packages=("numpy",), tier=3) as sandbox:
        with (
            sandbox.open(plan, LIMITS, lambda *_: "data", 7) as one,
            sandbox.open(plan, LIMITS, lambda *_: "data", 7) as two,
        ):
            users = set()
            for student in (one, two):
                student.begin("who")
                users.add(student.m.user())
            assert {folder.name for folder in folders() - before} == {f"dlc-worker-{user}" for user in users}
        assert len(users | {os.getuid()}) == 3
        assert folders() == before


@needs_groups
def test_who_needs_more_memory_than_the_group_has_is_ended_and_the_group_tells():
    with held(HOG) as (process, group):
        assert process.wait(20) == -signal.SIGKILL
        assert group.ran_out_of_memory()


@needs_groups
def test_who_is_killed_from_outside_did_not_run_out_of_memory():
    with held("import time; time.sleep(20)") as (process, group):
        process.kill()
        assert process.wait(20) == -signal.SIGKILL
        assert not group.ran_out_of_memory()


@needs_groups
def test_who_starts_processes_without_end_is_stopped_at_the_limit():
    with held(FORKS, memory_mb=512) as (process, _):
        assert process.wait(20) == 63  # and itself


# -- version 2, which has one folder for all; what the kernel would write is written here


@pytest.fixture
def second(tmp_path):
    group = Groups(dict.fromkeys(("memory", "pids", "cpu"), tmp_path)).new()
    (folder,) = tmp_path.iterdir()
    (folder / "memory.swap.max").write_text("max")
    return group, folder


@pytest.mark.parametrize(("threads", "cores"), [(False, 1), (True, os.cpu_count())])
def test_version_2_limits_all_three_before_the_process_comes_in(second, threads, cores):
    group, folder = second
    pidfd = os.pidfd_open(os.getpid())
    group.hold(pidfd, 64, threads=threads)
    os.close(pidfd)
    found = {path.name: path.read_text() for path in folder.iterdir()}
    assert int(found.pop("memory.max")) > 64 << 20
    assert found == {
        "memory.swap.max": "0",
        "pids.max": "64",
        "cpu.max": f"{cores}00000 100000",
        "cgroup.procs": str(os.getpid()),
    }


@pytest.mark.parametrize(("reached", "killed", "own"), [(9, 1, True), (0, 1, False), (9, 0, False)])
def test_version_2_tells_its_own_lack_of_memory_from_the_machines(second, reached, killed, own):
    group, folder = second
    (folder / "memory.events").write_text(f"low 0\nhigh 0\nmax {reached}\noom 1\noom_kill {killed}\n")
    assert group.ran_out_of_memory() is own


def test_no_two_groups_have_one_number(tmp_path, monkeypatch):
    monkeypatch.setattr("random.SystemRandom.randrange", lambda *_: 0)
    host = Groups(dict.fromkeys(("memory", "pids", "cpu"), tmp_path))
    assert [host.new().uid for _ in range(3)] == [60_000, 60_001, 60_002]


def test_what_a_killed_grader_left_is_taken_away(tmp_path):
    parents = dict.fromkeys(("memory", "pids", "cpu"), tmp_path)
    old, young = tmp_path / "dlc-worker-60001", tmp_path / "dlc-worker-60002"
    for folder in (old, young):
        folder.mkdir()
    os.utime(old, (1, 1))
    Groups(parents)
    assert list(tmp_path.iterdir()) == [young]


def test_a_machine_without_groups_is_told_of_the_way_out(monkeypatch):
    monkeypatch.setattr(groups, "_mounts", dict)
    with pytest.raises(
        SandboxError, match=r"^no control groups for memory and pids and cpu can be made; use"
    ):
        groups.find_parents()
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert [line.partition(";")[0] for line in missing(3)] == [
        "only root gives each worker a user of its own",
        "no control groups for memory and pids and cpu can be made",
    ]
