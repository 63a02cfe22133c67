"""The residual block."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.author import (
    assert_close,
    assert_refused,
    assert_unchanged,
    draw_until,
    in_float64,
    judge_backward,
    reference,
    task,
)
from dlc_lib import residual

from .cases import BlockCase

MAIN = (
    BlockCase("5-by-3-hidden-7", 5, 3, 7),
    BlockCase("7-by-5-hidden-2", 7, 5, 2),
    BlockCase("3-by-4-hidden-4", 3, 4, 4),
)
EDGE = (
    BlockCase("one-of-each", 1, 1, 1),
    BlockCase("one-example", 1, 5, 3),
    BlockCase("one-column", 7, 1, 3),
    BlockCase("one-hidden-unit", 5, 3, 1),
)
GRADIENTS = ("dx", "dW1", "db1", "dW2", "db2")
INPUTS = ("x", "W1", "b1", "W2", "b2")


def check_output(student: Any, inputs: tuple[Any, ...]) -> None:
    want, _ = reference(residual.residual_block_forward, *inputs)
    out, _ = student.residual.residual_block_forward(*inputs)
    assert_close(out, want, "out")


def check_gradients(
    student: Any, inputs: tuple[Any, ...], dout: Any, names: tuple[str, ...] = GRADIENTS
) -> None:
    x, W1, b1, W2, _ = inputs
    documented = (x, x @ W1 + b1, W1, W2)
    out, _ = reference(residual.residual_block_forward, *inputs)
    want = reference(residual.residual_block_backward, dout, documented)

    def judge(cache: Any) -> None:
        gradients = student.residual.residual_block_backward(dout, cache)
        for name in names:
            assert_close(gradients[GRADIENTS.index(name)], want[GRADIENTS.index(name)], name)

    judge_backward(lambda: student.residual.residual_block_forward(*inputs), out, documented, judge)


@task("residual", part="forward")
@pytest.mark.parametrize("case", MAIN, ids=str)
def test_output(student: Any, rng: np.random.Generator, case: BlockCase) -> None:
    check_output(student, case.draw(rng)[0])


@task("residual", part="forward")
def test_negative_entries_survive_the_addition(student: Any, rng: np.random.Generator) -> None:
    def draw() -> tuple[Any, ...]:
        return -50 - rng.random((5, 3)), *MAIN[0].draw(rng)[0][1:]

    def fits(inputs: tuple[Any, ...]) -> bool:
        """Whether entries of the branch and of the sum are negative."""
        out, _ = residual.residual_block_forward(*inputs)
        return bool(out.min() < -1 and (out - inputs[0]).min() < -1)

    check_output(student, draw_until(draw, fits))


@task("residual", part="forward")
def test_branch_of_zeros_hands_x_on(student: Any, rng: np.random.Generator) -> None:
    (x, W1, b1, W2, b2), _ = MAIN[0].draw(rng)
    out, _ = student.residual.residual_block_forward(x, W1, b1, 0 * W2, 0 * b2)
    assert_close(out, x, "out of a block whose branch gives zeros")
    out, _ = student.residual.residual_block_forward(x, W1, b1, W2, b2)
    assert not np.array_equal(out, x), "the block hands x on whatever its branch gives"


@task("residual", part="backward")
@pytest.mark.parametrize("name", GRADIENTS)
@pytest.mark.parametrize("case", MAIN, ids=str)
def test_gradient(student: Any, rng: np.random.Generator, case: BlockCase, name: str) -> None:
    check_gradients(student, *case.draw(rng), (name,))


@task("residual", part="backward")
def test_branch_of_zeros_hands_the_gradient_on(student: Any, rng: np.random.Generator) -> None:
    (x, W1, b1, W2, b2), dout = MAIN[1].draw(rng)
    check_gradients(student, (x, W1, b1, 0 * W2, b2), dout, ("dx",))

    def judge(cache: Any) -> None:
        dx, *_ = student.residual.residual_block_backward(dout, cache)
        assert not np.array_equal(dx, dout), "the block hands the gradient on whatever its branch is"

    judge_backward(
        lambda: student.residual.residual_block_forward(x, W1, b1, W2, b2),
        reference(residual.residual_block_forward, x, W1, b1, W2, b2)[0],
        (x, x @ W1 + b1, W1, W2),
        judge,
    )


@task("residual", part="edge")
@pytest.mark.parametrize("case", EDGE, ids=str)
def test_output_and_gradients_of_unusual_shapes(
    student: Any, rng: np.random.Generator, case: BlockCase
) -> None:
    inputs, dout = case.draw(rng)
    check_output(student, inputs)
    check_gradients(student, inputs, dout)


@task("residual", part="edge")
def test_gradient_where_the_hidden_units_stand_at_zero(student: Any, rng: np.random.Generator) -> None:
    (x, W1, b1, W2, b2), dout = MAIN[0].draw(rng)
    W1[:, ::2] = b1[::2] = 0.0
    check_gradients(student, (x, W1, b1, W2, b2), dout)


@task("residual", part="edge")
@pytest.mark.parametrize(("width", "end"), [(4, 1), (1, 4)], ids=["1-for-4", "4-for-1"])
def test_branch_of_another_width_is_refused(
    student: Any, rng: np.random.Generator, width: int, end: int
) -> None:
    (x, W1, b1, *_), _ = BlockCase("", 5, width, 3).draw(rng)
    W2, b2 = rng.standard_normal((3, end)), rng.standard_normal(end)
    fits, _ = MAIN[0].draw(rng)
    assert_refused(
        lambda: student.residual.residual_block_forward(x, W1, b1, W2, b2),
        "the branch does not end in the width of x",
        lambda: student.residual.residual_block_forward(*fits),
    )


@task("residual", part="edge")
def test_float64_is_computed_in_float64(student: Any, rng: np.random.Generator) -> None:
    inputs, dout = MAIN[0].draw(rng)
    x, W1, b1, W2, _ = inputs
    want, _ = reference(residual.residual_block_forward, *inputs)
    want_gradients = reference(residual.residual_block_backward, dout, (x, x @ W1 + b1, W1, W2))
    out, cache = student.residual.residual_block_forward(*inputs)
    assert_close(out, in_float64(want), "out")
    gradients = student.residual.residual_block_backward(dout, cache)
    for got, expected, name in zip(gradients, in_float64(want_gradients), GRADIENTS, strict=True):
        assert_close(got, expected, name)


@task("residual", part="purity")
def test_forward_changes_no_input(student: Any, rng: np.random.Generator) -> None:
    inputs, _ = MAIN[0].draw(rng)
    want, _ = reference(residual.residual_block_forward, *inputs)
    (out, _), after = student.residual.residual_block_forward.watch(*inputs)
    assert_close(out, want, "out")
    assert_unchanged(after, inputs, INPUTS)


@task("residual", part="purity")
def test_backward_changes_neither_dout_nor_cache(student: Any, rng: np.random.Generator) -> None:
    inputs, dout = MAIN[0].draw(rng)
    x, W1, b1, W2, _ = inputs
    want = reference(residual.residual_block_backward, dout, (x, x @ W1 + b1, W1, W2))
    _, cache = student.residual.residual_block_forward(*inputs)
    _, after = student.residual.residual_block_backward.watch(dout, cache)
    again = student.residual.residual_block_backward(dout, after[1])
    for got, expected, name in zip(again, want, GRADIENTS, strict=True):
        assert_close(got, expected, f"{name} of a second call with the same cache")
    assert_unchanged(after[:1], [dout], ("dout",))
