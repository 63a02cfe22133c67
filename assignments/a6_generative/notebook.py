# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Autoencoders and GANs
#
# What the functions of a6_generative do, looked at in small experiments. Runs in about a minute on one core.

# %%
import matplotlib.pyplot as plt
import numpy as np
import torch

from dlc_lib.digits import load_digits
from dlc_lib.gan_nets import make_adam, new_net
from dlc_lib.optim import adam_step

rng = np.random.default_rng(0)
x_train, y_train, x_test, y_test = load_digits()
images, test_images = x_train.reshape(-1, 64), x_test.reshape(-1, 64)


def show(rows, labels):
    """Rows of images of 64 pixels."""
    figure, axes = plt.subplots(len(rows), len(rows[0]), figsize=(len(rows[0]) * 0.8, len(rows) * 0.85))
    for row, pictures, label in zip(axes, rows, labels, strict=True):
        for axis, picture in zip(row, pictures, strict=True):
            axis.imshow(picture.reshape(8, 8), cmap="gray_r", vmin=0, vmax=1)
            axis.set(xticks=[], yticks=[])
        row[0].set_ylabel(label, fontsize=8)
    figure.tight_layout()


# %% [markdown]
# ## 1. An autoencoder with tied weights
#
# Sixty-four pixels through ten numbers and back.


# %%
def trained(loss, k, steps=600):
    """Weights after some steps of Adam, and the losses on the way."""
    W, state, losses = 0.1 * np.random.default_rng(1).standard_normal((64, k)), None, []
    for _ in range(steps):
        value, dW = loss(W)
        W, state = adam_step(W, dW, state, lr=0.01)
        losses.append(value)
    return W, losses


W, losses = trained(lambda W: autoencoder_loss(images, images, W), k=10)
show([test_images[:10], decode(encode(test_images[:10], W), W)], ["image", "from 10 numbers"])

# %% [markdown]
# ## 2. Clean images from noisy ones
#
# Twenty numbers in the code. One autoencoder learnt on clean images, one on noisy ones; both are shown noisy
# images that they never saw.

# %%
clean, _ = trained(lambda W: autoencoder_loss(images, images, W), k=20)
robust, _ = trained(lambda W: denoising_loss(images, W, std=0.4, rng=rng), k=20)
noisy = add_noise(test_images[:10], std=0.4, rng=rng)
after = [decode(encode(noisy, weights), weights) for weights in (clean, robust)]
show([test_images[:10], noisy, *after], ["clean", "noisy", "learnt clean", "learnt noisy"])
everything = add_noise(test_images, std=0.4, rng=rng)
for name, weights in (("clean", clean), ("noisy", robust)):
    loss, _ = autoencoder_loss(everything, test_images, weights)
    print(f"learnt on {name} images: loss {loss:.2f} on noisy test images")

# %% [markdown]
# ## 3. What no linear autoencoder beats
#
# The loss of section 1 while it learnt, and the bound.

# %%
figure, axes = plt.subplots(1, 2, figsize=(9, 3))
axes[0].plot(losses, label="autoencoder with 10 numbers")
axes[0].axhline(pca_bound(images, k=10), linestyle="--", color="gray", label="bound")
axes[0].set(xlabel="step", ylabel="loss", yscale="log")
axes[0].legend()
sizes = range(1, 65)
axes[1].plot(sizes, [pca_bound(images, k=k) for k in sizes])
axes[1].set(xlabel="numbers in the code", ylabel="bound", title="64 pixels, but how many numbers?")
figure.tight_layout()

# %%
V = principal_directions(images, k=10)
span = np.linalg.norm(V - W @ np.linalg.lstsq(W, V, rcond=None)[0])
print(f"{span:.4f} of {np.sqrt(10):.2f}: how far the principal directions are from what was learnt")
show([(V.T / abs(V).max() + 1) / 2, (W.T / abs(W).max() + 1) / 2], ["principal", "learnt"])

# %% [markdown]
# The columns look different, yet they span the same space: the loss cannot tell them apart.

# %% [markdown]
# ## 4. Losses of two opponents
#
# Loss and slope of both generators over the logit of a single fake.

# %%
logits = np.linspace(-8, 8, 161)
figure, axes = plt.subplots(1, 2, figsize=(9, 3))
for name, function in (("generator_loss", generator_loss), ("minimax", minimax_generator_loss)):
    values = [function(np.array([logit])) for logit in logits]
    axes[0].plot(logits, [loss for loss, _ in values], label=name)
    axes[1].plot(logits, [float(slope[0]) for _, slope in values], label=name)
axes[0].set(xlabel="logit of a fake", title="loss")
axes[1].set(xlabel="logit of a fake", title="slope")
axes[0].legend()

# %% [markdown]
# On the left of both pictures the fake is recognized. Which generator still learns there?

# %% [markdown]
# ## 5. Least squares
#
# The discriminator's slope for a fake, with logarithms and with squares. A fake far on the right has fooled
# the discriminator completely; far on the left it was recognized.

# %%
real = np.zeros(1)
slopes = {
    "logarithms": lambda fake: discriminator_loss(real, fake)[2],
    "squares": lambda fake: ls_discriminator_loss(real, fake)[2],
    "squares, generator": lambda fake: ls_generator_loss(fake)[1],
}
figure, axis = plt.subplots(figsize=(6, 3))
for label, slope in slopes.items():
    axis.plot(logits, [float(slope(np.array([logit]))[0]) for logit in logits], label=label)
axis.set(xlabel="score of a fake", ylabel="slope", ylim=(-4, 4))
axis.legend()

# %% [markdown]
# ## 6. One step of the game
#
# Eight heaps of points on a circle. The generator turns noise into points; what has it learnt after some
# hundred steps?


# %%
def ring(count, draw):
    """Points in eight heaps on a circle."""
    angle = torch.randint(8, (count,), generator=draw) * (2 * torch.pi / 8)
    return 2 * torch.stack([angle.cos(), angle.sin()], dim=1) + 0.08 * torch.randn(count, 2, generator=draw)


torch.set_num_threads(1)
draw = torch.Generator().manual_seed(0)
D, G = new_net(2, 96, 1, rng=rng), new_net(8, 96, 2, rng=rng)
D.W1.data *= 3  # so that the discriminator can draw narrow borders
d_optimizer, g_optimizer = make_adam(D, 0.003), make_adam(G, 0.002)
history, pictures, fixed = [], {}, torch.randn(400, 8, generator=draw)
for step in range(2401):
    if step in (0, 200, 800, 2400):
        pictures[step] = G(fixed).detach().numpy()
    noise = torch.randn(128, 8, generator=draw)
    history.append(gan_step(D, G, d_optimizer, g_optimizer, ring(128, draw), noise))
figure, axes = plt.subplots(1, 4, figsize=(10, 2.7), sharex=True, sharey=True)
real = ring(400, draw).numpy()
for axis, (step, points) in zip(axes, pictures.items(), strict=True):
    axis.scatter(*real.T, s=2, color="lightgray")
    axis.scatter(*points.T, s=2)
    axis.set(title=f"after {step} steps", xlim=(-3, 3), ylim=(-3, 3))
figure.tight_layout()

# %%
figure, axis = plt.subplots(figsize=(6, 3))
for label, values in zip(("discriminator", "generator"), np.array(history).T, strict=True):
    axis.plot(np.convolve(values, np.ones(50) / 50, mode="valid"), label=label)
axis.axhline(2 * np.log(2), linestyle="--", color="gray", label="discriminator that only guesses")
axis.set(xlabel="step", ylabel="loss")
axis.legend()

# %% [markdown]
# Neither loss simply falls: each player makes the other's life harder. A loss near the dashed line means that
# the discriminator can hardly tell fakes from real points.
#
# Count the heaps that the generator has found. Does it miss any? As long as its fakes pass it has no reason
# to look for others. That is called mode collapse.

# %% [markdown]
# ## Experiment
#
# Digits that nobody wrote. A generator of codes: the game is played in the twelve principal directions, and
# what it makes is turned back into images.

# %%
directions = principal_directions(images, k=12)
codes = torch.tensor(images @ directions, dtype=torch.float32)
center, scale = codes.mean(dim=0), codes.std(dim=0)
codes = (codes - center) / scale
D, G = new_net(12, 128, 1, rng=rng), new_net(16, 128, 12, rng=rng)
d_optimizer, g_optimizer = make_adam(D, 0.002), make_adam(G, 0.002)
for _ in range(2500):
    batch = codes[torch.randint(len(codes), (128,), generator=draw)]
    gan_step(D, G, d_optimizer, g_optimizer, batch, torch.randn(128, 16, generator=draw))
with torch.no_grad():
    made = (G(torch.randn(20, 16, generator=draw)) * scale + center).numpy() @ directions.T
seen = (codes[:10] * scale + center).numpy() @ directions.T
show([seen, made[:10], made[10:]], ["written", "made", "made"])

# %% [markdown]
# Which digits does it make, and which does it avoid?
