import numpy as np


def gradient_norms(x, weights, dout, *, skip):
    acts = [x]
    tanhs = []
    for W in weights:
        tanhs.append(np.tanh(acts[-1] @ W))
        acts.append(tanhs[-1] + acts[-1] if skip else tanhs[-1])
    g = dout
    norms = [np.sqrt(np.sum(np.square(g)))]
    for W, t in zip(reversed(weights), reversed(tanhs)):
        dz = g * (1 - t**2)
        if skip:
            g = grad + dz @ W.T
        else:
            g = dz @ W.T
        norms.append(np.sqrt(np.sum(np.square(g))))
    return np.array(norms)[::-1].copy()
