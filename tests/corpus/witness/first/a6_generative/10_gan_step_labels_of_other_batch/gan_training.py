import torch
from torch import nn

criterion = nn.BCEWithLogitsLoss()


def gan_step(discriminator, generator, d_optimizer, g_optimizer, real, noise):
    batch_size = real.size(0)
    real_labels = torch.ones(batch_size, 1)
    fake_labels = torch.zeros(batch_size, 1)

    # Train discriminator
    d_optimizer.zero_grad()
    outputs = discriminator(real)
    d_loss_real = criterion(outputs, real_labels)
    fake_images = generator(noise)
    outputs = discriminator(fake_images.detach())
    d_loss_fake = criterion(outputs, fake_labels)
    d_loss = d_loss_real + d_loss_fake
    d_loss.backward()
    d_optimizer.step()

    # Train generator
    g_optimizer.zero_grad()
    outputs = discriminator(fake_images)
    g_loss = criterion(outputs, real_labels)
    g_loss.backward()
    g_optimizer.step()

    return d_loss.item(), g_loss.item()
