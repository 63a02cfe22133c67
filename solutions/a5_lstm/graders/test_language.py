"""Windows of a text, the loss of the steps that count, and gradients that are too long."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from autograder.author import assert_close, assert_unchanged, entries, in_float64, reference, task
from dlc_lib import language
from dlc_lib.arrays import Array, IntArray


def check_windows(student: Any, rng: np.random.Generator, tokens: int, length: int) -> None:
    text = rng.permutation(tokens) + 3
    want = language.language_windows(text, length=length)
    found = student.language.language_windows(text, length=length)
    for got, right, name in zip(found, want, ("inputs", "targets"), strict=True):
        assert_close(got, right, name)


@task("language", part="windows")
@pytest.mark.parametrize(("tokens", "length"), [(13, 3), (23, 5), (17, 4)])
def test_windows_of_a_text(student: Any, rng: np.random.Generator, tokens: int, length: int) -> None:
    check_windows(student, rng, tokens, length)


@task("language", part="edge")
@pytest.mark.parametrize(("tokens", "length"), [(7, 6), (6, 6), (5, 1), (1, 2)])
def test_windows_of_a_short_text(student: Any, rng: np.random.Generator, tokens: int, length: int) -> None:
    check_windows(student, rng, tokens, length)


@dataclass(frozen=True)
class LossCase:
    """Scores, and how long each sequence is."""

    id: str
    shape: tuple[int, int, int]  # N, T, V
    lengths: tuple[int, ...]  # steps that count, in each sequence
    size: float = 1.0  # of the scores

    def __str__(self) -> str:
        return self.id

    def draw(self, rng: np.random.Generator) -> tuple[Array, IntArray, IntArray]:
        """x, y and mask; where a step does not count, and where scores are large, y is not the likeliest."""
        N, T, V = self.shape
        mask = (np.arange(T) < np.array(self.lengths)[:, None]).astype(np.int64)
        x, y = self.size * rng.standard_normal(self.shape), rng.integers(V, size=(N, T))
        likeliest = (y == x.argmax(axis=2)) & ((mask == 0) | (self.size > 1))
        return x, np.where(likeliest, (y + 1) % V, y), mask


MAIN = (LossCase("padded", (3, 4, 5), (4, 2, 1)), LossCase("half-padded", (2, 7, 3), (5, 3)))
WHOLE = LossCase("nothing-padded", (2, 3, 7), (3, 3))
LOSS_EDGE = (
    LossCase("nothing-counts", (2, 3, 4), (0, 0)),
    LossCase("one-step", (1, 1, 5), (1,)),
    LossCase("one-sequence-does-not-count", (3, 2, 4), (2, 0, 1)),
    LossCase("scores-of-any-size", (2, 3, 4), (3, 1), 2000.0),
)


def check_loss(student: Any, rng: np.random.Generator, case: LossCase) -> None:
    inputs = case.draw(rng)
    want, _ = reference(language.temporal_softmax_loss, *inputs)
    loss, _ = student.language.temporal_softmax_loss(*inputs)
    assert_close(loss, want, "loss")


def check_gradient(student: Any, rng: np.random.Generator, case: LossCase) -> None:
    inputs = case.draw(rng)
    _, want = reference(language.temporal_softmax_loss, *inputs)
    _, dx = student.language.temporal_softmax_loss(*inputs)
    assert_close(dx, want, "dx")


@task("language", part="loss")
@pytest.mark.parametrize("case", [*MAIN, WHOLE], ids=str)
def test_loss(student: Any, rng: np.random.Generator, case: LossCase) -> None:
    check_loss(student, rng, case)


@task("language", part="gradient")
@pytest.mark.parametrize("case", [*MAIN, WHOLE], ids=str)
def test_gradient(student: Any, rng: np.random.Generator, case: LossCase) -> None:
    check_gradient(student, rng, case)


@task("language", part="edge")
@pytest.mark.parametrize("case", LOSS_EDGE, ids=str)
def test_loss_of_unusual_masks_and_scores(student: Any, rng: np.random.Generator, case: LossCase) -> None:
    check_loss(student, rng, case)
    check_gradient(student, rng, case)


@task("language", part="edge")
@pytest.mark.parametrize("dtype", ["uint8", "int32"])
def test_tokens_of_any_integer_type(student: Any, rng: np.random.Generator, dtype: str) -> None:
    x, y, mask = LossCase("", (7, 5, 11), (5, 4, 3, 5, 2, 1, 5)).draw(rng)  # more scores than a byte counts
    want, want_dx = reference(language.temporal_softmax_loss, x, y, mask)
    loss, dx = student.language.temporal_softmax_loss(x, y.astype(dtype), mask.astype(dtype))
    assert_close(loss, want, "loss")
    assert_close(dx, want_dx, "dx")
    text = rng.permutation(13)
    want_windows = language.language_windows(text, length=3)
    found = student.language.language_windows(text.astype(dtype), length=3)
    for got, right, name in zip(found, want_windows, ("inputs", "targets"), strict=True):
        assert_close(got, right, name)


@task("language", part="edge")
def test_float64_is_computed_in_float64(student: Any, rng: np.random.Generator) -> None:
    inputs, gradients = MAIN[0].draw(rng), draw_gradients(rng, 30.0)
    want, want_dx = in_float64(reference(language.temporal_softmax_loss, *inputs))
    clip = in_float64(reference(lambda given: language.clip_gradients(given, limit=5.0), gradients))
    loss, dx = student.language.temporal_softmax_loss(*inputs)
    assert_close(loss, want, "loss")
    assert_close(dx, want_dx, "dx")
    clipped, norm = student.language.clip_gradients(gradients, limit=5.0)
    assert_close(norm, clip[1], "norm")
    for name, got in entries(clipped, tuple(gradients), "clipped").items():
        assert_close(got, clip[0][name], f"clipped[{name}]")


def draw_gradients(rng: np.random.Generator, length: float) -> dict[str, Array]:
    """Three gradients of different sizes, together as long as asked for."""
    shapes = {"W": ((3, 4), 5.0), "b": ((4,), 0.5), "E": ((2, 3, 2), 2.0)}
    found = {name: size * rng.standard_normal(shape) for name, (shape, size) in shapes.items()}
    norm = np.sqrt(sum((value**2).sum() for value in found.values()))
    return {name: value * length / norm for name, value in found.items()}


def check_clip(student: Any, gradients: dict[str, Array], limit: float) -> None:
    want, want_norm = reference(lambda given: language.clip_gradients(given, limit=limit), gradients)
    clipped, norm = student.language.clip_gradients(gradients, limit=limit)
    got = entries(clipped, tuple(gradients), "clipped")
    assert_close(norm, want_norm, "norm")
    for name in gradients:
        assert_close(got[name], want[name], f"clipped[{name}]")


@task("language", part="clip")
@pytest.mark.parametrize("length", [30.0, 5.5])
def test_long_gradients_are_shortened_together(student: Any, rng: np.random.Generator, length: float) -> None:
    check_clip(student, draw_gradients(rng, length), 5.0)


@task("language", part="clip")
@pytest.mark.parametrize("length", [4.5, 0.01])
def test_short_gradients_stay(student: Any, rng: np.random.Generator, length: float) -> None:
    check_clip(student, draw_gradients(rng, length), 5.0)


@task("language", part="edge")
def test_gradients_of_zero_stay(student: Any, rng: np.random.Generator) -> None:
    check_clip(student, draw_gradients(rng, 0.0), 5.0)


@task("language", part="purity")
def test_cutting_changes_no_token(student: Any, rng: np.random.Generator) -> None:
    text = rng.permutation(13)
    want = language.language_windows(text, length=3)
    (inputs, targets), after = student.language.language_windows.watch(text, length=3)
    assert_close(inputs, want[0], "inputs")
    assert_close(targets, want[1], "targets")
    assert_unchanged(after, [text], ("tokens",))


@task("language", part="purity")
def test_loss_changes_no_input(student: Any, rng: np.random.Generator) -> None:
    inputs = MAIN[0].draw(rng)
    want, _ = reference(language.temporal_softmax_loss, *inputs)
    (loss, _), after = student.language.temporal_softmax_loss.watch(*inputs)
    assert_close(loss, want, "loss")
    assert_unchanged(after, inputs, ("x", "y", "mask"))


@task("language", part="purity")
def test_clipping_changes_no_gradient(student: Any, rng: np.random.Generator) -> None:
    gradients = draw_gradients(rng, 30.0)
    (_, norm), after = student.language.clip_gradients.watch(gradients, limit=5.0)
    assert_close(norm, 30.0, "norm")
    assert type(after[0]) is dict, "the call replaced the gradients"
    kept = [after[0].get(name) for name in gradients]
    assert_unchanged(kept, gradients.values(), [f"gradients[{name}]" for name in gradients])
