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
# # Hot paths
#
# What the functions of a8_performance do, measured and looked at. Runs in about half a minute on one core.
# Times are those of this machine: compare them with each other and not with those of another one.

# %%
import time
from statistics import median

import matplotlib.pyplot as plt
import numpy as np
import torch

from dlc_lib.naive import naive_conv2d, naive_matmul

torch.set_num_threads(1)
torch.manual_seed(0)


def seconds(function, *args, **options):
    """Median of five calls after one that does not count."""
    function(*args, **options)
    found = []
    for _ in range(5):
        start = time.perf_counter()
        function(*args, **options)
        found.append(time.perf_counter() - start)
    return median(found)


# %% [markdown]
# ## 1. A matrix product that suits the caches
#
# Billions of operations in a second over the size of the matrices. The library also keeps tiles in registers,
# which operations on entries cannot; between the naive product and yours lie the calls and the cache.

# %%
sizes = [16, 32, 64, 128, 256, 512]
curves = {"naive_matmul": naive_matmul, "outer_matmul": outer_matmul, "the library": torch.matmul}
fig, ax = plt.subplots(figsize=(6, 3.2))
for name, function in curves.items():
    shown = [size for size in sizes if size <= 64 or name != "naive_matmul"]
    pairs = [(torch.randn(size, size), torch.randn(size, size)) for size in shown]
    speeds = [2 * size**3 / seconds(function, a, b) / 1e9 for size, (a, b) in zip(shown, pairs, strict=True)]
    ax.loglog(shown, speeds, "o-", label=name)
ax.set_xscale("log", base=2)
ax.set(xlabel="rows and columns", ylabel="billion operations / s", title="Product of square matrices")
ax.legend()
plt.show()

# %% [markdown]
# One product, several heights of c that are worked on at a time. A row of 4,096 float32 numbers takes 16 KiB:
# where does the time begin to grow?

# %%
a, b = torch.randn(512, 128), torch.randn(128, 4096)
heights = [1, 4, 16, 64, 256, 512]


def in_strips(height):
    """The product, so many rows at a time."""
    return torch.cat([outer_matmul(strip, b) for strip in a.split(height)])


times = [1000 * seconds(in_strips, height) for height in heights]
fig, ax = plt.subplots(figsize=(6, 3))
ax.semilogx(heights, times, "o-", base=2)
ax.set(xlabel="rows of c at a time", ylabel="ms", title="512×128 by 128×4096", ylim=(0, None))
plt.show()

# %% [markdown]
# ## 2. Convolution without the library's
#
# The three passes for a growing number of images, beside the library's forward pass.

# %%
w = torch.randn(32, 16, 3, 3)
images = [1, 2, 4, 8, 16]
found = {
    "conv2d_forward": [],
    "conv2d_backward_data": [],
    "conv2d_backward_weight": [],
    "library, forward": [],
}
for count in images:
    x, dout = torch.randn(count, 16, 28, 28), torch.randn(count, 32, 28, 28)
    window = {"stride": 1, "pad": 1}
    found["conv2d_forward"].append(seconds(conv2d_forward, x, w, **window))
    size, kernel = {"height": 28, "width": 28}, {"kernel_height": 3, "kernel_width": 3}
    found["conv2d_backward_data"].append(seconds(conv2d_backward_data, dout, w, **size, **window))
    found["conv2d_backward_weight"].append(seconds(conv2d_backward_weight, dout, x, **kernel, **window))
    found["library, forward"].append(seconds(torch.nn.functional.conv2d, x, w, padding=1))
fig, ax = plt.subplots(figsize=(6, 3.2))
for name, times in found.items():
    ax.plot(images, [1000 * each for each in times], "o-", label=name)
ax.set(xlabel="images of 16×28×28, 32 filters of 3×3", ylabel="ms", ylim=(0, None))
ax.legend(fontsize=8)
plt.show()

# %%
x = torch.randn(2, 16, 28, 28)
naive = seconds(naive_conv2d, x, w, stride=1, pad=1)
print(
    f"naive_conv2d takes {naive / seconds(conv2d_forward, x, w, stride=1, pad=1):.0f} times as long as yours"
)

# %% [markdown]
# ## 3. A matrix product in Triton
#
# Half precision with sums in float32, and the same with sums rounded to float16 after every 32 products, as
# a kernel does that forgets the dtype of its sums. The error of the first stays at that of the result.

# %%
lengths = [32, 128, 512, 2048]
kept, rounded = [], []
for K in lengths:
    a, b = torch.rand(16, K).half(), torch.rand(K, 16).half()
    exact = a.double() @ b.double()
    kept.append(float((triton_matmul(a, b).double() - exact).norm() / exact.norm()))
    sums = torch.zeros(16, 16).half()
    for left, right in zip(a.split(32, dim=1), b.split(32), strict=True):
        sums = (sums.float() + left.float() @ right.float()).half()
    rounded.append(float((sums.double() - exact).norm() / exact.norm()))
fig, ax = plt.subplots(figsize=(6, 3))
ax.loglog(lengths, rounded, "o-", label="sums in float16")
ax.loglog(lengths, kept, "o-", label="triton_matmul")
ax.set(xlabel="K", ylabel="relative error", title="float16 factors between 0 and 1")
ax.legend()
plt.show()

# %% [markdown]
# The order of tiles. Suppose that 24 programs run at the same time: the coloured tiles are the first 24. Row
# by row they read 2 rows of tiles of a and 16 columns of b; in groups of 4 rows, 4 rows and 6 columns.

# %%
fig, axes = plt.subplots(1, 2, figsize=(8, 3.2))
for ax, group in zip(axes, (1, 4), strict=True):
    number = np.arange(16 * 16)
    first, inside = number // (group * 16) * group, number % (group * 16)
    order = np.zeros((16, 16))
    order[first + inside % group, inside // group] = number
    ax.imshow(np.where(order < 24, order, np.nan), vmin=0, vmax=24)
    rows, columns = np.nonzero(order < 24)
    read = len(set(rows)) + len(set(columns))
    ax.set(
        title=f"groups of {group} rows: {read} strips read", xlabel="column of tiles", ylabel="row of tiles"
    )
plt.show()

# %% [markdown]
# ## 4. Convolution in Triton
#
# How many taps of a 3×3 filter reach each pixel with stride 2: the gradient of the images for an upstream
# gradient and a filter of ones. The four phases are plain to see, and a kernel that computes nine taps
# everywhere does four times the work.

# %%
ones = triton_conv2d_backward_data(
    torch.ones(1, 1, 6, 6), torch.ones(1, 1, 3, 3), height=13, width=13, stride=2, pad=0
)
fig, ax = plt.subplots(figsize=(4, 3.4))
picture = ax.imshow(ones[0, 0])
fig.colorbar(picture, label="taps")
ax.set(title="taps that reach a pixel, stride 2")
plt.show()
float(ones.mean())

# %% [markdown]
# Filters at work: one image, two filters that look for edges, and what your kernel makes of it.

# %%
row, column = torch.meshgrid(torch.arange(24.0), torch.arange(24.0), indexing="ij")
image = (((row - 11) ** 2 + (column - 12) ** 2) < 64).float()[None, None]
edge = torch.tensor([[1.0, 0.0, -1.0], [2.0, 0.0, -2.0], [1.0, 0.0, -1.0]])
out = triton_conv2d_forward(image, torch.stack([edge, edge.T])[:, None].contiguous(), stride=1, pad=1)
fig, axes = plt.subplots(1, 3, figsize=(8, 2.8))
for ax, picture, name in zip(
    axes, (image[0, 0], *out[0]), ("image", "left and right", "up and down"), strict=True
):
    ax.imshow(picture, cmap="gray")
    ax.set(title=name, xticks=[], yticks=[])
plt.show()
dw = triton_conv2d_backward_weight(out, image, kernel_height=3, kernel_width=3, stride=1, pad=1)
dw.shape
