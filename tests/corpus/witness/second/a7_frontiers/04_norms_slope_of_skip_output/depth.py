import numpy as np


def gradient_norms(x, weights, dout, *, skip):
    outputs = []
    h = x
    for W in weights:
        new = np.tanh(h @ W)
        if skip:
            new = new + h
        outputs.append(new)
        h = new
    grad = dout
    norms = [float(np.sqrt((grad * grad).sum()))]
    for k in reversed(range(len(weights))):
        local = 1 - outputs[k] ** 2
        branch = (grad * local) @ weights[k].T
        grad = branch + grad if skip else branch
        norms.insert(0, float(np.sqrt((grad * grad).sum())))
    return np.array(norms)
