"""How large the gradient still is when it has passed back through many layers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .arrays import Array


def gradient_norms(x: Array, weights: Sequence[Array], dout: Array, *, skip: bool) -> Array:
    """Norm of the loss gradient at the input of every layer of a stack, and at its output.

    A stack of L layers; x_0 is x, and layer l = 0, ..., L − 1 makes x_{l+1} from x_l:

        plain     x_{l+1} = tanh(x_l·W_l)
        skip      x_{l+1} = x_l + tanh(x_l·W_l)

    With g_l the gradient of the loss with respect to x_l (all of it, shape (N, D_l)), and g_L = dout:

        norms[l] = sqrt(sum of the squares of all entries of g_l)        l = 0, ..., L

    Args:
        x: examples, shape (N, D_0), float64.
        weights: L matrices, W_l of shape (D_l, D_{l+1}); all square if skip is True. L may be 0.
        dout: gradient of the loss with respect to the output x_L, shape (N, D_L).
        skip: True for the residual stack, False for the plain one.

    Returns:
        norms: shape (L + 1,); norms[0] belongs to the input x and norms[L] to dout. Not divided by N.

    No input is changed.

    Source: Glorot and Bengio, Understanding the difficulty of training deep feedforward neural networks
    (2010), section 4; He, Zhang, Ren and Sun, Identity Mappings in Deep Residual Networks (2016),
    equation 5.
    """
    activations = []
    for W in weights:
        t = np.tanh(x @ W)
        activations.append(t)
        x = x + t if skip else t
    norms = [np.linalg.norm(dout)]
    for W, t in zip(reversed(weights), reversed(activations), strict=True):
        branch = (dout * (1 - t**2)) @ W.T
        dout = dout + branch if skip else branch
        norms.append(np.linalg.norm(dout))
    return np.array(norms[::-1])
