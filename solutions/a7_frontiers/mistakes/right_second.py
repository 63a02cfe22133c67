"""Right saliency maps, attributions, Q-learning and policy gradients, written differently."""

from __future__ import annotations

from autograder.author import Variant

_SALIENCY_LOOPS = """
def score_gradient(x, y, params):
    gradient = np.zeros(x.shape)
    for n, image in enumerate(x):
        flat = image.ravel()
        for m in range(len(params["b1"])):
            if flat @ params["W1"][:, m] + params["b1"][m] > 0:
                gradient[n] += (params["W1"][:, m] * params["W2"][m, y[n]]).reshape(image.shape)
    return gradient


def saliency_map(x, y, params):
    gradient = score_gradient(x, y, params)
    largest = np.zeros((x.shape[0], *x.shape[2:]))
    for n, i, j in np.ndindex(*largest.shape):
        largest[n, i, j] = max(abs(value) for value in gradient[n, :, i, j])
    return largest
"""
_SALIENCY_LAYERS = """
def score_gradient(x, y, params):
    hidden = x.reshape(x.shape[0], -1).dot(params["W1"]) + params["b1"]
    dscores = np.zeros((len(x), params["W2"].shape[1]))
    dscores[np.arange(len(x)), y] = 1.0
    dhidden = dscores.dot(params["W2"].T)
    dhidden[hidden <= 0] = 0.0
    return dhidden.dot(params["W1"].T).reshape(x.shape)


def saliency_map(x, y, params):
    gradient = score_gradient(x, y, params)
    return np.maximum(gradient.max(axis=1), -gradient.min(axis=1))
"""
_SALIENCY_EINSUM = """
def score_gradient(x, y, params):
    hidden = np.einsum("nd,dm->nm", x.reshape(len(x), -1), params["W1"]) + params["b1"]
    on = (hidden > 0).astype(x.dtype)
    return np.einsum("nm,mn,dm->nd", on, params["W2"][:, y], params["W1"]).reshape(x.shape)


def saliency_map(x, y, params):
    return np.linalg.norm(score_gradient(x, y, params), ord=np.inf, axis=1)
"""
_INTEGRATED_LIST = """
def integrated_gradients(gradient, x, baseline, *, steps):
    if not steps >= 1:
        raise ValueError("steps")
    places = [(2 * k + 1) / (2 * steps) for k in range(steps)]
    found = [gradient((1 - place) * baseline + place * x) for place in places]
    return np.mean(found, axis=0) * (x - baseline)
"""
_INTEGRATED_BACKWARDS = """
def integrated_gradients(gradient, x, baseline, *, steps):
    if steps <= 0:
        raise ValueError("steps must be positive")
    piece = (x - baseline) / steps
    point = x - piece / 2
    shares = np.zeros(x.shape)
    for _ in range(steps):
        shares = shares + piece * gradient(point)
        point = point - piece
    return shares
"""
_INTEGRATED_LINSPACE = """
def integrated_gradients(gradient, x, baseline, *, steps):
    if steps < 1:
        raise ValueError
    places = np.linspace(0, 1, steps, endpoint=False) + 0.5 / steps
    total = sum(gradient(baseline + place * (x - baseline)) for place in places)
    return (x - baseline) * (total / steps)
"""
_Q_BLEND = """
def q_update(q, state, action, reward, next_state, done, *, lr, gamma):
    target = reward
    if not done:
        target = target + gamma * max(q[next_state])
    following = np.array(q)
    following[state][action] = (1 - lr) * q[state][action] + lr * target
    return following


def epsilon_greedy(values, *, epsilon, rng):
    count = len(values)
    p = np.full(count, epsilon / count)
    p[np.argmax(values)] += 1 - epsilon
    return int(rng.choice(count, p=p))
"""
_Q_LOOP = """
def epsilon_greedy(values, *, epsilon, rng):
    if rng.uniform() >= epsilon:
        best = np.flatnonzero(values == values.max())
        return rng.choice(best)
    return rng.choice(len(values))


def q_learning(world, *, episodes, max_steps, lr, gamma, epsilon, rng):
    q = np.zeros((world.states, world.actions))
    for _ in range(episodes):
        state, done, taken = world.reset(rng), False, 0
        while not done and taken < max_steps:
            action = epsilon_greedy(q[state], epsilon=epsilon, rng=rng)
            after, reward, done = world.step(state, action)
            future = (1 - done) * gamma * np.amax(q[after])
            q[state, action] += lr * (reward + future - q[state, action])
            state, taken = after, taken + 1
    return q
"""
_Q_ERROR = """
def q_update(q, state, action, reward, next_state, done, *, lr, gamma):
    next_q = q + 0.0
    error = reward - next_q[state, action] + (not done) * gamma * np.sort(next_q[next_state])[-1]
    next_q[state, action] = next_q[state, action] + lr * error
    return next_q
"""
_POLICY_LOOPS = """
def discounted_returns(rewards, *, gamma):
    T = len(rewards)
    return np.array([sum(gamma ** (k - t) * rewards[k] for k in range(t, T)) for t in range(T)], dtype=float)


def policy_gradient_loss(theta, states, actions, advantages):
    loss, dtheta, T = 0.0, np.zeros(theta.shape), len(states)
    for s, a, advantage in zip(states, actions, advantages):
        row = theta[s] - max(theta[s])
        log_pi = row - np.log(sum(np.exp(row)))
        loss -= advantage * log_pi[a] / T
        for b in range(theta.shape[1]):
            dtheta[s, b] -= advantage * ((a == b) - np.exp(log_pi[b])) / T
    return loss, dtheta
"""
_POLICY_ONE_HOT = """
def discounted_returns(rewards, *, gamma):
    T = len(rewards)
    exponent = np.arange(T)[None, :] - np.arange(T)[:, None]
    weights = np.where(exponent >= 0, float(gamma) ** np.maximum(exponent, 0), 0.0)
    return weights @ rewards


def policy_gradient_loss(theta, states, actions, advantages):
    S, A = theta.shape
    at_state, at_action = np.eye(S)[states], np.eye(A)[actions]
    shifted = theta - np.max(theta, axis=1, keepdims=True)
    exponentials = np.exp(shifted)
    sums = exponentials.sum(axis=1, keepdims=True)
    pi, log_pi = exponentials / sums, shifted - np.log(sums)
    taken = ((at_state @ log_pi) * at_action).sum(axis=1)
    weighted = at_state * advantages[:, None]
    dtheta = weighted.sum(axis=0)[:, None] * pi - weighted.T @ at_action
    return -np.mean(advantages * taken), dtheta / len(states)
"""
_POLICY_ROWS = """
def discounted_returns(rewards, *, gamma):
    returns = [0.0]
    for reward in rewards[::-1]:
        returns.append(reward + gamma * returns[-1])
    return np.array(returns[:0:-1], dtype=float)


def policy_gradient_loss(theta, states, actions, advantages):
    chosen = theta[states]
    chosen = chosen - chosen.max(axis=1, keepdims=True)
    p = np.exp(chosen)
    total = p.sum(axis=1)
    rows = np.arange(len(states))
    loss = np.mean(advantages * (np.log(total) - chosen[rows, actions]))
    p = p / total[:, None]
    p[rows, actions] -= 1
    dtheta = np.zeros(theta.shape)
    for s, row, advantage in zip(states, p, advantages):
        dtheta[s] += advantage / len(states) * row
    return loss, dtheta
"""
RIGHT = (
    Variant("saliency-loops", "saliency", "explain", _SALIENCY_LOOPS),
    Variant("saliency-layer-by-layer", "saliency", "explain", _SALIENCY_LAYERS),
    Variant("saliency-einsum", "saliency", "explain", _SALIENCY_EINSUM),
    Variant("integrated-list-of-gradients", "integrated_gradients", "explain", _INTEGRATED_LIST),
    Variant("integrated-backwards", "integrated_gradients", "explain", _INTEGRATED_BACKWARDS),
    Variant("integrated-linspace", "integrated_gradients", "explain", _INTEGRATED_LINSPACE),
    Variant("q-blend-of-old-and-target", "q_learning", "reinforcement", _Q_BLEND),
    Variant("q-one-loop", "q_learning", "reinforcement", _Q_LOOP),
    Variant("q-update-by-the-error", "q_learning", "reinforcement", _Q_ERROR),
    Variant("policy-loops", "reinforce", "reinforcement", _POLICY_LOOPS),
    Variant("policy-one-hot", "reinforce", "reinforcement", _POLICY_ONE_HOT),
    Variant("policy-row-by-row", "reinforce", "reinforcement", _POLICY_ROWS),
)
