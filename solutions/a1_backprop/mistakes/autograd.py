"""Wrong automatic differentiations."""

from __future__ import annotations

from autograder.author import Mistake

_ACCUMULATE = "parent.grad = parent.grad + gradient"
_ADDED = "gradient = np.asarray(gradient.sum(axis=tuple(range(added))))"
_STRETCHED = "return np.asarray(gradient.sum(axis=stretched, keepdims=True))"
_START = "            tensor.grad = np.zeros_like(tensor.data)\n"
_ADD = "return unbroadcast(dout, self.shape), unbroadcast(dout, other.shape)"
_MUL = "return unbroadcast(dout * other.data, self.shape), unbroadcast(dout * self.data, other.shape)"
_DIV = "return unbroadcast(da, self.shape), unbroadcast(-da * self.data / other.data, other.shape)"
_POW = "return (dout * exponent * self.data ** (exponent - 1),)"
_MATMUL = "return dout @ other.data.T, self.data.T @ dout"
_RELU = "return (np.where(self.data > 0, dout, 0),)"
_TANH = "return Tensor(out, (self,), lambda dout: (dout * (1 - out**2),))"
_EXP = "return Tensor(out, (self,), lambda dout: (dout * out,))"
_LOG = "return Tensor(np.log(self.data), (self,), lambda dout: (dout / self.data,))"
_SEEN = "            elif id(tensor) not in seen:\n                seen.add(id(tensor))\n"


def _edit(name: str, says: str, old: str, new: str) -> Mistake:
    return Mistake(id=name, task="autograd", module="autograd", says=says, old=old, new=new)


WRONG = (
    _edit(
        "A11-gradient-overwritten",
        "A tensor used twice keeps only the last gradient. Two paths leave x; the chain rule adds them up.",
        _ACCUMULATE,
        "parent.grad = gradient",
    ),
    _edit(
        "A12-no-topological-order",
        "A node passes its gradient on before everything that uses it has reported.",
        "                waiting.append((tensor, True))\n",
        "                order.insert(0, tensor)\n",
    ),
    _edit(
        "A12-every-path-walked",
        "Every path is walked by itself, and a graph has exponentially many. Visit each node once.",
        _SEEN,
        "            else:\n",
    ),
    _edit(
        "A13-broadcasting-not-undone",
        "A stretched operand gets a gradient of the stretched shape. Sum over the axes that numpy stretched.",
        _ADD,
        "return dout, dout",
    ),
    _edit(
        "A13-one-copy-kept",
        "Of the copies along a stretched axis only one is kept. Each had an effect of its own: add them up.",
        _STRETCHED,
        "return np.asarray(gradient.max(axis=stretched, keepdims=True))",
    ),
    _edit(
        "A13-averaged-over-copies",
        "The gradients of the copies are averaged. Each copy had an effect of its own: add them up.",
        _STRETCHED,
        "return np.asarray(gradient.mean(axis=stretched, keepdims=True))",
    ),
    _edit(
        "A13-axes-in-front-averaged",
        "The gradients of the copies are averaged. Each copy had an effect of its own: add them up.",
        _ADDED,
        "gradient = np.asarray(gradient.mean(axis=tuple(range(added))))",
    ),
    _edit(
        "A14-gradients-pile-up",
        "A second backward adds to what the first one left. Each call starts anew.",
        _START,
        "            tensor.grad = np.zeros_like(tensor.data) if tensor.grad is None else tensor.grad\n",
    ),
    _edit(
        "A0-product-rule-exchanged",
        "Each factor gets its own value: da = dout·b and db = dout·a.",
        _MUL,
        "return unbroadcast(dout * self.data, self.shape), unbroadcast(dout * other.data, other.shape)",
    ),
    _edit(
        "A0-quotient-without-sign",
        "The gradient of the denominator is −dout·a / b²: the sign is missing.",
        _DIV,
        _DIV.replace("-da", "da"),
    ),
    _edit(
        "A0-quotient-without-square",
        "The gradient of the denominator is −dout·a / b²; yours is divided by b once.",
        _DIV,
        _DIV.replace("-da * self.data / other.data", "-da * self.data"),
    ),
    _edit(
        "A0-exponent-not-brought-down",
        "The derivative of a^k is k·a^(k − 1): the factor k is missing.",
        _POW,
        "return (dout * self.data ** (exponent - 1),)",
    ),
    _edit(
        "A0-exponent-not-lowered",
        "The derivative of a^k is k·a^(k − 1): the exponent falls by one.",
        _POW,
        "return (dout * exponent * self.data**exponent,)",
    ),
    _edit(
        "A9-product-of-matrices-turned-round",
        "db = aᵀ·dout has the shape of b; yours is its transpose.",
        _MATMUL,
        "return dout @ other.data.T, dout.T @ self.data",
    ),
    _edit(
        "A5-mask-forgotten",
        "relu passes the gradient on where it was off.",
        _RELU,
        "return (dout,)",
    ),
    _edit(
        "A7-derivative-1-at-zero",
        "At exactly 0 relu passes the gradient on; the convention is 0 there.",
        _RELU,
        "return (np.where(self.data >= 0, dout, 0),)",
    ),
    _edit(
        "A0-tanh-of-the-input",
        "The derivative is 1 − tanh²(a), of the output, not 1 − a².",
        _TANH,
        "return Tensor(out, (self,), lambda dout: (dout * (1 - self.data**2),))",
    ),
    _edit(
        "A0-exp-passes-dout-unchanged",
        "The derivative of e^a is e^a: multiply dout by the output.",
        _EXP,
        "return Tensor(out, (self,), lambda dout: (dout,))",
    ),
    _edit(
        "A0-log-multiplied",
        "The derivative of log a is 1/a: divide.",
        _LOG,
        "return Tensor(np.log(self.data), (self,), lambda dout: (dout * self.data,))",
    ),
    _edit(
        "A0-sum-divides",
        "Every entry of a sum gets the whole gradient; divided by the number of entries it would be a mean.",
        "return (np.broadcast_to(dout, self.shape),)",
        "return (np.broadcast_to(dout, self.shape) * dout.size / self.data.size,)",
    ),
    _edit(
        "A0-axis-not-put-back",
        "After a sum over an axis the gradient has lost that axis; put it back before stretching.",
        "dout = np.expand_dims(dout, axis)",
        "dout = np.resize(dout, self.shape)",
    ),
    _edit(
        "A8-data-changed-by-an-operation",
        "An operation writes into the data of its operand, which other results were computed from.",
        "return Tensor(np.maximum(self.data, 0), (self,), pass_on)",
        "np.maximum(self.data, 0, out=self.data)\n        return Tensor(self.data, (self,), pass_on)",
    ),
)
