import torch
import torch.nn.functional as F


def gan_step(discriminator, generator, d_optimizer, g_optimizer, real, noise):
    n = noise.shape[0]
    ones = torch.ones((n, 1), dtype=real.dtype)
    zeros = torch.zeros((n, 1), dtype=real.dtype)

    fake = generator(noise)

    for p in discriminator.parameters():
        p.grad = None
    loss_real = F.binary_cross_entropy_with_logits(discriminator(real), ones)
    loss_fake = F.binary_cross_entropy_with_logits(discriminator(fake.detach()), zeros)
    loss_d = loss_real + loss_fake
    loss_d.backward()
    d_optimizer.step()

    for p in generator.parameters():
        p.grad = None
    loss_g = F.binary_cross_entropy_with_logits(discriminator(fake), ones)
    loss_g.backward()
    g_optimizer.step()

    for p in discriminator.parameters():
        p.grad = None
    return loss_d.item(), loss_g.item()
