"""What ran is held against a list of what is allowed."""

from __future__ import annotations

import pytest

from autograder.studentkit import StudentError
from autograder.timing import Allowance, refuse_operations
from autograder.timing.operations import told_refusal

PLAIN = Allowance(frozenset(["aten::add", "aten::mul"]), "sums and products of entries")
KERNELS = Allowance(PLAIN.operations, "kernels of your own", launches=True)


def test_what_is_on_the_list_runs():
    refuse_operations(("aten::add", "aten::mul"), PLAIN, "f")
    refuse_operations(("aten::add", "kernel::my_gemm"), KERNELS, "f")


@pytest.mark.parametrize(
    "name",
    ["aten::mm", "aten::add_", "aten::addmm", "mkldnn::_linear_pointwise", "numpy::dot", "autograd::engine"],
)
def test_all_else_is_refused_with_its_name_and_what_to_use_instead(name):
    with pytest.raises(StudentError, match=f"f runs {name}; this task allows sums and products") as refused:
        refuse_operations(("aten::add", name), PLAIN, "f")
    assert refused.value.verdict == "forbidden"


def test_names_that_python_knows_are_told_before_inner_ones_and_not_all_of_them():
    ran = ("aten::_addmm", "aten::einsum", "aten::bmm", "aten::add", "aten::_inner")
    with pytest.raises(StudentError, match=r"runs aten::bmm, aten::einsum, aten::_addmm and others;"):
        refuse_operations(ran, PLAIN, "f")


def test_a_kernel_of_a_library_is_refused():
    ran = ("kernel::mine", "kernel::ampere_sgemm_128x64_nn")
    with pytest.raises(StudentError, match="f runs ampere_sgemm_128x64_nn, a kernel of a library") as refused:
        refuse_operations(ran, KERNELS, "f")
    assert refused.value.verdict == "forbidden"


@pytest.mark.parametrize(
    "ran", [(), ("aten::add",), ("kernel::Memset (Device)", "kernel::void at::native::reduce_kernel<512, 1>")]
)
def test_where_a_kernel_is_to_do_the_work_one_has_to_be_launched(ran):
    with pytest.raises(AssertionError, match="f launches no Triton kernel"):
        refuse_operations(ran, KERNELS, "f")
    refuse_operations(ran, PLAIN, "f")


def test_a_refusal_in_a_confined_worker_is_told_in_the_same_words():
    detail = "Traceback ...\ninside.withheld.ForbiddenOperation: aten::mm is not among what this task allows"
    told = told_refusal(StudentError("f raised RuntimeError", "error", detail), PLAIN, "f")
    assert told is not None
    assert str(told) == "f runs aten::mm; this task allows sums and products of entries"
    assert told.verdict == "forbidden"
    assert told_refusal(StudentError("f raised ValueError", "error", "ValueError"), PLAIN, "f") is None
