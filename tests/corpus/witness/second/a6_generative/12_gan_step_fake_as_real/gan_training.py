from torch.nn.functional import softplus


def d_objective(real_logits, fake_logits):
    """softplus(s) = -log(1 - sigmoid(s)), softplus(-s) = -log sigmoid(s)"""
    return softplus(real_logits).mean() + softplus(-fake_logits).mean()


def g_objective(fake_logits):
    return softplus(-fake_logits).mean()


def gan_step(discriminator, generator, d_optimizer, g_optimizer, real, noise):
    fakes = generator(noise)

    d_optimizer.zero_grad()
    d_loss = d_objective(discriminator(real), discriminator(fakes.detach()))
    d_loss.backward()
    d_optimizer.step()

    g_optimizer.zero_grad()
    g_loss = g_objective(discriminator(fakes))
    g_loss.backward()
    g_optimizer.step()
    d_optimizer.zero_grad()
    return float(d_loss), float(g_loss)
