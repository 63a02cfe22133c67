from __future__ import annotations

import types

import numpy as np
import pytest
import torch

from autograder.model import Limits
from autograder.sandbox import LoadPlan, Sandbox
from autograder.studentkit import Local, StudentError
from tests.sandbox.said import described

LIMITS = Limits(wall_s=20, memory_mb=1024, threads=False)
CODE = """
import threading
import torch
import torch.nn.functional as F
from torch.utils._python_dispatch import _disable_current_modes
import triton
import triton.language as tl

def twice(x): return 2 * x
def strides(x): return torch.tensor(x.stride())
def plain(x): return x.numpy()
def conv(x, w): return F.conv2d(x, w)
def hidden_conv(x, w):
    with _disable_current_modes():
        return F.conv2d(x, w)
def threaded(x):
    box = []
    thread = threading.Thread(target=lambda: box.append(2 * x))
    thread.start()
    thread.join()
    return box[0]
FORMS = {
    "needs a gradient": lambda: torch.ones(2, requires_grad=True) * 2,
    "parameter": lambda: torch.nn.Parameter(torch.ones(2)),
    "transposed": lambda: torch.ones(2, 3).T,
    "expanded": lambda: torch.ones(1).expand(4),
    "without axes": lambda: torch.tensor(2.0),
    "empty": lambda: torch.empty(0, 3),
    "bfloat16": lambda: torch.ones(2, dtype=torch.bfloat16),
    "whole": lambda: torch.arange(3),
    "bool": lambda: torch.ones(2) > 0,
    "imaginary part of a conjugate": lambda: (torch.ones(2) * 1j).conj().imag,
    "complex": lambda: torch.ones(2) * 1j,
    "conjugate": lambda: (torch.ones(2) * 1j).conj(),
    "sparse": lambda: torch.eye(2).to_sparse(),
    "quantized": lambda: torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.qint8),
    "float8": lambda: torch.ones(2).to(torch.float8_e4m3fn),
    "meta": lambda: torch.ones(2, device="meta"),
    "of a subclass": lambda: torch.ones(2).as_subclass(Lazy),
    "size": lambda: torch.ones(2, 3).shape,
    "number": lambda: torch.ones(2).sum().item(),
    "array": lambda: torch.ones(2).numpy(),
    "list": lambda: [torch.ones(2)],
    "none": lambda: None,
}
def form(name): return FORMS[name]()
class Lazy(torch.Tensor): pass
def lazy(x): return x.as_subclass(Lazy)

@triton.jit
def add_kernel(x, out, n, BLOCK: tl.constexpr):
    at = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    tl.store(out + at, tl.load(x + at, mask=at < n) + 1, mask=at < n)

def add_one(x):
    out = torch.empty_like(x)
    add_kernel[(triton.cdiv(x.numel(), 16),)](x, out, x.numel(), BLOCK=16)
    return out
"""


@pytest.fixture(scope="module")
def sandbox():
    pytest.importorskip("triton", reason="Triton has no wheel for this platform")
    with Sandbox(library="dlc_lib", packages=("numpy", "torch", "triton"), tier=1) as warm:
        yield warm


@pytest.fixture
def student(sandbox):
    with sandbox.open(LoadPlan({"m": CODE}), LIMITS, lambda *_: "tensor", 7) as remote:
        remote.begin("a test")
        yield remote


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.float16])
def test_a_tensor_comes_back_as_numbers_of_its_own_dtype(student, dtype):
    x = torch.arange(6, dtype=dtype).reshape(2, 3)
    out = student.m.twice(x)
    assert type(out) is np.ndarray
    assert out.dtype == x.numpy().dtype
    np.testing.assert_array_equal(out, 2 * x.numpy())


@pytest.mark.parametrize(
    "x",
    [
        torch.randn(3, 5),
        torch.randn(3, 5).T,
        torch.randn(2, 3, 4, 5).contiguous(memory_format=torch.channels_last),
        torch.randn(4, 5, 2, 3).permute(2, 0, 3, 1),
        torch.randn(1, 1),
    ],
    ids=["plain", "transposed", "channels-last", "permuted", "one"],
)
def test_a_tensor_arrives_with_its_axes_in_the_same_order_in_memory(student, x):
    np.testing.assert_array_equal(student.m.strides(x), x.stride())
    np.testing.assert_array_equal(student.m.twice(x), 2 * x.numpy())


def test_a_numpy_array_is_no_tensor(student):
    with pytest.raises(StudentError, match=r"returned an array of shape .*; expected a torch tensor"):
        student.m.plain(torch.ones(2))


def test_a_subclass_of_tensor_is_no_tensor(student):
    with pytest.raises(StudentError, match="expected a torch tensor"):
        student.m.lazy(torch.ones(2))


STAYS = "form returned a tensor without plain numbers; expected a torch tensor"
REFUSED = {
    "complex": "form returned a tensor of dtype complex64; expected real numbers",
    "conjugate": "form returned a tensor of dtype complex64; expected real numbers",
    **dict.fromkeys(("sparse", "quantized", "float8", "meta"), STAYS),
    "of a subclass": "form returned an object; expected a torch tensor",
    "size": "form returned a tuple; expected a torch tensor",
    "number": "form returned a float; expected a torch tensor",
    "array": "form returned an array of shape (2,); expected a torch tensor",
    "list": "form returned a list; expected a torch tensor",
    "none": "form returned None; expected a torch tensor",
}


@pytest.mark.filterwarnings("ignore::UserWarning")  # of quantized tensors
def test_tensors_of_every_form_are_judged_alike_here_and_behind_the_border(student):
    module = types.ModuleType("m")
    exec(CODE.partition("@triton.jit")[0], module.__dict__)
    local = Local({"m": module}.__getitem__, lambda *_: "tensor", wrap=True)

    def said(back_end, name):
        try:
            return described(back_end.m.form(name))
        except StudentError as error:
            return str(error)

    names = list(module.FORMS)
    found = {name: said(student, name) for name in names}
    assert found == {name: said(local, name) for name in names}
    assert {name: says for name, says in found.items() if "returned" in says} == REFUSED


def test_both_back_ends_write_the_same_program(student):
    module = type("Module", (), {"twice": staticmethod(lambda x: 2 * x)})
    local = Local({"m": module}.__getitem__, lambda *_: "tensor", wrap=True)
    of_three = [[[3], [1], "float32"]]
    assert local.m.twice.record(of_three, {}) == student.m.twice.record(of_three, {})
    x = torch.ones(3)
    np.testing.assert_array_equal(local.m.twice(x), student.m.twice(x))


def test_a_kernel_runs_in_the_interpreter(student):
    np.testing.assert_array_equal(student.m.add_one(torch.arange(37.0)), np.arange(37.0) + 1)


def test_no_thread_starts_where_threads_are_not_allowed(student, sandbox):
    with pytest.raises(StudentError, match="threaded raised RuntimeError"):
        student.m.threaded(torch.ones(2))
    allowed = Limits(wall_s=20, memory_mb=1024, threads=True)
    with sandbox.open(LoadPlan({"m": CODE}), allowed, lambda *_: "tensor", 7) as free:
        free.begin("a test")
        np.testing.assert_array_equal(free.m.threaded(torch.ones(2)), [2, 2])
