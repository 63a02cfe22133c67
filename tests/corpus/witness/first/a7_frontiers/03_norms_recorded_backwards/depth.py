import numpy as np


def gradient_norms(x, weights, dout, *, skip):
    slopes = []
    current = x
    for W in weights:
        t = np.tanh(current @ W)
        slopes.append(1 - t * t)
        current = current + t if skip else t
    g = dout
    norms = [np.linalg.norm(g)]
    for W, slope in zip(weights[::-1], slopes[::-1]):
        through = (g * slope) @ W.T
        g = g + through if skip else through
        norms.append(np.linalg.norm(g))
    return np.array(norms[::-1])
