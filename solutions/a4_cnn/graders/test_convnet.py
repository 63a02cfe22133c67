"""A small convolutional network from end to end."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pytest

from autograder.author import (
    assert_close,
    assert_unchanged,
    both_signs,
    draw_until,
    entries,
    in_float64,
    reference,
    task,
)
from dlc_lib import convnet, im2col, layers, pool
from dlc_lib.arrays import Array, IntArray

NAMES = ("w1", "b1", "w2", "b2", "w3", "b3")
WEIGHTS = ("w1", "w2", "w3")


@dataclass(frozen=True)
class Sizes:
    """Sizes of a network, named as `convnet_init` names them."""

    channels: int = 2
    height: int = 6
    width: int = 4
    filters: int = 3
    kernel: int = 3
    hidden: int = 11
    classes: int = 5

    @property
    def fan_ins(self) -> tuple[int, int, int]:
        """Weights that feed one unit, for w1, w2 and w3."""
        flat = self.filters * (self.height // 2) * (self.width // 2)
        return self.channels * self.kernel**2, flat, self.hidden

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Shape of each parameter."""
        _, flat, hidden = self.fan_ins
        filters = (self.filters, self.channels, self.kernel, self.kernel)
        weights = (filters, (flat, hidden), (hidden, self.classes))
        biases = ((self.filters,), (self.hidden,), (self.classes,))
        return dict(zip(WEIGHTS, weights, strict=True)) | dict(zip(("b1", "b2", "b3"), biases, strict=True))

    def draw(self, rng: np.random.Generator, count: int = 3) -> tuple[Array, IntArray, dict[str, Array]]:
        """x, y and params, with biases that are not 0 and no relu that changes nothing."""
        sizes = dict(zip(WEIGHTS, np.sqrt(2 / np.array(self.fan_ins)), strict=True))

        def draw() -> tuple[Array, IntArray, dict[str, Array]]:
            x = rng.standard_normal((count, self.channels, self.height, self.width))
            y = rng.integers(self.classes, size=count)
            shapes = self.shapes.items()
            params = {name: sizes.get(name, 0.5) * rng.standard_normal(shape) for name, shape in shapes}
            return x, y, params

        return draw_until(draw, lambda drawn: _shows_every_relu(*drawn))


def _shows_every_relu(x: Array, y: IntArray, params: dict[str, Array]) -> bool:
    """Whether relu matters in both places, and would matter behind the scores, in every image."""
    w1, b1 = params["w1"], params["b1"]
    maps, _ = im2col.conv_im2col_forward(x, w1, b1, stride=1, pad=w1.shape[2] // 2)
    largest, _ = pool.max_pool_forward(maps, pool_height=2, pool_width=2, stride=2)
    flat = largest.reshape(len(x), -1)
    hidden, _ = layers.affine_forward(np.maximum(flat, 0), params["w2"], params["b2"])
    scores, _ = layers.affine_forward(np.maximum(hidden, 0), params["w3"], params["b3"])
    right = scores[np.arange(len(y)), y]
    bounded = np.abs(scores).max() < 3  # beyond, probabilities near 0 hide what is wrong with them
    signs = all(map(both_signs, (flat, hidden, scores)))
    return bounded and bool(right.min() < -0.1) and signs and _winners_differ(maps, largest > 0.1)


def _winners_differ(maps: Array, alive: np.ndarray[Any, Any]) -> bool:
    """Whether some channels have their largest entry elsewhere than others, one of them off the diagonal."""
    N, F, Ho, Wo = alive.shape
    windows = maps[:, :, : 2 * Ho, : 2 * Wo].reshape(N, F, Ho, 2, Wo, 2).swapaxes(3, 4)
    winner = windows.reshape(N, F, Ho, Wo, 4).argmax(axis=4)
    first, last = np.where(alive, winner, 4).min(axis=1), np.where(alive, winner, -1).max(axis=1)
    return bool((first < last).any()) and bool((alive & ((winner == 1) | (winner == 2))).any())


PLAIN = Sizes()
EDGE = {
    "5x5-filter": Sizes(kernel=5),
    "1x1-filter": Sizes(kernel=1, height=2, channels=1),
    "odd-height-and-width": Sizes(height=7, width=5),
}
LARGE = Sizes(filters=31, kernel=5, hidden=101, classes=37)


def assert_shapes(params: dict[str, Array], sizes: Sizes) -> None:
    for name, shape in sizes.shapes.items():
        got = params[name].shape
        assert got == shape, f"{name} has shape {got}; expected {shape}"


def check_loss(student: Any, rng: np.random.Generator, sizes: Sizes, lam: float, count: int = 3) -> None:
    x, y, params = sizes.draw(rng, count)
    want, _ = reference(convnet.convnet_loss, x, y, params, lam=lam)
    loss, _ = student.convnet.convnet_loss(x, y, params, lam=lam)
    assert_close(loss, want, "loss")


def check_gradients(
    student: Any, rng: np.random.Generator, sizes: Sizes, lam: float, names: tuple[str, ...] = NAMES
) -> None:
    x, y, params = sizes.draw(rng)
    _, want = reference(convnet.convnet_loss, x, y, params, lam=lam)
    _, gradients = student.convnet.convnet_loss(x, y, params, lam=lam)
    got = entries(gradients, names, "gradients")
    for name in names:
        assert_close(got[name], want[name], f"gradients[{name}]")


@task("convnet", part="forward")
def test_parameters_start_with_the_right_shapes(student: Any, rng: np.random.Generator) -> None:
    params = entries(student.convnet.convnet_init(**asdict(PLAIN), rng=rng), NAMES, "params")
    assert_shapes(params, PLAIN)


@task("convnet", part="forward")
def test_weights_start_with_variance_two_over_fan_in(student: Any, rng: np.random.Generator) -> None:
    params = entries(student.convnet.convnet_init(**asdict(LARGE), rng=rng), NAMES, "params")
    assert_shapes(params, LARGE)
    for name, fan_in in zip(WEIGHTS, LARGE.fan_ins, strict=True):
        # At least 1550 normal numbers: their standard deviation is off by 12 % less than once in 10^10.
        size = float(np.std(params[name]) / np.sqrt(2 / fan_in))
        assert 0.88 < size < 1.13, f"the standard deviation of {name} is not sqrt(2 / fan_in)"
    for name in ("b1", "b2", "b3"):
        assert_close(params[name], np.zeros(LARGE.shapes[name]), name)


@task("convnet", part="forward")
def test_scores(student: Any, rng: np.random.Generator) -> None:
    x, _, params = PLAIN.draw(rng)
    want, _ = reference(convnet.convnet_forward, x, params)
    scores, _ = student.convnet.convnet_forward(x, params)
    assert_close(scores, want, "scores")


@task("convnet", part="forward")
@pytest.mark.parametrize("lam", [0.0, 0.7], ids=["without-penalty", "with-penalty"])
def test_loss(student: Any, rng: np.random.Generator, lam: float) -> None:
    check_loss(student, rng, PLAIN, lam)


@task("convnet", part="backward")
@pytest.mark.parametrize("lam", [0.0, 0.7], ids=["without-penalty", "with-penalty"])
@pytest.mark.parametrize("name", NAMES)
def test_gradient(student: Any, rng: np.random.Generator, name: str, lam: float) -> None:
    check_gradients(student, rng, PLAIN, lam, (name,))


@task("convnet", part="edge")
@pytest.mark.parametrize("sizes", EDGE.values(), ids=EDGE)
def test_other_sizes_of_filter_and_image(student: Any, rng: np.random.Generator, sizes: Sizes) -> None:
    assert_shapes(entries(student.convnet.convnet_init(**asdict(sizes), rng=rng), NAMES, "params"), sizes)
    check_loss(student, rng, sizes, 0.1)
    check_gradients(student, rng, sizes, 0.1)


@task("convnet", part="edge")
def test_single_image(student: Any, rng: np.random.Generator) -> None:
    check_loss(student, rng, PLAIN, 0.1, count=1)


@task("convnet", part="edge")
def test_weights_start_normal_around_zero(student: Any, rng: np.random.Generator) -> None:
    params = entries(student.convnet.convnet_init(**asdict(LARGE), rng=rng), NAMES, "params")
    assert_shapes(params, LARGE)
    fan_ins = zip(WEIGHTS, LARGE.fan_ins, strict=True)
    weights = np.concatenate([params[name].ravel() / np.sqrt(2 / fan_in) for name, fan_in in fan_ins])
    # Of 24,073 normal numbers the mean is off by 0.04 less than once in 10^9, each share by 0.03 less than
    # once in 10^18 (Hoeffding). Uniform numbers of the same variance miss the second share by 0.1.
    assert abs(float(weights.mean())) < 0.04, "the mean of the weights is not 0"
    for size, share in ((0.5, 0.3829), (1.0, 0.6827), (2.0, 0.9545)):
        assert abs(float((abs(weights) < size).mean()) - share) < 0.03, "the weights are not normal"


@task("convnet", part="edge")
@pytest.mark.parametrize("dtype", ["uint8", "int32"])
def test_classes_of_any_integer_type(student: Any, rng: np.random.Generator, dtype: str) -> None:
    x, y, params = PLAIN.draw(rng)
    want, want_gradients = reference(convnet.convnet_loss, x, y, params, lam=0.1)
    loss, gradients = student.convnet.convnet_loss(x, y.astype(dtype), params, lam=0.1)
    assert_close(loss, want, "loss")
    assert_close(entries(gradients, ("w3",), "gradients")["w3"], want_gradients["w3"], "gradients[w3]")


@task("convnet", part="edge")
def test_float64_is_computed_in_float64(student: Any, rng: np.random.Generator) -> None:
    x, y, params = PLAIN.draw(rng)
    want, want_gradients = in_float64(reference(convnet.convnet_loss, x, y, params, lam=0.1))
    loss, gradients = student.convnet.convnet_loss(x, y, params, lam=0.1)
    assert_close(loss, want, "loss")
    got = entries(gradients, NAMES, "gradients")
    for name in NAMES:
        assert_close(got[name], want_gradients[name], f"gradients[{name}]")


@task("convnet", part="purity")
def test_loss_changes_no_input(student: Any, rng: np.random.Generator) -> None:
    x, y, params = PLAIN.draw(rng)
    want_scores, _ = reference(convnet.convnet_forward, x, params)
    (scores, _), after = student.convnet.convnet_forward.watch(x, params)
    assert_close(scores, want_scores, "scores")
    left = entries(after[1], NAMES, "params after the forward pass")
    before = (x, *(params[name] for name in NAMES))
    assert_unchanged([after[0], *(left[name] for name in NAMES)], before, ("x", *NAMES))
    want, _ = reference(convnet.convnet_loss, x, y, params, lam=0.7)
    (loss, _), after = student.convnet.convnet_loss.watch(x, y, params, lam=0.7)
    assert_close(loss, want, "loss")
    assert_unchanged(after[:2], (x, y), ("x", "y"))
    left = entries(after[2], NAMES, "params after the call")
    assert_unchanged([left[name] for name in NAMES], [params[name] for name in NAMES], NAMES)


@task("convnet", part="purity")
def test_all_randomness_comes_from_rng(student: Any) -> None:
    first, second = (
        entries(student.convnet.convnet_init(**asdict(PLAIN), rng=np.random.default_rng(7)), NAMES, "params")
        for _ in range(2)
    )
    for name in WEIGHTS:
        assert first[name].size > 1, f"{name} has a wrong shape"
        assert np.ptp(first[name]) > 0, f"{name} starts with one number everywhere"
        assert_close(second[name], first[name], f"{name} of a second call with the same rng")
