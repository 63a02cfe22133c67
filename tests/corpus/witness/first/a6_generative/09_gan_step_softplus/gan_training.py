import torch.nn.functional as F


def _step(optimizer, loss):
    loss.backward()
    optimizer.step()
    return loss.item()


def gan_step(discriminator, generator, d_optimizer, g_optimizer, real, noise):
    fake = generator(noise)

    # discriminator: real up, fake down; detach() cuts the generator off
    d_optimizer.zero_grad()
    d_loss = F.softplus(-discriminator(real)).mean() + F.softplus(discriminator(fake.detach())).mean()
    d_value = _step(d_optimizer, d_loss)

    # generator: judged by the discriminator after its step
    g_optimizer.zero_grad()
    g_loss = F.softplus(-discriminator(fake)).mean()
    g_value = _step(g_optimizer, g_loss)

    d_optimizer.zero_grad()
    return d_value, g_value
