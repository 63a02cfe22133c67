"""Stochastic gradient descent."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.author import assert_close, task
from dlc_lib.optim import sgd_step

from .cases import IN_FLOAT64, PathCase, check_case, check_path, check_purity, draw_signed

MAIN = (
    PathCase("matrix", (3, 5), 3, {"lr": 0.3}),
    PathCase("vector", (7,), 2, {"lr": 0.02}),
    PathCase("filters", (2, 3, 1, 2), 2, {"lr": 1.7}),
)
EDGE = (PathCase("one-number", (), 4, {"lr": 0.4}), PathCase("large-gradients", (4,), 2, {"lr": 0.1}, 1e3))


@task("sgd", part="step")
@pytest.mark.parametrize("case", MAIN, ids=str)
def test_steps(student: Any, rng: np.random.Generator, case: PathCase) -> None:
    check_case(student.optim.sgd_step, sgd_step, rng, case)


@task("sgd", part="step")
def test_learning_rate_that_changes(student: Any, rng: np.random.Generator) -> None:
    w, dw = MAIN[0].draw(rng)
    check_path(student.optim.sgd_step, sgd_step, w, dw, [{"lr": 0.5}, {"lr": 0.05}, {"lr": 0.2}])


@task("sgd", part="edge")
@pytest.mark.parametrize("case", EDGE, ids=str)
def test_unusual_weights(student: Any, rng: np.random.Generator, case: PathCase) -> None:
    check_case(student.optim.sgd_step, sgd_step, rng, case)


@task("sgd", part="edge")
def test_no_gradient_means_no_step(student: Any, rng: np.random.Generator) -> None:
    w = draw_signed(rng, 5)
    next_w, _ = student.optim.sgd_step(w, np.zeros(5), None, lr=0.3)
    assert_close(next_w, w, "next_w where the gradient is 0")


@task("sgd", part="edge")
def test_float64_is_computed_in_float64(student: Any, rng: np.random.Generator) -> None:
    check_case(student.optim.sgd_step, sgd_step, rng, MAIN[0], IN_FLOAT64)


@task("sgd", part="purity")
def test_neither_weights_nor_gradient_change(student: Any, rng: np.random.Generator) -> None:
    check_purity(student.optim.sgd_step, sgd_step, rng, MAIN[0])
