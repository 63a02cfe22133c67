import numpy as np


def q_update(q, state, action, reward, next_state, done, *, lr, gamma):
    updated = q.copy()
    best_next = q[state].max()
    target = reward if done else reward + gamma * best_next
    updated[state, action] += lr * (target - updated[state, action])
    return updated


def epsilon_greedy(values, *, epsilon, rng):
    if rng.random() >= epsilon:
        return int(np.argmax(values))
    return int(rng.choice(np.arange(len(values))))


def q_learning(world, *, episodes, max_steps, lr, gamma, epsilon, rng):
    q = np.zeros([world.states, world.actions])
    for _ in range(episodes):
        position = world.reset(rng)
        for _ in range(max_steps):
            choice = epsilon_greedy(q[position], epsilon=epsilon, rng=rng)
            new_position, gain, finished = world.step(position, choice)
            q = q_update(q, position, choice, gain, new_position, finished, lr=lr, gamma=gamma)
            position = new_position
            if finished:
                break
    return q


def discounted_returns(rewards, *, gamma):
    total = 0
    reversed_returns = []
    for reward in rewards[::-1]:
        total = reward + gamma * total
        reversed_returns.append(total)
    return np.array(reversed_returns[::-1], dtype=rewards.dtype)


def policy_gradient_loss(theta, states, actions, advantages):
    n = len(states)
    prefs = theta[states]
    m = prefs.max(axis=1)
    log_sum = m + np.log(np.exp(prefs - m[:, None]).sum(axis=1))
    log_pi = prefs[np.arange(n), actions] - log_sum
    loss = -(advantages * log_pi).sum() / n
    grad_rows = np.exp(prefs - log_sum[:, None])
    grad_rows[np.arange(n), actions] -= 1
    grad_rows *= advantages[:, None] / n
    dtheta = np.zeros(theta.shape, dtype=theta.dtype)
    for s, row in zip(states, grad_rows):
        dtheta[s] += row
    return float(loss), dtheta
