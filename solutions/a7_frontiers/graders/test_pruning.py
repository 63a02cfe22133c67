"""Pruning by magnitude, and steps that respect it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.author import Expected, assert_close, assert_refused, assert_unchanged, in_float64, task
from dlc_lib.arrays import Array
from dlc_lib.compression import magnitude_prune

from .cases import PruneCase, distinct

MAIN = (
    PruneCase("12-of-35", (7, 5), 0.35, 12),
    PruneCase("8-of-11", (11,), 0.75, 8),
    PruneCase("27-of-30", (2, 3, 5), 0.9, 27),
)
ROUNDED = (
    PruneCase("14.8-is-15", (4, 5), 0.74, 15),
    PruneCase("29-of-100-whatever-the-float", (10, 10), 0.29, 29),
)
NOTHING_OR_ALL = (
    PruneCase("none", (5, 3), 0.0, 0),
    PruneCase("all", (5, 3), 1.0, 15),
    PruneCase("one-weight-kept", (1,), 0.4, 0),
    PruneCase("one-weight-pruned", (1,), 0.6, 1),
)


def check(student: Any, w: Array, case: PruneCase) -> None:
    """For weights of different magnitudes: there is only one answer."""
    pruned, mask = student.compression.magnitude_prune(w, sparsity=case.sparsity)
    want_pruned, want_mask = magnitude_prune(w, sparsity=case.sparsity)
    assert_close(mask, want_mask, "mask")
    assert_close(pruned, want_pruned, "pruned")


@task("pruning", part="mask")
@pytest.mark.parametrize("case", MAIN, ids=str)
def test_smallest_magnitudes_go(student: Any, rng: np.random.Generator, case: PruneCase) -> None:
    check(student, case.draw(rng), case)


@task("pruning", part="mask")
@pytest.mark.parametrize("case", MAIN, ids=str)
def test_number_of_pruned_weights(student: Any, rng: np.random.Generator, case: PruneCase) -> None:
    w = case.draw(rng)
    check_number(student, w, case)
    check_choice(student, w, case)


def check_choice(student: Any, w: Array, case: PruneCase) -> None:
    """For weights of different magnitudes: which ones go is up to them, not to where they stand."""
    masks = [student.compression.magnitude_prune(each, sparsity=case.sparsity)[1] for each in (w, np.flip(w))]
    assert np.array_equal(masks[0], np.flip(masks[1])), "the weights do not decide which of them go"


def check_number(student: Any, w: Array, case: PruneCase) -> None:
    pruned, mask = student.compression.magnitude_prune(w, sparsity=case.sparsity)
    assert mask.shape == w.shape, f"mask has shape {mask.shape}; expected {w.shape}"
    zeros = int(np.count_nonzero(mask == 0))
    assert zeros == case.pruned, "the mask does not prune sparsity · size weights, to the nearest number"
    assert int(np.count_nonzero(mask == 1)) == w.size - zeros, "the mask holds other numbers than 0 and 1"
    assert_close(pruned, w * mask, "pruned, measured against w · your mask,")


@task("pruning", part="step")
@pytest.mark.parametrize("case", MAIN, ids=str)
def test_step_of_pruned_weights(student: Any, rng: np.random.Generator, case: PruneCase) -> None:
    pruned, mask = magnitude_prune(case.draw(rng), sparsity=case.sparsity)
    dw = rng.standard_normal(case.shape)
    next_w = student.compression.pruned_step(pruned, dw, mask, lr=0.3)
    assert_close(next_w, mask * (pruned - 0.3 * dw), "next_w")


@task("pruning", part="step")
def test_pruned_weights_stay_zero_through_many_steps(student: Any, rng: np.random.Generator) -> None:
    w, mask = magnitude_prune(rng.standard_normal((5, 7)), sparsity=0.6)
    want = w
    for dw in rng.standard_normal((5, 5, 7)):
        w = student.compression.pruned_step(w, dw, mask, lr=0.1)
        want = mask * (want - 0.1 * dw)
        assert_close(w, want, "the weights after a few steps")
    assert not w[mask == 0].any(), "a pruned weight is no longer zero after a few steps"


@task("pruning", part="edge")
@pytest.mark.parametrize("case", NOTHING_OR_ALL, ids=str)
def test_nothing_or_all_is_pruned(student: Any, rng: np.random.Generator, case: PruneCase) -> None:
    check(student, case.draw(rng), case)


@task("pruning", part="count")
@pytest.mark.parametrize("case", ROUNDED, ids=str)
def test_number_is_the_nearest(student: Any, rng: np.random.Generator, case: PruneCase) -> None:
    w = case.draw(rng)
    check_number(student, w, case)
    check_choice(student, w, case)


@task("pruning", part="count")
def test_exactly_so_many_of_tied_weights(student: Any, rng: np.random.Generator) -> None:
    w = 2.0 * rng.choice([-1.0, 1.0], size=(5, 4))
    w[0] = 1.0
    w[4] = -3.0
    check_number(student, w, PruneCase("", (5, 4), 0.5, 10))
    _, mask = student.compression.magnitude_prune(w, sparsity=0.5)
    assert not mask[0].any(), "a weight is pruned although a smaller one is kept"
    assert mask[4].all(), "a weight is pruned although a smaller one is kept"


@task("pruning", part="count")
def test_weights_that_are_zero_are_not_all_pruned(student: Any, rng: np.random.Generator) -> None:
    w = distinct(rng, (5, 4))
    w[:, :2] = 0.0
    check_number(student, w, PruneCase("", (5, 4), 0.25, 5))
    check_number(student, w, PruneCase("", (5, 4), 0.0, 0))


@task("pruning", part="step")
def test_step_clears_what_the_weights_still_hold(student: Any, rng: np.random.Generator) -> None:
    w, dw = rng.standard_normal((2, 5, 3))
    _, mask = magnitude_prune(w, sparsity=0.4)
    next_w = student.compression.pruned_step(w, dw, mask, lr=0.1)
    assert_close(next_w, mask * (w - 0.1 * dw), "next_w of weights that were not pruned yet")


@task("pruning", part="edge")
@pytest.mark.parametrize("sparsity", [-0.25, 1.5], ids=str)
def test_sparsity_that_is_no_share_is_refused(
    student: Any, rng: np.random.Generator, sparsity: float
) -> None:
    w = rng.standard_normal((4, 3))
    assert_refused(
        lambda: student.compression.magnitude_prune(w, sparsity=sparsity),
        "sparsity is not from 0 to 1",
        lambda: student.compression.magnitude_prune(w, sparsity=0.5),
    )


@task("pruning", part="edge")
def test_float64_is_computed_in_float64(student: Any, rng: np.random.Generator) -> None:
    w, dw = distinct(rng, (7, 5)), rng.standard_normal((7, 5))
    want, want_mask = magnitude_prune(w, sparsity=0.35)
    pruned, _ = student.compression.magnitude_prune(w, sparsity=0.35)
    assert_close(pruned, in_float64(Expected(want)), "pruned")
    next_w = student.compression.pruned_step(want, dw, want_mask, lr=0.3)
    assert_close(next_w, in_float64(Expected(want_mask * (want - 0.3 * dw))), "next_w")


@task("pruning", part="purity")
def test_pruning_changes_no_input(student: Any, rng: np.random.Generator) -> None:
    w = distinct(rng, (7, 5))
    (pruned, _), after = student.compression.magnitude_prune.watch(w, sparsity=0.35)
    assert_close(pruned, magnitude_prune(w, sparsity=0.35)[0], "pruned")
    assert_unchanged(after, [w], ("w",))


@task("pruning", part="purity")
def test_step_changes_no_input(student: Any, rng: np.random.Generator) -> None:
    w, dw = rng.standard_normal((2, 7, 5))
    w, mask = magnitude_prune(w, sparsity=0.35)
    next_w, after = student.compression.pruned_step.watch(w, dw, mask, lr=0.3)
    assert_close(next_w, mask * (w - 0.3 * dw), "next_w")
    assert_unchanged(after, [w, dw, mask], ("w", "dw", "mask"))
