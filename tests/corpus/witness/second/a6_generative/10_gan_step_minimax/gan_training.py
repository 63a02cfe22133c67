import torch


def _log(p_logit):
    """log sigmoid"""
    return torch.nn.functional.logsigmoid(p_logit)


def gan_step(discriminator, generator, d_optimizer, g_optimizer, real, noise):
    losses = []
    fake = generator(noise)
    players = [
        (d_optimizer, lambda: -(_log(discriminator(real)).mean() + _log(-discriminator(fake.detach())).mean())),
        (g_optimizer, lambda: _log(-discriminator(fake)).mean()),
    ]
    for optimizer, objective in players:
        optimizer.zero_grad()
        loss = objective()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    d_optimizer.zero_grad()
    return losses[0], losses[1]
