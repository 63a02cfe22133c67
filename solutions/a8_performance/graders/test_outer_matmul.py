"""The matrix product from operations on entries."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.author import assert_refused, task
from autograder.replay import Replay
from autograder.speed import Race

from . import speed
from .cases import MATMUL_EDGE, MATMUL_MAIN, MATMUL_UNFIT, MatmulCase, normal
from .judging import assert_right, assert_untouched, ran
from .operations import ON_ENTRIES


@task("outer_matmul", part="forward")
@pytest.mark.parametrize("case", MATMUL_MAIN, ids=str)
def test_product(student: Any, replay: Replay, rng: np.random.Generator, case: MatmulCase) -> None:
    a, b = case.draw(rng)
    found = ran(replay, student.torch_matmul, "outer_matmul", ON_ENTRIES, a, b)
    assert_right(found, case.answer(a, b), case.dtype, "c")


@task("outer_matmul", part="edge")
@pytest.mark.parametrize("case", MATMUL_EDGE, ids=str)
def test_product_of_unusual_matrices(
    student: Any, replay: Replay, rng: np.random.Generator, case: MatmulCase
) -> None:
    test_product(student, replay, rng, case)


@task("outer_matmul", part="edge")
@pytest.mark.parametrize("shapes", MATMUL_UNFIT, ids=["sizes", "a-vector", "batches"])
def test_matrices_that_do_not_fit_are_refused(student: Any, rng: np.random.Generator, shapes: Any) -> None:
    a, b = (normal(rng, shape, MATMUL_MAIN[0].dtype) for shape in shapes)
    assert_refused(lambda: student.torch_matmul.outer_matmul(a, b), "the shapes do not fit")


@task("outer_matmul", part="purity")
def test_no_input_is_changed(student: Any, replay: Replay, rng: np.random.Generator) -> None:
    case = MATMUL_MAIN[0]
    a, b = case.draw(rng)
    found = assert_untouched(replay, student.torch_matmul, "outer_matmul", ON_ENTRIES, {"a": a, "b": b})
    assert_right(found, case.answer(a, b), case.dtype, "c")


@task("outer_matmul", part="speed")
def test_speed(race: Race, rng: np.random.Generator) -> None:
    race.cpu(speed.OUTER_MATMUL, rng)
