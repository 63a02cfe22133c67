import numpy as np


def unbroadcast(gradient, shape):
    extra = gradient.ndim - len(shape)
    if extra:
        gradient = gradient.sum(axis=tuple(range(extra)))
    stretched = tuple(i for i, s in enumerate(shape) if s == 1 and gradient.shape[i] != 1)
    if stretched:
        gradient = gradient.sum(axis=stretched, keepdims=True)
    return np.asarray(gradient).reshape(shape)


def _topological(root):
    """Nodes so that every node comes after its parents; no recursion, graphs can be deep."""
    order, seen = [], set()
    stack = [(root, False)]
    while stack:
        node, expanded = stack.pop()
        if expanded:
            order.append(node)
            continue
        if id(node) in seen:
            continue
        seen.add(id(node))
        stack.append((node, True))
        for parent in node._parents:
            if id(parent) not in seen:
                stack.append((parent, False))
    return order


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
        order = _topological(self)
        for node in order:
            node.grad = np.zeros_like(node.data)
        self.grad = np.ones_like(self.data)
        for node in reversed(order):
            if node._pass_on is None:
                continue
            for parent, g in zip(node._parents, node._pass_on(node.grad)):
                parent.grad = parent.grad + g

    def __add__(self, other):
        other = _tensor(other)

        def pass_on(g):
            return unbroadcast(g, self.shape), unbroadcast(g, other.shape)

        return Tensor(self.data + other.data, (self, other), pass_on)

    def __mul__(self, other):
        other = _tensor(other)

        def pass_on(g):
            return unbroadcast(g * other.data, self.shape), unbroadcast(g * self.data, other.shape)

        return Tensor(self.data * other.data, (self, other), pass_on)

    def __truediv__(self, other):
        other = _tensor(other)

        def pass_on(g):
            da = g / other.data
            db = -g * self.data / other.data**2
            return unbroadcast(da, self.shape), unbroadcast(db, other.shape)

        return Tensor(self.data / other.data, (self, other), pass_on)

    def __pow__(self, exponent):
        return Tensor(
            self.data**exponent, (self,), lambda g: (g * exponent * self.data ** (exponent - 1),)
        )

    def __matmul__(self, other):
        other = _tensor(other)
        return Tensor(
            self.data @ other.data, (self, other), lambda g: (g @ other.data.T, self.data.T @ g)
        )

    def relu(self):
        return Tensor(np.maximum(self.data, 0), (self,), lambda g: (g * (self.data > 0),))

    def exp(self):
        out = np.exp(self.data)
        return Tensor(out, (self,), lambda g: (g * out,))

    def log(self):
        return Tensor(np.log(self.data), (self,), lambda g: (g / self.data,))

    def tanh(self):
        out = np.tanh(self.data)
        return Tensor(out, (self,), lambda g: (g * (1 - out * out),))

    def sum(self, axis=None, *, keepdims=False):
        def pass_on(g):
            if axis is not None and not keepdims:
                g = np.expand_dims(g, axis)
            return (np.broadcast_to(g, self.shape).copy(),)

        return Tensor(self.data.sum(axis=axis, keepdims=keepdims), (self,), pass_on)

    def reshape(self, *shape):
        return Tensor(self.data.reshape(shape), (self,), lambda g: (g.reshape(self.shape),))

    def transpose(self):
        return Tensor(self.data.T, (self,), lambda g: (g.T,))

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
