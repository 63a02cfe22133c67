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
# # Research frontiers
#
# What the functions of a7_frontiers do, looked at in small experiments. Runs in less than a minute on one
# core.

# %%
import matplotlib.pyplot as plt
import numpy as np

from dlc_lib.digits import load_digits
from dlc_lib.layers import affine_backward, affine_forward, relu_backward, relu_forward
from dlc_lib.losses import softmax_loss

rng = np.random.default_rng(0)
x_train, y_train, x_test, y_test = load_digits()

# %% [markdown]
# ## 1. A residual block
#
# The example of the handout: out is (3, −5), and with dout all ones dx is (0, 1.5).

# %%
x, W1, W2 = np.array([[1.0, -2.0]]), np.array([[1.0, 2.0], [1.0, -1.0]]), np.array([[5.0, 5.0], [0.5, -1.0]])
out, cache = residual_block_forward(x, W1, np.zeros(2), W2, np.array([0.0, 1.0]))
out, residual_block_backward(np.ones((1, 2)), cache)[0]

# %% [markdown]
# Thirty blocks on top of each other, that is 60 layers. Each begins with a branch that says nearly nothing,
# so the tower begins as the identity, and the digits arrive at its top unharmed.

# %%
blocks = [
    [rng.normal(0, np.sqrt(2 / 64), (64, 16)), np.zeros(16), rng.normal(0, 0.01, (16, 64)), np.zeros(64)]
    for _ in range(30)
]
top = [rng.normal(0, 0.1, (64, 10)), np.zeros(10)]


def tower(x):
    """Scores of digits, and the caches of all blocks and of the top."""
    caches = []
    for block in blocks:
        x, kept = residual_block_forward(x, *block)
        caches.append(kept)
    scores, kept = affine_forward(x, *top)
    return scores, [*caches, kept]


def tower_step(x, y, lr):
    """One step of gradient descent; gives the loss."""
    scores, caches = tower(x)
    loss, upstream = softmax_loss(scores, y)
    upstream, *steps = affine_backward(upstream, caches.pop())
    moves = [(top, steps)]
    for block in reversed(blocks):
        upstream, *steps = residual_block_backward(upstream, caches.pop())
        moves.append((block, steps))
    for weights, steps in moves:
        weights[:] = [weight - lr * step for weight, step in zip(weights, steps, strict=True)]
    return loss


losses = []
for _ in range(20):
    order = rng.permutation(len(x_train))
    for rows in np.array_split(order, len(order) // 32):
        losses.append(tower_step(x_train[rows].reshape(len(rows), 64), y_train[rows], 0.01))
right = (tower(x_test.reshape(-1, 64))[0].argmax(axis=1) == y_test).mean()
print(f"60 layers read {right:.1%} of the test images rightly")

figure, axis = plt.subplots(figsize=(6, 3))
axis.plot(losses, linewidth=0.5)
axis.set(xlabel="minibatch", ylabel="loss", yscale="log", title="thirty residual blocks")

# %% [markdown]
# ## 2. Gradients by depth
#
# Forty layers of width 32, with matrices of four sizes. A matrix of size 0.5 halves a vector on average, one
# of size 1 keeps its length.

# %%
x, upstream = rng.standard_normal((16, 32)), rng.standard_normal((16, 32))
figure, axes = plt.subplots(1, 2, figsize=(9, 3), sharey=True)
for axis, skip in zip(axes, (False, True), strict=True):
    for size in (0.1, 0.5, 1.0, 2.0):
        weights = [rng.normal(0, size / np.sqrt(32), (32, 32)) for _ in range(40)]
        axis.plot(gradient_norms(x, weights, upstream, skip=skip), label=f"size {size}")
    axis.set(yscale="log", xlabel="layer", title="with skips" if skip else "plain")
axes[0].set(ylabel="norm of the gradient")
axes[1].legend()
figure.tight_layout()

# %% [markdown]
# Read the curves from right to left, as the gradient travels. In the plain stack everything hangs on the
# size of the weights: small ones lose the gradient altogether. With skips small weights keep it, and large
# ones let it grow. That is one reason why branches begin small, or are normalized.

# %% [markdown]
# ## 3. Pruning small weights
#
# A network with one hidden layer, trained on the digits.

# %%
images, test_images = x_train.reshape(-1, 64), x_test.reshape(-1, 64)


def new_network(hidden):
    """Weights and biases of two layers."""
    return {
        "W1": rng.normal(0, np.sqrt(2 / 64), (64, hidden)),
        "b1": np.zeros(hidden),
        "W2": rng.normal(0, np.sqrt(2 / hidden), (hidden, 10)),
        "b2": np.zeros(10),
    }


def scores_of(x, net):
    """Scores, and what the way back needs."""
    a, first = affine_forward(x, net["W1"], net["b1"])
    h, middle = relu_forward(a)
    scores, last = affine_forward(h, net["W2"], net["b2"])
    return scores, (first, middle, last)


def gradients_of(x, y, net):
    """Gradient of the loss with respect to each weight and bias."""
    scores, (first, middle, last) = scores_of(x, net)
    _, upstream = softmax_loss(scores, y)
    upstream, dW2, db2 = affine_backward(upstream, last)
    _, dW1, db1 = affine_backward(relu_backward(upstream, middle), first)
    return {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}


def accuracy(net):
    """Share of the test images that are read rightly."""
    return (scores_of(test_images, net)[0].argmax(axis=1) == y_test).mean()


def minibatches(epochs):
    """Rows of images, 32 at a time."""
    for _ in range(epochs):
        yield from np.array_split(rng.permutation(len(images)), len(images) // 32)


dense = new_network(64)
for rows in minibatches(epochs=25):
    for name, step in gradients_of(images[rows], y_train[rows], dense).items():
        dense[name] = dense[name] - 0.3 * step
print(f"{accuracy(dense):.1%} with all {dense['W1'].size + dense['W2'].size} weights")

# %% [markdown]
# Now prune both matrices, once and for all or with three epochs of training afterwards, in which the
# pruned weights stay at zero.

# %%
shares = np.array([0, 0.2, 0.4, 0.6, 0.7, 0.8, 0.85, 0.9, 0.94, 0.97, 0.99])
at_once, trained_on = [], []
for share in shares:
    net, masks = dict(dense), {}
    for name in ("W1", "W2"):
        net[name], masks[name] = magnitude_prune(dense[name], sparsity=share)
    at_once.append(accuracy(net))
    for rows in minibatches(epochs=3):
        for name, step in gradients_of(images[rows], y_train[rows], net).items():
            mask = masks.get(name, np.ones_like(step))
            net[name] = pruned_step(net[name], step, mask, lr=0.3)
    trained_on.append(accuracy(net))

figure, axis = plt.subplots(figsize=(6, 3))
axis.plot(shares, at_once, marker="o", label="pruned")
axis.plot(shares, trained_on, marker="o", label="pruned and trained on")
axis.set(xlabel="share of the weights at zero", ylabel="share read rightly", ylim=(0, 1))
axis.legend()

# %% [markdown]
# How much can go before it is noticed? And what does training on bring back?

# %% [markdown]
# ## 4. Binary weights
#
# The same network with binary weights in its hidden layer. The real weights are kept and trained; what the
# network computes with is their binary form.

# %%
real = new_network(64)
curves = {"real": [], "binary": []}
nets = {"real": dict(real), "binary": dict(real)}
for _ in range(25):
    for rows in minibatches(epochs=1):
        for kind, net in nets.items():
            used = dict(net)
            if kind == "binary":
                used["W1"], cache = binarize_forward(net["W1"])
            steps = gradients_of(images[rows], y_train[rows], used)
            if kind == "binary":
                steps["W1"] = binarize_backward(steps["W1"], cache)
            for name, step in steps.items():
                net[name] = net[name] - 0.3 * step
    for kind, net in nets.items():
        used = net if kind == "real" else {**net, "W1": binarize_forward(net["W1"])[0]}
        curves[kind].append(accuracy(used))

figure, axis = plt.subplots(figsize=(6, 3))
for kind, curve in curves.items():
    axis.plot(curve, marker=".", label=f"{kind} weights")
axis.set(xlabel="epoch", ylabel="share read rightly", ylim=(0.5, 1))
axis.legend()
print({kind: f"{curve[-1]:.1%}" for kind, curve in curves.items()})

# %% [markdown]
# The weights of eight hidden units, as the binary network keeps them and as it uses them.

# %%
kept = nets["binary"]["W1"]
figure, axes = plt.subplots(2, 8, figsize=(8, 2.2))
for row, weights in zip(axes, (kept, binarize_forward(kept)[0]), strict=True):
    for axis, column in zip(row, weights.T, strict=False):
        axis.imshow(column.reshape(8, 8), cmap="RdBu", vmin=-0.5, vmax=0.5)
        axis.set(xticks=[], yticks=[])

# %% [markdown]
# ## 5. Which pixels matter
#
# The network of section 3, asked about six test images. Dark is where a change of the pixel would change
# the score of the right digit most.

# %%
figure, axes = plt.subplots(2, 6, figsize=(8, 2.8))
maps = saliency_map(x_test[:6], y_test[:6], dense)
for column, (image, saliency) in enumerate(zip(x_test[:6, 0], maps, strict=True)):
    axes[0, column].imshow(image, cmap="gray_r")
    axes[1, column].imshow(saliency, cmap="gray_r")
    axes[0, column].set(title=f"a {y_test[column]}", xticks=[], yticks=[])
    axes[1, column].set(xticks=[], yticks=[])
axes[0, 0].set(ylabel="image")
axes[1, 0].set(ylabel="saliency")
figure.tight_layout()

# %% [markdown]
# Do the most salient pixels matter more than others? Wipe out some of them and look what is still read
# rightly.

# %%
counts = range(0, 21, 4)
order = {
    "most salient first": np.argsort(-saliency_map(x_test, y_test, dense).reshape(len(x_test), -1), axis=1),
    "at random": rng.permuted(np.tile(np.arange(64), (len(x_test), 1)), axis=1),
}
figure, axis = plt.subplots(figsize=(6, 3))
for name, places in order.items():
    shares = []
    for count in counts:
        wiped = test_images.copy()
        np.put_along_axis(wiped, places[:, :count], 0.5, axis=1)
        shares.append((scores_of(wiped, dense)[0].argmax(axis=1) == y_test).mean())
    axis.plot(counts, shares, marker="o", label=name)
axis.set(xlabel="pixels made grey", ylabel="share read rightly", ylim=(0, 1))
axis.legend()

# %% [markdown]
# ## 6. Integrated gradients
#
# Shares of the pixels in the score, measured from a blank sheet. Red speaks for the digit, blue against it.


# %%
def slopes_of(label):
    """Gradient of one score, as a function of the image."""
    return lambda image: score_gradient(image[None], np.array([label]), dense)[0]


blank = np.zeros((1, 8, 8))
figure, axes = plt.subplots(1, 6, figsize=(8, 1.7))
for axis, image, label in zip(axes, x_test, y_test, strict=False):
    shares = integrated_gradients(slopes_of(label), image, blank, steps=50)[0]
    axis.imshow(shares, cmap="RdBu_r", vmin=-abs(shares).max(), vmax=abs(shares).max())
    axis.set(title=f"a {label}", xticks=[], yticks=[])

image, label = x_test[0], y_test[0]
rise = (scores_of(image.reshape(1, 64), dense)[0] - scores_of(blank.reshape(1, 64), dense)[0])[0, label]
for steps in (1, 5, 50, 500):
    total = integrated_gradients(slopes_of(label), image, blank, steps=steps).sum()
    print(f"{steps:3} steps: the shares add up to {total:.4f}, the score rose by {rise:.4f}")

# %% [markdown]
# ## 7. Q-learning
#
# A map with a goal, a pit and a wall. Colours show the value of the best action, arrows which one it is.

# %%
from dlc_lib.gridworld import GridWorld

world = GridWorld(("...G", ".#.X", "...."), cost=0.04)


def draw(axis, values, title):
    """Best action of each square, and its value."""
    best = values.max(axis=1).reshape(3, 4)
    axis.imshow(best, cmap="RdYlGn", vmin=-1, vmax=1)
    for state in range(world.states):
        letter = world.letter(state)
        text = "↑→↓←"[values[state].argmax()] if letter == "." else letter
        axis.text(state % 4, state // 4, text, ha="center", va="center", fontsize=14)
    axis.set(title=title, xticks=[], yticks=[])


figure, axes = plt.subplots(1, 3, figsize=(9, 2.5))
for axis, episodes in zip(axes, (10, 50, 1000), strict=True):
    q = q_learning(
        world, episodes=episodes, max_steps=50, lr=0.5, gamma=0.9, epsilon=0.3, rng=np.random.default_rng(1)
    )
    draw(axis, q, f"after {episodes} walks")

# %% [markdown]
# ## 8. Policy gradients
#
# The same world, learnt without values of actions. After each batch of walks the policy follows the gradient
# once.

# %%
theta = np.zeros((world.states, world.actions))
earned = []
for _ in range(250):
    states, actions, advantages, sums = [], [], [], []
    for _ in range(8):
        state, rewards, done = world.reset(rng), [], False
        while not done and len(rewards) < 30:
            weights = np.exp(theta[state] - theta[state].max())
            states.append(state)
            actions.append(rng.choice(4, p=weights / weights.sum()))
            state, reward, done = world.step(state, actions[-1])
            rewards.append(reward)
        advantages.extend(discounted_returns(np.array(rewards), gamma=0.9))
        sums.append(sum(rewards))
    advantages = np.array(advantages) - np.mean(advantages)
    _, step = policy_gradient_loss(theta, np.array(states), np.array(actions), advantages)
    theta = theta - 5.0 * step
    earned.append(np.mean(sums))

figure, axes = plt.subplots(1, 2, figsize=(9, 2.8))
axes[0].plot(earned)
axes[0].set(xlabel="step", ylabel="earned in a walk")
draw(axes[1], theta, "what the policy prefers")

# %% [markdown]
# ## Experiment
#
# How small can the network be made? Binary weights in the hidden layer, and of these the smallest real
# weights pruned to zero: each that is left costs one bit.

# %%
bits, shares = [], []
for share in (0, 0.25, 0.5, 0.75, 0.9):
    small = dict(nets["binary"])
    _, mask = magnitude_prune(small["W1"], sparsity=share)
    for _ in range(3):
        for rows in minibatches(epochs=1):
            binary, cache = binarize_forward(small["W1"])
            steps = gradients_of(images[rows], y_train[rows], {**small, "W1": binary * mask})
            steps["W1"] = binarize_backward(steps["W1"] * mask, cache)
            for name, step in steps.items():
                small[name] = small[name] - 0.3 * step
    bits.append(int(mask.sum()))
    shares.append(accuracy({**small, "W1": binarize_forward(small["W1"])[0] * mask}))

figure, axis = plt.subplots(figsize=(6, 3))
axis.plot(bits, shares, marker="o")
axis.axhline(accuracy(dense), linestyle="--", color="gray", label="all weights, 64 bits each")
axis.set(xlabel="bits in the hidden layer", ylabel="share read rightly")
axis.legend()
