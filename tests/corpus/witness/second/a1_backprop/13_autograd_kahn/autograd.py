"""Reverse-mode automatic differentiation."""

from __future__ import annotations

from collections import Counter

import numpy as np


def unbroadcast(gradient, shape):
    """Sum a gradient back to the shape before broadcasting."""
    padded = (1,) * (gradient.ndim - len(shape)) + tuple(shape)
    axes = tuple(axis for axis, (big, small) in enumerate(zip(gradient.shape, padded)) if small == 1 != big)
    summed = gradient.sum(axis=axes, keepdims=True) if axes else gradient
    return summed.reshape(shape)


def _count_uses(root):
    uses, stack, seen = Counter(), [root], {id(root)}
    while stack:
        for parent in stack.pop()._parents:
            uses[id(parent)] += 1
            if id(parent) not in seen:
                seen.add(id(parent))
                stack.append(parent)
    return uses


class Tensor:
    __array_ufunc__ = None

    def __init__(self, data, parents=(), pass_on=None):
        array = np.asarray(data)
        self.data = array if array.dtype.kind == "f" else array.astype(np.float64)
        self.grad = None
        self._parents = parents
        self._pass_on = pass_on

    @property
    def shape(self):
        return self.data.shape

    def backward(self):
        missing = _count_uses(self)
        arrived = {id(self): np.ones(self.shape, dtype=self.data.dtype)}
        ready = [self]
        while ready:
            node = ready.pop()
            node.grad = arrived.pop(id(node))
            if node._pass_on is None:
                continue
            for parent, share in zip(node._parents, node._pass_on(node.grad)):
                key = id(parent)
                arrived[key] = arrived[key] + share if key in arrived else np.array(share)
                missing[key] -= 1
                if not missing[key]:
                    ready.append(parent)

    def __add__(self, other):
        other = _tensor(other)
        return Tensor(
            np.add(self.data, other.data),
            (self, other),
            lambda d: (unbroadcast(d, self.shape), unbroadcast(d, other.shape)),
        )

    def __mul__(self, other):
        other = _tensor(other)
        return Tensor(
            np.multiply(self.data, other.data),
            (self, other),
            lambda d: (unbroadcast(d * other.data, self.shape), unbroadcast(self.data * d, other.shape)),
        )

    def __truediv__(self, other):
        other = _tensor(other)
        out = self.data / other.data
        return Tensor(
            out,
            (self, other),
            lambda d: (
                unbroadcast(d / other.data, self.shape),
                unbroadcast(-d * out / other.data, other.shape),
            ),
        )

    def __pow__(self, exponent):
        def pass_on(d):
            return (d * (exponent * np.power(self.data, exponent - 1)),)

        return Tensor(np.power(self.data, exponent), (self,), pass_on)

    def __matmul__(self, other):
        other = _tensor(other)

        def pass_on(d):
            return np.dot(d, other.data.T), np.dot(self.data.T, d)

        return Tensor(np.dot(self.data, other.data), (self, other), pass_on)

    def relu(self):
        on = self.data > 0
        return Tensor(np.where(on, self.data, 0), (self,), lambda d: (np.where(on, d, 0),))

    def exp(self):
        value = np.exp(self.data)
        return Tensor(value, (self,), lambda d: (value * d,))

    def log(self):
        return Tensor(np.log(self.data), (self,), lambda d: (np.divide(d, self.data),))

    def tanh(self):
        value = np.tanh(self.data)
        return Tensor(value, (self,), lambda d: (d - d * value**2,))

    def sum(self, axis=None, *, keepdims=False):
        shape = list(self.shape)
        if axis is None:
            shape = [1] * len(shape)
        else:
            shape[axis] = 1

        def pass_on(d):
            return (np.ones(self.shape, dtype=d.dtype) * np.reshape(d, shape),)

        return Tensor(np.sum(self.data, axis=axis, keepdims=keepdims), (self,), pass_on)

    def reshape(self, *shape):
        before = self.shape
        return Tensor(np.reshape(self.data, shape), (self,), lambda d: (np.reshape(d, before),))

    def transpose(self):
        return Tensor(self.data.swapaxes(0, 1), (self,), lambda d: (d.swapaxes(0, 1),))

    def mean(self):
        return self.sum() * (1 / self.data.size)

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + -_tensor(other)

    def __radd__(self, other):
        return _tensor(other) + self

    def __rmul__(self, other):
        return _tensor(other) * self

    def __rsub__(self, other):
        return _tensor(other) - self

    def __rtruediv__(self, other):
        return _tensor(other) / self

    def __rmatmul__(self, other):
        return _tensor(other) @ self


def _tensor(value):
    return value if isinstance(value, Tensor) else Tensor(value)
