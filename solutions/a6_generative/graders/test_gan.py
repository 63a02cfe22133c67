"""Losses of generative adversarial nets."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.author import assert_close, assert_unchanged, draw_until, in_float64, reference, task
from dlc_lib import gan
from dlc_lib.arrays import Array

GAN = ("discriminator_loss", "generator_loss", "minimax_generator_loss")
LS = ("ls_discriminator_loss", "ls_generator_loss")
SIZES = ((5, 7), (11, 3))
NAMES = ("dreal", "dfake")


def draw(rng: np.random.Generator, name: str, sizes: tuple[int, int], size: float = 2.0) -> list[Array]:
    """Logits of real examples and of fakes, or of fakes alone; the two kinds differ in the mean."""

    def draw() -> list[Array]:
        return [size * rng.uniform(-1.5, 1.5, count) for count in sizes]

    def fits(both: list[Array]) -> bool:
        real, fake = both
        apart = abs(real.mean() - fake.mean()) > 0.1 * size  # or exchanging them would not show
        losses = np.logaddexp(0, -real).mean(), np.logaddexp(0, fake).mean()
        return bool(apart and abs(losses[0] - losses[1]) > 0.05)

    both = draw_until(draw, fits)
    return both if "discriminator" in name else both[1:]


def check(student: Any, name: str, inputs: list[Array], what: str) -> None:
    """Judge the loss, the gradients, or both."""
    want, *slopes = reference(getattr(gan, name), *inputs)
    loss, *gradients = getattr(student.gan, name)(*inputs)
    if what != "gradient":
        assert_close(loss, want, "loss")
    if what != "loss":
        for found, right, label in zip(gradients, slopes, NAMES[-len(slopes) :], strict=True):
            assert_close(found, right, label)


def check_float64(student: Any, name: str, inputs: list[Array]) -> None:
    """Judge that loss and gradients keep the digits of float64."""
    found, want = getattr(student.gan, name)(*inputs), in_float64(reference(getattr(gan, name), *inputs))
    for got, right, label in zip(found, want, ("loss", *NAMES[-len(inputs) :]), strict=True):
        assert_close(got, right, f"{label} of {name}")


def check_purity(student: Any, name: str, inputs: list[Array]) -> None:
    want, *_ = reference(getattr(gan, name), *inputs)
    (loss, *_), after = getattr(student.gan, name).watch(*inputs)
    assert_close(loss, want, "loss")
    assert_unchanged(after, inputs, ("logits_real", "logits_fake")[-len(inputs) :])


of_gan, of_ls = pytest.mark.parametrize("name", GAN), pytest.mark.parametrize("name", LS)
in_sizes = pytest.mark.parametrize("sizes", SIZES, ids=["5-real-7-fakes", "11-real-3-fakes"])


@task("gan_losses", part="loss")
@of_gan
@in_sizes
def test_loss(student: Any, rng: np.random.Generator, name: str, sizes: tuple[int, int]) -> None:
    check(student, name, draw(rng, name, sizes), "loss")


@task("gan_losses", part="gradient")
@of_gan
@in_sizes
def test_gradient(student: Any, rng: np.random.Generator, name: str, sizes: tuple[int, int]) -> None:
    check(student, name, draw(rng, name, sizes), "gradient")


@task("gan_losses", part="edge")
@of_gan
def test_one_example_of_each(student: Any, rng: np.random.Generator, name: str) -> None:
    check(student, name, draw(rng, name, (1, 1)), "both")


@task("gan_losses", part="edge")
@of_gan
@pytest.mark.parametrize("logit", [40.0, 800.0])
def test_opponent_who_is_sure(student: Any, rng: np.random.Generator, name: str, logit: float) -> None:
    # Right and wrong at once: a slope of 1e-18 beside slopes of 1 need not be exact.
    signs = np.array([1.0, -1.0, 1.0, -1.0, -1.0])
    sure: list[Array] = [logit * signs[:count] + rng.standard_normal(count) for count in (4, 5)]
    check(student, name, sure if name == GAN[0] else sure[1:], "both")


@task("gan_losses", part="edge")
def test_float64_is_computed_in_float64(student: Any, rng: np.random.Generator) -> None:
    for name in GAN:
        check_float64(student, name, draw(rng, name, SIZES[0]))


@task("gan_losses", part="purity")
@of_gan
def test_loss_changes_no_logits(student: Any, rng: np.random.Generator, name: str) -> None:
    check_purity(student, name, draw(rng, name, SIZES[0]))


@task("ls_losses", part="loss")
@of_ls
@in_sizes
def test_least_squares(student: Any, rng: np.random.Generator, name: str, sizes: tuple[int, int]) -> None:
    check(student, name, draw(rng, name, sizes), "loss")


@task("ls_losses", part="gradient")
@of_ls
@in_sizes
def test_gradient_of_least_squares(
    student: Any, rng: np.random.Generator, name: str, sizes: tuple[int, int]
) -> None:
    check(student, name, draw(rng, name, sizes), "gradient")


@task("ls_losses", part="edge")
@of_ls
@pytest.mark.parametrize("size", [1.0, 1e4], ids=["one-of-each", "large-scores"])
def test_least_squares_of_unusual_scores(
    student: Any, rng: np.random.Generator, name: str, size: float
) -> None:
    check(student, name, draw(rng, name, (1, 1), size), "both")


@task("ls_losses", part="edge")
def test_float64_is_computed_in_float64_by_least_squares(student: Any, rng: np.random.Generator) -> None:
    for name in LS:
        check_float64(student, name, draw(rng, name, SIZES[0]))


@task("ls_losses", part="purity")
@of_ls
def test_least_squares_change_no_scores(student: Any, rng: np.random.Generator, name: str) -> None:
    check_purity(student, name, draw(rng, name, SIZES[0]))
