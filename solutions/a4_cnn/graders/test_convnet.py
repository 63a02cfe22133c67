"""A small convolutional network from end to end."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pytest

from autograder.author import assert_close, assert_unchanged, entries, reference, task
from dlc_lib import convnet
from dlc_lib.arrays import Array, IntArray

NAMES = ("w1", "b1", "w2", "b2", "w3", "b3")
WEIGHTS = ("w1", "w2", "w3")


@dataclass(frozen=True)
class Sizes:
    """Sizes of a network, named as `convnet_init` names them."""

    channels: int = 2
    height: int = 7
    width: int = 5
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
        """x, y and params, with biases that are not 0."""
        x = rng.standard_normal((count, self.channels, self.height, self.width))
        y = rng.integers(self.classes, size=count)
        return x, y, {name: 0.5 * rng.standard_normal(shape) for name, shape in self.shapes.items()}


PLAIN = Sizes()
EDGE = {
    "5x5-filter": Sizes(kernel=5, height=5, width=4),
    "1x1-filter": Sizes(kernel=1, height=2, width=3, channels=1),
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
def test_other_filter_sizes(student: Any, rng: np.random.Generator, sizes: Sizes) -> None:
    check_loss(student, rng, sizes, 0.1)
    check_gradients(student, rng, sizes, 0.1)


@task("convnet", part="edge")
def test_single_image(student: Any, rng: np.random.Generator) -> None:
    check_loss(student, rng, PLAIN, 0.1, count=1)


@task("convnet", part="purity")
def test_loss_changes_no_input(student: Any, rng: np.random.Generator) -> None:
    x, y, params = PLAIN.draw(rng)
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
