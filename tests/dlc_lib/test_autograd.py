import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from dlc_lib.autograd import Tensor, unbroadcast

SEEDS = st.integers(0, 2**32 - 1)
SHAPES = [((3, 2), (3, 2)), ((3, 2), (2,)), ((2,), (3, 2)), ((3, 1), (1, 5)), ((), (4,)), ((2, 1, 3), (5, 1))]
BINARY = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
}
UNARY = {
    "pow": lambda a: a**3,
    "square-root": lambda a: a**0.5,
    "relu": lambda a: (a - 1.0).relu(),
    "exp": lambda a: a.exp(),
    "log": lambda a: a.log(),
    "tanh": lambda a: a.tanh(),
    "neg": lambda a: -a,
    "mean": lambda a: a.mean(),
    "reshape": lambda a: a.reshape(2, 3) ** 2,
    "sum": lambda a: a.sum() ** 2,
    "shift": lambda a: 2.0 - a,
    "inverse": lambda a: 2.0 / a,
    "reused": lambda a: a * a + a,
    "diamond": lambda a: (a * 2.0).tanh() * (a * 2.0 + 1.0).log(),
}


def gradients_of_both(function, arrays, seed=0):
    """Gradients of Σ weight·function, ours and torch's; the weights are random."""
    ours = [Tensor(each) for each in arrays]
    theirs = [torch.tensor(each, requires_grad=True) for each in arrays]
    out, want = function(*ours), function(*theirs)
    assert_allclose(out.data, want.detach(), rtol=1e-12)
    weights = np.random.default_rng(seed).standard_normal(out.shape)
    (out * weights).sum().backward()
    gradients = torch.autograd.grad((want * torch.tensor(weights)).sum(), theirs)
    return [each.grad for each in ours], gradients


def assert_same(pairs):
    for ours, theirs in zip(*pairs, strict=True):
        assert ours.shape == tuple(theirs.shape)
        assert_allclose(ours, theirs, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("shapes", SHAPES, ids=str)
@pytest.mark.parametrize("function", BINARY.values(), ids=BINARY)
def test_broadcast_operations_have_torchs_gradients(function, shapes):
    rng = np.random.default_rng(0)
    assert_same(gradients_of_both(function, [rng.uniform(0.5, 2, shape) for shape in shapes]))


@pytest.mark.parametrize("function", UNARY.values(), ids=UNARY)
@given(SEEDS)
@settings(deadline=None, max_examples=20)
def test_functions_of_one_tensor_have_torchs_gradients(function, seed):
    assert_same(gradients_of_both(function, [np.random.default_rng(seed).uniform(0.5, 2, 6)], seed))


@pytest.mark.parametrize("axis", [0, 1, 2])
@pytest.mark.parametrize("keepdims", [True, False])
def test_sums_over_an_axis_have_torchs_gradients(axis, keepdims):
    a = np.random.default_rng(0).standard_normal((2, 3, 5))
    ours, theirs = Tensor(a), torch.tensor(a, requires_grad=True)
    (ours.sum(axis, keepdims=keepdims) ** 2).sum().backward()
    (gradient,) = torch.autograd.grad((theirs.sum(axis, keepdim=keepdims) ** 2).sum(), theirs)
    assert_allclose(ours.grad, gradient, rtol=1e-12)


@given(*[st.integers(1, 5)] * 3, SEEDS)
@settings(deadline=None)
def test_a_network_has_torchs_gradients(N, D, H, seed):
    rng = np.random.default_rng(seed)
    arrays = [rng.standard_normal(shape) for shape in ((N, D), (D, H), (H,), (H, 1))]

    def network(x, W, c, w):
        return (x @ W + c).relu() @ w

    assert_same(gradients_of_both(network, arrays, seed))


def test_a_transposed_matrix_passes_its_gradient_back():
    a, b = np.arange(6.0).reshape(2, 3), np.arange(8.0).reshape(2, 4)
    left, right = Tensor(a), Tensor(b)
    ((left.transpose() @ right) ** 2).sum().backward()
    x, y = torch.tensor(a, requires_grad=True), torch.tensor(b, requires_grad=True)
    gradients = torch.autograd.grad(((x.T @ y) ** 2).sum(), (x, y))
    assert_same(([left.grad, right.grad], gradients))


def test_a_graph_of_many_paths_costs_one_visit_a_node():
    x = node = Tensor(np.array([1.0]))
    for _ in range(60):  # 2^60 paths
        node = node + node
    node.backward()
    assert x.grad == 2.0**60


def test_chains_longer_than_the_stack_are_followed():
    x = node = Tensor(np.array([2.0]))
    for _ in range(20_000):
        node = node + 1.0
    node.backward()
    assert x.grad == 1


def test_a_second_call_replaces_the_gradients():
    x = Tensor(np.array([3.0]))
    y = x * x
    y.backward()
    y.backward()
    assert x.grad == 6


def test_arrays_and_numbers_mix_with_tensors_on_both_sides():
    a = np.array([[1.0, 2.0], [3.0, 4.0]])
    t = Tensor(a)
    for mixed in (a + t, t + a, a * t, a @ t, a - t, a / t):
        assert isinstance(mixed, Tensor)
    assert_allclose((a @ t).data, a @ a)
    assert_allclose((1 / t).data, 1 / a)


def test_unbroadcast_adds_up_every_copy():
    assert_allclose(unbroadcast(np.ones((4, 3, 2)), (3, 1)), np.full((3, 1), 8.0))
    assert unbroadcast(np.ones((2, 2)), ()).shape == ()


def test_data_and_gradients_stay_float32():
    x = Tensor(np.ones((2, 3), dtype=np.float32))
    (x * x).sum().backward()
    assert x.grad.dtype == np.float32


def test_operands_stay_as_they_were():
    a = np.ones((2, 2))
    t = Tensor(a)
    ((t * 2.0 + t) @ t).relu().sum().backward()
    assert np.array_equal(a, np.ones((2, 2)))
