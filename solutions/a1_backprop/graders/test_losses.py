"""Softmax and squared error."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.author import assert_close, assert_unchanged, reference, task
from dlc_lib import losses

from .cases import draw_scores

SCORES = ((5, 3), (3, 7))
ANSWERS = ((5, 3), (2, 7), (3, 2, 5))


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


def check_softmax(student: Any, x: np.ndarray[Any, Any], y: np.ndarray[Any, Any]) -> None:
    want_loss, want_dx = reference(losses.softmax_loss, x, y)
    loss, dx = student.losses.softmax_loss(x, y)
    assert_close(loss, want_loss, "loss")
    assert_close(dx, want_dx, "dx")


@task("softmax_loss", part="edge")
def test_vast_scores(student: Any, rng: np.random.Generator) -> None:
    check_softmax(student, *draw_scores(rng, 5, 3, scale=2000.0))


@task("softmax_loss", part="edge")
def test_rows_of_very_different_size(student: Any, rng: np.random.Generator) -> None:
    x, y = draw_scores(rng, 4, 3)
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
@pytest.mark.parametrize("kind", ["uint8", "int32"])
def test_labels_of_other_widths(student: Any, rng: np.random.Generator, kind: str) -> None:
    x, y = draw_scores(rng, 5, 3)
    check_softmax(student, x, y.astype(kind))


@task("softmax_loss", part="purity")
def test_softmax_loss_changes_no_input(student: Any, rng: np.random.Generator) -> None:
    x, y = draw_scores(rng, 5, 3)
    (loss, _), after = student.losses.softmax_loss.watch(x, y)
    assert_close(loss, reference(losses.softmax_loss, x, y)[0], "loss")
    assert_unchanged(after, [x, y], ("x", "y"))


@task("mse_loss", part="forward")
@pytest.mark.parametrize("shape", ANSWERS[:2], ids=str)
def test_mse_loss(student: Any, rng: np.random.Generator, shape: tuple[int, ...]) -> None:
    x, y = rng.standard_normal(shape), rng.standard_normal(shape)
    loss, _ = student.losses.mse_loss(x, y)
    assert_close(loss, reference(losses.mse_loss, x, y)[0], "loss")


@task("mse_loss", part="backward")
@pytest.mark.parametrize("shape", ANSWERS[:2], ids=str)
def test_mse_gradient(student: Any, rng: np.random.Generator, shape: tuple[int, ...]) -> None:
    x, y = rng.standard_normal(shape), rng.standard_normal(shape)
    _, dx = student.losses.mse_loss(x, y)
    assert_close(dx, reference(losses.mse_loss, x, y)[1], "dx")


@task("mse_loss", part="edge")
@pytest.mark.parametrize("shape", [(3, 2, 5), (1, 4), (7,)], ids=["images", "one-sample", "numbers"])
def test_mse_of_unusual_shapes(student: Any, rng: np.random.Generator, shape: tuple[int, ...]) -> None:
    x, y = rng.standard_normal(shape), rng.standard_normal(shape)
    want_loss, want_dx = reference(losses.mse_loss, x, y)
    loss, dx = student.losses.mse_loss(x, y)
    assert_close(loss, want_loss, "loss")
    assert_close(dx, want_dx, "dx")


@task("mse_loss", part="edge")
def test_mse_of_right_predictions_is_zero(student: Any, rng: np.random.Generator) -> None:
    x = rng.standard_normal((3, 2))
    loss, dx = student.losses.mse_loss(x, x)
    assert_close(loss, 0.0, "loss")
    assert_close(dx, np.zeros((3, 2)), "dx")


@task("mse_loss", part="purity")
def test_mse_loss_changes_no_input(student: Any, rng: np.random.Generator) -> None:
    x, y = rng.standard_normal((5, 3)), rng.standard_normal((5, 3))
    (loss, _), after = student.losses.mse_loss.watch(x, y)
    assert_close(loss, reference(losses.mse_loss, x, y)[0], "loss")
    assert_unchanged(after, [x, y], ("x", "y"))
