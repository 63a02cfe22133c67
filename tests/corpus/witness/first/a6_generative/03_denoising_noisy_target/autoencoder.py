import numpy as np

encode = lambda x, W: x.dot(W)
decode = lambda z, W: z.dot(W.T)


def autoencoder_loss(x, target, W):
    r = decode(encode(x, W), W) - target
    return float((r * r).sum() / len(r)), 2 * (r.T.dot(x.dot(W)) + x.T.dot(r.dot(W))) / len(r)


def add_noise(x, *, std, rng):
    return x + np.asarray(std * rng.standard_normal(x.shape), dtype=x.dtype)


def denoising_loss(x, W, *, std, rng):
    noisy = add_noise(x, std=std, rng=rng)
    return autoencoder_loss(noisy, noisy, W)
