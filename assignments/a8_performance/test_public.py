"""Public tests of a8_performance: small numbers worked by hand, other ways to the same answer, compilation.

They are a start, not the whole: the hidden tests use other shapes, dtypes and orders in memory, run what
your functions were recorded to do, and measure speed. Kernels run in Triton's interpreter here.
"""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from studentkit import assert_close, task
from studentkit.recording import REASONS

os.environ["TRITON_INTERPRET"] = "1"  # before anything imports Triton
LIMITS = {"float64": 1e-12, "float32": 1e-5, "float16": 5e-4}
PRODUCTS = ("mm", "bmm", "addmm", "matmul", "linear", "einsum", "dot", "mv", "inner", "tensordot", "outer")
needs_triton = pytest.mark.skipif(
    importlib.util.find_spec("triton") is None,
    reason="Triton has no package for this system; these tasks need Linux",
)
COMPILE = """
import importlib, json, sys
import torch
from studentkit.compiling import compile_launches

module, function, capability = sys.argv[1:]
a = torch.zeros((512, 512), dtype=torch.float16)
x = torch.zeros((8, 64, 28, 28), dtype=torch.float16)
w = torch.zeros((64, 64, 3, 3), dtype=torch.float16)
size, kernel = {"height": 28, "width": 28}, {"kernel_height": 3, "kernel_width": 3}
args, options = {
    "triton_matmul": ((a, a), {}),
    "triton_conv2d_forward": ((x, w), {"stride": 1, "pad": 1}),
    "triton_conv2d_backward_data": ((x, w), {"stride": 1, "pad": 1, **size}),
    "triton_conv2d_backward_weight": ((x, x), {"stride": 1, "pad": 1, **kernel}),
}[function]
launch = getattr(importlib.import_module(f"dlc_lib.{module}"), function)
print(json.dumps(compile_launches(lambda: launch(*args, **options), int(capability))))
"""


@pytest.fixture
def numbers():
    """normal(shape, dtype): random numbers, the same in every run."""
    source = torch.Generator().manual_seed(8)
    return lambda shape, dtype=torch.float32: torch.randn(shape, generator=source).to(dtype)


def right(found, want, name):
    """The answer has the shape and the values that it should have."""
    assert_close(found, want.double().numpy(), name, limit=LIMITS[str(found.dtype)])


def convolve(x, w, stride, pad):
    """The library's convolution in float64, and its gradients for a random upstream gradient."""
    x, w = x.double().requires_grad_(), w.double().requires_grad_()
    out = torch.nn.functional.conv2d(x, w, stride=stride, padding=pad)
    dout = torch.randn(out.shape, generator=torch.Generator().manual_seed(9), dtype=torch.float64)
    out.backward(dout)
    return out.detach(), dout, x.grad, w.grad


def recorded(function, *tensors, **options):
    """The steps that a call is made of, which is what the grader runs in your place."""
    outlines = [(tuple(x.shape), x.stride(), str(x.dtype).removeprefix("torch.")) for x in tensors]
    program = json.loads(function.record(outlines, options))
    if "unrecordable" in program:
        raise AssertionError(f"the grader cannot run this function: it {REASONS[program['unrecordable']]}")
    assert program["result"], "the function has to return a tensor of torch"
    return program


def assert_compiles(module, function, capability):
    """Each kernel compiles in some configuration and fits into the shared memory of the GPU."""
    done = subprocess.run(
        [sys.executable, "-c", COMPILE, module, function, str(capability)],
        cwd=Path(__file__).parent,
        env={**os.environ, "TRITON_INTERPRET": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        error = done.stderr.strip().rpartition("\n")[2].removeprefix("NotImplementedError: ")
        raise NotImplementedError(error) if error.startswith("a8/") else AssertionError(error)
    found = json.loads(done.stdout.splitlines()[-1])
    if not found:
        raise AssertionError(f"{function} launches no kernel")
    for name in {each["name"] for each in found}:
        ours = [each for each in found if each["name"] == name]
        if any(not each["error"] and each["shared"] <= each["max_shared"] for each in ours):
            continue
        needs, limit = min(each["shared"] for each in ours) // 1024, ours[0]["max_shared"] // 1024
        error = next((each["error"] for each in ours if each["error"]), None)
        raise AssertionError(error or f"{name} needs {needs} KiB of shared memory, the GPU has {limit} KiB")


@task("outer_matmul", part="forward")
def test_product_of_the_handout(student):
    a, b = torch.tensor([[1.0, 2.0], [3.0, 4.0]]), torch.tensor([[5.0, 6.0], [7.0, 8.0]])
    right(student.torch_matmul.outer_matmul(a, b), torch.tensor([[19.0, 22.0], [43.0, 50.0]]), "c")


@task("outer_matmul", part="forward")
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_product_is_that_of_the_library(student, numbers, dtype):
    a, b = numbers((13, 7), dtype), numbers((7, 29), dtype)
    right(student.torch_matmul.outer_matmul(a, b), a.double() @ b.double(), "c")


@task("outer_matmul", part="forward")
def test_product_can_be_recorded_and_does_without_those_of_the_library(student, numbers):
    program = recorded(student.torch_matmul.outer_matmul, numbers((5, 4)), numbers((4, 3)))
    found = [name for name in program["named"] if name.removeprefix("aten::").lstrip("_") in PRODUCTS]
    assert not found, f"{found[0]} ran; this task is to do without it"


@task("outer_matmul", part="edge")
def test_product_of_transposed_views(student, numbers):
    a, b = numbers((7, 13)).T, numbers((5, 7)).T
    right(student.torch_matmul.outer_matmul(a, b), a.double() @ b.double(), "c")


@task("outer_matmul", part="edge")
def test_matrices_that_do_not_fit_are_refused(student):
    with pytest.raises(ValueError):  # noqa: PT011 - the text is yours to choose
        student.torch_matmul.outer_matmul(torch.zeros(2, 3), torch.zeros(4, 2))


@task("outer_matmul", part="purity")
def test_product_leaves_its_inputs_alone(student, numbers):
    a, b = numbers((5, 4)), numbers((4, 3))
    found, (a_after, b_after) = student.torch_matmul.outer_matmul.watch(a, b)
    right(found, a.double() @ b.double(), "c")
    assert np.array_equal(a_after, a)
    assert np.array_equal(b_after, b)


@task("conv2d", part="forward")
def test_output_of_the_handout(student):
    x, w = torch.tensor([[[[1.0, 2.0, 3.0]]]]), torch.tensor([[[[1.0, 10.0]]]])
    found = student.torch_conv.conv2d_forward(x, w, stride=1, pad=0)
    right(found, torch.tensor([[[[21.0, 32.0]]]]), "out")


@task("conv2d", part="forward")
@pytest.mark.parametrize(("stride", "pad"), [(1, 0), (2, 1)])
def test_output_is_that_of_the_library(student, numbers, stride, pad):
    x, w = numbers((2, 3, 7, 6)), numbers((4, 3, 3, 2))
    out, *_ = convolve(x, w, stride, pad)
    right(student.torch_conv.conv2d_forward(x, w, stride=stride, pad=pad), out, "out")


@task("conv2d", part="backward")
@pytest.mark.parametrize(("stride", "pad"), [(1, 0), (2, 1)])
def test_gradients_are_those_of_autograd(student, numbers, stride, pad):
    x, w = numbers((2, 3, 7, 6)), numbers((4, 3, 3, 2))
    _, dout, dx, dw = convolve(x, w, stride, pad)
    window, dout = {"stride": stride, "pad": pad}, dout.float()
    module = student.torch_conv
    right(module.conv2d_backward_data(dout, w, height=7, width=6, **window), dx, "dx")
    right(module.conv2d_backward_weight(dout, x, kernel_height=3, kernel_width=2, **window), dw, "dw")


@task("conv2d", part="forward")
def test_convolution_can_be_recorded_and_does_without_that_of_the_library(student, numbers):
    x, w = numbers((2, 3, 7, 6)), numbers((4, 3, 3, 2))
    program = recorded(student.torch_conv.conv2d_forward, x, w, stride=1, pad=1)
    found = [name for name in program["named"] if "conv" in name]
    assert not found, f"{found[0]} ran; this task is to do without it"


@task("conv2d", part="edge")
def test_a_filter_larger_than_the_image_is_refused(student):
    with pytest.raises(ValueError):  # noqa: PT011 - the text is yours to choose
        student.torch_conv.conv2d_forward(torch.zeros(1, 1, 3, 3), torch.zeros(1, 1, 4, 3), stride=1, pad=0)


@task("conv2d", part="purity")
def test_convolution_leaves_its_inputs_alone(student, numbers):
    x, w = numbers((1, 2, 4, 4)), numbers((3, 2, 2, 2))
    found, (x_after, w_after) = student.torch_conv.conv2d_forward.watch(x, w, stride=1, pad=1)
    right(found, convolve(x, w, 1, 1)[0], "out")
    assert np.array_equal(x_after, x)
    assert np.array_equal(w_after, w)


@needs_triton
@task("triton_matmul", part="forward")
@pytest.mark.parametrize("dtype", [torch.float32, torch.float16])
@pytest.mark.parametrize("sizes", [(64, 64, 64), (70, 37, 33)], ids=["even", "odd"])
def test_kernel_multiplies_matrices(student, numbers, sizes, dtype):
    M, K, N = sizes
    a, b = numbers((M, K), dtype), numbers((K, N), dtype)
    found = student.triton_matmul.triton_matmul(a, b)
    assert f"torch.{found.dtype}" == str(dtype), "c should have the dtype of a and b"
    right(found, a.double() @ b.double(), "c")


@needs_triton
@task("triton_matmul", part="forward")
def test_product_can_be_recorded_with_its_kernels(student, numbers):
    program = recorded(student.triton_matmul.triton_matmul, numbers((33, 20)), numbers((20, 17)))
    assert program["kernels"], "no kernel is launched"


@needs_triton
@task("triton_matmul", part="edge")
def test_kernel_takes_transposed_views(student, numbers):
    a, b = numbers((37, 41)).T, numbers((33, 37)).T
    found = student.triton_matmul.triton_matmul(a, b)
    right(found, a.double() @ b.double(), "c")


@needs_triton
@task("triton_matmul", part="edge")
def test_kernel_is_not_launched_on_matrices_that_do_not_fit(student):
    with pytest.raises(ValueError):  # noqa: PT011 - the text is yours to choose
        student.triton_matmul.triton_matmul(torch.zeros(2, 3), torch.zeros(4, 2))


@needs_triton
@task("triton_conv", part="forward")
@pytest.mark.parametrize(("stride", "pad"), [(1, 1), (2, 0)])
def test_kernel_convolves(student, numbers, stride, pad):
    x, w = numbers((2, 5, 7, 6)), numbers((3, 5, 3, 2))
    function = student.triton_conv_forward.triton_conv2d_forward
    found = function(x, w, stride=stride, pad=pad)
    right(found, convolve(x, w, stride, pad)[0], "out")


@needs_triton
@task("triton_conv", part="backward")
@pytest.mark.parametrize(("stride", "pad"), [(1, 1), (2, 0)])
def test_kernel_of_the_images_gives_their_gradient(student, numbers, stride, pad):
    x, w = numbers((2, 5, 7, 6)), numbers((3, 5, 3, 2))
    _, dout, dx, _ = convolve(x, w, stride, pad)
    function = student.triton_conv_data.triton_conv2d_backward_data
    found = function(dout.float(), w, height=7, width=6, stride=stride, pad=pad)
    right(found, dx, "dx")


@needs_triton
@task("triton_conv", part="backward")
@pytest.mark.parametrize(("stride", "pad"), [(1, 1), (2, 0)])
def test_kernel_of_the_filters_gives_their_gradient(student, numbers, stride, pad):
    x, w = numbers((2, 5, 7, 6)), numbers((3, 5, 3, 2))
    _, dout, _, dw = convolve(x, w, stride, pad)
    function = student.triton_conv_weight.triton_conv2d_backward_weight
    kernel = {"kernel_height": 3, "kernel_width": 2, "stride": stride, "pad": pad}
    right(function(dout.float(), x, **kernel), dw, "dw")


@needs_triton
@task("triton_conv", part="edge")
def test_kernel_is_not_launched_on_a_filter_larger_than_the_image(student):
    function = student.triton_conv_forward.triton_conv2d_forward
    with pytest.raises(ValueError):  # noqa: PT011 - the text is yours to choose
        function(torch.zeros(1, 1, 3, 3), torch.zeros(1, 1, 4, 3), stride=1, pad=0)


if "ipykernel" not in sys.modules:  # the kernels of a notebook are compiled when it is graded

    @needs_triton
    @task("triton_matmul", part="compiles")
    @pytest.mark.parametrize("capability", [80, 90])
    def test_product_compiles_for_a_gpu(capability):
        assert_compiles("triton_matmul", "triton_matmul", capability)

    @needs_triton
    @task("triton_conv", part="compiles")
    @pytest.mark.parametrize("capability", [80, 90])
    @pytest.mark.parametrize("pass_", ["forward", "backward_data", "backward_weight"])
    def test_convolution_compiles_for_a_gpu(pass_, capability):
        name = pass_.removeprefix("backward_")
        assert_compiles(f"triton_conv_{name}", f"triton_conv2d_{pass_}", capability)
