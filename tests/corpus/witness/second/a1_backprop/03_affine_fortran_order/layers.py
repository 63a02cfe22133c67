import numpy as np


def affine_forward(x, w, b):
    number_of_samples, *rest = x.shape
    flattened_inputs = x.reshape(number_of_samples, int(np.prod(rest)), order="F")
    outputs = flattened_inputs @ w + b
    return outputs, (x, w)


def affine_backward(dout, cache):
    inputs, weights = cache
    flattened_inputs = inputs.reshape(inputs.shape[0], -1, order="F")
    gradient_inputs = (dout @ weights.T).reshape(inputs.shape, order="F")
    gradient_weights = flattened_inputs.T @ dout
    gradient_biases = dout.sum(axis=0)
    return gradient_inputs, gradient_weights, gradient_biases


def relu_forward(x):
    is_positive = x > 0
    return x * is_positive, is_positive


def relu_backward(dout, cache):
    is_positive = cache
    return dout * is_positive
