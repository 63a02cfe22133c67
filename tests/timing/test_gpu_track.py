"""Races between workers that share memory with the grader: on a GPU, or the same way through files."""

from __future__ import annotations

import os
import random
from contextlib import ExitStack

import numpy as np
import pytest
import torch

from autograder.model import Limits
from autograder.sandbox import GPU_VARIABLES, LoadPlan, Sandbox
from autograder.sandbox.tiers import missing
from autograder.studentkit import StudentError
from autograder.timing import Contest, Rule, gpu
from autograder.timing.race import hold
from autograder.timing.roofline import Work

LIMITS = Limits(wall_s=30, memory_mb=1024, threads=False)
TIER = 0 if missing(1) else 1  # a GPU machine may be one whose kernel knows no Landlock
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

    def answer(self, args, options):
        return args[0].double() @ args[1].double()

    def check(self, found, answer):
        assert float((found - answer).norm() / answer.norm()) < 1e-4, "the timed answer is wrong"


@pytest.fixture(scope="module")
def kind():
    return "cuda" if torch.cuda.is_available() else "cpu"


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    """A folder, and the sandboxes of the student and of ours that may write below it."""
    folder = tmp_path_factory.mktemp("race")
    variables = {name: os.environ[name] for name in GPU_VARIABLES if name in os.environ}
    with ExitStack() as open_:
        sandboxes = []
        for name in (gpu.STUDENT_FOLDER, gpu.OUR_FOLDER):
            (folder / name).mkdir()
            sandbox = Sandbox(
                library="dlc_lib",
                packages=("numpy", "torch", "triton"),
                tier=TIER,
                scratch=folder / name,
                variables=variables,
            )
            sandboxes.append(open_.enter_context(sandbox))
        yield folder, *sandboxes


@pytest.fixture
def race(kind, places):
    """race(text): what came of racing that code against the honest one."""
    folder, theirs, ours = places
    ours_plan = LoadPlan({"m": HONEST, "vendor": HONEST, gpu.IDLE: gpu.IDLE_TEXT})
    with ExitStack() as open_:

        def opened(sandbox, plan):
            remote = open_.enter_context(sandbox.open(plan, LIMITS, lambda *_: "data", 7))
            remote.begin("race")
            return remote

        def run(text, sizes=(64, 192), vendor=None):
            student = opened(theirs, LoadPlan({"m": text}))
            track = gpu.GpuTrack(student, lambda: opened(ours, ours_plan), folder, tier=1, kind=kind)
            contest = Contest("m", "multiply", tuple(map(Size, sizes)), rule=RULE, vendor=vendor)
            return hold(contest, track, np.random.default_rng(1), random.Random(1))

        yield run


def test_an_honest_function_finishes_and_every_size_is_timed(race):
    finish = race(HONEST, sizes=(128, 640), vendor="multiply")
    assert finish.timing.samples >= RULE.least
    assert [point.size for point in finish.timing.points] == ["128³", "640³"]
    assert all(point.vendor_s is not None for point in finish.timing.points)


CHEATS = {
    "nothing is returned of the kind": ("def multiply(a, b): return None", "raised TypeError"),
    "another shape": ("def multiply(a, b): return a[:1]", "raised TypeError"),
    "another dtype": ("def multiply(a, b): return (a @ b).double()", "raised TypeError"),
    "memory that was never written": (
        "import torch\ndef multiply(a, b): return torch.empty_like(a)",
        "answer is wrong",
    ),
    "the answer of the first call": (
        "kept = {}\ndef multiply(a, b):\n    kept.setdefault(a.shape, a @ b)\n    return kept[a.shape]",
        "answer is wrong",
    ),
    "by the address of the inputs": (
        "kept = {}\ndef multiply(a, b):\n    key = (a.data_ptr(), b.data_ptr())\n"
        "    if key not in kept: kept[key] = a @ b\n    return kept[key]",
        "answer is wrong",
    ),
    "a subclass that computes later": (
        "import torch\nclass Lazy(torch.Tensor): pass\ndef multiply(a, b): return (a @ b).as_subclass(Lazy)",
        "raised TypeError",
    ),
    "inputs zeroed and zeros returned": (
        "def multiply(a, b):\n    a.zero_()\n    return a @ b",
        "answer is wrong",
    ),
    "a worker that runs nothing": (
        "import sys\nfor name, module in list(sys.modules.items()):\n"
        "    if name.endswith('inside.device'): module.Device.run = lambda *_: 1e-9\n"
        "import inside.device\ninside.device.Device.run = lambda *_: 1e-9\n"
        "def multiply(a, b): return a @ b",
        "answer is wrong",
    ),
}


@pytest.mark.parametrize("name", CHEATS)
def test_what_no_honest_function_does_is_refused(race, name):
    text, says = CHEATS[name]
    with pytest.raises((StudentError, AssertionError), match=says):
        race(text)


@pytest.mark.skipif(TIER == 0, reason="this machine cannot isolate")
def test_a_worker_for_a_gpu_may_not_read_the_course_or_reach_the_network(tmp_path):
    text = """
import os, socket, subprocess
def course(path):
    try: return open(path).read(1)
    except OSError as error: return type(error).__name__
def network():
    try: return str(socket.socket(socket.AF_INET, socket.SOCK_STREAM))
    except OSError as error: return type(error).__name__
def outside(path):
    try:
        with open(path, "w") as file: return str(file.write("x"))
    except OSError as error: return type(error).__name__
def scratch(path):
    with open(path, "w") as file: return str(file.write("x"))
def program():
    return subprocess.run(["/bin/echo", "x"], capture_output=True, text=True).stdout
def other(pid):
    try: return open(f"/proc/{pid}/environ", "rb").read(1).hex()
    except OSError as error: return type(error).__name__
"""
    own = tmp_path / "own"
    own.mkdir()
    with (
        Sandbox(library="dlc_lib", packages=("numpy", "torch", "triton"), tier=1, scratch=own) as sandbox,
        sandbox.open(LoadPlan({"m": text}), LIMITS, lambda *_: "str", 7) as student,
    ):
        student.begin("probes")
        assert student.m.course(__file__) == "PermissionError"
        assert student.m.course("/etc/shadow") == "PermissionError"
        assert student.m.network() == "OSError"
        assert student.m.outside(str(tmp_path / "elsewhere")) == "PermissionError"
        assert student.m.other(os.getpid()) == "PermissionError"
        assert student.m.scratch(str(own / "file")) == "1"
        assert student.m.program() == "x\n"


class FixedWorker:
    """A worker whose own clock tells what the test wants, beside the real one."""

    def __init__(self, told_s):
        self.told_s = told_s

    def __getattr__(self, name):
        return self if name in ("m", "idle", "vendor", "multiply") else lambda *args, **options: None

    def run(self, names, told, output):
        return self.told_s


@pytest.mark.parametrize(("student_s", "reference_s", "doubted"), [(9.0, 0.0, True), (9.0, 9.0, False)])
def test_clocks_may_disagree_as_often_as_for_the_reference(tmp_path, student_s, reference_s, doubted):
    rival = FixedWorker(reference_s)
    track = gpu.GpuTrack(FixedWorker(student_s), lambda: rival, tmp_path, tier=1, kind="cpu")
    contestants = track.contestants("m", "multiply", None)
    inputs = (torch.ones(4, 4), torch.ones(4, 4)), {}
    for _ in range(10):
        for who in ("student", "reference"):
            contestants[who](inputs)
    assert ("10 of 10" in track.doubt()) == doubted
