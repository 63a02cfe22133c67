"""One hand-in after another on a GPU: each has it for itself, and leaves nothing behind. Shared memory stands
in for the GPU's, and takes the same way.
"""

from __future__ import annotations

import threading
import time
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest

from autograder.errors import OpenPoints, TierUnavailable
from autograder.model import Limits
from autograder.replay import Allowance, executor_texts
from autograder.sandbox import LoadPlan, Sandbox
from autograder.sandbox.tiers import missing
from autograder.speed import Contest
from autograder.speed.contest import NULL
from autograder.speed.device_lock import DeviceLock
from autograder.speed.gpu_host import GpuHost
from autograder.speed.size import drawn
from tests.speed.gpu_races import HONEST, Size

if LACKING := missing(1, for_gpu=True):
    pytest.skip(f"no worker for a GPU can be isolated here: {LACKING[0]}", allow_module_level=True)

PRODUCTS = Allowance(frozenset(["aten::mm", "aten::matmul", "aten::resolve_conj"]), "products")
CONTEST = Contest("m", "multiply", (Size(48), Size(96)), allows=PRODUCTS)
PACKAGES = ("numpy", "torch")
LIMITS = Limits(wall_s=30, memory_mb=1024, threads=False)


class Course:
    """Starts workers as the fixtures of speed do, and remembers where they may write."""

    def __init__(self, recording):
        self._recording = recording
        self.scratches = []

    def sandbox(self, scratch, sockets):
        self.scratches.append(scratch)
        self.sockets = sockets
        return Sandbox(library="dlc_lib", packages=PACKAGES, tier=1, scratch=scratch, sockets=sockets)

    def writers(self, held):
        """Where calls are written down: without a GPU, and without memory that is shared."""
        return tuple(self._worker(self._recording, {"m": HONEST}, held) for _ in range(2))

    def ours(self, sandbox, texts, held):
        return self._worker(sandbox, {**executor_texts(), **texts}, held)

    def _worker(self, sandbox, modules, held):
        remote = held.enter_context(sandbox.open(LoadPlan(modules), LIMITS, lambda *_: "data", 7))
        remote.begin("race")
        return remote


@pytest.fixture(scope="module")
def course():
    with Sandbox(library="dlc_lib", packages=PACKAGES, tier=1) as recording:
        yield Course(recording)


@pytest.fixture(scope="module")
def tracks(course):
    with GpuHost(course.sandbox, kind="cpu") as opened:
        yield opened


def raced(track):
    """Everybody once on two sizes, as in a race."""
    contestants = track.contestants(CONTEST)
    for size in CONTEST.sizes:
        inputs = drawn(size, np.random.default_rng(1), "cpu")
        for who in contestants:
            _, found = contestants[who](inputs)
            if who != NULL:
                size.check(found, size.answer(inputs.args, inputs.options))


def mapped() -> int:
    return Path("/proc/self/maps").read_text().count("/dlc-gpu-")


def test_two_hand_ins_in_a_row_are_raced_without_sockets_and_nothing_stays_of_either(course, tracks):
    for _ in range(2):
        with ExitStack() as open_:
            track = tracks.open(course.ours, course.writers, {}, open_)
            for _ in range(2):
                raced(track)
                assert mapped() == 18  # two inputs and an output of two sizes, for each of three sides
        assert mapped() == 0
        assert not course.sockets
    assert [scratch.exists() for scratch in course.scratches].count(True) == 1  # ours is kept


def test_who_comes_next_waits_until_the_workers_have_ended(course, tracks):
    order = []

    def come():
        with DeviceLock("shared-memory"):
            order.append("next")

    with ExitStack() as open_:
        tracks.open(course.ours, course.writers, {}, open_)
        other = threading.Thread(target=come)
        other.start()
        time.sleep(0.3)
        order.append("first")
    other.join(60)
    assert order == ["first", "next"]


def test_where_our_own_worker_fails_points_stay_open_and_the_next_does_not_wait(course):
    def broken(sandbox, texts, held):
        modules = dict.fromkeys(texts, "def doubled(x): raise OSError('no driver')")
        return course._worker(sandbox, modules, held)

    before = len(course.scratches)
    with GpuHost(course.sandbox, kind="cpu") as others:
        for _ in range(2):
            with ExitStack() as open_, pytest.raises(OpenPoints, match=r"cannot use the GPU.*no driver"):
                others.open(broken, course.writers, {}, open_)
    assert len(course.scratches) == before + 2  # a driver might need sockets


def test_workers_get_sockets_where_the_driver_shares_no_memory_without(course):
    def needs_sockets(sandbox, texts, held):
        modules = texts if course.sockets else dict.fromkeys(texts, "raise OSError")
        return course.ours(sandbox, modules, held)

    with GpuHost(course.sandbox, kind="cpu") as others, ExitStack() as open_:
        others.open(needs_sockets, course.writers, {}, open_)
        assert course.sockets


def test_where_no_worker_can_be_isolated_points_stay_open(course):
    def refused(*_):
        raise TierUnavailable("no Landlock")

    with GpuHost(refused, kind="cpu") as tracks, ExitStack() as open_:
        for _ in range(2):  # a second race of the hand-in does not wait for the first
            with pytest.raises(OpenPoints, match="no worker for the GPU could be started: no Landlock"):
                tracks.open(course.ours, course.writers, {}, open_)
