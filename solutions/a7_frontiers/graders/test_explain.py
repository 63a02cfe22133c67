"""Saliency maps and integrated gradients."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from autograder.author import (
    Expected,
    assert_close,
    assert_refused,
    assert_unchanged,
    both_signs,
    draw_until,
    in_float64,
    reference,
    task,
)
from dlc_lib import explain
from dlc_lib.arrays import Array, IntArray


@dataclass(frozen=True)
class NetCase:
    """Images and a network with one hidden layer."""

    id: str
    images: tuple[int, int, int, int]  # N, C, H, W
    hidden: int  # M
    classes: int  # K

    def __str__(self) -> str:
        return self.id

    def draw(self, rng: np.random.Generator) -> tuple[Array, IntArray, dict[str, Array]]:
        """Images, classes and weights in which no slip hides; see `_shows_what_decides`."""
        N, C, H, W = self.images
        shapes = {"W1": (C * H * W, self.hidden), "b1": (self.hidden,)}
        shapes |= {"W2": (self.hidden, self.classes), "b2": (self.classes,)}

        def draw() -> tuple[Array, IntArray, dict[str, Array]]:
            x: Array = rng.standard_normal(self.images)
            params: dict[str, Array] = {name: rng.standard_normal(shape) for name, shape in shapes.items()}
            return x, rng.integers(self.classes, size=N), params

        return draw_until(draw, lambda drawn: _shows_what_decides(*drawn))


def _shows_what_decides(x: Array, y: IntArray, params: dict[str, Array]) -> bool:
    """Whether classes, activations, the bias and the signs of slopes matter, and none by a hair.

    The classes differ, and the score asked about is not always the largest. Units are on and off, and not
    as the gradient's sign would have it. Somewhere the steepest slope is negative.
    """
    a = x.reshape(len(x), -1) @ params["W1"] + params["b1"]
    scores = np.maximum(a, 0) @ params["W2"] + params["b2"]
    chosen = params["W2"].T[y]
    by_class = scores.shape[1] == 1 or bool((scores.argmax(axis=1) != y).any())
    by_class &= 1 in scores.shape or bool((y != y[0]).any())
    against = ((a > 0) & (chosen < -0.1)) | ((a < 0) & (chosen > 0.1))
    gradient = explain.score_gradient(x, y, params)
    largest, smallest = gradient.max(axis=1), gradient.min(axis=1)
    rival = np.abs(largest) if x.shape[1] > 1 else np.maximum(largest, 0)
    by_sign = bool((-smallest - rival > 0.1 * np.abs(gradient).max()).any())
    clear = float(np.abs(a).min()) > 1e-3 and float(np.abs(gradient).max()) > 0.1
    return (
        by_class and by_sign and clear and both_signs(a) and bool(against.any()) and _bias_decides(x, params)
    )


def _bias_decides(x: Array, params: dict[str, Array]) -> bool:
    """Whether some unit of an image is on or off because of its bias alone, and by its slope it shows."""
    a = x.reshape(len(x), -1) @ params["W1"]
    changed = (a > 0) != (a + params["b1"] > 0)
    slopes = np.abs(params["W2"]).min(axis=1) * np.abs(params["W1"]).max(axis=0)
    return bool((changed * slopes).max() > 0.1)


MAIN = (NetCase("3x5-of-2-channels", (4, 2, 3, 5), 7, 3), NetCase("5x2-of-3-channels", (3, 3, 5, 2), 11, 5))
EDGE = (NetCase("one-of-each", (1, 1, 2, 3), 3, 2), NetCase("one-class", (2, 2, 1, 3), 5, 1))


MANY = NetCase("40-images", (40, 1, 2, 2), 5, 17)  # more scores than a byte can count


def check(student: Any, rng: np.random.Generator, case: NetCase, name: str) -> None:
    inputs = case.draw(rng)
    want = reference(getattr(explain, name), *inputs)
    assert_close(getattr(student.explain, name)(*inputs), want, name)


@task("saliency", part="gradient")
@pytest.mark.parametrize("case", MAIN, ids=str)
def test_gradient_of_the_score(student: Any, rng: np.random.Generator, case: NetCase) -> None:
    check(student, rng, case, "score_gradient")


@task("saliency", part="map")
@pytest.mark.parametrize("case", MAIN, ids=str)
def test_map(student: Any, rng: np.random.Generator, case: NetCase) -> None:
    check(student, rng, case, "saliency_map")


@task("saliency", part="edge")
@pytest.mark.parametrize("case", EDGE, ids=str)
def test_unusual_shapes(student: Any, rng: np.random.Generator, case: NetCase) -> None:
    check(student, rng, case, "score_gradient")
    check(student, rng, case, "saliency_map")


@task("saliency", part="edge")
def test_unit_at_exactly_zero_passes_nothing_on(student: Any, rng: np.random.Generator) -> None:
    def draw() -> tuple[Array, IntArray, dict[str, Array]]:
        x, y, params = MAIN[0].draw(rng)
        x[0] = 0.0
        params["b1"][::2] = 0.0
        return x, y, params

    x, y, params = draw_until(draw, lambda drawn: _bias_decides(drawn[0], drawn[2]))
    want = reference(explain.score_gradient, x, y, params)
    assert_close(student.explain.score_gradient(x, y, params), want, "score_gradient")


@task("saliency", part="edge")
def test_certain_answers_still_have_a_gradient(student: Any, rng: np.random.Generator) -> None:
    x, y, params = MAIN[0].draw(rng)
    params["b2"] = 1000.0 * np.arange(MAIN[0].classes)
    want = reference(explain.saliency_map, x, y, params)
    assert_close(student.explain.saliency_map(x, y, params), want, "saliency_map")


@task("saliency", part="edge")
@pytest.mark.parametrize("dtype", ["uint8", "int32"])
def test_classes_of_any_integer_type(student: Any, rng: np.random.Generator, dtype: str) -> None:
    x, y, params = MANY.draw(rng)
    want = reference(explain.score_gradient, x, y, params)
    assert_close(student.explain.score_gradient(x, y.astype(dtype), params), want, "score_gradient")


@task("saliency", part="edge")
def test_float64_is_computed_in_float64(student: Any, rng: np.random.Generator) -> None:
    inputs = MAIN[0].draw(rng)
    for name in ("score_gradient", "saliency_map"):
        want = in_float64(reference(getattr(explain, name), *inputs))
        assert_close(getattr(student.explain, name)(*inputs), want, name)


@task("saliency", part="purity")
@pytest.mark.parametrize("name", ["score_gradient", "saliency_map"])
def test_no_input_of_saliency_is_changed(student: Any, rng: np.random.Generator, name: str) -> None:
    x, y, params = MAIN[0].draw(rng)
    want = reference(getattr(explain, name), x, y, params)
    found, after = getattr(student.explain, name).watch(x, y, params)
    assert_close(found, want, name)
    assert type(after[2]) is dict, "the call replaced params"
    assert after[2].keys() == params.keys(), "the call changed what params holds"
    names = ("x", "y", *params)
    assert_unchanged((*after[:2], *(after[2][key] for key in params)), (x, y, *params.values()), names)


class Waves:
    """f(v) = Σ_i sin((A·v)_i), over the flattened input, and its gradient."""

    def __init__(self, rng: np.random.Generator, shape: tuple[int, ...]) -> None:
        size = int(np.prod(shape))
        self.A = rng.standard_normal((5, size)) / np.sqrt(size)
        self.shape = shape

    def value(self, v: Array) -> float:
        """Height at a point."""
        return float(np.sin(self.A @ v.ravel()).sum())

    def gradient(self, v: Any) -> Array:
        """Slopes at a point."""
        flat = np.cos(self.A @ np.asarray(v, dtype=np.float64).ravel()) @ self.A
        found: Array = flat.reshape(self.shape)
        return found

    def linear(self, v: Any) -> Array:
        """Gradient of the quadratic Σ_i (A·v)_i²."""
        found: Array = (2 * (self.A.T @ (self.A @ np.asarray(v, dtype=np.float64).ravel()))).reshape(
            self.shape
        )
        return found


def draw_way(
    rng: np.random.Generator, shape: tuple[int, ...], steps: int, *, quadratic: bool = False
) -> tuple[Waves, Array, Array]:
    """A function, an input and a baseline; some entry of the input speaks against what the others say."""

    def draw() -> tuple[Waves, Array, Array]:
        return Waves(rng, shape), *rng.standard_normal((2, *shape))

    def fits(drawn: tuple[Waves, Array, Array]) -> bool:
        f, x, baseline = drawn
        gradient = f.linear if quadratic else f.gradient
        shares = explain.integrated_gradients(gradient, x, baseline, steps=steps)
        return both_signs(shares.ravel(), 0.05 * float(np.abs(shares).max()))

    return draw_until(draw, fits)


def check_attributions(student: Any, rng: np.random.Generator, shape: tuple[int, ...], steps: int) -> None:
    f, x, baseline = draw_way(rng, shape, steps)
    want = reference(
        lambda x, baseline: explain.integrated_gradients(f.gradient, x, baseline, steps=steps), x, baseline
    )
    found = student.explain.integrated_gradients(f.gradient, x, baseline, steps=steps)
    assert_close(found, want, "attributions")


@task("integrated_gradients", part="attribution")
@pytest.mark.parametrize("steps", [2, 5, 12], ids=lambda steps: f"{steps}-steps")
@pytest.mark.parametrize("shape", [(7,), (2, 3)], ids=str)
def test_attributions(student: Any, rng: np.random.Generator, shape: tuple[int, ...], steps: int) -> None:
    check_attributions(student, rng, shape, steps)


@task("integrated_gradients", part="completeness")
def test_attributions_of_a_quadratic_add_up_exactly(student: Any, rng: np.random.Generator) -> None:
    f, x, baseline = draw_way(rng, (5,), 3, quadratic=True)
    found = student.explain.integrated_gradients(f.linear, x, baseline, steps=3)
    assert found.shape == x.shape, f"the attributions have shape {found.shape}; expected {x.shape}"
    assert_close(found.sum(), rise(f, x, baseline), "the sum of the attributions")


def attributed(f: Waves, x: Array, baseline: Array) -> Array:
    return explain.integrated_gradients(f.gradient, x, baseline, steps=60)


def rise(f: Waves, x: Array, baseline: Array) -> Expected:
    value = float(((f.A @ x) ** 2).sum() - ((f.A @ baseline) ** 2).sum())
    return Expected(np.array(value), 1e-5)


@task("integrated_gradients", part="completeness")
def test_attributions_add_up_to_the_rise_of_the_function(student: Any, rng: np.random.Generator) -> None:
    def draw() -> tuple[Waves, Array, Array]:
        f = Waves(rng, (3, 2))
        x, baseline = rng.standard_normal((2, 3, 2))
        return f, x + 3.0 * f.gradient(baseline), baseline  # so that the rise is no small number

    def fits(drawn: tuple[Waves, Array, Array]) -> bool:
        """Whether some share is negative, the last piece counts, and the middles are good enough."""
        f, x, baseline = drawn
        shares, rise = attributed(f, x, baseline), f.value(x) - f.value(baseline)
        last = float((f.gradient(x - (x - baseline) / 120) * (x - baseline)).sum()) / 60
        least = 0.003 * abs(rise)
        return abs(shares.sum() - rise) < least / 50 and abs(last) > least and shares.min() < -least

    f, x, baseline = draw_until(draw, fits)
    found = student.explain.integrated_gradients(f.gradient, x, baseline, steps=60)
    want = f.value(x) - f.value(baseline)
    gap = abs(float(attributed(f, x, baseline).sum()) - want) / abs(want)
    assert found.shape == x.shape, f"the attributions have shape {found.shape}; expected {x.shape}"
    assert_close(found.sum(), Expected(np.array(want), 2 * gap + 1e-5), "the sum of the attributions")


@task("integrated_gradients", part="edge")
def test_one_step_takes_the_middle_of_the_way(student: Any, rng: np.random.Generator) -> None:
    check_attributions(student, rng, (4,), 1)


@task("integrated_gradients", part="edge")
def test_input_that_is_the_baseline_has_no_shares(student: Any, rng: np.random.Generator) -> None:
    f, x = Waves(rng, (4,)), rng.standard_normal(4)
    found = student.explain.integrated_gradients(f.gradient, x, x, steps=3)
    assert_close(found, np.zeros(4), "attributions of the baseline itself")


@task("integrated_gradients", part="edge")
@pytest.mark.parametrize("steps", [0, -2])
def test_fewer_than_one_step_is_refused(student: Any, rng: np.random.Generator, steps: int) -> None:
    f, (x, baseline) = Waves(rng, (4,)), rng.standard_normal((2, 4))
    assert_refused(
        lambda: student.explain.integrated_gradients(f.gradient, x, baseline, steps=steps),
        "steps is less than 1",
        lambda: student.explain.integrated_gradients(f.gradient, x, baseline, steps=1),
    )


@task("integrated_gradients", part="edge")
def test_attributions_in_float64_are_computed_in_float64(student: Any, rng: np.random.Generator) -> None:
    f, x, baseline = draw_way(rng, (2, 3), 5)
    want = explain.integrated_gradients(f.gradient, x, baseline, steps=5)
    found = student.explain.integrated_gradients(f.gradient, x, baseline, steps=5)
    assert_close(found, in_float64(Expected(want)), "attributions")


@task("integrated_gradients", part="purity")
def test_neither_input_nor_baseline_is_changed(student: Any, rng: np.random.Generator) -> None:
    f, x, baseline = draw_way(rng, (4,), 4)
    want = reference(
        lambda x, baseline: explain.integrated_gradients(f.gradient, x, baseline, steps=4), x, baseline
    )
    found, after = student.explain.integrated_gradients.watch(f.gradient, x, baseline, steps=4)
    assert_close(found, want, "attributions")
    assert_unchanged(after[1:], [x, baseline], ("x", "baseline"))
