"""Adam."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.author import assert_close, task
from dlc_lib.optim import adam_step

from .cases import (
    IN_FLOAT64,
    PathCase,
    check_case,
    check_decay,
    check_path,
    check_purity,
    check_two_parameters,
    draw_signed,
)

# Where eps stands is asked for in the part edge. Elsewhere it is too small to show.
PLAIN = {"lr": 0.1, "beta1": 0.8, "beta2": 0.95, "eps": 1e-10}
USUAL = {"lr": 0.3, "beta1": 0.9, "beta2": 0.999, "eps": 1e-10}
FIRST = (
    PathCase("matrix", (3, 5), 1, PLAIN),
    PathCase("usual-shares", (7,), 1, USUAL),
)
PATHS = (
    PathCase("8-steps", (3, 5), 8, PLAIN),
    PathCase("5-steps-usual-shares", (7,), 5, USUAL),
    PathCase("60-steps", (2,), 60, {"lr": 0.2, "beta1": 0.6, "beta2": 0.7, "eps": 1e-10}),
)
DECAYS = (
    PathCase("little", (4, 3), 4, {**PLAIN, "weight_decay": 0.1}),
    PathCase("much", (5,), 3, {**PLAIN, "weight_decay": 2.0}),
)
EDGE = (
    PathCase("eps-as-large-as-the-gradient", (3, 4), 4, {**PLAIN, "eps": 1.0}),
    PathCase("no-mean", (5,), 4, {**PLAIN, "beta1": 0.0}),
    PathCase("one-number", (), 3, PLAIN),
)


@task("adam", part="first")
@pytest.mark.parametrize("case", FIRST, ids=str)
def test_first_step(student: Any, rng: np.random.Generator, case: PathCase) -> None:
    check_case(student.optim.adam_step, adam_step, rng, case)


@task("adam", part="first")
def test_first_step_is_as_long_as_the_learning_rate(student: Any, rng: np.random.Generator) -> None:
    w = draw_signed(rng, 5)
    signs = rng.choice([-1.0, 1.0], size=5)
    next_w, _ = student.optim.adam_step(w, signs * np.array([0.1, 1, 7, 50, 1e4]), None, lr=0.25)
    assert_close(next_w - w, -0.25 * signs, "next_w − w of the first step", limit=1e-4)


@task("adam", part="path")
@pytest.mark.parametrize("case", PATHS, ids=str)
def test_path(student: Any, rng: np.random.Generator, case: PathCase) -> None:
    check_case(student.optim.adam_step, adam_step, rng, case)


@task("adam", part="path")
def test_two_parameters_share_neither_moments_nor_time(student: Any, rng: np.random.Generator) -> None:
    check_two_parameters(student.optim.adam_step, adam_step, rng, PATHS[1])


@task("adam", part="path")
def test_learning_rate_that_changes(student: Any, rng: np.random.Generator) -> None:
    w, dw = PATHS[0].draw(rng)
    options = [{**PLAIN, "lr": 0.3 / (1 + t)} for t in range(8)]
    check_path(student.optim.adam_step, adam_step, w, dw, options)


@task("adam", part="decay")
@pytest.mark.parametrize("case", DECAYS, ids=str)
def test_weight_decay_pulls_at_the_weights_themselves(
    student: Any, rng: np.random.Generator, case: PathCase
) -> None:
    check_decay(student.optim.adam_step, rng, case)


@task("adam", part="edge")
@pytest.mark.parametrize("case", EDGE, ids=str)
def test_unusual_options_and_weights(student: Any, rng: np.random.Generator, case: PathCase) -> None:
    check_case(student.optim.adam_step, adam_step, rng, case)


@task("adam", part="edge")
def test_eps_outside_the_root(student: Any, rng: np.random.Generator) -> None:
    case = PathCase("", (5,), 3, {"lr": 10.0, "beta1": 0.9, "beta2": 0.999, "eps": 1e-6}, 1e-6)
    check_case(student.optim.adam_step, adam_step, rng, case)


@task("adam", part="edge")
def test_no_gradient_means_no_step(student: Any, rng: np.random.Generator) -> None:
    w = draw_signed(rng, 5)
    next_w, _ = student.optim.adam_step(w, np.zeros(5), None, lr=0.3)
    assert_close(next_w, w, "next_w where the gradient is 0")


@task("adam", part="edge")
def test_weights_decay_without_a_gradient(student: Any, rng: np.random.Generator) -> None:
    w = draw_signed(rng, 6)
    next_w, _ = student.optim.adam_step(w, np.zeros(6), None, lr=0.1, weight_decay=0.5)
    assert_close(next_w, 0.95 * w, "next_w where the gradient is 0")


@task("adam", part="edge")
def test_usual_options_unless_told(student: Any, rng: np.random.Generator) -> None:
    w, dw = PATHS[1].draw(rng)
    check_path(student.optim.adam_step, adam_step, w, 1e-8 * dw, [{"lr": 0.3}] * 5)


@task("adam", part="edge")
def test_float64_is_computed_in_float64(student: Any, rng: np.random.Generator) -> None:
    case = PathCase("", (7,), 5, {**USUAL, "eps": 1e-14})
    check_case(student.optim.adam_step, adam_step, rng, case, IN_FLOAT64)


@task("adam", part="purity")
def test_weights_gradient_and_state_stay_as_they_are(student: Any, rng: np.random.Generator) -> None:
    check_purity(student.optim.adam_step, adam_step, rng, PATHS[0])
