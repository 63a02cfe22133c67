"""Right solutions of the lecture's network, gradient checking and autograd, written differently."""

from __future__ import annotations

from autograder.author import Variant

_ONE_BY_ONE = """
class Tensor:
    __array_ufunc__ = None

    def __init__(self, data, parents=(), pass_on=None):
        self.data = np.asarray(data, dtype=np.float64)
        self.grad = None
        self._parents = parents
        self._pass_on = pass_on

    @property
    def shape(self):
        return self.data.shape

    def backward(self):
        # count how often each tensor is used, and pass on when the last use has reported
        uses, found = {id(self): 0}, [self]
        for tensor in found:
            for parent in tensor._parents:
                if id(parent) not in uses:
                    uses[id(parent)] = 0
                    found.append(parent)
                uses[id(parent)] += 1
        for tensor in found:
            tensor.grad = None
        self.grad, ready = np.ones_like(self.data), [self]
        while ready:
            tensor = ready.pop()
            if not tensor._parents:
                continue
            for parent, gradient in zip(tensor._parents, tensor._pass_on(tensor.grad)):
                parent.grad = np.array(gradient) if parent.grad is None else parent.grad + gradient
                uses[id(parent)] -= 1
                if uses[id(parent)] == 0:
                    ready.append(parent)

    def _make(self, data, *pairs):
        return Tensor(data, tuple(p for p, _ in pairs), lambda d: tuple(f(d) for _, f in pairs))

    def __add__(self, other):
        o = other if isinstance(other, Tensor) else Tensor(other)
        return self._make(
            self.data + o.data,
            (self, lambda d: unbroadcast(d, self.shape)),
            (o, lambda d: unbroadcast(d, o.shape)),
        )

    def __mul__(self, other):
        o = other if isinstance(other, Tensor) else Tensor(other)
        return self._make(
            self.data * o.data,
            (self, lambda d: unbroadcast(d * o.data, self.shape)),
            (o, lambda d: unbroadcast(d * self.data, o.shape)),
        )

    def __truediv__(self, other):
        o = other if isinstance(other, Tensor) else Tensor(other)
        return self * o**-1.0

    def __pow__(self, k):
        return self._make(np.power(self.data, k), (self, lambda d: d * k * np.power(self.data, k - 1)))

    def __matmul__(self, other):
        o = other if isinstance(other, Tensor) else Tensor(other)
        return self._make(
            np.dot(self.data, o.data),
            (self, lambda d: np.dot(d, o.data.T)),
            (o, lambda d: np.dot(self.data.T, d)),
        )

    def relu(self):
        on = self.data > 0
        return self._make(self.data * on, (self, lambda d: d * on))

    def exp(self):
        e = np.exp(self.data)
        return self._make(e, (self, lambda d: d * e))

    def log(self):
        return self._make(np.log(self.data), (self, lambda d: d / self.data))

    def tanh(self):
        t = np.tanh(self.data)
        return self._make(t, (self, lambda d: d * (1 - t * t)))

    def sum(self, axis=None, *, keepdims=False):
        kept = self.data.sum(axis=axis, keepdims=True)
        out = kept if keepdims else self.data.sum(axis=axis)
        return self._make(out, (self, lambda d: np.ones(self.shape) * np.reshape(d, kept.shape)))

    def reshape(self, *shape):
        return self._make(self.data.reshape(*shape), (self, lambda d: d.reshape(self.shape)))

    def transpose(self):
        return self._make(np.transpose(self.data), (self, np.transpose))

    def mean(self):
        return self.sum() / float(self.data.size)

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + (-other)

    __radd__ = __add__
    __rmul__ = __mul__

    def __rsub__(self, other):
        return -self + other

    def __rtruediv__(self, other):
        return Tensor(other) / self

    def __rmatmul__(self, other):
        return Tensor(other) @ self
"""

RIGHT = (
    Variant(
        "shallow-loops",
        "shallow",
        "shallow",
        """
def shallow_forward(x, W, c, w, b):
    f = np.zeros(len(x))
    for n in range(len(x)):
        f[n] = b
        for k in range(len(c)):
            z = c[k]
            for d in range(x.shape[1]):
                z += W[d, k] * x[n, d]
            f[n] += w[k] * max(z, 0)
    return f, (x, W, c, w)

def shallow_backward(df, cache):
    x, W, c, w = (np.array(each) for each in cache)
    dx, dW, dc, dw = np.zeros(x.shape), np.zeros(W.shape), np.zeros(c.shape), np.zeros(w.shape)
    for n in range(len(x)):
        z = W.T @ x[n] + c
        for k in range(len(c)):
            if z[k] > 0:
                dw[k] += df[n] * z[k]
                dc[k] += df[n] * w[k]
                dW[:, k] += df[n] * w[k] * x[n]
                dx[n] += df[n] * w[k] * W[:, k]
    return dx, dW, dc, dw, np.sum(df)
""",
    ),
    Variant(
        "shallow-layers",
        "shallow",
        "shallow",
        """
from .layers import affine_backward, affine_forward, relu_backward, relu_forward

def shallow_forward(x, W, c, w, b):
    z, first = affine_forward(x, W, c)
    h, bend = relu_forward(z)
    f, second = affine_forward(h, w[:, None], np.reshape(b, (1,)))
    return f[:, 0], (first, bend, second)

def shallow_backward(df, cache):
    first, bend, second = cache
    dh, dw, db = affine_backward(df[:, None], second)
    dx, dW, dc = affine_backward(relu_backward(dh, bend), first)
    return dx, dW, dc, dw[:, 0], db[0]
""",
    ),
    Variant(
        "shallow-columns",
        "shallow",
        "shallow",
        """
def shallow_forward(x, W, c, w, b):
    Z = W.T @ x.T + c[:, None]
    H = Z * (Z > 0)
    return w @ H + b, (x, W, w, Z, H)

def shallow_backward(df, cache):
    x, W, w, Z, H = cache
    dZ = (w[:, None] * df[None]) * (Z > 0)
    return (W @ dZ).T, (dZ @ x).T, dZ.sum(1), H @ df, df.sum()
""",
    ),
    Variant(
        "gradcheck-in-place",
        "gradcheck",
        "gradcheck",
        """
def numerical_gradient(f, x, *, h=1e-5):
    x = np.array(x, dtype=float)
    g = np.zeros(x.shape)
    it = np.nditer(x, flags=["multi_index"])
    while not it.finished:
        i = it.multi_index
        old = x[i]
        x[i] = old + h
        high = f(x.copy())
        x[i] = old - h
        low = f(x.copy())
        x[i] = old
        g[i] = (high - low) / (2 * h)
        it.iternext()
    return g
""",
    ),
    Variant(
        "gradcheck-flat",
        "gradcheck",
        "gradcheck",
        """
def numerical_gradient(f, x, *, h=1e-5):
    steps = h * np.eye(x.size)
    slopes = [(f(x + s.reshape(x.shape)) - f(x - s.reshape(x.shape))) / (2 * h) for s in steps]
    return np.array(slopes).reshape(x.shape)
""",
    ),
    Variant(
        "gradcheck-verdict-by-multiplication",
        "gradcheck",
        "gradcheck",
        """
def grad_check(f, x, gradient, *, h=1e-5, tolerance=1e-6):
    if gradient.shape != x.shape:
        raise ValueError("shapes differ")
    g = numerical_gradient(f, x, h=h).ravel()
    a = gradient.ravel()
    distance, scale = np.sqrt(((a - g) ** 2).sum()), np.sqrt(max((a**2).sum(), (g**2).sum()))
    if not np.isfinite(distance):
        return False, np.inf
    return bool(distance <= tolerance * scale), distance / (scale or 1.0)
""",
    ),
    Variant("autograd-counting-uses", "autograd", "autograd", _ONE_BY_ONE),
    Variant(
        "autograd-unbroadcast-step-by-step",
        "autograd",
        "autograd",
        """
def unbroadcast(gradient, shape):
    while gradient.ndim > len(shape):
        gradient = gradient.sum(axis=0)
    for axis, size in enumerate(shape):
        if size == 1:
            gradient = gradient.sum(axis=axis, keepdims=True)
    return gradient
""",
    ),
    Variant(
        "autograd-closures",
        "autograd",
        "autograd",
        _ONE_BY_ONE.replace("ready.pop()", "ready.pop(0)").replace("np.array(gradient)", "gradient + 0.0"),
    ),
)
