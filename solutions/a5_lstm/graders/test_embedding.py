"""Vectors for tokens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from autograder.author import (
    assert_close,
    assert_unchanged,
    draw_until,
    in_float64,
    judge_backward,
    reference,
    task,
)
from dlc_lib import embedding
from dlc_lib.arrays import Array, IntArray


@dataclass(frozen=True)
class TableCase:
    """A table and tokens."""

    id: str
    tokens: tuple[int, int]  # N, T
    table: tuple[int, int]  # V, D

    def __str__(self) -> str:
        return self.id

    def draw(self, rng: np.random.Generator) -> tuple[IntArray, Array]:
        """X and W; the first token comes back at the end, in its own sequence and in the last.

        The tokens do not stand in order, where there are two to choose from.
        """

        def draw() -> IntArray:
            x = rng.integers(self.table[0], size=self.tokens)
            x[0, -1] = x[-1, -1] = x[0, 0]
            return x

        ordered = 1 in (self.table[0], self.tokens[1])
        x = draw_until(draw, lambda x: ordered or bool((np.sort(x, axis=1) != x).any()))
        return x, rng.standard_normal(self.table)


MAIN = (TableCase("3x5-of-7", (3, 5), (7, 2)), TableCase("2x4-of-11", (2, 4), (11, 3)))
WIDE = TableCase("5x4-of-101", (5, 4), (101, 3))  # more numbers in the table than a byte can count
EDGE = (
    TableCase("one-of-each", (1, 1), (1, 1)),
    TableCase("one-token", (3, 4), (1, 5)),
    TableCase("one-sequence", (1, 6), (5, 3)),
    TableCase("long-table", (2, 2), (301, 2)),
)


def check_vectors(student: Any, rng: np.random.Generator, case: TableCase) -> None:
    x, W = case.draw(rng)
    out, _ = student.embedding.embedding_forward(x, W)
    assert_close(out, W[x], "out")


def check_gradient(student: Any, rng: np.random.Generator, case: TableCase) -> None:
    x, W = case.draw(rng)
    dout = rng.standard_normal((*case.tokens, case.table[1]))
    want = reference(embedding.embedding_backward, dout, (x, W.shape))
    judge_backward(
        lambda: student.embedding.embedding_forward(x, W),
        reference(lambda W: W[x], W),
        (x, W.shape),
        lambda cache: assert_close(student.embedding.embedding_backward(dout, cache), want, "dW"),
    )


@task("embedding", part="forward")
@pytest.mark.parametrize("case", MAIN, ids=str)
def test_vectors(student: Any, rng: np.random.Generator, case: TableCase) -> None:
    check_vectors(student, rng, case)


@task("embedding", part="backward")
@pytest.mark.parametrize("case", MAIN, ids=str)
def test_gradient(student: Any, rng: np.random.Generator, case: TableCase) -> None:
    check_gradient(student, rng, case)


@task("embedding", part="edge")
@pytest.mark.parametrize("case", EDGE, ids=str)
def test_unusual_shapes(student: Any, rng: np.random.Generator, case: TableCase) -> None:
    check_vectors(student, rng, case)
    check_gradient(student, rng, case)


@task("embedding", part="edge")
@pytest.mark.parametrize("dtype", ["uint8", "int8", "int32"])
def test_tokens_of_any_integer_type(student: Any, rng: np.random.Generator, dtype: str) -> None:
    x, W = WIDE.draw(rng)
    x[1, 1] = WIDE.table[0] - 1  # the last row, whatever is drawn
    dout = rng.standard_normal((*WIDE.tokens, WIDE.table[1]))
    want = reference(embedding.embedding_backward, dout, (x, W.shape))
    out, cache = student.embedding.embedding_forward(x.astype(dtype), W)
    assert_close(out, W[x], "out")
    assert_close(student.embedding.embedding_backward(dout, cache), want, "dW")


@task("embedding", part="edge")
def test_float64_is_computed_in_float64(student: Any, rng: np.random.Generator) -> None:
    x, W = MAIN[0].draw(rng)
    dout = rng.standard_normal((*x.shape, W.shape[1]))
    want = in_float64(reference(lambda W: W[x], W))
    want_dW = in_float64(reference(embedding.embedding_backward, dout, (x, W.shape)))
    out, cache = student.embedding.embedding_forward(x, W)
    assert_close(out, want, "out")
    assert_close(student.embedding.embedding_backward(dout, cache), want_dW, "dW")


@task("embedding", part="purity")
def test_forward_changes_no_input(student: Any, rng: np.random.Generator) -> None:
    x, W = MAIN[0].draw(rng)
    (out, _), after = student.embedding.embedding_forward.watch(x, W)
    assert_close(out, W[x], "out")
    assert_unchanged(after, [x, W], ("x", "W"))


@task("embedding", part="purity")
def test_backward_changes_neither_dout_nor_cache(student: Any, rng: np.random.Generator) -> None:
    x, W = MAIN[0].draw(rng)
    dout = rng.standard_normal((*x.shape, W.shape[1]))
    want = reference(embedding.embedding_backward, dout, (x, W.shape))
    _, cache = student.embedding.embedding_forward(x, W)
    _, after = student.embedding.embedding_backward.watch(dout, cache)
    again = student.embedding.embedding_backward(dout, after[1])
    assert_close(again, want, "dW of a second call with the same cache")
    assert_unchanged(after[:1], [dout], ("dout",))
