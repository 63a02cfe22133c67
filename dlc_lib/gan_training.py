"""One step of a generative adversarial net: the discriminator learns, then the generator."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import softplus


def gan_step(
    discriminator: nn.Module,
    generator: nn.Module,
    d_optimizer: torch.optim.Optimizer,
    g_optimizer: torch.optim.Optimizer,
    real: Tensor,
    noise: Tensor,
) -> tuple[float, float]:
    """Train both networks once.

    1. The discriminator takes one step of d_optimizer down

           d_loss = mean of −log D(real) + mean of −log(1 − D(fake)),      fake = generator(noise)

       No gradient goes back into the generator in this part.
    2. The generator takes one step of g_optimizer down

           g_loss = mean of −log D(fake)

       with the discriminator as it is after its step and the same noise. The discriminator does not move
       in this part.

    D = sigmoid(discriminator(...)). Gradients that parameters hold from before are not used.

    Args:
        discriminator: gives logits of shape (N, 1) for examples of shape (N, D).
        generator: gives examples of shape (M, D) for noise of shape (M, Z).
        d_optimizer: holds the parameters of the discriminator.
        g_optimizer: holds the parameters of the generator.
        real: examples, shape (N, D), float32.
        noise: shape (M, Z), float32; M may differ from N.

    Returns:
        d_loss: before the discriminator's step, a Python float.
        g_loss: before the generator's step, a Python float.

    Source: Goodfellow et al., Generative Adversarial Nets (2014), algorithm 1, with one step of the
    discriminator and the loss of section 3 for the generator.
    """
    fake = generator(noise).detach()
    d_optimizer.zero_grad()
    d_loss = softplus(-discriminator(real)).mean() + softplus(discriminator(fake)).mean()
    d_loss.backward()
    d_optimizer.step()
    g_optimizer.zero_grad()
    g_loss = softplus(-discriminator(generator(noise))).mean()
    g_loss.backward()
    g_optimizer.step()
    return d_loss.item(), g_loss.item()
