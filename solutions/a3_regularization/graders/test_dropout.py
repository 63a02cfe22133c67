"""Dropout, judged by what its output says about chance; never by a stream of random numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder.author import StudentError, assert_close, assert_refused, assert_unchanged, either, task
from dlc_lib.arrays import Array

from .cases import IN_FLOAT64, draw_signed

SHAPE, CALLS = (20, 30), 100
# Hoeffding: of 60 000 independent entries a share is off by 0.06, of 30 000 pairs by 0.1, less than once in
# 10^150. Where only 2 000 rows are independent, or 1 000 pairs of them, it is once in 10^6: what fails is the
# law or the dependence that a test asks for, and not the other.
SHARE, PAIRS = 0.06, 0.1
# A normal number is below 0.78 with probability 0.78: dependence tells nothing about the law.
P = 0.78


def kept(out: Array, x: Array, p: float) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Which entries were kept, when each is either 0 or x / p."""
    assert out.shape == x.shape, f"out has shape {out.shape}; expected {x.shape}"
    on: np.ndarray[Any, np.dtype[np.bool_]] = np.asarray(out) != 0
    assert_close(out, np.where(on, x / p, 0.0), "out, where it is not 0, against x / p,")
    return on


def draws(student: Any, rng: np.random.Generator, p: float, x: Array) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Which entries of x are kept in training, when each x[i] is given to a call of its own."""
    replies = student.dropout.dropout_forward.map([(each,) for each in x], p=p, train=True, rng=rng)
    return np.array([kept(out, each, p) for (out, _), each in zip(replies, x, strict=True)])


def many(x: Array) -> Array:
    """The same x for every call."""
    return np.broadcast_to(x, (CALLS, *x.shape))


def agreement(one: Any, two: Any, why: str) -> None:
    """Two independent draws agree with probability P² + (1 − P)²."""
    assert abs(float(np.mean(one == two)) - (P**2 + (1 - P) ** 2)) < PAIRS, why


@task("dropout", part="train")
@pytest.mark.parametrize("p", [0.3, 0.55])
def test_entries_are_kept_with_probability_p_and_divided_by_it(
    student: Any, rng: np.random.Generator, p: float
) -> None:
    share = float(np.mean(draws(student, rng, p, many(draw_signed(rng, *SHAPE)))))
    assert abs(share - p) < SHARE, "the share of the entries that are kept is not p"


@task("dropout", part="train")
def test_entries_are_independent(student: Any, rng: np.random.Generator) -> None:
    on = draws(student, rng, P, draw_signed(rng, CALLS, *SHAPE))
    agreement(on[:, 1:], on[:, :-1], "rows are not dropped independently: one mask for all examples?")
    agreement(on[..., 1:], on[..., :-1], "columns are not dropped independently: one mask for all units?")


@task("dropout", part="train")
def test_each_call_draws_anew(student: Any, rng: np.random.Generator) -> None:
    on = draws(student, rng, P, many(draw_signed(rng, *SHAPE)))
    agreement(on[::2], on[1::2], "two calls drop the same entries: is a seed set inside?")


@task("dropout", part="edge")
def test_dropping_does_not_depend_on_the_values(student: Any, rng: np.random.Generator) -> None:
    x = draw_signed(rng, CALLS, *SHAPE)
    on = draws(student, rng, P, x)
    for some in (x > 0, np.abs(x) > 1):
        gap = abs(float(on[some].mean() - on[~some].mean()))
        assert gap < PAIRS, "what is dropped depends on the values of x"


@task("dropout", part="train")
def test_chance_comes_from_rng_alone(student: Any, rng: np.random.Generator) -> None:
    seed, x = int(rng.integers(1 << 30)), draw_signed(rng, 50, 70)
    outs = [
        student.dropout.dropout_forward(x, p=0.5, train=True, rng=np.random.default_rng(seed))[0]
        for _ in range(2)
    ]
    one, two = (kept(out, x, 0.5) for out in outs)
    assert 0.1 < float(np.mean(one)) < 0.9, "all entries are treated alike"
    assert (one == two).all(), "two generators in the same state drop different entries: use rng alone"


@task("dropout", part="test")
@pytest.mark.parametrize("shape", [(5, 3), (2, 3, 4, 5)], ids=str)
def test_nothing_happens_in_testing(student: Any, rng: np.random.Generator, shape: tuple[int, ...]) -> None:
    x = draw_signed(rng, *shape)
    for _ in range(2):
        out, _ = student.dropout.dropout_forward(x, p=0.4, train=False, rng=rng)
        assert_close(out, x, "out in testing")


@task("dropout", part="test")
def test_gradient_in_testing(student: Any, rng: np.random.Generator) -> None:
    x, dout = draw_signed(rng, 5, 3), rng.standard_normal((5, 3))

    _, cache = student.dropout.dropout_forward(x, p=0.4, train=False, rng=rng)
    assert_close(student.dropout.dropout_backward(dout, cache), dout, "dx in testing")


def judge_backward(
    student: Any, rng: np.random.Generator, shape: tuple[int, ...], p: float, judge: Callable[..., None]
) -> None:
    """Judge a backward pass on the student's own cache; also on factors, if their forward is wrong.

    The factor of every entry is enough of a cache, the docstring says.
    """
    x = draw_signed(rng, *shape)
    on = rng.random(shape) < p
    try:
        out, cache = student.dropout.dropout_forward(x, p=p, train=True, rng=rng)
    except StudentError as error:
        if error.verdict != "error":
            raise
        judge(on / p, on)
        return
    try:
        own = kept(out, x, p)
        # Of the 35 entries and more that come here all are dropped by chance less than once in 10^11.
        assert own.any(), "every entry is dropped"
    except AssertionError:
        shown = np.asarray(out) != 0
        if shown.shape != shape or not shown.any():
            judge(on / p, on)
            return
        either(lambda: judge(cache, shown), lambda: judge(on / p, on))
    else:
        judge(cache, own)


@task("dropout", part="backward")
@pytest.mark.parametrize("p", [0.3, 0.8])
@pytest.mark.parametrize("shape", [(7, 11), (2, 3, 4, 5)], ids=str)
def test_gradient_has_the_factors_of_the_forward_pass(
    student: Any, rng: np.random.Generator, shape: tuple[int, ...], p: float
) -> None:
    dout = rng.standard_normal(shape)

    def judge(cache: Any, on: Any) -> None:
        dx = student.dropout.dropout_backward(dout, cache)
        assert_close(dx, dout * on / p, "dx")

    judge_backward(student, rng, shape, p, judge)


@task("dropout", part="edge")
def test_everything_is_kept_at_p_1(student: Any, rng: np.random.Generator) -> None:
    x, dout = draw_signed(rng, 20, 30), rng.standard_normal((20, 30))
    out, cache = student.dropout.dropout_forward(x, p=1.0, train=True, rng=rng)
    assert_close(out, x, "out at p = 1")
    assert_close(student.dropout.dropout_backward(dout, cache), dout, "dx at p = 1")


@task("dropout", part="edge")
@pytest.mark.parametrize("p", [0.0, -0.3, 1.2])
@pytest.mark.parametrize("train", [True, False], ids=["train", "test"])
def test_no_probability_is_refused(student: Any, rng: np.random.Generator, p: float, train: bool) -> None:
    x = draw_signed(rng, 3, 4)
    assert_refused(
        lambda: student.dropout.dropout_forward(x, p=p, train=train, rng=rng),
        "p is not above 0 and at most 1",
        lambda: student.dropout.dropout_forward(x, p=0.5, train=train, rng=rng),
    )


@task("dropout", part="edge")
def test_one_entry(student: Any, rng: np.random.Generator) -> None:
    on = draws(student, rng, 0.5, draw_signed(rng, 60, 1))
    assert on.any(), "a single entry is always dropped"  # by chance: once in 10^18


@task("dropout", part="edge")
def test_float64_is_computed_in_float64(student: Any, rng: np.random.Generator) -> None:
    x, dout = (draw_signed(rng, 7, 11) for _ in range(2))
    out, cache = student.dropout.dropout_forward(x, p=0.3, train=True, rng=rng)
    on = kept(out, x, 0.3)
    assert_close(out, np.where(on, x / 0.3, 0.0), "out in float64", limit=IN_FLOAT64)
    dx = student.dropout.dropout_backward(dout, cache)
    assert_close(dx, np.where(on, dout / 0.3, 0.0), "dx in float64", limit=IN_FLOAT64)
    out, _ = student.dropout.dropout_forward(x, p=0.3, train=False, rng=rng)
    assert_close(out, x, "out in testing, in float64", limit=IN_FLOAT64)


@task("dropout", part="purity")
@pytest.mark.parametrize("train", [True, False], ids=["train", "test"])
def test_forward_changes_no_input(student: Any, rng: np.random.Generator, train: bool) -> None:
    x = draw_signed(rng, 5, 7)
    (out, _), after = student.dropout.dropout_forward.watch(x, p=0.5, train=train, rng=rng)
    kept(out, x, 0.5) if train else assert_close(out, x, "out in testing")
    assert_unchanged(after, [x], ("x",))


@task("dropout", part="purity")
def test_backward_changes_neither_dout_nor_cache(student: Any, rng: np.random.Generator) -> None:
    dout = rng.standard_normal((5, 7))

    def judge(cache: Any, on: Any) -> None:
        _, after = student.dropout.dropout_backward.watch(dout, cache)
        again = student.dropout.dropout_backward(dout, after[1])
        assert_close(again, dout * on / 0.6, "dx of a second call with the same cache")
        assert_unchanged(after[:1], [dout], ("dout",))

    judge_backward(student, rng, (5, 7), 0.6, judge)
