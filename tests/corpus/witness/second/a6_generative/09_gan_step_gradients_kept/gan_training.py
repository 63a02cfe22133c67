import logging

import torch.nn.functional as F

logger = logging.getLogger(__name__)


def gan_step(discriminator, generator, d_optimizer, g_optimizer, real, noise):
    fake = generator(noise)

    d_real = discriminator(real)
    d_fake = discriminator(fake.detach())
    d_loss = -F.logsigmoid(d_real).mean() - F.logsigmoid(-d_fake).mean()
    d_loss.backward()
    d_optimizer.step()

    g_optimizer.zero_grad()
    g_loss = -F.logsigmoid(discriminator(fake)).mean()
    g_loss.backward()
    g_optimizer.step()

    logger.debug("d %.3f g %.3f", d_loss, g_loss)
    return d_loss.item(), g_loss.item()
