"""Augmented and normalized images."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.author import Expected, assert_close, assert_unchanged, reference, task
from dlc_lib import augment
from dlc_lib.arrays import Array

from .cases import IN_FLOAT64, draw_signed

MANY = 1200  # Hoeffding: a share of 1200 images is off by 0.1 less than once in 10^10


def nearest(
    found: Array, x: Array, choices: list[Array], what: str, limit: float = 1e-5
) -> np.ndarray[Any, Any]:
    """Which of the choices each image is; every one must be one of them."""
    assert found.shape == x.shape, f"the images have shape {found.shape}; expected {x.shape}"
    assert np.isfinite(found).all(), "the images hold NaN or infinity"
    gaps = np.array([np.abs(found - choice).reshape(len(x), -1).max(axis=1) for choice in choices])
    assert (gaps.min(axis=0) < limit).all(), what
    which: np.ndarray[Any, Any] = gaps.argmin(axis=0)
    return which


def flips(student: Any, rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray[Any, Any]:
    """1 for each image that was mirrored, else 0."""
    x = draw_signed(rng, *shape)
    found = student.augment.random_flip(x, rng=rng)
    return nearest(found, x, [x, x[..., ::-1]], "an image is neither as it was nor mirrored left to right")


@task("augment", part="flip")
@pytest.mark.parametrize("shape", [(90, 3, 4, 5), (80, 1, 5, 3)], ids=str)
def test_images_are_mirrored_or_not(student: Any, rng: np.random.Generator, shape: tuple[int, ...]) -> None:
    found = flips(student, rng, shape)
    assert 0 < found.sum() < len(found), "all images are treated alike"  # by chance: once in 10^23
    assert 0 < flips(student, rng, shape).sum() < len(found), "all images are treated alike"


@task("augment", part="flip")
def test_half_of_the_images_are_mirrored(student: Any, rng: np.random.Generator) -> None:
    one = flips(student, rng, (MANY, 1, 1, 2))
    assert abs(float(one.mean()) - 0.5) < 0.1, "an image is not mirrored with probability 1/2"
    two = flips(student, rng, (MANY, 1, 1, 2))
    assert abs(float((one == two).mean()) - 0.5) < 0.1, "each call mirrors the same images"
    assert abs(float((one[::2] == one[1::2]).mean()) - 0.5) < 0.14, "neighbours are not independent"


def windows(x: Array, pad: int) -> list[Array]:
    """All that `random_crop` may return, first rows and columns counted up."""
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    H, W = x.shape[2:]
    places = range(2 * pad + 1)
    return [padded[:, :, i : i + H, j : j + W] for i in places for j in places]


def crops(student: Any, rng: np.random.Generator, shape: tuple[int, ...], pad: int) -> np.ndarray[Any, Any]:
    """First row and column of each image's window."""
    x = draw_signed(rng, *shape)
    found = student.augment.random_crop(x, pad=pad, rng=rng)
    which = nearest(found, x, windows(x, pad), "an image is no window of itself padded with zeros")
    return np.stack(np.divmod(which, 2 * pad + 1))


@task("augment", part="crop")
@pytest.mark.parametrize(("shape", "pad"), [((40, 3, 4, 5), 2), ((30, 2, 5, 3), 1)], ids=str)
def test_images_are_moved(student: Any, rng: np.random.Generator, shape: tuple[int, ...], pad: int) -> None:
    rows, columns = crops(student, rng, shape, pad)
    assert len(set(rows)) > 1, "all images are moved alike"
    assert len(set(columns)) > 1, "all images are moved alike"


@task("augment", part="crop")
def test_each_place_is_as_likely_as_any_other(student: Any, rng: np.random.Generator) -> None:
    rows, columns = crops(student, rng, (MANY, 1, 3, 4), 1)
    for places in (rows, columns):
        shares = np.bincount(places, minlength=3) / MANY
        assert (abs(shares - 1 / 3) < 0.1).all(), "the places of the window are not equally likely"


@task("augment", part="crop")
def test_rows_and_columns_are_drawn_independently(student: Any, rng: np.random.Generator) -> None:
    rows, columns = crops(student, rng, (MANY, 1, 4, 3), 1)
    assert np.bincount(rows).max() < 0.7 * MANY, "most images are moved by as many rows, or not at all"
    assert independent(rows, columns), "rows and columns are not moved independently"
    again, _ = crops(student, rng, (MANY, 1, 4, 3), 1)
    assert independent(rows, again), "each call moves the images alike"


def independent(one: np.ndarray[Any, Any], two: np.ndarray[Any, Any]) -> bool:
    """Whether two draws of places agree as often as independent ones that have each place as often."""
    shares = [np.bincount(places, minlength=3) / len(places) for places in (one, two)]
    return bool(abs(np.mean(one == two) - shares[0] @ shares[1]) < 0.1)


def check_statistics(student: Any, x: Array, limit: float | None = None) -> None:
    want_mean, want_std = reference(augment.channel_statistics, x)
    mean, std = student.augment.channel_statistics(x)
    assert_close(mean, want_mean, "mean", limit)
    assert_close(std, want_std, "std", limit)


def draw_channels(rng: np.random.Generator) -> Array:
    """Images whose channels differ in mean and deviation."""
    scale, shift = np.array([0.5, 2.0, 7.0]), np.array([3.0, -1.0, 0.5])
    x: Array = rng.standard_normal((5, 3, 2, 4)) * scale[:, None, None] + shift[:, None, None]
    return x


def draw_given(rng: np.random.Generator, shape: tuple[int, ...]) -> tuple[Array, Array, Array]:
    """Images, and statistics of others: no mean near 0, no deviation near 1."""
    return rng.standard_normal(shape), draw_signed(rng, shape[1]), rng.uniform(1.5, 3.0, shape[1])


@task("augment", part="normalize")
def test_statistics_of_channels(student: Any, rng: np.random.Generator) -> None:
    check_statistics(student, draw_channels(rng))


@task("augment", part="normalize")
def test_given_statistics_are_used(student: Any, rng: np.random.Generator) -> None:
    x, mean, std = draw_given(rng, (2, 3, 4, 3))
    want = reference(augment.normalize, x, mean, std)
    assert_close(student.augment.normalize(x, mean, std), want, "out")


@task("augment", part="edge")
def test_one_image_is_normalized_like_many(student: Any, rng: np.random.Generator) -> None:
    x, mean, std = draw_given(rng, (1, 1, 3, 5))
    want = reference(augment.normalize, x, mean, std)
    assert_close(student.augment.normalize(x, mean, std), want, "out")


@task("augment", part="edge")
def test_channel_of_one_colour_is_only_shifted(student: Any, rng: np.random.Generator) -> None:
    x = rng.standard_normal((3, 2, 2, 5))
    x[:, 1] = 4.0
    mean, std = np.array([0.3, 3.0]), np.array([1.7, 0.0])
    want = Expected(np.stack([(x[:, 0] - 0.3) / 1.7, np.ones_like(x[:, 1])], axis=1))
    assert_close(student.augment.normalize(x, mean, std), want, "out")


@task("augment", part="edge")
def test_no_padding_moves_nothing(student: Any, rng: np.random.Generator) -> None:
    x = draw_signed(rng, 4, 2, 3, 5)
    assert_close(student.augment.random_crop(x, pad=0, rng=rng), x, "images without padding")


@task("augment", part="edge")
def test_padding_larger_than_the_image(student: Any, rng: np.random.Generator) -> None:
    crops(student, rng, (60, 1, 2, 3), 4)


@task("augment", part="edge")
def test_float64_is_computed_in_float64(student: Any, rng: np.random.Generator) -> None:
    check_statistics(student, draw_channels(rng), IN_FLOAT64)
    x, mean, std = draw_given(rng, (60, 3, 4, 5))  # so many that some are moved
    want = reference(augment.normalize, x, mean, std)
    assert_close(student.augment.normalize(x, mean, std), want, "out in float64", limit=IN_FLOAT64)
    flipped = student.augment.random_flip(x, rng=rng)
    cropped = student.augment.random_crop(x, pad=1, rng=rng)
    for found, choices in ((flipped, [x, x[..., ::-1]]), (cropped, windows(x, 1))):
        nearest(found, x, choices, "an image has lost digits", IN_FLOAT64)


@task("augment", part="purity")
@pytest.mark.parametrize(("name", "options"), [("random_flip", {}), ("random_crop", {"pad": 1})])
def test_images_are_not_moved_in_place(
    student: Any, rng: np.random.Generator, name: str, options: dict[str, int]
) -> None:
    x = draw_signed(rng, 40, 2, 3, 5)
    found, after = getattr(student.augment, name).watch(x, rng=rng, **options)
    choices = windows(x, 1) if options else [x, x[..., ::-1]]
    nearest(found, x, choices, "an image is not what it should be")
    assert_unchanged(after, [x], ("x",))


@task("augment", part="purity")
def test_statistics_leave_the_images_alone(student: Any, rng: np.random.Generator) -> None:
    x = draw_channels(rng)
    (mean, _), after = student.augment.channel_statistics.watch(x)
    assert_close(mean, reference(augment.channel_statistics, x)[0], "mean")
    assert_unchanged(after, [x], ("x",))


@task("augment", part="purity")
def test_images_are_not_normalized_in_place(student: Any, rng: np.random.Generator) -> None:
    x, mean, std = draw_given(rng, (2, 3, 4, 3))
    std[1] = 0.0  # whoever puts a 1 there has changed what belongs to the caller
    out, after = student.augment.normalize.watch(x, mean, std)
    assert_close(out, reference(augment.normalize, x, mean, std), "out")
    assert_unchanged(after, [x, mean, std], ("x", "mean", "std"))
