"""A plain recurrent layer."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.author import task
from dlc_lib import rnn

from .cases import (
    EDGE,
    LARGE,
    MAIN,
    NAMES,
    STEP_NAMES,
    SequenceCase,
    check_backward,
    check_backward_purity,
    check_float64,
    check_forward,
    check_forward_purity,
    saturated,
)

STEP = (rnn.rnn_step_forward, rnn.rnn_step_backward)
WHOLE = (rnn.rnn_forward, rnn.rnn_backward)


def step_of(student: Any) -> tuple[Any, Any]:
    return student.rnn.rnn_step_forward, student.rnn.rnn_step_backward


def whole_of(student: Any) -> tuple[Any, Any]:
    return student.rnn.rnn_forward, student.rnn.rnn_backward


@task("rnn", part="forward")
@pytest.mark.parametrize("case", MAIN, ids=str)
def test_step(student: Any, rng: np.random.Generator, case: SequenceCase) -> None:
    check_forward(student.rnn.rnn_step_forward, STEP[0], case.draw_step(rng, 1), ("next_h",))


@task("rnn", part="forward")
@pytest.mark.parametrize("case", MAIN, ids=str)
def test_sequence(student: Any, rng: np.random.Generator, case: SequenceCase) -> None:
    check_forward(student.rnn.rnn_forward, WHOLE[0], case.draw(rng, 1), ("h",))


@task("rnn", part="backward")
@pytest.mark.parametrize("case", MAIN, ids=str)
def test_gradients_of_a_step(student: Any, rng: np.random.Generator, case: SequenceCase) -> None:
    upstream = (case.upstream(rng)[:, 0],)
    check_backward(step_of(student), STEP, case.draw_step(rng, 1), upstream, STEP_NAMES)


@task("rnn", part="backward")
@pytest.mark.parametrize("case", MAIN, ids=str)
def test_gradients_of_a_sequence(student: Any, rng: np.random.Generator, case: SequenceCase) -> None:
    check_backward(whole_of(student), WHOLE, case.draw(rng, 1), (case.upstream(rng),), NAMES)


@task("rnn", part="backward")
@pytest.mark.parametrize("when", ["first", "last"])
def test_gradient_of_one_step_alone(student: Any, rng: np.random.Generator, when: str) -> None:
    case = MAIN[0]
    dh = np.zeros((case.N, case.T, case.H))
    place = 0 if when == "first" else case.T - 1
    dh[:, place] = rng.standard_normal((case.N, case.H))
    check_backward(whole_of(student), WHOLE, case.draw(rng, 1), (dh,), NAMES)


@task("rnn", part="edge")
@pytest.mark.parametrize("case", EDGE, ids=str)
def test_unusual_shapes(student: Any, rng: np.random.Generator, case: SequenceCase) -> None:
    inputs = case.draw(rng, 1)
    check_forward(student.rnn.rnn_forward, WHOLE[0], inputs, ("h",))
    check_backward(whole_of(student), WHOLE, inputs, (case.upstream(rng),), NAMES)


@task("rnn", part="edge")
def test_saturated_units(student: Any, rng: np.random.Generator) -> None:
    inputs = saturated(LARGE.draw(rng, 1))
    check_forward(student.rnn.rnn_forward, WHOLE[0], inputs, ("h",))
    check_backward(whole_of(student), WHOLE, inputs, (LARGE.upstream(rng),), NAMES)


@task("rnn", part="edge")
def test_float64_is_computed_in_float64(student: Any, rng: np.random.Generator) -> None:
    case = MAIN[0]
    upstream = (case.upstream(rng)[:, 0],)
    check_float64(step_of(student), STEP, case.draw_step(rng, 1), upstream, STEP_NAMES)
    check_float64(whole_of(student), WHOLE, case.draw(rng, 1), (case.upstream(rng),), NAMES)


@task("rnn", part="purity")
def test_forward_changes_no_input(student: Any, rng: np.random.Generator) -> None:
    check_forward_purity(student.rnn.rnn_step_forward, STEP[0], MAIN[0].draw_step(rng, 1))
    check_forward_purity(student.rnn.rnn_forward, WHOLE[0], MAIN[0].draw(rng, 1))


@task("rnn", part="purity")
def test_backward_changes_neither_gradient_nor_cache(student: Any, rng: np.random.Generator) -> None:
    case = MAIN[0]
    upstream = (case.upstream(rng)[:, 0],)
    check_backward_purity(step_of(student), STEP, case.draw_step(rng, 1), upstream)
    check_backward_purity(whole_of(student), WHOLE, case.draw(rng, 1), (case.upstream(rng),))
