"""A small reverse-mode automatic differentiation of arrays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from .arrays import Array


def unbroadcast(gradient: Array, shape: tuple[int, ...]) -> Array:
    """Gradient of an array that numpy stretched to the shape of `gradient`.

    Every copy made by broadcasting adds its share: sum over the axes that were added in front, and,
    keeping the axis, over those of length 1 that were stretched.

    Args:
        gradient: shape that `shape` broadcasts to.
        shape: of the array before.

    Returns:
        Array of `shape`, float64 like gradient.

    Source: Baydin et al., Automatic differentiation in machine learning: a survey (2018), section 3.2.
    """
    added = gradient.ndim - len(shape)
    gradient = np.asarray(gradient.sum(axis=tuple(range(added))))
    stretched = tuple(axis for axis, size in enumerate(shape) if size == 1 and gradient.shape[axis] != 1)
    return np.asarray(gradient.sum(axis=stretched, keepdims=True))


class Tensor:
    """An array that remembers what it was computed from.

    Attributes:
        data: the numbers, a float array of any shape.
        grad: gradient of what `backward` was called on with respect to this tensor, shape of data;
            None before.

    Operations take tensors, arrays and numbers, broadcast as numpy does, change no operand and give a new
    tensor. Each hands a function to its result that passes a gradient on to the operands.
    """

    data: Array
    grad: Array | None

    __array_ufunc__ = None  # so that numpy leaves `array + tensor` to us

    def __init__(
        self,
        data: npt.ArrayLike,
        parents: tuple[Tensor, ...] = (),
        pass_on: Callable[[Array], tuple[Array, ...]] | None = None,
    ) -> None:
        """A leaf, or the result of an operation.

        Args:
            data: numbers; whole ones become float64.
            parents: tensors this one was computed from.
            pass_on: takes the gradient with respect to this tensor, shape of data, and gives those with
                respect to its parents, in order, each in its parent's shape.
        """
        array = np.asarray(data)
        self.data = array if array.dtype.kind == "f" else array.astype(np.float64)
        self.grad = None
        self._parents = parents
        self._pass_on = pass_on

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the data."""
        return self.data.shape

    def backward(self) -> None:
        """Set `grad` of this tensor and of every one it was computed from.

        The gradient of this tensor is 1 in every entry (so that of its sum is computed where it is no
        scalar). Every tensor passes its gradient on once, after all tensors computed from it have passed
        theirs on to it: a tensor used several times gets the sum of what each use passes on. The number of
        paths may double with every tensor, and a path may be longer than Python's stack.

        A second call starts anew: gradients of an earlier one are replaced, not added to.

        Source: Goodfellow, Bengio and Courville, Deep Learning (2016), algorithm 6.6.
        """
        order = self._ancestors()
        for tensor in order:
            tensor.grad = np.zeros_like(tensor.data)
        self.grad = np.ones_like(self.data)
        for tensor in reversed(order):
            if tensor._pass_on is None or tensor.grad is None:
                continue
            for parent, gradient in zip(tensor._parents, tensor._pass_on(tensor.grad), strict=True):
                assert parent.grad is not None
                parent.grad = parent.grad + gradient

    def _ancestors(self) -> list[Tensor]:
        """This tensor and all it was computed from, each once, parents before what is made of them."""
        order: list[Tensor] = []
        seen: set[int] = set()
        waiting: list[tuple[Tensor, bool]] = [(self, False)]
        while waiting:  # no recursion: a training loop makes chains longer than Python's stack
            tensor, ready = waiting.pop()
            if ready:
                order.append(tensor)
            elif id(tensor) not in seen:
                seen.add(id(tensor))
                waiting.append((tensor, True))
                waiting += [(parent, False) for parent in tensor._parents]
        return order

    def __add__(self, other: Any) -> Tensor:
        """Sum, entry by entry: out = a + b, so da = dout and db = dout."""
        other = _tensor(other)

        def pass_on(dout: Array) -> tuple[Array, ...]:
            return unbroadcast(dout, self.shape), unbroadcast(dout, other.shape)

        return Tensor(self.data + other.data, (self, other), pass_on)

    def __mul__(self, other: Any) -> Tensor:
        """Product, entry by entry: out = a·b, so da = dout·b and db = dout·a."""
        other = _tensor(other)

        def pass_on(dout: Array) -> tuple[Array, ...]:
            return unbroadcast(dout * other.data, self.shape), unbroadcast(dout * self.data, other.shape)

        return Tensor(self.data * other.data, (self, other), pass_on)

    def __truediv__(self, other: Any) -> Tensor:
        """Quotient, entry by entry: out = a / b, so da = dout / b and db = −dout·a / b²."""
        other = _tensor(other)

        def pass_on(dout: Array) -> tuple[Array, ...]:
            da = dout / other.data
            return unbroadcast(da, self.shape), unbroadcast(-da * self.data / other.data, other.shape)

        return Tensor(self.data / other.data, (self, other), pass_on)

    def __pow__(self, exponent: float) -> Tensor:
        """Power with a constant exponent, a plain number: out = a^k, so da = dout·k·a^(k − 1)."""

        def pass_on(dout: Array) -> tuple[Array, ...]:
            return (dout * exponent * self.data ** (exponent - 1),)

        return Tensor(self.data**exponent, (self,), pass_on)

    def __matmul__(self, other: Any) -> Tensor:
        """Product of two matrices, shapes (M, K) and (K, N): da = dout·bᵀ and db = aᵀ·dout."""
        other = _tensor(other)

        def pass_on(dout: Array) -> tuple[Array, ...]:
            return dout @ other.data.T, self.data.T @ dout

        return Tensor(self.data @ other.data, (self, other), pass_on)

    def relu(self) -> Tensor:
        """Rectified linear unit, entry by entry: out = max(0, a); da = dout where a > 0, 0 elsewhere."""

        def pass_on(dout: Array) -> tuple[Array, ...]:
            return (np.where(self.data > 0, dout, 0),)

        return Tensor(np.maximum(self.data, 0), (self,), pass_on)

    def exp(self) -> Tensor:
        """Exponential, entry by entry: out = e^a, so da = dout·out."""
        out = np.exp(self.data)
        return Tensor(out, (self,), lambda dout: (dout * out,))

    def log(self) -> Tensor:
        """Natural logarithm, entry by entry: out = log a, so da = dout / a."""
        return Tensor(np.log(self.data), (self,), lambda dout: (dout / self.data,))

    def tanh(self) -> Tensor:
        """Hyperbolic tangent, entry by entry: out = tanh a, so da = dout·(1 − out²)."""
        out = np.tanh(self.data)
        return Tensor(out, (self,), lambda dout: (dout * (1 - out**2),))

    def sum(self, axis: int | None = None, *, keepdims: bool = False) -> Tensor:
        """Sum over one axis, or over all: every entry that was added gets the gradient of its sum.

        Args:
            axis: which one, from 0; None for all.
            keepdims: leave an axis of length 1 in the place of each that was summed.
        """

        def pass_on(dout: Array) -> tuple[Array, ...]:
            if axis is not None and not keepdims:
                dout = np.expand_dims(dout, axis)
            return (np.broadcast_to(dout, self.shape),)

        return Tensor(self.data.sum(axis=axis, keepdims=keepdims), (self,), pass_on)

    def reshape(self, *shape: int) -> Tensor:
        """The same entries in another shape: da is dout in the shape of a."""
        return Tensor(self.data.reshape(shape), (self,), lambda dout: (dout.reshape(self.shape),))

    def transpose(self) -> Tensor:
        """Transpose of a matrix: da = doutᵀ."""
        return Tensor(self.data.T, (self,), lambda dout: (dout.T,))

    def mean(self) -> Tensor:
        """Mean of all entries."""
        return self.sum() * (1 / self.data.size)

    def __neg__(self) -> Tensor:
        return self * -1.0

    def __sub__(self, other: Any) -> Tensor:
        return self + -_tensor(other)

    def __radd__(self, other: Any) -> Tensor:
        return _tensor(other) + self

    def __rmul__(self, other: Any) -> Tensor:
        return _tensor(other) * self

    def __rsub__(self, other: Any) -> Tensor:
        return _tensor(other) - self

    def __rtruediv__(self, other: Any) -> Tensor:
        return _tensor(other) / self

    def __rmatmul__(self, other: Any) -> Tensor:
        return _tensor(other) @ self


def _tensor(value: Any) -> Tensor:
    return value if isinstance(value, Tensor) else Tensor(value)
