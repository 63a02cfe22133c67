import numpy as np


def encode(x, W):
    return np.dot(x, W)


def decode(z, W):
    return np.dot(z, W.transpose())


def autoencoder_loss(x, target, W):
    code = encode(x, W)
    output = decode(code, W)
    difference = output - target
    loss = np.mean(np.square(difference))
    d_output = 2.0 * difference / difference.size
    dW_dec = np.dot(d_output.T, code)
    d_code = np.dot(d_output, W)
    dW_enc = np.dot(x.T, d_code)
    return float(loss), dW_dec + dW_enc
