"""Penalties on weights."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.author import assert_close, assert_unchanged, entries, reference, task
from dlc_lib import penalties
from dlc_lib.arrays import Array

from .cases import IN_FLOAT64, draw_signed

SHAPES = ((3, 5), (2, 3, 1, 2))
BOTH = ("l2_penalty", "l1_penalty")


def check(student: Any, name: str, w: Array, strength: float, limit: float | None = None) -> None:
    want, want_dw = reference(getattr(penalties, name), w, strength=strength)
    penalty, dw = getattr(student.penalties, name)(w, strength=strength)
    assert_close(penalty, want, "penalty", limit)
    assert_close(dw, want_dw, "dw", limit)


@task("penalties", part="l2")
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_squares(student: Any, rng: np.random.Generator, shape: tuple[int, ...]) -> None:
    check(student, "l2_penalty", draw_signed(rng, *shape), 0.7)


@task("penalties", part="l1")
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_magnitudes(student: Any, rng: np.random.Generator, shape: tuple[int, ...]) -> None:
    check(student, "l1_penalty", draw_signed(rng, *shape), 0.7)


@task("penalties", part="l1")
def test_magnitude_of_zero_has_no_slope(student: Any, rng: np.random.Generator) -> None:
    w = np.zeros((4, 3))
    w[::2] = draw_signed(rng, 2, 3)
    check(student, "l1_penalty", w, 1.3)


@task("penalties", part="edge")
@pytest.mark.parametrize("name", BOTH)
@pytest.mark.parametrize(
    ("shape", "size", "strength"),
    [((), 1.0, 0.3), ((7,), 1.0, 2.5), ((3, 2), 1.0, 0.0), ((3, 4), 1e3, 3.0)],
    ids=["one-number", "vector", "no-strength", "large-weights"],
)
def test_unusual_weights(
    student: Any, rng: np.random.Generator, name: str, shape: tuple[int, ...], size: float, strength: float
) -> None:
    w = size * draw_signed(rng, *shape)
    check(student, name, w, strength)
    check(student, name, -w, strength)


def draw(rng: np.random.Generator) -> tuple[float, dict[str, Array], dict[str, Array]]:
    """Loss, gradients and parameters of a small network with filters."""
    shapes = {"W1": (3, 2, 2, 1), "b1": (3,), "W2": (5, 4), "b2": (4,)}
    gradients: dict[str, Array] = {name: draw_signed(rng, *shape) for name, shape in shapes.items()}
    params: dict[str, Array] = {name: draw_signed(rng, *shape) for name, shape in shapes.items()}
    return float(rng.uniform(1, 2)), gradients, params


@task("penalties", part="loss")
@pytest.mark.parametrize(("l1", "l2"), [(0.0, 0.7), (0.3, 0.0), (0.2, 0.5)], ids=["l2", "l1", "both"])
def test_loss_with_penalties(student: Any, rng: np.random.Generator, l1: float, l2: float) -> None:
    loss, gradients, params = draw(rng)
    want, _ = reference(penalties.add_penalties, loss, gradients, params, l1=l1, l2=l2)
    total, _ = student.penalties.add_penalties(loss, gradients, params, l1=l1, l2=l2)
    assert_close(total, want, "loss")


@task("penalties", part="loss")
@pytest.mark.parametrize(("l1", "l2"), [(0.0, 0.7), (0.3, 0.0), (0.2, 0.5)], ids=["l2", "l1", "both"])
def test_gradients_with_penalties(student: Any, rng: np.random.Generator, l1: float, l2: float) -> None:
    loss, gradients, params = draw(rng)
    _, want = reference(penalties.add_penalties, loss, gradients, params, l1=l1, l2=l2)
    _, found = student.penalties.add_penalties(loss, gradients, params, l1=l1, l2=l2)
    got = entries(found, tuple(params), "gradients")
    for name in params:
        assert_close(got[name], want[name], f"gradients[{name}]")


@task("penalties", part="edge")
def test_float64_is_computed_in_float64(student: Any, rng: np.random.Generator) -> None:
    for name in BOTH:
        check(student, name, draw_signed(rng, 3, 5), 0.7, IN_FLOAT64)
    loss, gradients, params = draw(rng)
    want, want_gradients = reference(penalties.add_penalties, loss, gradients, params, l1=0.2, l2=0.5)
    total, found = student.penalties.add_penalties(loss, gradients, params, l1=0.2, l2=0.5)
    assert_close(total, want, "loss in float64", limit=IN_FLOAT64)
    for name, got in entries(found, tuple(params), "gradients").items():
        assert_close(got, want_gradients[name], f"gradients[{name}] in float64", limit=IN_FLOAT64)


@task("penalties", part="purity")
@pytest.mark.parametrize("name", BOTH)
def test_penalty_changes_no_weight(student: Any, rng: np.random.Generator, name: str) -> None:
    w = draw_signed(rng, 3, 5)
    want, _ = reference(getattr(penalties, name), w, strength=0.7)
    (penalty, _), after = getattr(student.penalties, name).watch(w, strength=0.7)
    assert_close(penalty, want, "penalty")
    assert_unchanged(after, [w], ("w",))


@task("penalties", part="purity")
def test_sum_changes_neither_gradients_nor_parameters(student: Any, rng: np.random.Generator) -> None:
    loss, gradients, params = draw(rng)
    want, _ = reference(penalties.add_penalties, loss, gradients, params, l1=0.2, l2=0.5)
    (total, _), after = student.penalties.add_penalties.watch(loss, gradients, params, l1=0.2, l2=0.5)
    assert_close(total, want, "loss")
    for got, given, what in ((after[1], gradients, "gradients"), (after[2], params, "params")):
        assert type(got) is dict, f"the call replaced {what}"
        assert got.keys() == given.keys(), f"the call changed what {what} holds"
        assert_unchanged([got[name] for name in given], given.values(), [f"{what}[{name}]" for name in given])
