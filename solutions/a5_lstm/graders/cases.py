"""Shapes of the tests of recurrent layers, and how they are judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.author import (
    assert_close,
    assert_unchanged,
    draw_until,
    in_float64,
    judge_backward,
    reference,
)
from dlc_lib.arrays import Array
from dlc_lib.lstm import lstm_step_forward

STEP_NAMES = ("dx", "dprev_h", "dWx", "dWh", "db")
LSTM_NAMES = ("dx", "dprev_h", "dprev_c", "dWx", "dWh", "db")
NAMES = ("dx", "dh0", "dWx", "dWh", "db")


@dataclass(frozen=True)
class SequenceCase:
    """Sizes of a recurrent layer, as the field writes them."""

    id: str
    N: int
    T: int
    D: int
    H: int

    def __str__(self) -> str:
        return self.id

    def draw(self, rng: np.random.Generator, gates: int) -> list[Array]:
        """x, h0, Wx, Wh and b; the first tanh is given no number so small that its slope is 1."""
        N, T, D, H = self.N, self.T, self.D, self.H
        shapes = ((N, T, D), (N, H), (D, gates * H), (H, gates * H), (gates * H,))

        def draw() -> list[Array]:
            x, h0, Wx, Wh, b = (rng.standard_normal(shape) for shape in shapes)
            return [x, h0, 0.7 * Wx, 0.7 * Wh, b]

        def fits(drawn: list[Array]) -> bool:
            x, h0, Wx, Wh, b = drawn
            return bool(np.abs((x[:, 0] @ Wx + h0 @ Wh + b)[:, -H:]).max() > 0.4)

        return draw_until(draw, fits)

    def draw_step(self, rng: np.random.Generator, gates: int) -> list[Array]:
        """x, prev_h, Wx, Wh and b of one step; with prev_c behind prev_h for an LSTM, whose cell is not 0."""
        size = (self.N, self.H)

        def draw() -> list[Array]:
            x, prev_h, *weights = self.draw(rng, gates)
            cell = [rng.choice([-1.0, 1.0], size=size) * rng.uniform(0.5, 4.0, size)] if gates == 4 else []
            return [x[:, 0], prev_h, *cell, *weights]

        if gates != 4:
            return draw()
        return draw_until(draw, lambda drawn: float(np.abs(lstm_step_forward(*drawn)[1]).max()) > 0.2)

    def upstream(self, rng: np.random.Generator) -> Array:
        """Gradient with respect to all hidden states."""
        return rng.standard_normal((self.N, self.T, self.H))


MAIN = (SequenceCase("N2-T4-D3-H5", 2, 4, 3, 5), SequenceCase("N3-T5-D5-H2", 3, 5, 5, 2))
EDGE = (
    SequenceCase("one-step", 3, 1, 2, 5),
    SequenceCase("one-sequence", 1, 3, 5, 2),
    SequenceCase("one-unit", 2, 3, 3, 1),
    SequenceCase("one-of-each", 1, 1, 1, 1),
)
LARGE = SequenceCase("large-biases", 2, 3, 4, 3)


def saturated(inputs: list[Array]) -> list[Array]:
    """The same with every second bias so large that its unit is at its limit, one way or the other."""
    b = inputs[-1].copy()
    b[::2] = np.where(np.arange(len(b[::2])) % 2, 2000.0, -2000.0)
    return [*inputs[:-1], b]


def check_forward(student_forward: Any, forward: Any, inputs: list[Array], outputs: tuple[str, ...]) -> None:
    """Judge every output but the cache."""
    want = reference(forward, *inputs)
    found = student_forward(*inputs)
    for got, right, name in zip(found, want, outputs, strict=False):
        assert_close(got, right, name)


def check_backward(
    student: tuple[Any, Any],
    ours: tuple[Any, Any],
    inputs: list[Array],
    upstream: tuple[Array, ...],
    names: tuple[str, ...],
) -> None:
    """Judge all gradients on the student's own cache; see `judge_backward`."""
    forward, backward = ours
    want = reference(lambda *given: backward(*given[:-1], forward(*given[-1])[-1]), *upstream, inputs)
    outputs = reference(forward, *inputs)

    def judge(cache: Any) -> None:
        found = student[1](*upstream, cache)
        for got, right, name in zip(found, want, names, strict=True):
            assert_close(got, right, name)

    def run() -> tuple[Any, ...]:
        found = student[0](*inputs)
        return found[0], found[-1]

    judge_backward(run, outputs[0], forward(*inputs)[-1], judge)


def check_forward_purity(student_forward: Any, forward: Any, inputs: list[Array]) -> None:
    """Judge that a forward pass leaves all it is given as it was."""
    want = reference(forward, *inputs)
    found, after = student_forward.watch(*inputs)
    assert_close(found[0], want[0], "h")
    names = [f"input {place}" for place in range(1, len(inputs) + 1)]
    assert_unchanged(after, inputs, names)


def check_backward_purity(
    student: tuple[Any, Any], ours: tuple[Any, Any], inputs: list[Array], upstream: tuple[Array, ...]
) -> None:
    """Judge that a backward pass leaves gradients and cache as they were."""
    forward, backward = ours
    want = reference(lambda *given: backward(*given[:-1], forward(*given[-1])[-1]), *upstream, inputs)
    cache = student[0](*inputs)[-1]
    _, after = student[1].watch(*upstream, cache)
    again = student[1](*upstream, after[-1])
    assert_close(again[0], want[0], "dx of a second call with the same cache")
    assert_unchanged(after[:-1], upstream, ("the first gradient", "the second gradient")[: len(upstream)])


def check_float64(
    student: tuple[Any, Any],
    ours: tuple[Any, Any],
    inputs: list[Array],
    upstream: tuple[Array, ...],
    names: tuple[str, ...],
) -> None:
    """Judge that both passes keep the digits of float64."""
    forward, backward = ours
    want = reference(lambda *given: backward(*given[:-1], forward(*given[-1])[-1]), *upstream, inputs)
    *outputs, cache = student[0](*inputs)
    for got, right in zip(outputs, in_float64(reference(forward, *inputs)), strict=False):
        assert_close(got, right, "what the forward pass gives")
    for got, right, name in zip(student[1](*upstream, cache), in_float64(want), names, strict=True):
        assert_close(got, right, name)
