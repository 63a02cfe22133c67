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
# # Feed-forward networks and backpropagation
#
# The tasks of a1_backprop in their order, each looked at in a small example: exclusive or, first with the
# lecture's weights and then with learned ones, a curve fitted by automatic differentiation, and the step
# of a gradient check. Runs in a few seconds on one core.

# %%
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np

from dlc_lib.shallow import xor_parameters

rng = np.random.default_rng(0)

# %% [markdown]
# ## 1. The affine layer
#
# The example of the handout: out = (5, 3, 1), and with dout all ones dx = (0, 3).

# %%
x, w, b = np.array([[1.0, 2.0]]), np.array([[1.0, 0.0, -1.0], [2.0, 1.0, 0.0]]), np.array([0.0, 1.0, 2.0])
out, cache = affine_forward(x, w, b)
out, affine_backward(np.ones_like(out), cache)

# %% [markdown]
# ## 2. The rectified linear unit
#
# The input decides what is passed on; neither the output nor the gradient's own sign does.

# %%
out, cache = relu_forward(np.array([-2.0, 0.0, 3.0, 0.5]))
out, relu_backward(np.array([5.0, 5.0, -6.0, 7.0]), cache)

# %% [markdown]
# ## 3. Softmax and cross-entropy
#
# Scores (0, log 3) mean probabilities (1/4, 3/4). If class 1 is right the loss is −log 3/4. Scores a
# thousand times as large give a large loss, but a finite one.

# %%
scores = np.array([[0.0, np.log(3.0)]])
softmax_loss(scores, np.array([1])), softmax_loss(1000 * scores, np.array([0]))

# %% [markdown]
# ## 4. Squared error
#
# The squares of one sample are summed, and the samples averaged: (1 + 4 + 0 + 4) / 2 = 4.5.

# %%
mse_loss(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[0.0, 0.0], [3.0, 2.0]]))

# %% [markdown]
# ## 5. The lecture's network
#
# No straight line separates the corners of exclusive or. The hidden units fold the square so that one
# does: (0, 1) and (1, 0) land on the same point.

# %%
corners, answers = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), np.array([0.0, 1.0, 1.0, 0.0])
W, c, w, b = xor_parameters()
folded = np.maximum(corners @ W + c, 0)
folded, shallow_forward(corners, W, c, w, b)[0]

# %%
figure, panes = plt.subplots(1, 2, figsize=(6, 3))
for pane, points, title in zip(panes, (corners, folded), ("inputs", "hidden units"), strict=True):
    pane.scatter(*points.T, c=answers, cmap="coolwarm", s=80, edgecolors="black")
    pane.set(title=title, xlim=(-0.3, 2.3), ylim=(-0.3, 1.3))
figure.tight_layout()

# %% [markdown]
# Who finds such weights? Gradient descent: walk against the gradients of the squared error.


# %%
def learn_xor(hidden, rng, steps=1000, lr=0.1):
    """Parameters found from a random start, and the loss before each step."""
    shapes = ((2, hidden), (hidden,), (hidden,), ())
    params = [np.asarray(rng.standard_normal(shape)) for shape in shapes]
    losses = []
    for _ in range(steps):
        f, cache = shallow_forward(corners, *params)
        loss, df = mse_loss(f, answers)
        losses.append(loss)
        _, *gradients = shallow_backward(df, cache)
        params = [value - lr * gradient for value, gradient in zip(params, gradients, strict=True)]
    return params, losses


starts = 30
curves = {hidden: [learn_xor(hidden, rng)[1] for _ in range(starts)] for hidden in (2, 8)}

# %% [markdown]
# Two hidden units are enough to *represent* exclusive or; the lecture's weights prove it. They are often
# not enough to *learn* it: a unit that is off on every corner has gradient 0 and stays off. With eight
# units it matters less when some are lost, and most starts succeed.

# %%
figure, panes = plt.subplots(1, 2, figsize=(9, 3), sharey=True)
for pane, (hidden, runs) in zip(panes, curves.items(), strict=True):
    solved = sum(losses[-1] < 1e-3 for losses in runs)
    for losses in runs:
        pane.semilogy(losses, linewidth=0.7)
    pane.set(title=f"{hidden} hidden units: {solved} of {starts} starts solve it", xlabel="step")
panes[0].set(ylabel="loss", ylim=(1e-8, 10))
figure.tight_layout()

# %% [markdown]
# What one network says between the corners. Its surface is made of flat pieces, with a crease along the
# line where a hidden unit switches on.

# %%
params = min((learn_xor(8, rng) for _ in range(3)), key=lambda run: run[1][-1])[0]
grid = np.stack(np.meshgrid(np.linspace(-0.5, 1.5, 80), np.linspace(-0.5, 1.5, 80)), axis=-1)
surface, _ = shallow_forward(grid.reshape(-1, 2), *params)
figure, pane = plt.subplots(figsize=(4, 3))
drawn = pane.contourf(grid[..., 0], grid[..., 1], surface.reshape(80, 80), levels=20, cmap="coolwarm")
pane.scatter(*corners.T, c=answers, cmap="coolwarm", s=80, edgecolors="black")
figure.colorbar(drawn, label="f")
shallow_forward(corners, *params)[0].round(3)

# %% [markdown]
# ## 6. Automatic differentiation
#
# x goes into the product twice and into the sum once, so dy/dx = 2x + 1 = 7 comes by three ways.

# %%
x = Tensor(3.0)
y = x * x + x
y.backward()
y.data, x.grad

# %% [markdown]
# The lecture's network again. Now only the forward pass is written down, and the gradients agree with
# those that were derived by hand.

# %%
W, c, w, b = (rng.standard_normal(shape) for shape in ((2, 5), (5,), (5,), ()))
f, cache = shallow_forward(corners, W, c, w, np.asarray(b))
_, df = mse_loss(f, answers)
by_hand = shallow_backward(df, cache)[1:]

leaves = [Tensor(value) for value in (W, c, w.reshape(5, 1), b)]
loss = ((((corners @ leaves[0] + leaves[1]).relu() @ leaves[2]).reshape(4) + leaves[3] - answers) ** 2).mean()
loss.backward()
[
    float(np.abs(mine.reshape(leaf.grad.shape) - leaf.grad).max())
    for mine, leaf in zip(by_hand, leaves, strict=True)
]

# %% [markdown]
# A deeper network with bends of another shape is a change of one line; no gradient has to be derived
# anew. Here it fits a noisy curve.


# %%
def network(x, params):
    """Two hidden layers of tanh, one output."""
    W1, b1, W2, b2, W3, b3 = params
    return ((x @ W1 + b1).tanh() @ W2 + b2).tanh() @ W3 + b3


def curve(x):
    return np.sin(3 * x) + 0.5 * x


x = np.sort(rng.uniform(-2, 2, (60, 1)), axis=0)
y = curve(x) + 0.1 * rng.standard_normal(x.shape)
sizes = (1, 16, 16, 1)
start = []
for wide, narrow in pairwise(sizes):
    start += [rng.standard_normal((wide, narrow)) / np.sqrt(wide), np.zeros(narrow)]

params, losses = start, []
for _ in range(5000):
    tensors = [Tensor(value) for value in params]
    loss = ((network(x, tensors) - y) ** 2).mean()
    loss.backward()
    losses.append(float(loss.data))
    params = [tensor.data - 0.1 * tensor.grad for tensor in tensors]
print(f"loss {losses[0]:.3f} before, {losses[-1]:.4f} after; the noise alone has 0.01")

# %%
line = np.linspace(-2, 2, 200)[:, None]
figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3))
left.semilogy(losses)
left.set(xlabel="step", ylabel="loss", title="training")
right.plot(x, y, ".", color="gray", label="data")
right.plot(line, curve(line), "--", color="black", label="curve without noise")
right.plot(line, network(line, [Tensor(value) for value in params]).data, label="network")
right.set(title="fit")
right.legend()
figure.tight_layout()

# %% [markdown]
# ## 7. Gradient checking
#
# The gradient of the softmax loss passes. Divided by N once too often, it does not.

# %%
scores, labels = rng.standard_normal((5, 3)), np.array([0, 2, 1, 1, 0])
_, dx = softmax_loss(scores, labels)
checks = [grad_check(lambda s: softmax_loss(s, labels)[0], scores, each) for each in (dx, dx / 5)]
checks

# %% [markdown]
# Which step is best? Large ones suffer from the curvature of f, small ones from rounding: the values of f
# on both sides agree in nearly all their digits.

# %%
steps = np.logspace(-12, -1, 34)
central, one_sided = [], []
for h in steps:
    central.append(np.linalg.norm(numerical_gradient(lambda s: softmax_loss(s, labels)[0], scores, h=h) - dx))
    slopes = [
        (softmax_loss(scores + h * step.reshape(5, 3), labels)[0] - softmax_loss(scores, labels)[0]) / h
        for step in np.eye(15)
    ]
    one_sided.append(np.linalg.norm(np.reshape(slopes, (5, 3)) - dx))

figure, pane = plt.subplots(figsize=(5, 3))
pane.loglog(steps, one_sided, label="one-sided")
pane.loglog(steps, central, label="central")
pane.set(xlabel="h", ylabel="error of the gradient")
pane.legend()
figure.tight_layout()
