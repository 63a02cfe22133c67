"""A recorded call does what the call itself does, and says so where it cannot be recorded."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch

from autograder.errors import OpenPoints
from autograder.replay import outline
from autograder.studentkit import StudentError, recording

A, B = torch.randn(5, 7), torch.randn(5, 7)
KEPT = {}


def in_place(a, b):
    c = torch.zeros(a.shape[0], a.shape[1], dtype=a.dtype)
    for row, (x, y) in enumerate(zip(a.unbind(0), b.unbind(0), strict=True)):
        c[row].addcmul_(x, y, value=0.5)
    c[1:3, ::2] += 2
    return c


def through_out(a, b):
    total = a * b
    torch.mul(a, 2.0, out=total[:, :])
    return torch.add(total, b, alpha=3, out=torch.empty_like(a))


def scalars(a, b):
    total = torch.zeros_like(a)
    for place, entry in enumerate(a[:, 0].tolist()):
        total[place].add_(b[place], alpha=entry)
    return total.mul(b[0, 0].item())


def views(a, b):
    return torch.cat([a.t().reshape(-1), b.as_strided((7, 2), (1, 7)).T.flatten()]).expand(2, 49).sum(0)


def constants(a, b):
    return a[:, :3] * torch.tensor([1.0, -2.0, 1.0]) + b[:, :3]


def lists(a, b):
    return torch.stack([*a.split(2)[:2], b.split([1, 1, 3])[2][:2], a[:2]])


@pytest.mark.parametrize("function", [in_place, through_out, scalars, views, constants, lists])
def test_a_program_computes_what_the_function_does(replayed, function):
    np.testing.assert_allclose(replayed(function, A, B), function(A, B).numpy(), rtol=1e-6)


def test_inputs_that_are_changed_are_changed_in_the_run_too(allowed, proxy):
    from autograder.replay import Replay

    found, (left, _) = Replay().watch(proxy(lambda a, b: a.add_(b)), "f", allowed, A, B)
    np.testing.assert_array_equal(found, (A + B).numpy())
    np.testing.assert_array_equal(left, (A + B).numpy())


def test_a_value_is_let_go_where_nothing_needs_it_any_more():
    from autograder.replay.executor import _ends

    add = "aten::add.Tensor"
    steps = [[add, [["v", 0], ["v", 0]], {}, [1]], [add, [["v", 1], ["v", 0]], {}, [2]]]
    assert _ends({"inputs": 1, "steps": steps, "result": ["v", 2]}) == {1: [1]}


def decides(a, b):
    return a if a[0, 0] > 0 else b


def compares(a, b):
    return a if a[0, 0].item() > 0 else b


def computes(a, b):
    return a * (2 * b[0, 0].item())


def by_numpy(a, b):
    return torch.from_numpy(np.ones((500, 7), np.float32))[:5] * a


def keeps(a, b):
    return a + KEPT.setdefault("table", torch.ones(5000))[:7]


@pytest.mark.parametrize(
    ("function", "says"),
    [
        (decides, "reads numbers out of a tensor"),
        (compares, "reads numbers out of a tensor"),
        (computes, "reads numbers out of a tensor"),
        (by_numpy, "neither an argument nor computed from one"),
        (keeps, "neither an argument nor computed from one"),
    ],
)
def test_what_cannot_be_recorded_leaves_its_points_open(replayed, function, says):
    KEPT["table"] = torch.ones(5000)
    with pytest.raises(OpenPoints, match=says):
        replayed(function, A, B)


def test_who_catches_the_refusal_is_refused_all_the_same(replayed):
    def catches(a, b):
        try:
            return a * float(a[0, 0] > 0)
        except Exception:
            return a

    with pytest.raises(OpenPoints, match="reads numbers"):
        replayed(catches, A, B)


def test_more_operations_than_are_allowed_have_failed(replayed):
    def endless(a, b):
        for _ in range(recording.MOST_STEPS + 1):
            a = a + b
        return a

    with pytest.raises(AssertionError, match="takes more than 20,000 operations"):
        replayed(endless, A[:1, :1], B[:1, :1])


def test_what_is_not_allowed_is_named_as_it_was_called(replayed):
    with pytest.raises(StudentError, match="f runs aten::bmm, aten::einsum; this task") as caught:
        replayed(lambda a, b: torch.einsum("ij,kj->ik", a, b).mul(2), A, B)
    assert caught.value.verdict == "forbidden"


def test_a_mistake_in_the_function_is_told_as_ever(replayed):
    with pytest.raises(StudentError, match="f raised ValueError"):
        replayed(lambda a, b: torch.zeros(int("x")), A, B)


def test_only_tensors_of_torch_are_results(replayed):
    with pytest.raises(StudentError, match="returned no plain tensor"):
        replayed(lambda a, b: (a, b), A, B)


def test_the_recorder_sees_shapes_strides_and_dtypes_and_no_numbers(proxy):
    seen = []
    x = torch.full((3, 4), 12345.0, dtype=torch.float64).T
    proxy(lambda a: seen.append(a) or a + 0).record([outline(x)], {})
    assert outline(seen[0]) == outline(x)
    assert not torch.isin(seen[0], 12345.0).any()


def test_on_meta_a_call_of_any_size_is_recorded():
    program = recording.recorded(
        lambda a: (a + a).sum(0), [((1 << 20, 1 << 20), (1 << 20, 1), "float16")], {}, "meta"
    )
    assert [step[0] for step in program["steps"]] == ["aten::add.Tensor", "aten::sum.dim_IntList"]


def test_programs_are_the_same_each_time():
    a, b = outline(A), outline(B)
    first, second = (recording.record(in_place, (a, b), {}) for _ in range(2))
    assert first == second
    assert json.loads(first)["inputs"] == 2
