"""Fixtures of races between workers that share memory with the grader, on a GPU or through files."""

from __future__ import annotations

import os
import random
from contextlib import ExitStack

import numpy as np
import pytest
import torch

from autograder.errors import TierUnavailable
from autograder.model import Limits
from autograder.sandbox import GPU_VARIABLES, LoadPlan, Sandbox
from autograder.speed import ArraySpec, Contest, Rule, Work, gpu_track
from autograder.speed.buffers import Buffers
from autograder.speed.contest import STUDENT
from autograder.speed.race import hold

LIMITS = Limits(wall_s=30, memory_mb=1024, threads=False)
RULE = Rule(precision=0.5, least=6, most=8, heat=100, seconds=20, unstable=5)
HONEST = "import torch\ndef multiply(a, b): return a @ b\n"


class Size:
    def __init__(self, edge):
        self.edge = edge

    def __str__(self):
        return f"{self.edge}³"

    @property
    def work(self):
        return Work(2.0 * self.edge**3, 12.0 * self.edge**2)

    def draw(self, rng, device):
        source = torch.Generator(device).manual_seed(int(rng.integers(1 << 60)))
        shape = (self.edge, self.edge)
        a, b = (torch.randn(shape, generator=source, device=device) for _ in range(2))
        return (a, b.T), {}

    def empty(self, args, options):
        return ArraySpec((self.edge, self.edge))

    def answer(self, args, options):
        return args[0].double() @ args[1].double()

    def check(self, found, answer):
        assert float((found - answer).norm() / answer.norm()) < 1e-4, "the timed answer is wrong"


@pytest.fixture(scope="module")
def kind():
    return "cuda" if torch.cuda.is_available() else "cpu"


def for_gpu(scratch):
    """A sandbox whose workers may use a GPU, at tier 1 where this machine has what that needs."""
    variables = {name: os.environ[name] for name in GPU_VARIABLES if name in os.environ}
    options = {"library": "dlc_lib", "packages": ("numpy", "torch", "triton"), "variables": variables}
    try:
        return Sandbox(**options, scratch=scratch, tier=1)
    except TierUnavailable as error:
        print(f"raced without isolation: {error}")
        return Sandbox(**options, scratch=scratch, tier=0)


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    """Side -> where it may write, and its sandbox."""
    with ExitStack() as open_:
        folders = {side: tmp_path_factory.mktemp(side) for side in (STUDENT, gpu_track.OURS)}
        yield {side: (folder, open_.enter_context(for_gpu(folder))) for side, folder in folders.items()}


@pytest.fixture
def buffers(kind, places):
    folders = {side: folder for side, (folder, _) in places.items()}
    with Buffers(kind, {**folders, gpu_track.HOUSE: folders[gpu_track.OURS]}) as opened:
        yield opened


@pytest.fixture
def open_worker(places, buffers):
    """open_worker(side, modules): a proxy of that code in a worker that ends before the buffers."""
    with ExitStack() as open_:

        def opened(side, modules):
            remote = places[side][1].open(LoadPlan(modules), LIMITS, lambda *_: "data", 7)
            student = open_.enter_context(remote)
            student.begin("race")
            return student

        yield opened


@pytest.fixture
def race(buffers, open_worker):
    """race(text): what came of racing that code against the honest one."""

    def run(text, sizes=(64, 192), vendor=None, rival=HONEST):
        texts = {"m": rival, "vendor": HONEST, gpu_track.IDLE: gpu_track.IDLE_TEXT}
        student = open_worker(STUDENT, {"m": text})
        track = gpu_track.GpuTrack(student, lambda: open_worker(gpu_track.OURS, texts), buffers, tier=1)
        sizes = tuple(each if isinstance(each, Size) else Size(each) for each in sizes)
        contest = Contest("m", "multiply", sizes, rule=RULE, vendor=vendor)
        return hold(contest, track, np.random.default_rng(1), random.Random(1))

    return run
