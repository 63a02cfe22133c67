"""The network with one hidden layer."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.author import assert_close, assert_unchanged, reference, task
from dlc_lib import shallow

from .cases import IN_FLOAT64, SHALLOW_EDGE, SHALLOW_MAIN, ShallowCase

INPUTS = ("x", "W", "c", "w", "b")
GRADIENTS = tuple(f"d{name}" for name in INPUTS)
CORNERS = np.stack(np.meshgrid([0.0, 1.0], [0.0, 1.0]), axis=-1).reshape(4, 2)


@task("shallow", part="forward")
@pytest.mark.parametrize("case", SHALLOW_MAIN, ids=str)
def test_output(student: Any, rng: np.random.Generator, case: ShallowCase) -> None:
    inputs, _ = case.draw(rng)
    f, _ = student.shallow.shallow_forward(*inputs)
    assert_close(f, reference(shallow.shallow_forward, *inputs)[0], "f")


def check_gradients(
    student: Any,
    inputs: tuple[Any, ...],
    df: np.ndarray[Any, Any],
    names: tuple[str, ...] = GRADIENTS,
    limit: float | None = None,
) -> None:
    _, own = shallow.shallow_forward(*inputs)
    want = reference(shallow.shallow_backward, df, own)
    _, cache = student.shallow.shallow_forward(*inputs)
    gradients = student.shallow.shallow_backward(df, cache)
    for name in names:
        assert_close(gradients[GRADIENTS.index(name)], want[GRADIENTS.index(name)], name, limit)


@task("shallow", part="backward")
@pytest.mark.parametrize("name", GRADIENTS)
@pytest.mark.parametrize("case", SHALLOW_MAIN, ids=str)
def test_gradient(student: Any, rng: np.random.Generator, case: ShallowCase, name: str) -> None:
    check_gradients(student, *case.draw(rng), (name,))


@task("shallow", part="edge")
@pytest.mark.parametrize("case", SHALLOW_EDGE, ids=str)
def test_output_and_gradients_of_unusual_shapes(
    student: Any, rng: np.random.Generator, case: ShallowCase
) -> None:
    test_output(student, rng, case)
    check_gradients(student, *case.draw(rng))


@task("shallow", part="edge")
def test_units_at_exactly_zero_pass_nothing_on(student: Any, rng: np.random.Generator) -> None:
    check_gradients(student, (CORNERS, *shallow.xor_parameters()), rng.uniform(1, 2, 4))


@task("shallow", part="edge")
def test_float64_is_computed_in_float64(student: Any, rng: np.random.Generator) -> None:
    inputs, df = SHALLOW_MAIN[0].draw(rng)
    f, _ = student.shallow.shallow_forward(*inputs)
    assert_close(f, reference(shallow.shallow_forward, *inputs)[0], "f", limit=IN_FLOAT64)
    check_gradients(student, inputs, df, limit=IN_FLOAT64)


@task("shallow", part="purity")
def test_forward_changes_no_input(student: Any, rng: np.random.Generator) -> None:
    inputs, _ = SHALLOW_MAIN[0].draw(rng)
    (f, _), after = student.shallow.shallow_forward.watch(*inputs)
    assert_close(f, reference(shallow.shallow_forward, *inputs)[0], "f")
    assert_unchanged(after, inputs, INPUTS)


@task("shallow", part="purity")
def test_backward_changes_neither_df_nor_cache(student: Any, rng: np.random.Generator) -> None:
    inputs, df = SHALLOW_MAIN[0].draw(rng)
    want = reference(shallow.shallow_backward, df, shallow.shallow_forward(*inputs)[1])
    _, cache = student.shallow.shallow_forward(*inputs)
    _, after = student.shallow.shallow_backward.watch(df, cache)
    again = student.shallow.shallow_backward(df, after[1])
    for name, got, right in zip(GRADIENTS, again, want, strict=True):
        assert_close(got, right, f"{name} of a second call with the same cache")
    assert_unchanged(after[:1], [df], ("df",))
