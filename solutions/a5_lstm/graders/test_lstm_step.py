"""One step of an LSTM."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.author import draw_until, task
from dlc_lib import lstm
from dlc_lib.arrays import Array

from .cases import (
    EDGE,
    LARGE,
    LSTM_NAMES,
    MAIN,
    SequenceCase,
    check_backward,
    check_backward_purity,
    check_float64,
    check_forward,
    check_forward_purity,
    saturated,
)

OURS = (lstm.lstm_step_forward, lstm.lstm_step_backward)
OUTPUTS = ("next_h", "next_c")


def theirs(student: Any) -> tuple[Any, Any]:
    return student.lstm.lstm_step_forward, student.lstm.lstm_step_backward


def upstream(case: SequenceCase, rng: np.random.Generator) -> tuple[Array, Array]:
    dnext_h, dnext_c = rng.standard_normal((2, case.N, case.H))
    return dnext_h, dnext_c


@task("lstm_step", part="forward")
@pytest.mark.parametrize("case", MAIN, ids=str)
def test_step(student: Any, rng: np.random.Generator, case: SequenceCase) -> None:
    check_forward(student.lstm.lstm_step_forward, OURS[0], case.draw_step(rng, 4), OUTPUTS)


@task("lstm_step", part="forward")
@pytest.mark.parametrize("gate", ["i", "f", "o", "g"])
def test_each_gate_by_itself(student: Any, rng: np.random.Generator, gate: str) -> None:
    case = MAIN[1]
    x, prev_h, prev_c, Wx, Wh, b = case.draw_step(rng, 4)
    first = "ifog".index(gate) * case.H
    others = np.ones(4 * case.H, dtype=bool)
    others[first : first + case.H] = False
    Wx[:, others] = Wh[:, others] = 0.0
    check_forward(student.lstm.lstm_step_forward, OURS[0], [x, prev_h, prev_c, Wx, Wh, b], OUTPUTS)


@task("lstm_step", part="backward")
@pytest.mark.parametrize("case", MAIN, ids=str)
def test_gradients(student: Any, rng: np.random.Generator, case: SequenceCase) -> None:
    check_backward(theirs(student), OURS, case.draw_step(rng, 4), upstream(case, rng), LSTM_NAMES)


@task("lstm_step", part="backward")
@pytest.mark.parametrize("way", ["through-the-hidden-state", "through-the-cell"])
def test_gradient_along_one_way_alone(student: Any, rng: np.random.Generator, way: str) -> None:
    dnext_h, dnext_c = upstream(MAIN[0], rng)
    given = (dnext_h, 0 * dnext_c) if way == "through-the-hidden-state" else (0 * dnext_h, dnext_c)
    check_backward(theirs(student), OURS, MAIN[0].draw_step(rng, 4), given, LSTM_NAMES)


@task("lstm_step", part="edge")
@pytest.mark.parametrize("case", EDGE[1:], ids=str)
def test_unusual_shapes(student: Any, rng: np.random.Generator, case: SequenceCase) -> None:
    inputs = case.draw_step(rng, 4)
    check_forward(student.lstm.lstm_step_forward, OURS[0], inputs, OUTPUTS)
    check_backward(theirs(student), OURS, inputs, upstream(case, rng), LSTM_NAMES)


@task("lstm_step", part="edge")
def test_gates_of_any_size(student: Any, rng: np.random.Generator) -> None:
    inputs = saturated(LARGE.draw_step(rng, 4))
    check_forward(student.lstm.lstm_step_forward, OURS[0], inputs, OUTPUTS)
    check_backward(theirs(student), OURS, inputs, upstream(LARGE, rng), LSTM_NAMES)


@task("lstm_step", part="edge")
def test_large_cell(student: Any, rng: np.random.Generator) -> None:
    def draw() -> list[Array]:
        inputs = MAIN[0].draw_step(rng, 4)
        inputs[2] = 1e3 * inputs[2]
        return inputs

    # tanh is flat at every cell, so that what comes back through next_h is 0, whoever forgets a factor of it.
    inputs = draw_until(draw, lambda drawn: float(abs(lstm.lstm_step_forward(*drawn)[1]).min()) > 40)
    check_forward(student.lstm.lstm_step_forward, OURS[0], inputs, OUTPUTS)
    check_backward(theirs(student), OURS, inputs, upstream(MAIN[0], rng), LSTM_NAMES)


@task("lstm_step", part="edge")
def test_float64_is_computed_in_float64(student: Any, rng: np.random.Generator) -> None:
    inputs = MAIN[0].draw_step(rng, 4)
    check_float64(theirs(student), OURS, inputs, upstream(MAIN[0], rng), LSTM_NAMES)


@task("lstm_step", part="purity")
def test_forward_changes_no_input(student: Any, rng: np.random.Generator) -> None:
    check_forward_purity(student.lstm.lstm_step_forward, OURS[0], MAIN[0].draw_step(rng, 4))


@task("lstm_step", part="purity")
def test_backward_changes_neither_gradients_nor_cache(student: Any, rng: np.random.Generator) -> None:
    check_backward_purity(theirs(student), OURS, MAIN[0].draw_step(rng, 4), upstream(MAIN[0], rng))
