"""Gradient checking, judged by what it finds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder.author import assert_close, assert_refused, task
from dlc_lib.gradcheck import numerical_gradient

SHAPES = ((5,), (3, 2), (2, 1, 3))


def bowl(x: Any) -> float:
    """Smooth, with another slope in every direction; bent so much that a one-sided difference shows."""
    weights = np.arange(1.0, np.size(x) + 1).reshape(np.shape(x))
    return float(np.sum(weights * np.exp(4 * x)) / 16)


def slope_of_bowl(x: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    weights = np.arange(1.0, x.size + 1).reshape(x.shape)
    gradient: np.ndarray[Any, Any] = weights * np.exp(4 * x) / 4
    return gradient


def draw(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray[Any, Any]:
    return rng.uniform(0.3, 1.2, shape)


@task("gradcheck", part="forward")
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_slopes(student: Any, rng: np.random.Generator, shape: tuple[int, ...]) -> None:
    x = draw(rng, shape)
    assert_close(student.gradcheck.numerical_gradient(bowl, x), slope_of_bowl(x), "the gradient", limit=1e-8)


@task("gradcheck", part="forward")
def test_differences_are_central_with_the_step_asked_for(student: Any, rng: np.random.Generator) -> None:
    x, h = draw(rng, (3,)), 1e-2
    steps = h * np.eye(3)
    want = np.array([(bowl(x + step) - bowl(x - step)) / (2 * h) for step in steps])
    assert_close(student.gradcheck.numerical_gradient(bowl, x, h=h), want, "the gradient", limit=1e-10)


def verdict(
    student: Any, x: np.ndarray[Any, Any], gradient: np.ndarray[Any, Any], size: float = 1.0, **options: float
) -> bool:
    """What is said of a gradient of size · bowl."""
    ok, _ = student.gradcheck.grad_check(lambda value: size * bowl(value), x, gradient, **options)
    return bool(ok)


@task("gradcheck", part="backward", judges="right")
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_a_right_gradient_passes(student: Any, rng: np.random.Generator, shape: tuple[int, ...]) -> None:
    x = draw(rng, shape)
    assert verdict(student, x, slope_of_bowl(x)), "a right gradient was refused"


PLANTED: dict[str, Callable[[Any], Any]] = {
    "doubled": lambda g: 2 * g,
    "negative": lambda g: -g,
    "zero": np.zeros_like,
    "one-entry-lost": lambda g: np.where(np.arange(g.size).reshape(g.shape) == g.size - 1, 0, g),
    "entries-exchanged": lambda g: g[::-1].copy(),
    "one-percent-off": lambda g: 1.01 * g,
    "shifted": lambda g: g + 1e-4 * np.abs(g).max(),
}


@task("gradcheck", part="backward", judges="wrong")
@pytest.mark.parametrize("planted", PLANTED)
def test_a_planted_mistake_is_caught(student: Any, rng: np.random.Generator, planted: str) -> None:
    x = draw(rng, SHAPES[rng.integers(len(SHAPES))])  # one of a right gradient's: it tells nothing
    found = verdict(student, x, PLANTED[planted](slope_of_bowl(x)))
    assert not found, f"a {planted} gradient was let through"


@task("gradcheck", part="backward")
def test_the_error_is_relative_to_the_larger_norm(student: Any, rng: np.random.Generator) -> None:
    x = draw(rng, (3, 2))
    for factor, want in ((1.25, 0.2), (0.5, 0.5), (-1.0, 2.0)):
        _, error = student.gradcheck.grad_check(bowl, x, factor * slope_of_bowl(x))
        assert_close(error, want, "the error", limit=1e-6)


@task("gradcheck", part="edge", judges="right and wrong")
def test_the_size_of_the_function_does_not_decide(student: Any, rng: np.random.Generator) -> None:
    x = draw(rng, (5,))
    # The difference of a right gradient of a large function is larger than that of a wrong one of a small.
    cases = ((1e7, 1.0), (1e-7, 1.1))
    for size, factor in (cases[place] for place in rng.permutation(len(cases))):
        ok = verdict(student, x, factor * size * slope_of_bowl(x), size)
        if factor == 1.0:
            assert ok, "a right gradient of a very large or small function was refused"
        else:
            assert not ok, "a wrong gradient of a very large or small function was let through"


@task("gradcheck", part="edge", judges="right")
def test_a_constant_has_no_slope_and_no_error(student: Any) -> None:
    ok, error = student.gradcheck.grad_check(lambda _: 3.0, np.ones((2, 3)), np.zeros((2, 3)))
    assert ok, "the gradient 0 of a constant was refused"
    assert_close(error, 0.0, "the error")


@task("gradcheck", part="edge", judges="wrong")
@pytest.mark.parametrize("value", [np.nan, np.inf], ids=["nan", "infinity"])
def test_a_gradient_that_is_not_finite_is_refused(
    student: Any, rng: np.random.Generator, value: float
) -> None:
    x = draw(rng, (3,))
    gradient = slope_of_bowl(x)
    gradient[1] = value
    ok, error = student.gradcheck.grad_check(bowl, x, gradient)
    assert not ok, "a gradient with NaN or infinity was let through"
    assert_close(error, np.inf, "the error of a gradient that is not finite")


@task("gradcheck", part="edge", judges="right and wrong")
def test_the_tolerance_decides(student: Any, rng: np.random.Generator) -> None:
    x = draw(rng, (3,))
    size = 1e3  # so that an absolute error would be above both
    off = 1.001 * size * slope_of_bowl(x)
    for tolerance in rng.permutation([1e-2, 1e-4]):
        found = verdict(student, x, off, size, tolerance=float(tolerance))
        if tolerance > 1e-3:
            assert found, "an error below the tolerance was refused"
        else:
            assert not found, "an error above the tolerance was let through"


@task("gradcheck", part="edge", judges="right and wrong")
def test_the_tolerance_is_a_millionth_unless_told(student: Any, rng: np.random.Generator) -> None:
    x = draw(rng, (3,))
    for off in rng.permutation([1e-5, 1e-7]):
        found = verdict(student, x, (1 + off) * 1e3 * slope_of_bowl(x), 1e3)
        if off < 1e-6:
            assert found, "an error of a ten-millionth was refused"
        else:
            assert not found, "an error of a hundred-thousandth was let through"


@task("gradcheck", part="edge")
def test_the_check_takes_the_step_asked_for(student: Any, rng: np.random.Generator) -> None:
    x = draw(rng, (3,))
    for h in (0.1, 0.2):
        gradient = numerical_gradient(bowl, x, h=h)
        _, error = student.gradcheck.grad_check(bowl, x, 1.25 * gradient, h=h)
        assert_close(error, 0.2, "the error with a large step", limit=1e-6)


@task("gradcheck", part="purity")
def test_x_is_left_as_it_was(student: Any, rng: np.random.Generator) -> None:
    x = draw(rng, (3, 2))
    found, after = student.gradcheck.numerical_gradient.watch(bowl, x)
    assert_close(found, slope_of_bowl(x), "the gradient", limit=1e-8)
    # Counted in the last digit: x + h - h need not be x.
    assert np.array_equal(after[1], x), "x was changed"


@task("gradcheck", part="edge")
@pytest.mark.parametrize("shape", [(2,), (1, 2), (6,)], ids=str)
def test_a_gradient_of_another_shape_is_refused(
    student: Any, rng: np.random.Generator, shape: tuple[int, ...]
) -> None:
    x = draw(rng, (3, 2))
    assert_refused(
        lambda: student.gradcheck.grad_check(bowl, x, np.ones(shape)),
        "the gradient has not the shape of x",
        lambda: student.gradcheck.grad_check(bowl, x, np.ones(x.shape)),
    )


@task("gradcheck", part="edge", judges="right")
def test_no_error_passes_a_tolerance_of_zero(student: Any, rng: np.random.Generator) -> None:
    x = draw(rng, (3,))
    ok, error = student.gradcheck.grad_check(lambda _: 2.5, x, np.zeros(3), tolerance=0.0)
    assert_close(error, 0.0, "the error where both are 0")
    assert bool(ok), "an error of 0 is within a tolerance of 0"
