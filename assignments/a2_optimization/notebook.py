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
# # Optimization
#
# What the functions of a2_optimization do, looked at in small experiments. Runs in less than a minute on
# one core.

# %%
import matplotlib.pyplot as plt
import numpy as np

from dlc_lib.digits import load_digits
from dlc_lib.layers import affine_backward, affine_forward, relu_backward, relu_forward
from dlc_lib.losses import softmax_loss

rng = np.random.default_rng(0)

# %% [markdown]
# ## 1. Minibatches
#
# How well does the gradient of a few examples know the gradient of all? A line is fitted to 1000 points,
# and the gradients of small and large batches are drawn around that of all the data.

# %%
x = rng.standard_normal((1000, 2))
y = x @ np.array([1.0, -2.0]) + rng.standard_normal(1000)


def slope_at_zero(x, y):
    """Gradient of the mean squared error of a line at weights 0."""
    return -2 * x.T @ y / len(x)


figure, axis = plt.subplots(figsize=(5, 4))
for batch_size in (5, 50, 250):
    batches = minibatches(x, y, batch_size=batch_size, rng=rng)
    slopes = np.array([slope_at_zero(*batch) for batch in batches])
    axis.scatter(*slopes.T, s=8, label=f"batches of {batch_size}")
axis.scatter(*slope_at_zero(x, y), color="black", marker="x", label="all the data")
axis.set(xlabel="slope 1", ylabel="slope 2")
axis.legend()

# %% [markdown]
# Ten times as many examples cost ten times as much and make the cloud √10 times narrower.

# %% [markdown]
# ## 2. Stochastic gradient descent
#
# A narrow valley: f(w) = w₀²/2 + 10·w₁². Where does descent go for three learning rates?


# %%
def valley(w):
    """Height and slope."""
    return w[0] ** 2 / 2 + 10 * w[1] ** 2, np.array([w[0], 20 * w[1]])


def walk(step, steps=40, **options):
    """Places that an optimizer goes through in the valley."""
    w, state, places = np.array([-4.0, 0.8]), None, []
    for _ in range(steps):
        places.append(w)
        w, state = step(w, valley(w)[1], state, **options)
    return np.array(places)


def draw(axis, title, **paths):
    """Paths over the lines of equal height."""
    a, b = np.meshgrid(np.linspace(-4.5, 1.5, 80), np.linspace(-1.2, 1.2, 80))
    axis.contour(a, b, a**2 / 2 + 10 * b**2, levels=np.geomspace(0.05, 20, 9), colors="lightgray")
    for label, places in paths.items():
        axis.plot(*places.T, marker=".", linewidth=0.8, label=label)
    axis.set(title=title, xlim=(-4.5, 1.5), ylim=(-1.2, 1.2))
    axis.legend(fontsize=7)


figure, axes = plt.subplots(1, 3, figsize=(10, 2.8), sharey=True)
for axis, lr in zip(axes, (0.01, 0.05, 0.098), strict=True):
    draw(axis, f"learning rate {lr}", descent=walk(sgd_step, lr=lr))

# %% [markdown]
# The steep direction allows no more than 0.1; the flat one would like far more. That is what the next two
# optimizers are for.

# %% [markdown]
# ## 3. Momentum

# %%
figure, axes = plt.subplots(1, 2, figsize=(9, 2.8), sharey=True)
for axis, mu in zip(axes, (0.5, 0.9), strict=True):
    draw(
        axis, f"momentum {mu}", descent=walk(sgd_step, lr=0.02), momentum=walk(momentum_step, lr=0.02, mu=mu)
    )

# %% [markdown]
# ## 4. Adam
#
# Adam's steps have the size of the learning rate in every direction, steep or flat. On the right: the size
# of its first thirty steps for a gradient that is always 1, with the correction of the means and without.

# %%
figure, axes = plt.subplots(1, 2, figsize=(9, 2.8))
draw(axes[0], "Adam", momentum=walk(momentum_step, lr=0.02, mu=0.9), adam=walk(adam_step, lr=0.2))
w, state, sizes = np.zeros(1), None, []
for _ in range(30):
    next_w, state = adam_step(w, np.ones(1), state, lr=1.0)
    sizes.append(float((w - next_w)[0]))
    w = next_w
t = np.arange(1, 31)
axes[1].plot(t, sizes, marker=".", label="your adam_step")
axes[1].plot(t, (1 - 0.9**t) / np.sqrt(1 - 0.999**t), marker=".", label="means as they are")
axes[1].set(xlabel="step", ylabel="size of the step", title="the gradient is always 1")
axes[1].legend()

# %% [markdown]
# ## 5. Learning rates that change

# %%
steps = range(100)
figure, axis = plt.subplots(figsize=(6, 2.8))
axis.plot([step_decay(t, lr=1.0, factor=0.3, every=25) for t in steps], label="in steps")
axis.plot([cosine_decay(t, lr=1.0, final=0.0, total=100) for t in steps], label="cosine")
axis.plot([cosine_decay(t, lr=1.0, final=0.0, total=100, warmup=15) for t in steps], label="with a warm-up")
axis.set(xlabel="step", ylabel="rate")
axis.legend()

# %% [markdown]
# ## 6. The training loop
#
# Can the network learn fifty digits by heart? It must: a network that cannot even do that has a mistake
# somewhere.

# %%
x_train, y_train, x_test, y_test = load_digits()
images, test_images = x_train.reshape(-1, 64), x_test.reshape(-1, 64)


def new_network(rng):
    """Weights of a network with one hidden layer of 32 units."""
    return {
        "W1": rng.normal(0, np.sqrt(2 / 64), (64, 32)),
        "b1": np.zeros(32),
        "W2": rng.normal(0, np.sqrt(2 / 32), (32, 10)),
        "b2": np.zeros(10),
    }


def network_loss(params, x, y):
    """Loss of a batch and its gradients."""
    a, first = affine_forward(x, params["W1"], params["b1"])
    h, middle = relu_forward(a)
    scores, last = affine_forward(h, params["W2"], params["b2"])
    loss, upstream = softmax_loss(scores, y)
    upstream, dW2, db2 = affine_backward(upstream, last)
    _, dW1, db1 = affine_backward(relu_backward(upstream, middle), first)
    return loss, {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}


def accuracy(params, x, y):
    """Share of the images that are read rightly."""
    hidden = np.maximum(x @ params["W1"] + params["b1"], 0)
    return ((hidden @ params["W2"] + params["b2"]).argmax(axis=1) == y).mean()


params, history = train(
    new_network(rng), network_loss, images[:50], y_train[:50],
    step=sgd_step, lr=lambda _: 0.5, epochs=60, batch_size=10, rng=rng,
)  # fmt: skip
figure, axis = plt.subplots(figsize=(6, 2.8))
axis.plot(history)
axis.set(xlabel="epoch", ylabel="loss", yscale="log", title="fifty digits")
right = accuracy(params, images[:50], y_train[:50])
print(
    f"{right:.0%} of the fifty and {accuracy(params, test_images, y_test):.0%} of new digits are read rightly"
)

# %% [markdown]
# ## Experiment
#
# All the digits, the same network and the same beginning: which optimizer learns fastest, and which reads
# new digits best?

# %%
epochs, batch_size = 15, 32
total = epochs * -(-len(images) // batch_size)
runs = {
    "descent": (sgd_step, lambda _: 0.2),
    "momentum": (momentum_step, lambda _: 0.1),
    "Adam": (adam_step, lambda _: 0.005),
    "Adam, cosine with a warm-up": (
        adam_step,
        lambda t: cosine_decay(t, lr=0.01, final=0.0, total=total, warmup=total // 10),
    ),
}
figure, axis = plt.subplots(figsize=(7, 3.5))
for name, (step, rate) in runs.items():
    params, history = train(
        new_network(np.random.default_rng(1)), network_loss, images, y_train,
        step=step, lr=rate, epochs=epochs, batch_size=batch_size, rng=np.random.default_rng(2),
    )  # fmt: skip
    axis.plot(history, marker=".", label=f"{name}: {accuracy(params, test_images, y_test):.1%}")
axis.set(xlabel="epoch", ylabel="loss", yscale="log")
axis.legend(title="share of new digits read rightly")
