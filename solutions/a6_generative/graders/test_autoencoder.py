"""Autoencoders, noise and principal directions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from autograder.author import Expected, assert_close, assert_unchanged, in_float64, reference, task
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


@task("autoencoder", part="edge")
def test_autoencoder_of_float64_is_computed_in_float64(student: Any, rng: np.random.Generator) -> None:
    inputs = MAIN[0].draw(rng)
    want, want_dW = in_float64(reference(autoencoder.autoencoder_loss, *inputs))
    loss, dW = student.autoencoder.autoencoder_loss(*inputs)
    assert_close(loss, want, "loss")
    assert_close(dW, want_dW, "dW")
    x, _, W = inputs
    z = student.autoencoder.encode(x, W)
    assert_close(z, in_float64(reference(autoencoder.encode, x, W)), "z")
    y = student.autoencoder.decode(x @ W, W)
    assert_close(y, in_float64(reference(autoencoder.decode, x @ W, W)), "y")


@task("autoencoder", part="purity")
def test_no_input_is_changed(student: Any, rng: np.random.Generator) -> None:
    inputs = MAIN[0].draw(rng)
    x, _, W = inputs
    z, after = student.autoencoder.encode.watch(x, W)
    assert_close(z, reference(autoencoder.encode, x, W), "z")
    assert_unchanged(after, (x, W), ("x of encode", "W of encode"))
    y, after = student.autoencoder.decode.watch(x @ W, W)
    assert_close(y, reference(autoencoder.decode, x @ W, W), "y")
    assert_unchanged(after, (x @ W, W), ("z of decode", "W of decode"))
    want, _ = reference(autoencoder.autoencoder_loss, *inputs)
    (loss, _), after = student.autoencoder.autoencoder_loss.watch(*inputs)
    assert_close(loss, want, "loss")
    assert_unchanged(after, inputs, ("x", "target", "W"))


SHAPE = (100, 101)
FLAT = (2, 5050)  # whose law looks right even where both examples share their noise


def noise_of(student: Any, rng: np.random.Generator, std: float, shape: tuple[int, int]) -> Array:
    """What add_noise adds, in units of std."""
    x = 5 * rng.choice([-1.0, 1.0], size=shape)
    noisy = student.autoencoder.add_noise(x, std=std, rng=rng)
    assert noisy.shape == shape, f"the noisy examples have shape {noisy.shape}; expected {shape}"
    assert np.isfinite(noisy).all(), "the noisy examples hold NaN or infinity"
    noise: Array = (np.asarray(noisy, dtype=np.float64) - x) / std
    return noise


# Of 10 100 normal numbers the mean is off by 0.07 less than once in 10^11, the mean square (chi-square)
# by 0.1 less than once in 10^11, a product of neighbours by 0.09 less than once in 10^9.
@task("denoising", part="noise")
@pytest.mark.parametrize("std", [0.2, 1.7])
def test_noise_has_mean_0_and_the_deviation_asked_for(
    student: Any, rng: np.random.Generator, std: float
) -> None:
    noise = noise_of(student, rng, std, FLAT)
    assert abs(float(noise.mean())) < 0.07, "the mean of the noise is not 0"
    assert abs(float((noise**2).mean()) - 1) < 0.1, "the standard deviation of the noise is not std"


@task("denoising", part="noise")
def test_noise_is_normal(student: Any, rng: np.random.Generator) -> None:
    noise = abs(noise_of(student, rng, 0.6, FLAT))
    # Hoeffding: each share is off by 0.035 less than once in 10^10.
    for size, share in ((0.5, 0.3829), (1.0, 0.6827), (2.0, 0.9545)):
        assert abs(float((noise < size).mean()) - share) < 0.035, "the noise is not normal"


@task("denoising", part="noise")
def test_noise_is_independent(student: Any, rng: np.random.Generator) -> None:
    one, two = (noise_of(student, rng, 0.6, SHAPE) for _ in range(2))
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
    # W = 1 hands everything on, so the loss against the clean examples is the noise itself: 256 entries
    # of variance 16 for each example, 4096 in the mean. dW = 2/N (eᵀ·(x + e) + (x + e)ᵀ·e): the trace is
    # 4/N Σ e·(x + e), in the mean 4 · 4096. Whether examples share their noise is asked elsewhere, and even
    # then the relative deviation is sqrt(2/256): 0.6 is nearly seven of them. Who asks for something else
    # than the clean examples, or adds noise of another size, is off by 0.66 and more.
    x = rng.choice([-1.0, 1.0], size=(40, 256))
    loss, dW = student.autoencoder.denoising_loss(x, np.eye(256), std=4.0, rng=rng)
    assert_close(loss, Expected(np.array(4096.0), 0.6), "the loss of weights that hand everything on")
    assert dW.shape == (256, 256), f"dW has shape {dW.shape}"
    assert np.isfinite(dW).all(), "dW holds NaN or infinity"
    trace = float(np.trace(np.asarray(dW, dtype=np.float64)))
    assert_close(
        trace, Expected(np.array(4 * 4096.0), 0.6), "the trace of dW of weights that hand everything on"
    )


@task("denoising", part="edge")
@pytest.mark.parametrize("shape", [(7,), (2, 3, 4, 5)], ids=str)
def test_examples_of_any_shape(student: Any, rng: np.random.Generator, shape: tuple[int, ...]) -> None:
    x = 5 * rng.choice([-1.0, 1.0], size=shape)
    noisy = student.autoencoder.add_noise(x, std=0.01, rng=rng)
    assert_close(noisy, Expected(x, 0.05), "the noisy examples, roughly,")
    assert float((noisy != x).mean()) > 0.9, "some entries have no noise"


@task("denoising", part="edge")
def test_denoising_of_float64_is_computed_in_float64(student: Any, rng: np.random.Generator) -> None:
    x, _, W = MAIN[0].draw(rng)
    noisy = student.autoencoder.add_noise(x, std=0.0, rng=rng)
    assert_close(noisy, in_float64(Expected(x)), "examples without noise")
    want, want_dW = in_float64(reference(autoencoder.autoencoder_loss, x, x, W))
    loss, dW = student.autoencoder.denoising_loss(x, W, std=0.0, rng=rng)
    assert_close(loss, want, "loss")
    assert_close(dW, want_dW, "dW")


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


@task("denoising", part="purity")
def test_denoising_changes_no_input(student: Any, rng: np.random.Generator) -> None:
    x, _, W = MAIN[0].draw(rng)
    want, _ = reference(autoencoder.autoencoder_loss, x, x, W)
    (loss, _), after = student.autoencoder.denoising_loss.watch(x, W, std=0.0, rng=rng)
    assert_close(loss, want, "loss")
    assert_unchanged(after, (x, W), ("x", "W"))


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


@task("pca", part="edge")
def test_directions_of_float64_are_computed_in_float64(student: Any, rng: np.random.Generator) -> None:
    x = spread(rng, 9, 5)
    V, want = student.autoencoder.principal_directions(x, k=3), autoencoder.principal_directions(x, k=3)
    assert V.shape == want.shape, f"V has shape {V.shape}; expected {want.shape}"
    # Who takes eigenvectors of xᵀ·x loses a digit or two of sixteen, in float32 of seven.
    directions = in_float64(Expected(want @ want.T, 1e-5))
    assert_close(np.asarray(V, dtype=np.float64) @ np.asarray(V).T, directions, "V·Vᵀ")
    bound = in_float64(Expected(np.array(autoencoder.pca_bound(x, k=2)), 1e-5))
    assert_close(student.autoencoder.pca_bound(x, k=2), bound, "bound")


@task("pca", part="purity")
def test_directions_change_no_example(student: Any, rng: np.random.Generator) -> None:
    x = spread(rng, 9, 5)
    V, after = student.autoencoder.principal_directions.watch(x, k=2)
    assert V.shape == (5, 2), f"V has shape {V.shape}; expected (5, 2)"
    assert_unchanged(after, [x], ("x of principal_directions",))
    bound, after = student.autoencoder.pca_bound.watch(x, k=2)
    assert_close(bound, Expected(np.array(autoencoder.pca_bound(x, k=2)), 1e-4), "bound")
    assert_unchanged(after, [x], ("x",))
