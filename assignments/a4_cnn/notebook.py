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
# # Convolutional networks
#
# The tasks of a4_cnn in their order, each looked at in a small example, and at the end a network that
# reads handwritten digits. Runs in a few seconds on one core.

# %%
import time

import matplotlib.pyplot as plt
import numpy as np

from dlc_lib.convnet import convnet_accuracy, convnet_train
from dlc_lib.digits import load_digits

rng = np.random.default_rng(0)

# %% [markdown]
# ## 1. Convolution
#
# The example of the handout: the first entry is 1·1 + 2·2 + 3·4 + 4·5 + 10 = 47.

# %%
x = np.arange(1.0, 10.0).reshape(1, 1, 3, 3)
w = np.array([[[[1.0, 2.0], [3.0, 4.0]]]])
out, cache = conv_forward(x, w, np.array([10.0]), stride=1, pad=0)
out[0, 0]

# %% [markdown]
# With dout all ones, each pixel receives the sum of the weights that it met. The pixel in the middle met
# all four.

# %%
dx, dw, db = conv_backward(np.ones_like(out), cache)
dx[0, 0], dw[0, 0], db

# %% [markdown]
# Filters can be designed by hand. These answer to dark-to-light steps downwards and to the right.

# %%
x_train, y_train, x_test, y_test = load_digits()
steps = np.array([[[[-1.0, -1.0], [1.0, 1.0]]], [[[-1.0, 1.0], [-1.0, 1.0]]]])
edges, _ = conv_forward(x_train[:1], steps, np.zeros(2), stride=1, pad=1)

figure, axes = plt.subplots(1, 3, figsize=(6, 2))
for axis, image, title in zip(
    axes, (x_train[0, 0], *edges[0]), ("digit", "downwards", "to the right"), strict=True
):
    axis.imshow(image, cmap="gray_r")
    axis.set(title=title, xticks=[], yticks=[])

# %% [markdown]
# ## 2. Max pooling
#
# The winner of each window, and the way back.

# %%
x = np.array([[[[1.0, 5.0, 2.0, 0.0], [3.0, 4.0, -1.0, 7.0]]]])
out, cache = max_pool_forward(x, pool_height=2, pool_width=2, stride=2)
out[0, 0], max_pool_backward(np.array([[[[10.0, 20.0]]]]), cache)[0, 0]

# %% [markdown]
# ## 3. Batch normalization
#
# Features of different size come out with mean 0 and deviation 1 in training. In testing the running
# averages do it nearly as well after some steps.

# %%
state = {"running_mean": np.zeros(3), "running_var": np.ones(3)}
options = {"gamma": np.ones(3), "beta": np.zeros(3), "momentum": 0.9, "eps": 1e-5}
for _ in range(50):
    x = np.array([5.0, -2.0, 0.1]) + np.array([3.0, 0.5, 10.0]) * rng.standard_normal((32, 3))
    out, cache, state = batchnorm_forward(x, state=state, train=True, **options)
tested, _, _ = batchnorm_forward(x, state=state, train=False, **options)
out.mean(axis=0).round(3), out.std(axis=0).round(3), tested.mean(axis=0).round(2), tested.std(axis=0).round(2)

# %% [markdown]
# The two checks of the handout: dx adds up to 0 over the batch and is orthogonal to x_hat, which is out
# here since gamma = 1 and beta = 0.

# %%
dx, _, _ = batchnorm_backward(rng.standard_normal(out.shape), cache)
np.abs(dx.sum(axis=0)).max(), np.abs((dx * out).sum(axis=0)).max()

# %% [markdown]
# ## 4. Batch normalization of images
#
# A channel is a feature; a pixel is an example. The reshape alone would mix channels: its first column
# holds numbers of both.

# %%
x = np.arange(24).reshape(3, 2, 2, 2)
x.reshape(-1, 2)[:, 0], x.transpose(0, 2, 3, 1).reshape(-1, 2)[:, 0]

# %%
images = 5 + 2 * rng.standard_normal((4, 3, 6, 5))
out, _, _ = spatial_batchnorm_forward(images, state=state, train=True, **options)
out.mean(axis=(0, 2, 3)).round(12), out.std(axis=(0, 2, 3)).round(4)

# %% [markdown]
# ## 5. Convolution as a matrix product

# %%
x = np.arange(1.0, 10.0).reshape(1, 1, 3, 3)
window = {"kernel_height": 2, "kernel_width": 2, "stride": 1, "pad": 0}
im2col(x, **window), col2im(np.ones((4, 4)), x.shape, **window)[0, 0]

# %% [markdown]
# Both convolutions agree, and one of them does not keep you waiting.

# %%
x, w, b = rng.standard_normal((8, 3, 16, 16)), rng.standard_normal((8, 3, 3, 3)), rng.standard_normal(8)
seconds, results = [], []
for forward, backward in ((conv_forward, conv_backward), (conv_im2col_forward, conv_im2col_backward)):
    start = time.perf_counter()
    out, cache = forward(x, w, b, stride=1, pad=1)
    results.append((out, *backward(out, cache)))
    seconds.append(time.perf_counter() - start)
worst = max(np.abs(slow - fast).max() for slow, fast in zip(*results, strict=True))
print(f"loops {seconds[0]:.2f} s, im2col {seconds[1]:.4f} s, largest difference {worst:.1e}")

# %% [markdown]
# ## 6. A small network
#
# One pass over the data is an epoch. After each we look at the digits that were not trained on.

# %%
params = convnet_init(channels=1, height=8, width=8, filters=16, kernel=3, hidden=64, classes=10, rng=rng)
step = {"epochs": 1, "batch": 32, "lr": 0.03, "momentum": 0.9, "lam": 1e-3}
losses, accuracies = [], [convnet_accuracy(x_test, y_test, params)]
for _ in range(12):
    params, new = convnet_train(params, x_train, y_train, **step, rng=rng)
    losses += new
    accuracies.append(convnet_accuracy(x_test, y_test, params))
print(f"{accuracies[-1]:.1%} of the test images are read rightly")

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3))
left.plot(losses, linewidth=0.5)
left.set(xlabel="minibatch", ylabel="loss", yscale="log", title="training")
right.plot(accuracies, marker="o")
right.set(xlabel="epoch", ylabel="share read rightly", title="test images")
figure.tight_layout()

# %% [markdown]
# The filters. Many have become detectors of strokes and edges in one direction.

# %%
figure, axes = plt.subplots(2, 8, figsize=(8, 2))
for axis, weights in zip(axes.ravel(), params["w1"][:, 0], strict=True):
    axis.imshow(weights, cmap="RdBu", vmin=-1, vmax=1)
    axis.set(xticks=[], yticks=[])

# %% [markdown]
# What it gets wrong: image, label, and what the network says.

# %%
says = convnet_forward(x_test, params)[0].argmax(axis=1)
wrong = np.flatnonzero(says != y_test)
figure, axes = plt.subplots(1, max(len(wrong), 2), figsize=(8, 1.6))
for axis, index in zip(axes, wrong, strict=False):
    axis.imshow(x_test[index, 0], cmap="gray_r")
    axis.set(title=f"{y_test[index]}, says {says[index]}", xticks=[], yticks=[])
