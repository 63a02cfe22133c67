"""Softmax and squared error."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.author import assert_close, assert_unchanged, reference, task
from dlc_lib import losses

from .cases import IN_FLOAT64, draw_scores, draw_signed

SCORES = ((5, 3), (3, 7))
ANSWERS = ((5, 3), (2, 7))


@task("softmax_loss", part="forward")
@pytest.mark.parametrize("shape", SCORES, ids=str)
def test_softmax_loss(student: Any, rng: np.random.Generator, shape: tuple[int, int]) -> None:
    x, y = draw_scores(rng, *shape)
    loss, _ = student.losses.softmax_loss(x, y)
    assert_close(loss, reference(losses.softmax_loss, x, y)[0], "loss")


@task("softmax_loss", part="backward")
@pytest.mark.parametrize("shape", SCORES, ids=str)
def test_softmax_gradient(student: Any, rng: np.random.Generator, shape: tuple[int, int]) -> None:
    x, y = draw_scores(rng, *shape)
    _, dx = student.losses.softmax_loss(x, y)
    assert_close(dx, reference(losses.softmax_loss, x, y)[1], "dx")


def check_loss(student: Any, name: str, *inputs: np.ndarray[Any, Any], limit: float | None = None) -> None:
    want_loss, want_dx = reference(getattr(losses, name), *inputs)
    loss, dx = getattr(student.losses, name)(*inputs)
    assert_close(loss, want_loss, "loss", limit)
    assert_close(dx, want_dx, "dx", limit)


def check_softmax(student: Any, x: np.ndarray[Any, Any], y: np.ndarray[Any, Any]) -> None:
    check_loss(student, "softmax_loss", x, y)


@task("softmax_loss", part="edge")
def test_vast_scores(student: Any, rng: np.random.Generator) -> None:
    # In every row one score is above all others by 3000 and more; of the right classes some have it.
    best = rng.permutation(5) % 3
    x = 2000.0 * rng.uniform(0.1, 0.4, (5, 3))
    x[np.arange(5), best] += 4000.0
    x += 3000.0 * (rng.permutation(5) - 2.0)[:, None]
    check_softmax(student, x, (best + rng.permutation(5) % 2) % 3)


@task("softmax_loss", part="edge")
def test_rows_of_very_different_size(student: Any, rng: np.random.Generator) -> None:
    x, y = draw_scores(rng, 4, 3)
    x = np.round(x * 1024) / 1024  # so that float32 holds the sums exactly
    check_softmax(student, x + np.array([[-3000.0], [0.0], [500.0], [3000.0]]), y)


@task("softmax_loss", part="edge")
def test_confident_and_wrong(student: Any, rng: np.random.Generator) -> None:
    x, _ = draw_scores(rng, 3, 4)
    y = np.array([2, 0, 1])
    x[np.arange(3), y] -= 900.0
    check_softmax(student, x, y)


@task("softmax_loss", part="edge")
def test_one_sample(student: Any, rng: np.random.Generator) -> None:
    check_softmax(student, *draw_scores(rng, 1, 5))


@task("softmax_loss", part="edge")
def test_labels_of_other_widths(student: Any, rng: np.random.Generator) -> None:
    x, y = draw_scores(rng, 37, 11)  # more entries than a number of 8 bits can count
    for kind in ("uint8", "int8", "int32"):
        check_softmax(student, x, y.astype(kind))


@task("softmax_loss", part="edge")
def test_softmax_of_float64_is_computed_in_float64(student: Any, rng: np.random.Generator) -> None:
    check_loss(student, "softmax_loss", *draw_scores(rng, 5, 3), limit=IN_FLOAT64)


@task("softmax_loss", part="purity")
def test_softmax_loss_changes_no_input(student: Any, rng: np.random.Generator) -> None:
    x, y = draw_scores(rng, 5, 3)
    (loss, _), after = student.losses.softmax_loss.watch(x, y)
    assert_close(loss, reference(losses.softmax_loss, x, y)[0], "loss")
    assert_unchanged(after, [x, y], ("x", "y"))


def draw_answers(rng: np.random.Generator, *shape: int) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Predictions and targets, no difference near 0 or ±1."""
    y = rng.standard_normal(shape)
    return y + draw_signed(rng, *shape), y


@task("mse_loss", part="forward")
@pytest.mark.parametrize("shape", ANSWERS, ids=str)
def test_mse_loss(student: Any, rng: np.random.Generator, shape: tuple[int, ...]) -> None:
    x, y = draw_answers(rng, *shape)
    loss, _ = student.losses.mse_loss(x, y)
    assert_close(loss, reference(losses.mse_loss, x, y)[0], "loss")


@task("mse_loss", part="backward")
@pytest.mark.parametrize("shape", ANSWERS, ids=str)
def test_mse_gradient(student: Any, rng: np.random.Generator, shape: tuple[int, ...]) -> None:
    x, y = draw_answers(rng, *shape)
    _, dx = student.losses.mse_loss(x, y)
    assert_close(dx, reference(losses.mse_loss, x, y)[1], "dx")


@task("mse_loss", part="edge")
@pytest.mark.parametrize("shape", [(3, 2, 5), (1, 4), (7,)], ids=["images", "one-sample", "numbers"])
def test_mse_of_unusual_shapes(student: Any, rng: np.random.Generator, shape: tuple[int, ...]) -> None:
    check_loss(student, "mse_loss", *draw_answers(rng, *shape))


@task("mse_loss", part="edge")
def test_mse_of_right_predictions_is_zero(student: Any, rng: np.random.Generator) -> None:
    x = rng.standard_normal((3, 2))
    loss, dx = student.losses.mse_loss(x, x)
    assert_close(loss, 0.0, "loss")
    assert_close(dx, np.zeros((3, 2)), "dx")


@task("mse_loss", part="edge")
def test_mse_of_float64_is_computed_in_float64(student: Any, rng: np.random.Generator) -> None:
    check_loss(student, "mse_loss", *draw_answers(rng, 5, 3), limit=IN_FLOAT64)


@task("mse_loss", part="purity")
def test_mse_loss_changes_no_input(student: Any, rng: np.random.Generator) -> None:
    x, y = draw_answers(rng, 5, 3)
    (loss, _), after = student.losses.mse_loss.watch(x, y)
    assert_close(loss, reference(losses.mse_loss, x, y)[0], "loss")
    assert_unchanged(after, [x, y], ("x", "y"))
