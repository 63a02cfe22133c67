import numpy as np


def unbroadcast(gradient, shape):
    for _ in range(gradient.ndim - len(shape)):
        gradient = np.sum(gradient, axis=0)
    for axis in range(len(shape)):
        if shape[axis] == 1 and gradient.shape[axis] > 1:
            gradient = np.sum(gradient, axis=axis, keepdims=True)
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

    def _sorted(self):
        done, order, path = set(), [], [(self, iter(self._parents))]
        done.add(id(self))
        while path:
            node, parents = path[-1]
            for parent in parents:
                if id(parent) not in done:
                    done.add(id(parent))
                    path.append((parent, iter(parent._parents)))
                    break
            else:
                order.append(path.pop()[0])
        return order[::-1]

    def backward(self):
        order = self._sorted()
        for tensor in order:
            tensor.grad = None
        self.grad = np.ones_like(self.data)
        for tensor in order:
            if not tensor._parents:
                continue
            for parent, gradient in zip(tensor._parents, tensor._pass_on(tensor.grad)):
                parent.grad = gradient if parent.grad is None else parent.grad + gradient

    def __add__(self, other):
        other = _tensor(other)

        def pass_on(dout):
            return unbroadcast(dout, self.shape), unbroadcast(dout, other.shape)

        return Tensor(self.data + other.data, (self, other), pass_on)

    def __mul__(self, other):
        other = _tensor(other)

        def pass_on(dout):
            da = unbroadcast(dout * other.data, self.shape)
            db = unbroadcast(dout * self.data, other.shape)
            return da, db

        return Tensor(self.data * other.data, (self, other), pass_on)

    def __truediv__(self, other):
        other = _tensor(other)

        def pass_on(dout):
            da = unbroadcast(dout / other.data, self.shape)
            db = unbroadcast(-dout * self.data / np.square(other.data), other.shape)
            return da, db

        return Tensor(self.data / other.data, (self, other), pass_on)

    def __pow__(self, exponent):
        def pass_on(dout):
            return (exponent * self.data ** (exponent - 1) * dout,)

        return Tensor(self.data**exponent, (self,), pass_on)

    def __matmul__(self, other):
        other = _tensor(other)

        def pass_on(dout):
            return dout @ other.data.T, self.data.T @ dout

        return Tensor(self.data @ other.data, (self, other), pass_on)

    def relu(self):
        def pass_on(dout):
            return (dout * (self.data > 0),)

        return Tensor(np.maximum(0, self.data), (self,), pass_on)

    def exp(self):
        out = Tensor(np.exp(self.data), (self,))
        out._pass_on = lambda dout: (dout * out.data,)
        return out

    def log(self):
        return Tensor(np.log(self.data), (self,), lambda dout: (dout / self.data,))

    def tanh(self):
        out = Tensor(np.tanh(self.data), (self,))
        out._pass_on = lambda dout: (dout * (1 - out.data**2),)
        return out

    def sum(self, axis=None, *, keepdims=False):
        def pass_on(dout):
            return (np.zeros_like(self.data) + dout,)

        return Tensor(self.data.sum(axis=axis, keepdims=keepdims), (self,), pass_on)

    def reshape(self, *shape):
        def pass_on(dout):
            return (dout.reshape(self.shape),)

        return Tensor(self.data.reshape(*shape), (self,), pass_on)

    def transpose(self):
        return Tensor(self.data.transpose(), (self,), lambda dout: (dout.transpose(),))

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
