from itertools import pairwise

import numpy as np
import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from dlc_lib.depth import gradient_norms


def rotations(rng, layers, width, *, size):
    return [size * np.linalg.qr(rng.standard_normal((width, width)))[0] for _ in range(layers)]


@given(
    st.integers(1, 4), st.lists(st.integers(1, 5), min_size=1, max_size=6), st.booleans(), st.integers(0, 99)
)
@example(3, [4, 2, 5, 3], False, 0)
@settings(deadline=None, derandomize=True)
def test_norms_are_those_of_torchs_gradients(examples, widths, skip, seed):
    rng = np.random.default_rng(seed)
    widths = [widths[0]] * len(widths) if skip else widths
    weights = [rng.standard_normal(shape) for shape in pairwise(widths)]
    x, dout = rng.standard_normal((examples, widths[0])), rng.standard_normal((examples, widths[-1]))
    stack = [torch.tensor(x, requires_grad=True)]
    for W in weights:
        t = torch.tanh(stack[-1] @ torch.tensor(W))
        stack.append(stack[-1] + t if skip else t)
    gradients = torch.autograd.grad(stack[-1], stack, torch.tensor(dout))

    want = [float(each.norm()) for each in gradients]
    assert_allclose(gradient_norms(x, weights, dout, skip=skip), want, rtol=1e-10)


def test_plain_gradient_falls_geometrically():
    rng = np.random.default_rng(0)
    weights = rotations(rng, 20, 8, size=0.5)
    norms = gradient_norms(rng.standard_normal((5, 8)), weights, rng.standard_normal((5, 8)), skip=False)
    assert (norms[:-1] <= 0.5 * norms[1:]).all()
    assert 0 < norms[0] < 1e-6 * norms[-1]


def test_skips_keep_the_gradients_size():
    rng = np.random.default_rng(0)
    weights = rotations(rng, 20, 8, size=0.05)
    norms = gradient_norms(rng.standard_normal((5, 8)), weights, rng.standard_normal((5, 8)), skip=True)
    assert (abs(norms[:-1] / norms[1:] - 1) <= 0.05).all()


@pytest.mark.parametrize("skip", [False, True])
def test_stack_without_layers_has_the_norm_of_dout(skip):
    dout = np.array([[3.0, 0.0], [0.0, 4.0]])
    assert gradient_norms(np.ones((2, 2)), [], dout, skip=skip).tolist() == [5.0]


@pytest.mark.parametrize("skip", [False, True])
def test_inputs_stay_as_they_were(skip):
    rng = np.random.default_rng(0)
    x, dout, *weights = rng.standard_normal((5, 3, 3))
    before = [each.copy() for each in (x, dout, *weights)]
    gradient_norms(x, weights, dout, skip=skip)
    assert all(np.array_equal(a, b) for a, b in zip((x, dout, *weights), before, strict=True))
