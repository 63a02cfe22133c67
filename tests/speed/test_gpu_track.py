"""Races between workers that share memory with the grader: on a GPU, or the same way through files."""

from __future__ import annotations

import os

import numpy as np
import pytest
import torch

from autograder.errors import GraderError, OpenPoints
from autograder.sandbox import LoadPlan
from autograder.speed import ArraySpec, Contest, Work, gpu_check, gpu_track
from autograder.speed.buffers import Buffers
from autograder.speed.contest import STUDENT
from autograder.speed.size import drawn
from autograder.studentkit import StudentError
from tests.speed.gpu_races import HONEST, LIMITS, RULE, Size, for_gpu


class Operation(Size):
    """Any operation of torch on any number of tensors and options, as a size describes it."""

    def __init__(self, compute, shapes, **options):
        self._compute, self._shapes, self._options = compute, shapes, options

    def __str__(self):
        return " and ".join(map(str, self._shapes))

    @property
    def work(self):
        return Work(1.0, 1.0)

    def draw(self, rng, device):
        source = torch.Generator(device).manual_seed(int(rng.integers(1 << 60)))
        args = tuple(torch.randn(shape, generator=source, device=device) for shape in self._shapes)
        return args, self._options

    def empty(self, args, options):
        return ArraySpec.of(self._compute(*(torch.zeros(each.shape) for each in args), **options))

    def answer(self, args, options):
        return self._compute(*(each.double() for each in args), **options)

    def check(self, found, answer):
        assert torch.allclose(found.double(), answer.double(), rtol=1e-3, atol=1e-3), "the answer is wrong"


OPERATIONS = {
    "a batched product": ("bmm", [(7, 5, 3), (7, 3, 11)], {}),
    "a softmax": ("softmax", [(19, 23)], {"dim": 1}),
    "whole numbers": ("argmax", [(19, 23)], {"dim": 1}),
    "truths": ("isfinite", [(19, 23)], {}),
    "one number": ("sum", [(19, 23)], {}),
    "an option called as one of ours": ("reshape", [(6, 8)], {"shape": (8, 6)}),
    "three tensors": ("addmm", [(4, 6), (4, 5), (5, 6)], {}),
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_any_operation_is_raced_and_nothing_but_zeros_is_wrong(race, name):
    function, shapes, options = OPERATIONS[name]
    sizes = (Operation(getattr(torch, function), shapes, **options),)
    call = f"import torch\ndef multiply(*args, **options): return torch.{function}(*args, **options)"
    assert race(call, sizes=sizes, rival=call).timing.samples >= RULE.least
    blank = call.replace("return ", "return torch.zeros_like(").rstrip() + ")"
    with pytest.raises(AssertionError, match="the answer is wrong"):
        race(blank, sizes=sizes, rival=call)


def test_an_empty_answer_of_another_form_is_a_fault_of_the_author_s(race):
    class Wrong(Size):
        def empty(self, args, options):
            return ArraySpec((self.edge,))

    with pytest.raises(GraderError, match=r"the contest of m\.multiply.*returned; expected \(8,\)"):
        race(HONEST, sizes=(Wrong(8),))


def test_several_arrays_and_numbers_beside_tensors_are_refused_with_the_way_out(race):
    class Several(Size):
        def empty(self, args, options):
            return ArraySpec((2,)), ArraySpec((2,))

    class Number(Size):
        def draw(self, rng, device):
            return (torch.ones(2, 2), 3), {}

        def answer(self, args, options):
            return None

    with pytest.raises(GraderError, match="functions that return one tensor, not 2"):
        race(HONEST, sizes=(Several(8),))
    with pytest.raises(GraderError, match="number 1 is of type int; give it by its name"):
        race(HONEST, sizes=(Number(8),))


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


def test_a_worker_of_ours_shows_that_it_shares_memory_with_us(open_worker, buffers):
    worker = open_worker(gpu_track.OURS, {gpu_check.MODULE: gpu_check.TEXTS[buffers.kind]})
    gpu_check.check_gpu(worker, gpu_track.OURS, buffers)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("def doubled(x): raise RuntimeError('no driver')", "RuntimeError: no driver"),
        ("def doubled(x): return x", "did not arrive"),
        ("import os\ndef doubled(x): os._exit(3)", "exit status 3"),
    ],
)
def test_where_sharing_fails_points_stay_open_with_the_reason(open_worker, buffers, text, says):
    worker = open_worker(gpu_track.OURS, {gpu_check.MODULE: text})
    with pytest.raises(OpenPoints, match=f"a worker in the sandbox cannot use the GPU.*{says}"):
        gpu_check.check_gpu(worker, gpu_track.OURS, buffers)


def test_a_fault_on_the_device_ends_its_process_and_costs_no_other_call(open_worker, buffers):
    text = """
broken = []
def fault(x):
    broken.append(x)
    raise RuntimeError("an illegal memory access was encountered")
def fine(x):
    if broken: raise RuntimeError("an illegal memory access was encountered")
    return x
"""
    student, value = open_worker(STUDENT, {"m": text}), torch.ones(4, device=buffers.kind)
    given, wanted = (buffers.like(STUDENT, use, value) for use in ("in", "out"))
    given.tensor.copy_(value)
    if buffers.kind == "cuda":
        torch.cuda.synchronize()

    def run(function):
        for buffer in (given, wanted):
            student.attach(buffer.name, buffer.share)
        function.run([given.name], {}, wanted.name)

    with pytest.raises(StudentError, match="fault raised RuntimeError"):
        run(student.m.fault)
    run(student.m.fine)
    assert torch.equal(wanted.tensor, value)


NOT_THERE = ("FileNotFoundError", "PermissionError")  # with mounts of its own, and without


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
        for_gpu(own) as sandbox,
        sandbox.open(LoadPlan({"m": text}), LIMITS, lambda *_: "str", 7) as student,
    ):
        if sandbox.tier == 0:
            pytest.skip("this machine cannot isolate a worker for a GPU")
        student.begin("probes")
        assert student.m.course(__file__) in NOT_THERE
        assert student.m.course("/etc/shadow") in NOT_THERE
        assert student.m.network() == "OSError"
        assert student.m.outside(str(tmp_path / "elsewhere")) in NOT_THERE
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
    buffers = Buffers("cpu", dict.fromkeys((STUDENT, gpu_track.OURS, gpu_track.HOUSE), tmp_path))
    track = gpu_track.GpuTrack(FixedWorker(student_s), lambda: rival, buffers, tier=1)
    contestants = track.contestants(Contest("m", "multiply", (Size(4),)))
    inputs = drawn(Size(4), np.random.default_rng(1), "cpu")
    for _ in range(10):
        for who in ("student", "reference"):
            contestants[who](inputs)
    assert ("10 of 10" in track.doubt()) == doubted
