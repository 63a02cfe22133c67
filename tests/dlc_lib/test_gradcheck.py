import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from dlc_lib.gradcheck import grad_check, numerical_gradient


def bumpy(x):
    """Smooth, with a gradient that differs in every entry."""
    return float(np.sum(np.sin(x) * np.arange(1, x.size + 1).reshape(x.shape)) + np.prod(np.cos(x)))


def bumpy_gradient(x):
    tensor = torch.tensor(x, requires_grad=True)
    weights = torch.arange(1, x.size + 1, dtype=torch.float64).reshape(x.shape)
    value = (torch.sin(tensor) * weights).sum() + torch.cos(tensor).prod()
    return torch.autograd.grad(value, tensor)[0].numpy()


@given(st.lists(st.integers(1, 4), max_size=3), st.integers(0, 2**32 - 1))
@settings(deadline=None)
def test_central_differences_are_torchs_gradient(shape, seed):
    x = np.random.default_rng(seed).standard_normal(shape)
    h, largest = 1e-5, x.size * (x.size + 1) / 2
    rounding = 2 * np.finfo(float).eps * largest / h  # of f, divided by the step
    truncation = x.size * h**2
    assert_allclose(numerical_gradient(bumpy, x, h=h), bumpy_gradient(x), rtol=0, atol=rounding + truncation)


def test_the_error_falls_with_the_square_of_the_step():
    x = np.array([0.3, -1.1])
    errors = [np.abs(numerical_gradient(bumpy, x, h=h) - bumpy_gradient(x)).max() for h in (1e-2, 1e-3)]
    assert errors[0] / errors[1] == pytest.approx(100, rel=0.05)


def test_right_gradients_pass():
    x = np.random.default_rng(0).standard_normal((3, 2))
    ok, error = grad_check(bumpy, x, bumpy_gradient(x))
    assert ok is True
    assert error < 1e-9


@pytest.mark.parametrize(
    "spoil",
    [
        lambda g: 2 * g,
        lambda g: -g,
        lambda g: g.T.reshape(g.shape),
        lambda g: np.where(np.arange(g.size).reshape(g.shape) == 0, 0, g),
        np.zeros_like,
        lambda g: g + 1e-3,
        lambda g: g * np.nan,
    ],
    ids=["doubled", "negative", "transposed", "one-entry-missing", "zero", "shifted", "nan"],
)
def test_wrong_gradients_are_caught(spoil):
    x = np.random.default_rng(1).standard_normal((3, 2))
    ok, error = grad_check(bumpy, x, spoil(bumpy_gradient(x)))
    assert ok is False
    assert error > 1e-4


def test_a_constant_has_gradient_zero_and_error_zero():
    assert grad_check(lambda _: 3.0, np.ones(2), np.zeros(2)) == (True, 0.0)


def test_the_size_of_the_function_does_not_decide():
    x = np.random.default_rng(2).standard_normal(4)
    for scale in (1e-8, 1e8):
        assert grad_check(lambda z, s=scale: s * bumpy(z), x, scale * bumpy_gradient(x))[0]
        assert not grad_check(lambda z, s=scale: s * bumpy(z), x, 1.01 * scale * bumpy_gradient(x))[0]


def test_a_gradient_of_another_shape_is_refused():
    with pytest.raises(ValueError, match="shape"):
        grad_check(bumpy, np.ones((3, 2)), np.ones((2, 3)))


def test_x_stays_as_it_was_also_when_the_function_fails():
    x = np.arange(4.0)
    numerical_gradient(bumpy, x)
    with pytest.raises(ZeroDivisionError):
        numerical_gradient(lambda z: 1 / 0, x)
    assert x.tolist() == [0, 1, 2, 3]


def test_whole_numbers_are_stepped_away_from():
    assert_allclose(numerical_gradient(lambda z: float((z**2).sum()), np.array([1, 2, 3])), [2, 4, 6])
