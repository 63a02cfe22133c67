"""An LSTM over whole sequences."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.author import task
from dlc_lib import lstm

from .cases import (
    EDGE,
    MAIN,
    NAMES,
    SequenceCase,
    check_backward,
    check_backward_purity,
    check_float64,
    check_forward,
    check_forward_purity,
)

OURS = (lstm.lstm_forward, lstm.lstm_backward)
LONG = SequenceCase("17-steps", 1, 17, 2, 3)


def theirs(student: Any) -> tuple[Any, Any]:
    return student.lstm.lstm_forward, student.lstm.lstm_backward


@task("lstm", part="forward")
@pytest.mark.parametrize("case", [*MAIN, LONG], ids=str)
def test_sequence(student: Any, rng: np.random.Generator, case: SequenceCase) -> None:
    check_forward(student.lstm.lstm_forward, OURS[0], case.draw(rng, 4), ("h",))


@task("lstm", part="backward")
@pytest.mark.parametrize("case", [*MAIN, LONG], ids=str)
def test_gradients(student: Any, rng: np.random.Generator, case: SequenceCase) -> None:
    check_backward(theirs(student), OURS, case.draw(rng, 4), (case.upstream(rng),), NAMES)


@task("lstm", part="backward")
@pytest.mark.parametrize("when", ["first", "last"])
def test_gradient_of_one_step_alone(student: Any, rng: np.random.Generator, when: str) -> None:
    case = MAIN[0]
    dh = np.zeros((case.N, case.T, case.H))
    dh[:, 0 if when == "first" else case.T - 1] = rng.standard_normal((case.N, case.H))
    check_backward(theirs(student), OURS, case.draw(rng, 4), (dh,), NAMES)


@task("lstm", part="edge")
@pytest.mark.parametrize("case", EDGE, ids=str)
def test_unusual_shapes(student: Any, rng: np.random.Generator, case: SequenceCase) -> None:
    inputs = case.draw(rng, 4)
    check_forward(student.lstm.lstm_forward, OURS[0], inputs, ("h",))
    check_backward(theirs(student), OURS, inputs, (case.upstream(rng),), NAMES)


@task("lstm", part="edge")
def test_float64_is_computed_in_float64(student: Any, rng: np.random.Generator) -> None:
    check_float64(theirs(student), OURS, MAIN[0].draw(rng, 4), (MAIN[0].upstream(rng),), NAMES)


@task("lstm", part="purity")
def test_forward_changes_no_input(student: Any, rng: np.random.Generator) -> None:
    check_forward_purity(student.lstm.lstm_forward, OURS[0], MAIN[0].draw(rng, 4))


@task("lstm", part="purity")
def test_backward_changes_neither_gradient_nor_cache(student: Any, rng: np.random.Generator) -> None:
    check_backward_purity(theirs(student), OURS, MAIN[0].draw(rng, 4), (MAIN[0].upstream(rng),))
