"""One training step of a GAN."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits as bce


@contextmanager
def frozen(net: nn.Module) -> Iterator[None]:
    """No parameter of `net` collects a gradient inside."""
    before = [p.requires_grad for p in net.parameters()]
    for p in net.parameters():
        p.requires_grad_(False)
    try:
        yield
    finally:
        for p, flag in zip(net.parameters(), before):
            p.requires_grad_(flag)


def towards(logits: Tensor, label: float) -> Tensor:
    return bce(logits, torch.full_like(logits, label))


def gan_step(
    discriminator: nn.Module,
    generator: nn.Module,
    d_optimizer: torch.optim.Optimizer,
    g_optimizer: torch.optim.Optimizer,
    real: Tensor,
    noise: Tensor,
) -> tuple[float, float]:
    with torch.no_grad():
        fake = generator(noise)
    d_optimizer.zero_grad(set_to_none=True)
    d_loss = towards(discriminator(real), 1.0) + towards(discriminator(fake), 0.0)
    d_loss.backward()
    d_optimizer.step()

    g_optimizer.zero_grad(set_to_none=True)
    with frozen(discriminator):
        g_loss = towards(discriminator(generator(noise)), 1.0)
        g_loss.backward()
    g_optimizer.step()
    return float(d_loss.detach()), float(g_loss.detach())
