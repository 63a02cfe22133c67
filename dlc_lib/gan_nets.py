"""Small networks of PyTorch for a generative adversarial net, made from arrays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn

from .arrays import Array


class Net(nn.Module):
    """Two layers: tanh(x·W1 + b1)·W2 + b2.

    Attributes: backward_passes, how often a gradient went back through the output.
    """

    backward_passes: int

    def __init__(self, W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor) -> None:
        """Parameters: W1 (D, H), b1 (H,), W2 (H, K) and b2 (K,)."""
        super().__init__()
        self.W1, self.b1 = nn.Parameter(W1), nn.Parameter(b1)
        self.W2, self.b2 = nn.Parameter(W2), nn.Parameter(b2)
        self.backward_passes = 0

    def forward(self, x: Tensor) -> Tensor:
        """Outputs of shape (N, K) for examples of shape (N, D)."""
        out = torch.tanh(x @ self.W1 + self.b1) @ self.W2 + self.b2
        if out.requires_grad:
            out.register_hook(self._count)
        return out

    def _count(self, gradient: Tensor) -> Tensor:
        self.backward_passes += 1
        return gradient


def make_net(arrays: Sequence[Array]) -> Net:
    """A network from W1, b1, W2 and b2, in float32."""
    return Net(*(torch.tensor(np.asarray(each), dtype=torch.float32) for each in arrays))


def new_net(inputs: int, hidden: int, outputs: int, *, rng: np.random.Generator) -> Net:
    """A network with weights of variance 1 / fan-in."""
    W1 = rng.standard_normal((inputs, hidden)) / np.sqrt(inputs)
    W2 = rng.standard_normal((hidden, outputs)) / np.sqrt(hidden)
    return make_net([W1, np.zeros(hidden), W2, np.zeros(outputs)])


def make_sgd(net: Net, lr: float, momentum: float) -> torch.optim.Optimizer:
    """Stochastic gradient descent on the parameters of a network."""
    return torch.optim.SGD(net.parameters(), lr=lr, momentum=momentum)


def make_adam(net: Net, lr: float) -> torch.optim.Optimizer:
    """Adam on the parameters of a network, with the mean gradients of half the usual length."""
    return torch.optim.Adam(net.parameters(), lr=lr, betas=(0.5, 0.999))


def parameters_of(net: Net) -> list[Array]:
    """W1, b1, W2 and b2 as arrays of their own."""
    return [each.detach().numpy().copy() for each in (net.W1, net.b1, net.W2, net.b2)]
