from collections import deque

import numpy as np


def unbroadcast(gradient, shape):
    while gradient.ndim > len(shape):
        gradient = gradient.sum(axis=0)
    for axis, size in enumerate(shape):
        if size == 1:
            gradient = gradient.sum(axis=axis, keepdims=True)
    return gradient


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

    def _uses(self):
        """How many children (inside this graph) wait to report to each node."""
        count = {id(self): 0}
        todo = [self]
        while todo:
            t = todo.pop()
            for p in t._parents:
                if id(p) not in count:
                    count[id(p)] = 0
                    todo.append(p)
                count[id(p)] += 1
        return count

    def backward(self):
        waiting = self._uses()
        self.grad = np.ones_like(self.data)
        queue = deque([self])
        while queue:
            t = queue.popleft()
            if t._pass_on is None:
                continue
            for p, g in zip(t._parents, t._pass_on(t.grad), strict=True):
                p.grad = g
                waiting[id(p)] -= 1
                if waiting[id(p)] == 0:
                    queue.append(p)

    def _binary(self, other, value, da, db):
        def pass_on(g):
            return unbroadcast(da(g), self.shape), unbroadcast(db(g), other.shape)

        return Tensor(value, (self, other), pass_on)

    def _unary(self, value, da):
        return Tensor(value, (self,), lambda g: (da(g),))

    def __add__(self, other):
        other = _tensor(other)
        return self._binary(other, self.data + other.data, lambda g: g, lambda g: g)

    def __mul__(self, other):
        other = _tensor(other)
        a, b = self.data, other.data
        return self._binary(other, a * b, lambda g: g * b, lambda g: g * a)

    def __truediv__(self, other):
        other = _tensor(other)
        a, b = self.data, other.data
        return self._binary(other, a / b, lambda g: g / b, lambda g: -g * a / (b * b))

    def __pow__(self, exponent):
        return self._unary(self.data**exponent, lambda g: g * exponent * self.data ** (exponent - 1))

    def __matmul__(self, other):
        other = _tensor(other)
        a, b = self.data, other.data
        return Tensor(a @ b, (self, other), lambda g: (g @ b.T, a.T @ g))

    def relu(self):
        return self._unary(self.data * (self.data > 0), lambda g: g * (self.data > 0))

    def exp(self):
        e = np.exp(self.data)
        return self._unary(e, lambda g: g * e)

    def log(self):
        return self._unary(np.log(self.data), lambda g: g / self.data)

    def tanh(self):
        t = np.tanh(self.data)
        return self._unary(t, lambda g: g * (1 - t**2))

    def sum(self, axis=None, *, keepdims=False):
        kept = self.data.sum(axis=axis, keepdims=True).shape
        return self._unary(
            self.data.sum(axis=axis, keepdims=keepdims),
            lambda g: np.reshape(g, kept) * np.ones_like(self.data),
        )

    def reshape(self, *shape):
        return self._unary(self.data.reshape(*shape), lambda g: g.reshape(self.data.shape))

    def transpose(self):
        return self._unary(self.data.T, np.transpose)

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
