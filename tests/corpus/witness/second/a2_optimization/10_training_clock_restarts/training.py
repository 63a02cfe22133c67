from .batches import minibatches


def train(params, loss, x, y, *, step, lr, epochs, batch_size, rng):
    N = len(x)
    p = {}
    s = {}
    for k in params:
        p[k] = params[k].copy()
        s[k] = None
    hist = []
    for e in range(epochs):
        epoch_loss = 0.0
        for t, (xb, yb) in enumerate(minibatches(x, y, batch_size=batch_size, rng=rng)):
            l, g = loss(p, xb, yb)
            epoch_loss += l * len(yb) / N
            q = {}
            for k in p:
                q[k], s[k] = step(p[k], g[k], s[k], lr=lr(t))
            p = q
        hist.append(float(epoch_loss))
    return p, hist
