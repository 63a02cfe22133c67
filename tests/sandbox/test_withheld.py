"""In a confined worker nothing runs but what is allowed, whatever way leads to it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from autograder.graders.a8_performance.operations import ON_ENTRIES
from autograder.model import Limits
from autograder.sandbox import LoadPlan, Sandbox
from autograder.studentkit import StudentError

LIMITS = Limits(wall_s=20, memory_mb=1024, threads=False)
SEED = 2**128 - 1  # as long as those of hand-ins
X = torch.arange(9.0).reshape(3, 3)
CODE = """
import importlib
import numpy as np
import torch

aside = np.ones((64, 64)) @ np.ones((64, 64))  # nobody is timed yet
core = torch._C
foreign = importlib.import_module("ctypes")

@torch.jit.script
def scripted(x):
    return torch.mm(x, x)

def fetched(get):
    try: return get()
    except Exception: return None
kernel = fetched(lambda: torch.library.get_kernel("aten::mm", "CPU"))
direct = fetched(lambda: core._jit_to_static_module(scripted.graph))

def twice(x): return 2 * x
def ends(x): return torch.cat([x, x + x]).sum(1)
def half(x): return (2 * x).to(torch.bfloat16)
def product(x): return x @ x
def composed(x): return torch.einsum("ij,jk->ik", x, x)
def inner(x): return torch.ops.mkldnn._linear_pointwise(x, x, None, "none", [], "")
def solved(x): return torch.linalg.solve(x, x)
def by_script(x): return scripted(x)
def past_dispatcher(x): return kernel.call_boxed(core.DispatchKeySet(core.DispatchKey.CPU), x, x)
def past_interpreter(x): return direct(x)
def another_library(x):
    return torch.tensor(foreign.CDLL(None).sgemm_)
def by_arrays(x):
    wide = torch.ones(64, 64)
    return torch.from_numpy(wide.numpy() @ wide.numpy())
def by_shared_memory(x):
    there = np.zeros((64, 64), np.float32)
    torch.from_numpy(there).copy_(torch.ones(64, 64))
    return torch.from_numpy(np.linalg.solve(there, there))
"""


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox(library="dlc_lib", packages=("numpy", "torch"), tier=1) as warm:
        yield warm


@pytest.fixture
def student(sandbox):
    with sandbox.open(LoadPlan({"m": CODE}), LIMITS, lambda *_: "tensor", SEED) as remote:
        remote.begin("a test")
        remote.confine(ON_ENTRIES.operations)
        yield remote


def test_what_is_allowed_runs_and_tensors_cross(student):
    assert student.m.twice(X).tolist() == (2 * X).tolist()
    assert student.m.ends(X).tolist() == torch.cat([X, X + X]).sum(1).tolist()
    assert student.m.half(X.T).tolist() == (2 * X.T).tolist()


@pytest.mark.parametrize(
    ("name", "runs"),
    [
        ("product", "aten::matmul"),
        ("composed", "aten::einsum"),
        ("inner", "mkldnn::_linear_pointwise"),
        ("solved", "aten::linalg_solve"),
        ("by_script", "aten::mm"),
        ("another_library", "ctypes::dlopen"),
    ],
)
def test_all_else_raises_with_its_name_in_every_later_process_too(student, name, runs):
    for _ in range(2):
        with pytest.raises(StudentError) as refused:
            getattr(student.m, name)(X)
        assert f"ForbiddenOperation: {runs} " in refused.value.detail
        student.close()


@pytest.mark.parametrize("name", ["past_dispatcher", "past_interpreter"])
def test_what_goes_past_the_dispatcher_is_not_to_be_had(student, name):
    with pytest.raises(StudentError, match=f"{name} raised"):
        getattr(student.m, name)(X)


@pytest.mark.parametrize("name", ["by_arrays", "by_shared_memory"])
def test_a_product_of_numpy_ends_the_process(student, name):
    if not list((Path(np.__file__).parents[1] / "numpy.libs").glob("*blas*")):
        pytest.skip("this NumPy brings no library of its own for products")
    with pytest.raises(StudentError) as ended:
        getattr(student.m, name)(X)
    assert ended.value.verdict == "crashed"


def test_without_confinement_every_way_is_open(student):
    student.confine(None)
    for name in ("product", "composed", "by_script", "past_dispatcher", "past_interpreter", "by_arrays"):
        assert getattr(student.m, name)(X).shape in ((3, 3), (64, 64))
