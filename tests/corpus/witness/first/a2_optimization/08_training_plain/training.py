from .batches import minibatches


def train(params, loss, x, y, *, step, lr, epochs, batch_size, rng):
    params = {name: value.copy() for name, value in params.items()}
    state = {name: None for name in params}
    history = []
    t = 0
    for epoch in range(epochs):
        total, seen = 0.0, 0
        for xb, yb in minibatches(x, y, batch_size=batch_size, rng=rng):
            value, gradients = loss(params, xb, yb)
            rate = lr(t)
            new = {}
            for name in params:
                new[name], state[name] = step(params[name], gradients[name], state[name], lr=rate)
            params = new
            total += value * len(xb)
            seen += len(xb)
            t += 1
        history.append(float(total / seen))
    return params, history
