import torch
from torch.nn.functional import softplus


def _descend(optimizer, loss):
    params = [p for group in optimizer.param_groups for p in group["params"]]
    for p, g in zip(params, torch.autograd.grad(loss, params)):
        p.grad = g
    optimizer.step()
    for p in params:
        p.grad = None
    return float(loss.detach())


def gan_step(discriminator, generator, d_optimizer, g_optimizer, real, noise):
    with torch.no_grad():
        fake = generator(noise)
    d_loss = softplus(-discriminator(real)).mean() + softplus(discriminator(fake)).mean()
    d_value = _descend(d_optimizer, d_loss)
    g_value = _descend(g_optimizer, softplus(-discriminator(generator(noise))).mean())
    return d_value, g_value
