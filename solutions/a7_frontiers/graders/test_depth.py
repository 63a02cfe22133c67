"""Norms of the gradient by depth."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.author import Expected, assert_close, assert_unchanged, in_float64, reference, task
from dlc_lib.arrays import Array
from dlc_lib.depth import gradient_norms

from .cases import StackCase, rotations

MAIN = (
    StackCase("5-layers-of-4", 7, (4,) * 6),
    StackCase("3-layers-of-7", 5, (7,) * 4, 1.5),
)
UNEQUAL = StackCase("widths-3-5-2-4", 5, (3, 5, 2, 4))
EDGE = (
    StackCase("one-layer", 3, (5, 5)),
    StackCase("one-example", 1, (3,) * 4),
    StackCase("width-1", 5, (1,) * 4),
)
LARGE = StackCase("saturated", 5, (4,) * 4, 4.0)


def check(student: Any, inputs: tuple[Any, ...], skip: bool) -> None:
    norms = student.depth.gradient_norms(*inputs, skip=skip)
    exact = gradient_norms(*inputs, skip=skip)
    assert_close(norms, reference(gradient_norms, *inputs, skip=skip), "norms")
    # Each against its own size: the small norms deep down would not show in the norm of all.
    ratio = reference(lambda *given: gradient_norms(*given, skip=skip) / exact, *inputs)
    assert_close(np.asarray(norms) / exact, ratio, "norms, each measured against its own size,")


def squares(shape: tuple[int, ...], layers: int) -> StackCase:
    return StackCase("", shape[0], (shape[1],) * (layers + 1))


@task("gradient_norms", part="plain")
@pytest.mark.parametrize("case", MAIN, ids=str)
def test_plain_stack(student: Any, rng: np.random.Generator, case: StackCase) -> None:
    check(student, case.draw(rng), skip=False)


@task("gradient_norms", part="plain")
def test_plain_stack_of_unequal_widths(student: Any, rng: np.random.Generator) -> None:
    check(student, UNEQUAL.draw(rng), skip=False)


@task("gradient_norms", part="plain")
def test_plain_gradient_falls_geometrically(student: Any, rng: np.random.Generator) -> None:
    x, _, dout = squares((5, 6), 12).draw(rng)
    check(student, (x, rotations(rng, 12, 6, size=0.5), dout), skip=False)


@task("gradient_norms", part="skip")
@pytest.mark.parametrize("case", MAIN, ids=str)
def test_residual_stack(student: Any, rng: np.random.Generator, case: StackCase) -> None:
    check(student, case.draw(rng), skip=True)


@task("gradient_norms", part="skip")
def test_residual_gradient_keeps_its_size(student: Any, rng: np.random.Generator) -> None:
    x, _, dout = squares((5, 6), 12).draw(rng)
    check(student, (x, rotations(rng, 12, 6, size=0.3), dout), skip=True)


@task("gradient_norms", part="edge")
@pytest.mark.parametrize("skip", [False, True], ids=["plain", "skip"])
@pytest.mark.parametrize("case", EDGE, ids=str)
def test_unusual_shapes(student: Any, rng: np.random.Generator, case: StackCase, skip: bool) -> None:
    check(student, case.draw(rng), skip)


@task("gradient_norms", part="edge")
@pytest.mark.parametrize("skip", [False, True], ids=["plain", "skip"])
def test_stack_without_layers(student: Any, rng: np.random.Generator, skip: bool) -> None:
    dout = rng.standard_normal((5, 3))
    norms = student.depth.gradient_norms(rng.standard_normal((5, 3)), [], dout, skip=skip)
    assert_close(norms, length_of(dout), "norms of a stack without layers")


def length_of(dout: Array) -> Expected:
    return Expected(np.array([np.sqrt((dout**2).sum())]))


@task("gradient_norms", part="edge")
def test_activations_near_their_limit(student: Any, rng: np.random.Generator) -> None:
    check(student, LARGE.draw(rng), skip=False)


@task("gradient_norms", part="edge")
def test_float64_is_computed_in_float64(student: Any, rng: np.random.Generator) -> None:
    inputs = MAIN[0].draw(rng)
    want = in_float64(reference(gradient_norms, *inputs, skip=True))
    assert_close(student.depth.gradient_norms(*inputs, skip=True), want, "norms")


@task("gradient_norms", part="purity")
@pytest.mark.parametrize("skip", [False, True], ids=["plain", "skip"])
def test_no_input_is_changed(student: Any, rng: np.random.Generator, skip: bool) -> None:
    x, weights, dout = MAIN[0].draw(rng)
    want = reference(gradient_norms, x, weights, dout, skip=skip)
    norms, after = student.depth.gradient_norms.watch(x, weights, dout, skip=skip)
    assert_close(norms, want, "norms")
    assert type(after[1]) in (list, tuple), "the call replaced its list of weights"
    assert len(after[1]) == len(weights), "the call changed how many weights its list holds"
    names = ("x", "dout", *(f"weights[{i}]" for i in range(len(weights))))
    assert_unchanged((after[0], after[2], *after[1]), (x, dout, *weights), names)
