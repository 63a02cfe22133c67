"""Autoencoders, noise and principal directions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from autograder.author import Expected, assert_close, assert_unchanged, reference, task
from dlc_lib import autoencoder
from dlc_lib.arrays import Array


@dataclass(frozen=True)
class CodeCase:
    """N examples of D numbers, and a code of K."""

    id: str
    N: int
    D: int
    K: int

    def __str__(self) -> str:
        return self.id

    def draw(self, rng: np.random.Generator) -> tuple[Array, Array, Array]:
        """x, target and W."""
        x, target = rng.standard_normal((2, self.N, self.D))
        return x, target, rng.standard_normal((self.D, self.K))


MAIN = (CodeCase("N5-D7-K3", 5, 7, 3), CodeCase("N7-D3-K2", 7, 3, 2))
EDGE = (
    CodeCase("one-of-each", 1, 1, 1),
    CodeCase("one-example", 1, 5, 2),
    CodeCase("code-of-one-number", 4, 5, 1),
    CodeCase("code-larger-than-the-example", 3, 2, 5),
)


def check_code(student: Any, rng: np.random.Generator, case: CodeCase) -> None:
    x, _, W = case.draw(rng)
    z = rng.standard_normal((case.N, case.K))
    assert_close(student.autoencoder.encode(x, W), reference(autoencoder.encode, x, W), "z")
    assert_close(student.autoencoder.decode(z, W), reference(autoencoder.decode, z, W), "y")


def check_loss(student: Any, inputs: tuple[Array, Array, Array]) -> None:
    want, _ = reference(autoencoder.autoencoder_loss, *inputs)
    loss, _ = student.autoencoder.autoencoder_loss(*inputs)
    assert_close(loss, want, "loss")


def check_gradient(student: Any, inputs: tuple[Array, Array, Array]) -> None:
    _, want = reference(autoencoder.autoencoder_loss, *inputs)
    _, dW = student.autoencoder.autoencoder_loss(*inputs)
    assert_close(dW, want, "dW")


@task("autoencoder", part="code")
@pytest.mark.parametrize("case", MAIN, ids=str)
def test_codes_and_what_they_stand_for(student: Any, rng: np.random.Generator, case: CodeCase) -> None:
    check_code(student, rng, case)


@task("autoencoder", part="loss")
@pytest.mark.parametrize("case", MAIN, ids=str)
@pytest.mark.parametrize("plain", [True, False], ids=["itself", "another-target"])
def test_loss(student: Any, rng: np.random.Generator, case: CodeCase, plain: bool) -> None:
    x, target, W = case.draw(rng)
    check_loss(student, (x, x if plain else target, W))


@task("autoencoder", part="gradient")
@pytest.mark.parametrize("case", MAIN, ids=str)
@pytest.mark.parametrize("plain", [True, False], ids=["itself", "another-target"])
def test_gradient(student: Any, rng: np.random.Generator, case: CodeCase, plain: bool) -> None:
    x, target, W = case.draw(rng)
    check_gradient(student, (x, x if plain else target, W))


@task("autoencoder", part="edge")
@pytest.mark.parametrize("case", EDGE, ids=str)
def test_unusual_shapes(student: Any, rng: np.random.Generator, case: CodeCase) -> None:
    check_code(student, rng, case)
    inputs = case.draw(rng)
    check_loss(student, inputs)
    check_gradient(student, inputs)


@task("autoencoder", part="purity")
def test_loss_changes_no_input(student: Any, rng: np.random.Generator) -> None:
    inputs = MAIN[0].draw(rng)
    want, _ = reference(autoencoder.autoencoder_loss, *inputs)
    (loss, _), after = student.autoencoder.autoencoder_loss.watch(*inputs)
    assert_close(loss, want, "loss")
    assert_unchanged(after, inputs, ("x", "target", "W"))


SHAPE = (100, 101)


def noise_of(student: Any, rng: np.random.Generator, std: float) -> Array:
    """What add_noise adds, in units of std."""
    x = 5 * rng.standard_normal(SHAPE)
    noisy = student.autoencoder.add_noise(x, std=std, rng=rng)
    assert noisy.shape == SHAPE, f"the noisy examples have shape {noisy.shape}; expected {SHAPE}"
    assert np.isfinite(noisy).all(), "the noisy examples hold NaN or infinity"
    return (np.asarray(noisy, dtype=np.float64) - x) / std


# Of 10 100 normal numbers the mean is off by 0.07 less than once in 10^11, the mean square (chi-square)
# by 0.1 less than once in 10^11, a product of neighbours by 0.09 less than once in 10^9.
@task("denoising", part="noise")
@pytest.mark.parametrize("std", [0.2, 1.7])
def test_noise_has_mean_0_and_the_deviation_asked_for(
    student: Any, rng: np.random.Generator, std: float
) -> None:
    noise = noise_of(student, rng, std)
    assert abs(float(noise.mean())) < 0.07, "the mean of the noise is not 0"
    assert abs(float((noise**2).mean()) - 1) < 0.1, "the standard deviation of the noise is not std"


@task("denoising", part="noise")
def test_noise_is_normal(student: Any, rng: np.random.Generator) -> None:
    noise = abs(noise_of(student, rng, 0.6))
    # Hoeffding: each share is off by 0.035 less than once in 10^10.
    for size, share in ((0.5, 0.3829), (1.0, 0.6827), (2.0, 0.9545)):
        assert abs(float((noise < size).mean()) - share) < 0.035, "the noise is not normal"


@task("denoising", part="noise")
def test_noise_is_independent(student: Any, rng: np.random.Generator) -> None:
    one, two = noise_of(student, rng, 0.6), noise_of(student, rng, 0.6)
    for noise in (one, two):
        assert abs(float((noise**2).mean()) - 1) < 0.1, "the standard deviation of the noise is not std"
    why = "of each other: is one draw used twice, or a seed set inside?"
    assert abs(float((one[1:] * one[:-1]).mean())) < 0.09, f"rows are not independent {why}"
    assert abs(float((one[:, 1:] * one[:, :-1]).mean())) < 0.09, f"columns are not independent {why}"
    assert abs(float((one * two).mean())) < 0.09, f"calls are not independent {why}"


@task("denoising", part="loss")
def test_without_noise_it_is_the_plain_loss(student: Any, rng: np.random.Generator) -> None:
    x, _, W = MAIN[0].draw(rng)
    want, want_dW = reference(autoencoder.autoencoder_loss, x, x, W)
    loss, dW = student.autoencoder.denoising_loss(x, W, std=0.0, rng=rng)
    assert_close(loss, want, "loss")
    assert_close(dW, want_dW, "dW")


@task("denoising", part="loss")
def test_clean_examples_are_the_target(student: Any, rng: np.random.Generator) -> None:
    # W = 1 hands everything on, so the loss against the clean examples is the noise itself: 101 entries
    # of variance 4 for each example. Its relative deviation is sqrt(2/10100); 0.1 is seven of them.
    x = rng.standard_normal(SHAPE)
    loss, dW = student.autoencoder.denoising_loss(x, np.eye(SHAPE[1]), std=2.0, rng=rng)
    assert_close(loss, Expected(np.array(404.0), 0.1), "the loss of weights that hand everything on")
    assert dW.shape == (SHAPE[1], SHAPE[1]), f"dW has shape {dW.shape}"
    # dW = 2/N (eᵀ·(x + e) + (x + e)ᵀ·e): the trace is 4/N Σ e·(x + e), in the mean 4 · 404.
    assert np.isfinite(dW).all(), "dW holds NaN or infinity"
    trace = float(np.trace(np.asarray(dW, dtype=np.float64)))
    assert_close(
        trace, Expected(np.array(1616.0), 0.12), "the trace of dW of weights that hand everything on"
    )


@task("denoising", part="edge")
def test_no_noise_is_added_at_deviation_0(student: Any, rng: np.random.Generator) -> None:
    x = rng.standard_normal((3, 2))
    assert_close(student.autoencoder.add_noise(x, std=0.0, rng=rng), x, "examples without noise")


@task("denoising", part="edge")
def test_one_example_with_noise(student: Any, rng: np.random.Generator) -> None:
    noisy = student.autoencoder.add_noise(np.zeros((1, 1)), std=1.0, rng=rng)
    assert noisy.shape == (1, 1), f"the noisy example has shape {noisy.shape}; expected (1, 1)"
    assert abs(float(noisy[0, 0])) < 10, "the noise is not normal"  # less than once in 10^22


@task("denoising", part="purity")
def test_noise_is_not_added_in_place(student: Any, rng: np.random.Generator) -> None:
    x = rng.standard_normal((50, 60))
    noisy, after = student.autoencoder.add_noise.watch(x, std=0.3, rng=rng)
    assert noisy.shape == x.shape, f"the noisy examples have shape {noisy.shape}; expected {x.shape}"
    assert_close(noisy, Expected(x, 0.5), "the noisy examples, roughly,")
    assert_unchanged(after, [x], ("x",))


def spread(rng: np.random.Generator, N: int, D: int) -> Array:
    """Examples whose singular values are well apart."""
    rank = min(N, D)
    U, V = (np.linalg.qr(rng.standard_normal((size, rank)))[0] for size in (N, D))
    x: Array = U * (3.0 * 0.6 ** np.arange(rank)) @ V.T
    return x


def check_directions(student: Any, x: Array, k: int) -> None:
    V = student.autoencoder.principal_directions(x, k=k)
    want = autoencoder.principal_directions(x, k=k)
    assert V.shape == want.shape, f"V has shape {V.shape}; expected {want.shape}"
    assert_close(np.asarray(V).T @ V, Expected(np.eye(k), 1e-4), "Vᵀ·V")
    signs = np.sign((np.asarray(V, dtype=np.float64) * want).sum(axis=0))
    assert_close(
        V * np.where(signs < 0, -1.0, 1.0), Expected(want, 1e-4), "V, whichever way its columns point,"
    )


@task("pca", part="directions")
@pytest.mark.parametrize(("N", "D", "k"), [(9, 5, 3), (4, 7, 2), (11, 6, 1)])
def test_directions(student: Any, rng: np.random.Generator, N: int, D: int, k: int) -> None:
    check_directions(student, spread(rng, N, D), k)


@task("pca", part="directions")
def test_no_mean_is_subtracted(student: Any, rng: np.random.Generator) -> None:
    x = 0.2 * spread(rng, 8, 5) + rng.uniform(1, 2, 5)
    check_directions(student, x, 1)


@task("pca", part="bound")
@pytest.mark.parametrize(("N", "D", "k"), [(9, 5, 3), (4, 7, 2), (11, 6, 1)])
def test_bound(student: Any, rng: np.random.Generator, N: int, D: int, k: int) -> None:
    x = spread(rng, N, D)
    want = reference(lambda x: autoencoder.pca_bound(x, k=k), x)
    assert_close(student.autoencoder.pca_bound(x, k=k), Expected(want.value, max(want.limit, 1e-5)), "bound")


@task("pca", part="edge")
def test_all_directions(student: Any, rng: np.random.Generator) -> None:
    x = spread(rng, 7, 3)
    check_directions(student, x, 3)
    bound = student.autoencoder.pca_bound(x, k=3)
    assert_close(1 + bound, 1.0, "1 + the bound of a code as large as the example")


@task("pca", part="edge")
def test_bound_of_a_code_larger_than_the_example(student: Any, rng: np.random.Generator) -> None:
    bound = student.autoencoder.pca_bound(spread(rng, 5, 3), k=4)
    assert_close(1 + bound, 1.0, "1 + the bound of a code larger than the example")


@task("pca", part="purity")
def test_directions_change_no_example(student: Any, rng: np.random.Generator) -> None:
    x = spread(rng, 9, 5)
    bound, after = student.autoencoder.pca_bound.watch(x, k=2)
    assert_close(bound, Expected(np.array(autoencoder.pca_bound(x, k=2)), 1e-4), "bound")
    assert_unchanged(after, [x], ("x",))
