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
# # Regularization
#
# What the functions of a3_regularization do, looked at in small experiments. Runs in less than a minute on
# one core.

# %%
import matplotlib.pyplot as plt
import numpy as np

from dlc_lib.digits import load_digits
from dlc_lib.fitting import fit
from dlc_lib.layers import affine_backward, affine_forward, relu_backward, relu_forward
from dlc_lib.losses import softmax_loss

rng = np.random.default_rng(0)

# %% [markdown]
# ## 1. Penalties on weights
#
# Fifteen noisy points of a wave, and a curve of thirty narrow bumps that can go through all of them. Its
# weights are found by descent with three kinds of penalty.

# %%
x = np.sort(rng.uniform(-1, 1, 15))
y = np.sin(3 * x) + 0.25 * rng.standard_normal(15)
fine = np.linspace(-1, 1, 300)
centres = np.linspace(-1, 1, 30)


def bumps(x):
    """Height of every bump at x, as columns."""
    return np.exp(-(((x[:, None] - centres) / 0.1) ** 2))


def fitted(l1, l2):
    """Weights of the bumps after many steps of descent."""
    params = {"W": np.zeros((30, 1))}
    for _ in range(5000):
        error = bumps(x) @ params["W"] - y[:, None]
        gradients = {"W": 2 * bumps(x).T @ error / len(x)}
        _, gradients = add_penalties(0.0, gradients, params, l1=l1, l2=l2)
        params["W"] = params["W"] - 0.2 * gradients["W"]
    return params["W"]


figure, axes = plt.subplots(1, 2, figsize=(9, 3))
axes[0].plot(x, y, "ko", label="data")
axes[0].plot(fine, np.sin(3 * fine), color="lightgray", linewidth=4, label="wave")
for name, l1, l2 in (("none", 0, 0), ("L2", 0, 0.03), ("L1", 0.03, 0)):
    W = fitted(l1, l2)
    axes[0].plot(fine, bumps(fine) @ W, label=f"penalty: {name}")
    axes[1].plot(np.abs(W), marker=".", label=f"{name}: {np.sum(np.abs(W) < 0.01)} of 30 near zero")
axes[0].set(ylim=(-2, 2))
axes[0].legend(fontsize=7)
axes[1].set(xlabel="bump", ylabel="magnitude of the weight", yscale="log", ylim=(1e-4, 10))
axes[1].legend(fontsize=7)
figure.tight_layout()

# %% [markdown]
# Which of them makes weights small, and which makes them vanish?

# %% [markdown]
# ## 2. Dropout
#
# What is left of an image for three values of p, and the mean over many draws: it is the image again.

# %%
x_train, y_train, x_test, y_test = load_digits()
image = x_train[:1]
figure, axes = plt.subplots(3, 6, figsize=(8, 4))
for row, p in zip(axes, (0.9, 0.5, 0.2), strict=True):
    for axis in row[:-1]:
        out, _ = dropout_forward(image, p=p, train=True, rng=rng)
        axis.imshow(out[0, 0], cmap="gray_r", vmin=0, vmax=1 / p)
    many, _ = dropout_forward(np.repeat(image, 3000, axis=0), p=p, train=True, rng=rng)
    row[-1].imshow(many.mean(axis=0)[0], cmap="gray_r", vmin=0, vmax=1)
    row[0].set(ylabel=f"p = {p}")
axes[0, -1].set(title="mean of 3000")
for axis in axes.ravel():
    axis.set(xticks=[], yticks=[])

# %% [markdown]
# ## 3. Augmentation and normalization
#
# One digit, mirrored and moved. Which of these would you show to a network that is to read digits?

# %%
copies = np.repeat(x_train[3:4], 10, axis=0)
figure, axes = plt.subplots(2, 10, figsize=(9, 2))
for row, images in zip(
    axes, (random_flip(copies, rng=rng), random_crop(copies, pad=2, rng=rng)), strict=True
):
    for axis, image in zip(row, images, strict=True):
        axis.imshow(image[0], cmap="gray_r")
        axis.set(xticks=[], yticks=[])
axes[0, 0].set(ylabel="flipped")
axes[1, 0].set(ylabel="moved")

# %%
mean, std = channel_statistics(x_train)
print("training images: mean and deviation", mean, std)
for name, images in (("training", x_train), ("test", x_test)):
    out = normalize(images, mean, std)
    print(f"{name} images, normalized: mean {out.mean():.3f}, deviation {out.std():.3f}")

# %% [markdown]
# ## 4. Early stopping
#
# A network with far too many weights learns 100 digits. It reads them by heart soon; what does it know of
# others?

# %%
few, labels = normalize(x_train[:100], mean, std).reshape(100, 64), y_train[:100].copy()
labels[:15] = rng.integers(10, size=15)  # some teachers make mistakes
held, held_labels = normalize(x_train[500:1000], mean, std).reshape(500, 64), y_train[500:1000]


def new_network(hidden, rng):
    """Weights and biases of two layers."""
    return {
        "W1": rng.normal(0, np.sqrt(2 / 64), (64, hidden)),
        "b1": np.zeros(hidden),
        "W2": rng.normal(0, np.sqrt(2 / hidden), (hidden, 10)),
        "b2": np.zeros(10),
    }


def network_loss(params, x, y, p=1.0, train=False):
    """Loss and gradients of a network with dropout behind its hidden layer."""
    a, first = affine_forward(x, params["W1"], params["b1"])
    h, middle = relu_forward(a)
    h, mask = dropout_forward(h, p=p, train=train, rng=rng)
    scores, last = affine_forward(h, params["W2"], params["b2"])
    loss, upstream = softmax_loss(scores, y)
    upstream, dW2, db2 = affine_backward(upstream, last)
    upstream = relu_backward(dropout_backward(upstream, mask), middle)
    _, dW1, db1 = affine_backward(upstream, first)
    return loss, {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}


def accuracy(params, x, y):
    """Share of the images that are read rightly."""
    hidden = np.maximum(x @ params["W1"] + params["b1"], 0)
    return ((hidden @ params["W2"] + params["b2"]).argmax(axis=1) == y).mean()


def held_loss(params):
    """Loss on images that are not learnt from."""
    return network_loss(params, held, held_labels)[0]


params = new_network(100, np.random.default_rng(0))
training = []


def gradients(params):
    """Gradients on the hundred digits."""
    loss, found = network_loss(params, few, labels)
    training.append(loss)
    return found


stopper = EarlyStopping(patience=60)
values = fit(params, gradients, held_loss, stopper, lr=0.2, epochs=500)
figure, axis = plt.subplots(figsize=(6, 3))
axis.plot(training, label="loss on the training data")
axis.plot(values, label="loss on other data")
axis.axvline(stopper.best_epoch, linestyle="--", color="gray", label="kept")
axis.set(xlabel="epoch", ylim=(0, 2.5))
axis.legend()
images = normalize(x_test, mean, std).reshape(-1, 64)
print(f"kept: {accuracy(stopper.best_params, images, y_test):.1%} of new digits are read rightly")
print(f"last: {accuracy(params, images, y_test):.1%}")

# %% [markdown]
# ## Experiment
#
# Every means of this assignment on the same hundred digits and the same network.


# %%
def trained(l2=0.0, p=1.0, move=False, epochs=400):
    """A network trained with some of the means."""
    params = new_network(100, np.random.default_rng(0))
    originals = x_train[:100]
    for _ in range(epochs):
        images = random_crop(originals, pad=1, rng=rng) if move else originals
        batch = normalize(images, mean, std).reshape(100, 64)
        loss, found = network_loss(params, batch, labels, p=p, train=True)
        _, found = add_penalties(loss, found, params, l1=0.0, l2=l2)
        for name, dw in found.items():
            params[name] = params[name] - 0.2 * dw
    return params


runs = {
    "nothing": {},
    "L2": {"l2": 0.02},
    "dropout": {"p": 0.4},
    "moved images": {"move": True},
    "all three": {"l2": 0.005, "p": 0.7, "move": True},
}
right = {name: accuracy(trained(**options), images, y_test) for name, options in runs.items()}
right["early stopping"] = accuracy(stopper.best_params, images, y_test)
figure, axis = plt.subplots(figsize=(6, 3))
axis.barh(list(right), list(right.values()))
axis.set(xlim=(0.6, 1), xlabel="share of new digits read rightly")
for place, share in enumerate(right.values()):
    axis.text(share, place, f" {share:.1%}", va="center")
