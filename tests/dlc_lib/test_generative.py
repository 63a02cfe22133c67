"""Autoencoders against torch and principal components, losses of games against torch, a game that is won."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn.functional import binary_cross_entropy_with_logits

from dlc_lib.autoencoder import (
    add_noise,
    autoencoder_loss,
    denoising_loss,
    pca_bound,
    principal_directions,
)
from dlc_lib.gan import (
    discriminator_loss,
    generator_loss,
    ls_discriminator_loss,
    ls_generator_loss,
    minimax_generator_loss,
)
from dlc_lib.gan_nets import make_adam, make_sgd, new_net, parameters_of
from dlc_lib.gan_training import gan_step


@given(st.integers(0, 2**31), st.integers(1, 5), st.integers(1, 6), st.integers(1, 7))
def test_gradient_of_an_autoencoder_is_that_of_torch(seed, N, D, K):
    rng = np.random.default_rng(seed)
    x, target, W = rng.standard_normal((N, D)), rng.standard_normal((N, D)), rng.standard_normal((D, K))
    weights = torch.tensor(W, requires_grad=True)
    want = ((torch.tensor(x) @ weights @ weights.T - torch.tensor(target)) ** 2).sum() / N
    want.backward()
    loss, dW = autoencoder_loss(x, target, W)
    assert loss == pytest.approx(want.item(), rel=1e-12)
    np.testing.assert_allclose(dW, weights.grad.numpy(), rtol=1e-9, atol=1e-11)


@given(st.integers(0, 2**31), st.integers(1, 4))
def test_no_linear_autoencoder_beats_the_principal_directions(seed, k):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((9, 5)) * np.array([5, 3, 2, 1, 0.5])
    V, bound = principal_directions(x, k=k), pca_bound(x, k=k)
    np.testing.assert_allclose(V.T @ V, np.eye(k), atol=1e-12)
    assert autoencoder_loss(x, x, V)[0] == pytest.approx(bound, rel=1e-10)
    other = np.linalg.qr(rng.standard_normal((5, k)))[0]
    assert autoencoder_loss(x, x, other)[0] >= bound - 1e-12


def test_descent_reaches_the_bound():
    rng = np.random.default_rng(0)
    x, W = rng.standard_normal((40, 6)) * np.array([3, 2, 1, 1, 0.5, 0.2]), 0.3 * rng.standard_normal((6, 2))
    for _ in range(3000):
        W = W - 0.01 * autoencoder_loss(x, x, W)[1]
    assert autoencoder_loss(x, x, W)[0] == pytest.approx(pca_bound(x, k=2), rel=1e-6)


def test_noise_has_the_deviation_asked_for_and_the_target_has_none():
    x, rng = np.full((400, 100), 3.0), np.random.default_rng(0)
    noise = add_noise(x, std=0.5, rng=rng) - x
    assert noise.mean() == pytest.approx(0, abs=0.01)
    assert noise.std() == pytest.approx(0.5, rel=0.01)
    assert add_noise(x.astype(np.float32), std=0.5, rng=rng).dtype == np.float32
    loss, _ = denoising_loss(x, np.eye(100), std=0.5, rng=rng)
    assert loss == pytest.approx(25.0, rel=0.02)  # 100 entries of variance 1/4: the noise itself comes out


LOSSES = {
    "discriminator": (
        discriminator_loss,
        lambda real, fake: (
            binary_cross_entropy_with_logits(real, torch.ones_like(real))
            + binary_cross_entropy_with_logits(fake, torch.zeros_like(fake))
        ),
        2,
    ),
    "generator": (
        generator_loss,
        lambda fake: binary_cross_entropy_with_logits(fake, torch.ones_like(fake)),
        1,
    ),
    "minimax": (
        minimax_generator_loss,
        lambda fake: -binary_cross_entropy_with_logits(fake, torch.zeros_like(fake)),
        1,
    ),
    "ls_discriminator": (
        ls_discriminator_loss,
        lambda real, fake: ((real - 1) ** 2).mean() / 2 + (fake**2).mean() / 2,
        2,
    ),
    "ls_generator": (ls_generator_loss, lambda fake: ((fake - 1) ** 2).mean() / 2, 1),
}


@pytest.mark.parametrize("size", [1.0, 100.0])
@pytest.mark.parametrize("name", LOSSES)
def test_losses_and_their_slopes_are_those_of_torch(name, size):
    ours, theirs, count = LOSSES[name]
    rng = np.random.default_rng(0)
    inputs = [size * rng.standard_normal(n) for n in (5, 7)[:count]]
    tensors = [torch.tensor(each, requires_grad=True) for each in inputs]
    want = theirs(*tensors)
    want.backward()
    loss, *gradients = ours(*inputs)
    assert loss == pytest.approx(want.item(), rel=1e-10)
    for found, tensor in zip(gradients, tensors, strict=True):
        np.testing.assert_allclose(found, tensor.grad.numpy(), rtol=1e-8, atol=1e-16)


def test_step_moves_the_discriminator_first_and_the_generator_against_it():
    rng = np.random.default_rng(0)
    D, G = new_net(2, 5, 1, rng=rng), new_net(3, 4, 2, rng=rng)
    real, noise = torch.randn(6, 2), torch.randn(9, 3)
    before = parameters_of(D), parameters_of(G)
    gan_step(D, G, make_sgd(D, 0.1, 0.0), make_sgd(G, 0.0, 0.0), real, noise)
    assert G.backward_passes == 1
    moved = parameters_of(D)
    assert all((a == b).all() for a, b in zip(parameters_of(G), before[1], strict=True))
    assert any((a != b).any() for a, b in zip(moved, before[0], strict=True))
    d_loss, g_loss = gan_step(D, G, make_sgd(D, 0.0, 0.0), make_sgd(G, 0.1, 0.0), real, noise)
    assert all((a == b).all() for a, b in zip(parameters_of(D), moved, strict=True))
    logits_real, logits_fake = (
        D(each)[:, 0].detach().numpy() for each in (real, make_like(G, before[1])(noise))
    )
    assert d_loss == pytest.approx(discriminator_loss(logits_real, logits_fake)[0], rel=1e-5)
    assert g_loss == pytest.approx(generator_loss(logits_fake)[0], rel=1e-5)


def make_like(net, arrays):
    """The network with other parameters."""
    for parameter, array in zip((net.W1, net.b1, net.W2, net.b2), arrays, strict=True):
        parameter.data = torch.tensor(array)
    return net


def test_generator_learns_where_the_data_is():
    rng = np.random.default_rng(1)
    D, G = new_net(1, 16, 1, rng=rng), new_net(2, 16, 1, rng=rng)
    d_optimizer, g_optimizer = make_adam(D, 0.01), make_adam(G, 0.01)
    draw = torch.Generator().manual_seed(0)
    for _ in range(800):
        real = 3 + 0.5 * torch.randn(64, 1, generator=draw)
        gan_step(D, G, d_optimizer, g_optimizer, real, torch.randn(64, 2, generator=draw))
    made = G(torch.randn(2000, 2, generator=draw)).detach().numpy()
    assert made.mean() == pytest.approx(3, abs=0.5)
