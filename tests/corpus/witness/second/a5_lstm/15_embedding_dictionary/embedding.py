from collections import defaultdict

import numpy as np


def embedding_forward(x, W):
    out = np.empty(x.shape + W.shape[1:], dtype=W.dtype)
    for position, token in np.ndenumerate(x):
        out[position] = W[token]
    places = defaultdict(list)
    for position, token in np.ndenumerate(x):
        places[int(token)].append(position)
    return out, (dict(places), W.shape)


def embedding_backward(dout, cache):
    places, shape = cache
    dW = np.zeros(shape, dtype=dout.dtype)
    for token, positions in places.items():
        for position in positions:
            dW[token] += dout[position]
    return dW
