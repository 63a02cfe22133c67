import numpy as np


def q_update(q, state, action, reward, next_state, done, *, lr, gamma):
    new = q.copy()
    future = 0 if done else max(q[next_state])
    new[state, action] = q[state, action] + lr * (reward + gamma * future - q[state, action])
    return new


def epsilon_greedy(values, *, epsilon, rng):
    explore = rng.random() < epsilon
    return int(rng.integers(0, len(values)) if explore else values.argmax())


def q_learning(world, *, episodes, max_steps, lr, gamma, epsilon, rng):
    Q = np.zeros((world.states, world.actions))
    for ep in range(episodes):
        s = world.reset(rng)
        for i in range(max_steps):
            a = epsilon_greedy(Q[s], epsilon=epsilon, rng=rng)
            s_next, r, done = world.step(s, a)
            Q = q_update(Q, s, a, r, s_next, done, lr=lr, gamma=gamma)
            s = s_next
            if done:
                break
    return Q


def discounted_returns(rewards, *, gamma):
    G = 0.0
    returns = []
    for r in rewards:
        G = r + gamma * G
        returns.append(G)
    return np.array(returns, dtype=rewards.dtype)


def policy_gradient_loss(theta, states, actions, advantages):
    T = len(states)
    shifted = theta - theta.max(axis=1, keepdims=True)
    logp = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    loss = 0.0
    dtheta = np.zeros_like(theta)
    p = np.exp(logp)
    for t in range(T):
        s, a = states[t], actions[t]
        onehot = np.eye(theta.shape[1], dtype=theta.dtype)[a]
        loss += -advantages[t] * logp[s, a]
        dtheta[s] -= advantages[t] * (onehot - p[s])
    return float(loss / T), dtheta / T
