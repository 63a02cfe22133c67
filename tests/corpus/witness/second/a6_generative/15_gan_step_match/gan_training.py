from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F

Player = Literal["discriminator", "generator"]


def _loss(player: Player, discriminator: nn.Module, real: Tensor, fake: Tensor) -> Tensor:
    match player:
        case "discriminator":
            return -(F.logsigmoid(discriminator(real)).mean() + F.logsigmoid(-discriminator(fake.detach())).mean())
        case "generator":
            return -F.logsigmoid(discriminator(fake)).mean()


def gan_step(
    discriminator: nn.Module,
    generator: nn.Module,
    d_optimizer: torch.optim.Optimizer,
    g_optimizer: torch.optim.Optimizer,
    real: Tensor,
    noise: Tensor,
) -> tuple[float, float]:
    values = {}
    for player, optimizer in (("discriminator", d_optimizer), ("generator", g_optimizer)):
        fake = generator(noise)
        loss = _loss(player, discriminator, real, fake)
        discriminator.zero_grad()
        generator.zero_grad()
        loss.backward()
        optimizer.step()
        values[player] = loss.item()
    discriminator.zero_grad()
    return values["discriminator"], values["generator"]
