"""Paths of optimizers: weights, gradients, and how a student's steps are judged against them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograder.author import Expected, assert_close, assert_unchanged, reference
from dlc_lib.arrays import Array

Optimizer = Callable[..., Any]
IN_FLOAT64 = 1e-10  # measured: right ones are off by less than 1e-13, arrays in float32 by 1e-8 and more


@dataclass(frozen=True)
class PathCase:
    """Some steps of an optimizer with given options."""

    id: str
    shape: tuple[int, ...]
    steps: int
    options: dict[str, float] = field(hash=False)
    size: float = 1.0  # of the gradients

    def __str__(self) -> str:
        return self.id

    def draw(self, rng: np.random.Generator) -> tuple[Array, Array]:
        """Weights at every step, and gradients: no matter where the steps before led."""
        w, dw = (draw_signed(rng, self.steps, *self.shape) for _ in range(2))
        return w, self.size * dw


def draw_signed(rng: np.random.Generator, *shape: int) -> Array:
    """Numbers of both signs, none near 0 or ±1; as many below ±1 as above."""
    place = rng.permutation(math.prod(shape)).reshape(shape) + rng.integers(4)
    size = np.where(place % 4 < 2, rng.uniform(0.4, 0.8, shape), rng.uniform(1.25, 2.5, shape))
    signed: Array = size * (-1.0) ** place
    return signed


def walk(step: Optimizer, w: Array, dw: Array, options: list[dict[str, float]]) -> Array:
    """next_w of every step, from given weights."""
    state, found = None, []
    for each, gradient, chosen in zip(w, dw, options, strict=True):
        next_w, state = step(each, gradient, state, **chosen)
        found.append(next_w - each)
    return np.array(found)


def moves(step: Optimizer, w: Array, dw: Array, options: list[dict[str, float]]) -> Expected:
    """How far each step should move the weights."""
    want = reference(lambda w, dw: walk(step, w, dw, options), w, dw)
    assert isinstance(want, Expected)
    # A move is a difference of weights; in float32 their rounding costs this much of it.
    size = float(np.linalg.norm(w) / np.linalg.norm(want.value))
    return Expected(want.value, min(max(want.limit, 1e-6 * size), 1e-3))


def walked(student_step: Any, w: Array, dw: Array, options: list[dict[str, float]]) -> Array:
    """next_w − w of every step of the student's, from given weights, with their own state."""
    state, found = None, []
    for each, gradient, chosen in zip(w, dw, options, strict=True):
        next_w, state = student_step(each, gradient, state, **chosen)
        assert next_w.shape == each.shape, f"next_w has shape {next_w.shape}; expected {each.shape}"
        found.append(np.asarray(next_w, dtype=np.float64) - each)
    return np.array(found)


def check_path(
    student_step: Any,
    step: Optimizer,
    w: Array,
    dw: Array,
    options: list[dict[str, float]],
    limit: float | None = None,
) -> None:
    """Judge the student's steps, each from the same weights as the reference's, with their own state."""
    want = moves(step, w, dw, options)
    assert_close(walked(student_step, w, dw, options), want, "next_w − w", limit)


def check_decay(student_step: Any, rng: np.random.Generator, case: PathCase) -> None:
    """Judge what weight decay changes in the student's own steps, right or wrong."""
    w, dw = case.draw(rng)
    plain = {**case.options, "weight_decay": 0.0}
    both = [walked(student_step, w, dw, [options] * case.steps) for options in (case.options, plain)]
    share = case.options["lr"] * case.options["weight_decay"]
    # A difference of weights; in float32 their rounding costs this much of it.
    limit = min(1e-6 * (1 + 1 / share), 1e-3)
    assert_close(both[0] - both[1], Expected(-share * w, limit), "what weight decay adds to next_w − w")


def check_case(
    student_step: Any, step: Optimizer, rng: np.random.Generator, case: PathCase, limit: float | None = None
) -> None:
    """Judge a path whose options stay the same."""
    w, dw = case.draw(rng)
    check_path(student_step, step, w, dw, [case.options] * case.steps, limit)


def check_two_parameters(
    student_step: Any, step: Optimizer, rng: np.random.Generator, case: PathCase
) -> None:
    """Judge two parameters that are trained in turn, each with a state of its own."""
    states: dict[str, Any] = {"first": None, "second": None}
    drawn = {name: case.draw(rng) for name in states}
    found: dict[str, list[Array]] = {name: [] for name in states}
    for place in range(case.steps):
        for name, (w, dw) in drawn.items():
            next_w, states[name] = student_step(w[place], dw[place], states[name], **case.options)
            assert next_w.shape == case.shape, f"next_w has shape {next_w.shape}; expected {case.shape}"
            found[name].append(np.asarray(next_w, dtype=np.float64) - w[place])
    for name, (w, dw) in drawn.items():
        want = moves(step, w, dw, [case.options] * case.steps)
        assert_close(np.array(found[name]), want, f"next_w − w of the {name} of two parameters")


def check_purity(student_step: Any, step: Optimizer, rng: np.random.Generator, case: PathCase) -> None:
    """Judge that w, dw and state stay as they were: the same step can be taken twice."""
    w, dw = case.draw(rng)
    want = moves(step, w[:2], dw[:2], [case.options] * 2)
    (_, state), after = student_step.watch(w[0], dw[0], None, **case.options)
    assert_unchanged(after[:2], (w[0], dw[0]), ("w", "dw"))
    for which in ("first", "second"):
        next_w, _ = student_step(w[1], dw[1], state, **case.options)
        assert next_w.shape == case.shape, f"next_w has shape {next_w.shape}; expected {case.shape}"
        move = np.asarray(next_w, dtype=np.float64) - w[1]
        assert_close(
            move, Expected(want.value[1], want.limit), f"next_w − w, the {which} time from one state"
        )
