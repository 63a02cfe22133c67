import numpy as np


def q_update(q, state, action, reward, next_state, done, *, lr, gamma):
    target = reward + (1 - int(done)) * gamma * np.amax(q[next_state, :])
    delta = np.zeros_like(q)
    delta[state, action] = lr * (target - q[state, action])
    return q + delta


def epsilon_greedy(values, *, epsilon, rng):
    n = len(values)
    chances = np.full(n, epsilon / n)
    chances[np.argmax(values)] += 1 - epsilon
    return int(rng.choice(n, p=chances / chances.sum()))


def q_learning(world, *, episodes, max_steps, lr, gamma, epsilon, rng):
    q = np.zeros((world.states, world.actions), dtype=np.float64)

    def walk(q):
        state, done = world.reset(rng), False
        for _ in range(max_steps):
            action = epsilon_greedy(q[state], epsilon=epsilon, rng=rng)
            after, reward, done = world.step(state, action)
            q = q_update(q, state, action, reward, after, done, lr=lr, gamma=gamma)
            state = after
            if done:
                return q
        return q

    for _ in range(episodes):
        q = walk(q)
    return q


def discounted_returns(rewards, *, gamma):
    T = len(rewards)
    gap = np.arange(T)[None, :] - np.arange(T)[:, None]
    weights = np.where(gap >= 0, np.power(float(gamma), np.maximum(gap, 0)), 0)
    return (weights @ rewards).astype(rewards.dtype)


def policy_gradient_loss(theta, states, actions, advantages):
    T, A = len(states), theta.shape[1]
    log_pi = theta - np.logaddexp.reduce(theta, axis=1)[:, None]
    loss = -np.dot(advantages, log_pi[states, actions]) / T
    weight = np.zeros_like(theta)  # sum of advantages by state and action
    np.add.at(weight, (states, actions), advantages)
    dtheta = np.exp(log_pi) * weight.sum(axis=1, keepdims=True) - weight
    return np.float64(loss), dtheta / T
