"""Right solutions of a6_generative, written differently from the reference."""

from __future__ import annotations

from autograder.author import Variant

_AUTOENCODER_EINSUM = """
def encode(x, W):
    return np.einsum("nd,dk->nk", x, W)


def decode(z, W):
    return np.einsum("nk,dk->nd", z, W)


def autoencoder_loss(x, target, W):
    N = x.shape[0]
    z = encode(x, W)
    difference = decode(z, W) - target
    loss = np.einsum("nd,nd->", difference, difference) / N
    decoder = np.einsum("nd,nk->dk", difference, z)
    encoder = np.einsum("nd,ne,ek->dk", x, difference, W)
    return loss, 2 / N * (decoder + encoder)
"""
_AUTOENCODER_LOOPS = """
def autoencoder_loss(x, target, W):
    N, loss, dW = len(x), 0.0, np.zeros(W.shape)
    for example, wanted in zip(x, target):
        code = example.dot(W)
        difference = W.dot(code) - wanted
        loss += float(difference.dot(difference)) / N
        dW += 2 * np.outer(difference, code) / N
        dW += 2 * np.outer(example, difference.dot(W)) / N
    return loss, dW
"""
_AUTOENCODER_TWO_SUMS = """
def encode(x, W):
    return np.dot(x, W)


def decode(z, W):
    return np.dot(z, W.T)


def autoencoder_loss(x, target, W):
    z = x @ W
    dy = (z @ W.T - target) * (2 / len(x))
    return np.square(z @ W.T - target).sum(axis=1).mean(), dy.T @ z + x.T @ (dy @ W)
"""
_NOISE_NORMAL = """
def add_noise(x, *, std, rng):
    return rng.normal(loc=x, scale=std)


def denoising_loss(x, W, *, std, rng):
    shown = add_noise(x, std=std, rng=rng)
    return autoencoder_loss(shown, x, W)
"""
_NOISE_COPY = """
def add_noise(x, *, std, rng):
    noisy = x.copy()
    noisy += rng.normal(0.0, 1.0, size=x.size).reshape(x.shape) * std
    return noisy


def denoising_loss(x, W, *, std, rng):
    noise = rng.normal(0.0, std, size=x.shape)
    return autoencoder_loss(x + noise, np.array(x), W)
"""
_NOISE_DRAWN_IN_FLOAT32 = """
def add_noise(x, *, std, rng):
    return x + std * rng.standard_normal(x.shape, dtype=np.float32)
"""
_PCA_EIGEN = """
def principal_directions(x, *, k):
    values, vectors = np.linalg.eigh(x.T @ x)
    return vectors[:, np.argsort(values)[::-1][:k]]


def pca_bound(x, *, k):
    values = np.sort(np.linalg.eigvalsh(x.T @ x))[::-1]
    return max(float(values[k:].sum()), 0.0) / len(x)
"""
_PCA_TOTAL = """
def principal_directions(x, *, k):
    V = np.linalg.svd(x.T, full_matrices=False)[0]
    return -V[:, :k]


def pca_bound(x, *, k):
    sizes = np.linalg.svd(x)[1]
    lost = [s**2 for i, s in enumerate(sizes) if i >= k]
    return sum(lost) / x.shape[0] + 0.0
"""
_PCA_LOSS = """
def pca_bound(x, *, k):
    V = principal_directions(x, k=k)
    return float(((x - x @ V @ V.T) ** 2).sum() / len(x))
"""
_GAN_CASES = """
def _softplus(s):
    return np.maximum(s, 0) + np.log1p(np.exp(-np.abs(s)))


def _sigmoid(s):
    small = np.exp(-np.abs(s))
    return np.where(s >= 0, 1.0, small) / (1 + small)


def discriminator_loss(logits_real, logits_fake):
    N, M = logits_real.size, logits_fake.size
    loss = _softplus(-logits_real).sum() / N + _softplus(logits_fake).sum() / M
    return loss, -_sigmoid(-logits_real) / N, _sigmoid(logits_fake) / M


def generator_loss(logits_fake):
    return _softplus(-logits_fake).mean(), -_sigmoid(-logits_fake) / logits_fake.size


def minimax_generator_loss(logits_fake):
    return -_softplus(logits_fake).mean(), -_sigmoid(logits_fake) / logits_fake.size
"""
_GAN_TORCH = """
import torch
from torch.nn.functional import binary_cross_entropy_with_logits as bce


def discriminator_loss(logits_real, logits_fake):
    real, fake = (torch.tensor(each, requires_grad=True) for each in (logits_real, logits_fake))
    loss = bce(real, torch.ones_like(real)) + bce(fake, torch.zeros_like(fake))
    loss.backward()
    return loss.item(), real.grad.numpy(), fake.grad.numpy()


def generator_loss(logits_fake):
    fake = torch.tensor(logits_fake, requires_grad=True)
    loss = bce(fake, torch.ones_like(fake))
    loss.backward()
    return loss.item(), fake.grad.numpy()


def minimax_generator_loss(logits_fake):
    fake = torch.tensor(logits_fake, requires_grad=True)
    loss = -bce(fake, torch.zeros_like(fake))
    loss.backward()
    return loss.item(), fake.grad.numpy()
"""
_GAN_PLAIN_SIGMOID = """
def generator_loss(logits_fake):
    s = logits_fake
    with np.errstate(over="ignore"):
        slope = -1 / (1 + np.exp(s))
    return np.logaddexp(0, -s).mean(), slope / len(s)


def minimax_generator_loss(logits_fake):
    s = logits_fake
    with np.errstate(over="ignore"):
        slope = -1 / (1 + np.exp(-s))
    return -np.logaddexp(0, s).mean(), slope / len(s)
"""
_LS_LOOPS = """
def ls_discriminator_loss(scores_real, scores_fake):
    N, M = len(scores_real), len(scores_fake)
    loss = sum((s - 1) ** 2 for s in scores_real) / (2 * N) + sum(s**2 for s in scores_fake) / (2 * M)
    return loss, np.array([(s - 1) / N for s in scores_real]), np.array([s / M for s in scores_fake])


def ls_generator_loss(scores_fake):
    M = len(scores_fake)
    return sum(0.5 * (1 - s) ** 2 for s in scores_fake) / M, np.array([s - 1 for s in scores_fake]) / M
"""
_LS_PRODUCTS = """
def _square(error):
    return 0.5 * np.dot(error, error) / error.size, error / error.size


def ls_discriminator_loss(scores_real, scores_fake):
    (one, dreal), (two, dfake) = _square(scores_real - 1.0), _square(scores_fake)
    return one + two, dreal, dfake


def ls_generator_loss(scores_fake):
    return _square(scores_fake - 1.0)
"""
_LS_SQUARE = """
def ls_generator_loss(scores_fake):
    error = scores_fake - 1
    return np.mean(np.square(error)) / 2, error / len(error)
"""
_STEP_LABELS = """
from torch.nn.functional import binary_cross_entropy_with_logits


def gan_step(discriminator, generator, d_optimizer, g_optimizer, real, noise):
    with torch.no_grad():
        fake = generator(noise)
    on_real, on_fake = discriminator(real), discriminator(fake)
    d_loss = binary_cross_entropy_with_logits(on_real, torch.ones_like(on_real))
    d_loss = d_loss + binary_cross_entropy_with_logits(on_fake, torch.zeros_like(on_fake))
    discriminator.zero_grad()
    d_loss.backward()
    d_optimizer.step()
    logits = discriminator(generator(noise))
    g_loss = binary_cross_entropy_with_logits(logits, torch.ones_like(logits))
    generator.zero_grad()
    g_loss.backward()
    g_optimizer.step()
    return float(d_loss), float(g_loss)
"""
_STEP_ONE_FORWARD = """
def gan_step(discriminator, generator, d_optimizer, g_optimizer, real, noise):
    d_optimizer.zero_grad()
    g_optimizer.zero_grad()
    fake = generator(noise)
    real_part = softplus(-discriminator(real)).mean()
    fake_part = softplus(discriminator(fake.detach())).mean()
    real_part.backward()
    fake_part.backward()
    d_optimizer.step()
    d_optimizer.zero_grad()
    for parameter in discriminator.parameters():
        parameter.requires_grad_(False)
    g_loss = -torch.nn.functional.logsigmoid(discriminator(fake)).mean()
    g_loss.backward()
    g_optimizer.step()
    for parameter in discriminator.parameters():
        parameter.requires_grad_(True)
    return (real_part + fake_part).item(), g_loss.item()
"""
_STEP_GRADIENTS = """
def gan_step(discriminator, generator, d_optimizer, g_optimizer, real, noise):
    ours = list(discriminator.parameters())
    fake = generator(noise).detach().clone()
    d_loss = torch.logaddexp(-discriminator(real), torch.zeros(1)).mean()
    d_loss = d_loss + torch.logaddexp(discriminator(fake), torch.zeros(1)).mean()
    for parameter, gradient in zip(ours, torch.autograd.grad(d_loss, ours)):
        parameter.grad = gradient
    d_optimizer.step()
    theirs = list(generator.parameters())
    g_loss = torch.logaddexp(-discriminator(generator(noise)), torch.zeros(1)).mean()
    for parameter, gradient in zip(theirs, torch.autograd.grad(g_loss, theirs)):
        parameter.grad = gradient
    g_optimizer.step()
    return float(d_loss.detach()), float(g_loss.detach())
"""
RIGHT = (
    Variant("autoencoder-einsum", "autoencoder", "autoencoder", _AUTOENCODER_EINSUM),
    Variant("autoencoder-loops", "autoencoder", "autoencoder", _AUTOENCODER_LOOPS),
    Variant("autoencoder-two-sums", "autoencoder", "autoencoder", _AUTOENCODER_TWO_SUMS),
    Variant("noise-around-x", "denoising", "autoencoder", _NOISE_NORMAL),
    Variant("noise-into-a-copy", "denoising", "autoencoder", _NOISE_COPY),
    Variant("noise-drawn-in-float32", "denoising", "autoencoder", _NOISE_DRAWN_IN_FLOAT32),
    Variant("pca-eigenvectors", "pca", "autoencoder", _PCA_EIGEN),
    Variant("pca-other-way", "pca", "autoencoder", _PCA_TOTAL),
    Variant("pca-bound-as-a-loss", "pca", "autoencoder", _PCA_LOSS),
    Variant("gan-losses-by-cases", "gan_losses", "gan", _GAN_CASES),
    Variant("gan-losses-by-torch", "gan_losses", "gan", _GAN_TORCH),
    Variant("gan-losses-plain-sigmoid", "gan_losses", "gan", _GAN_PLAIN_SIGMOID),
    Variant("least-squares-loops", "ls_losses", "gan", _LS_LOOPS),
    Variant("least-squares-one-helper", "ls_losses", "gan", _LS_PRODUCTS),
    Variant("least-squares-squared", "ls_losses", "gan", _LS_SQUARE),
    Variant("step-with-labels", "gan_step", "gan_training", _STEP_LABELS),
    Variant("step-one-forward-pass", "gan_step", "gan_training", _STEP_ONE_FORWARD),
    Variant("step-gradients-by-hand", "gan_step", "gan_training", _STEP_GRADIENTS),
)
