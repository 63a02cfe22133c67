"""Momentum."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.author import assert_close, task
from dlc_lib.optim import momentum_step

from .cases import (
    IN_FLOAT64,
    PathCase,
    check_case,
    check_path,
    check_purity,
    check_two_parameters,
    draw_signed,
)

FIRST = (
    PathCase("matrix", (3, 5), 1, {"lr": 0.3, "mu": 0.8}),
    PathCase("vector", (7,), 1, {"lr": 0.02, "mu": 0.5}),
)
PATHS = (
    PathCase("8-steps", (3, 5), 8, {"lr": 0.1, "mu": 0.9}),
    PathCase("5-steps-little-momentum", (7,), 5, {"lr": 0.7, "mu": 0.3}),
)
EDGE = (
    PathCase("no-momentum", (4, 3), 4, {"lr": 0.2, "mu": 0.0}),
    PathCase("all-of-it", (5,), 4, {"lr": 0.2, "mu": 1.0}),
    PathCase("one-number", (), 3, {"lr": 0.2, "mu": 0.7}),
)


@task("momentum", part="first")
@pytest.mark.parametrize("case", FIRST, ids=str)
def test_first_step(student: Any, rng: np.random.Generator, case: PathCase) -> None:
    check_case(student.optim.momentum_step, momentum_step, rng, case)


@task("momentum", part="path")
@pytest.mark.parametrize("case", PATHS, ids=str)
def test_path(student: Any, rng: np.random.Generator, case: PathCase) -> None:
    check_case(student.optim.momentum_step, momentum_step, rng, case)


@task("momentum", part="path")
def test_new_learning_rate_leaves_the_velocity_alone(student: Any, rng: np.random.Generator) -> None:
    w, dw = PATHS[0].draw(rng)
    options = [{"lr": 0.5 / (1 + t), "mu": 0.8} for t in range(8)]
    check_path(student.optim.momentum_step, momentum_step, w, dw, options)


@task("momentum", part="path")
def test_two_parameters_do_not_share_their_velocity(student: Any, rng: np.random.Generator) -> None:
    check_two_parameters(student.optim.momentum_step, momentum_step, rng, PATHS[1])


@task("momentum", part="path")
def test_velocity_carries_on_without_a_gradient(student: Any, rng: np.random.Generator) -> None:
    w, dw = PATHS[1].draw(rng)
    dw[1:] = 0.0
    check_path(student.optim.momentum_step, momentum_step, w, dw, [{"lr": 0.3, "mu": 0.9}] * 5)


@task("momentum", part="edge")
@pytest.mark.parametrize("case", EDGE, ids=str)
def test_unusual_options_and_weights(student: Any, rng: np.random.Generator, case: PathCase) -> None:
    check_case(student.optim.momentum_step, momentum_step, rng, case)


@task("momentum", part="edge")
def test_share_kept_is_nine_tenths_unless_told(student: Any, rng: np.random.Generator) -> None:
    w, dw = draw_signed(rng, 2, 5)
    _, state = student.optim.momentum_step(w, dw, None, lr=0.1)
    next_w, _ = student.optim.momentum_step(w, np.zeros(5), state, lr=0.1)
    assert_close(next_w - w, -0.09 * dw, "next_w − w of a second step without a gradient", limit=1e-5)


@task("momentum", part="edge")
def test_float64_is_computed_in_float64(student: Any, rng: np.random.Generator) -> None:
    check_case(student.optim.momentum_step, momentum_step, rng, PATHS[1], IN_FLOAT64)


@task("momentum", part="purity")
def test_weights_gradient_and_state_stay_as_they_are(student: Any, rng: np.random.Generator) -> None:
    check_purity(student.optim.momentum_step, momentum_step, rng, PATHS[0])
