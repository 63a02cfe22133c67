from functools import reduce

import numpy as np


def q_update(q, state, action, reward, next_state, done, *, lr, gamma):
    rows = [row.copy() for row in q]
    future = 0 if done else gamma * max(rows[next_state])
    rows[state][action] += lr * (reward + future - rows[state][action])
    return np.array(rows, dtype=q.dtype)


def epsilon_greedy(values, *, epsilon, rng):
    best = np.argmax(values)
    other = rng.integers(len(values))
    return np.where(rng.random() < epsilon, other, best)[()]


def q_learning(world, *, episodes, max_steps, lr, gamma, epsilon, rng):
    def episode(q, _):
        state = world.reset(rng)
        for _ in range(max_steps):
            action = epsilon_greedy(q[state], epsilon=epsilon, rng=rng)
            following, reward, done = world.step(state, action)
            q = q_update(q, state, action, reward, following, done, lr=lr, gamma=gamma)
            if done:
                break
            state = following
        return q

    return reduce(episode, range(episodes), np.zeros((world.states, world.actions)))


def discounted_returns(rewards, *, gamma):
    if len(rewards) == 0:
        return rewards.copy()
    backwards = [rewards[-1]]
    for reward in rewards[-2::-1]:
        backwards.append(reward + gamma * backwards[-1])
    return np.array(backwards[::-1]).astype(rewards.dtype)


def policy_gradient_loss(theta, states, actions, advantages):
    steps = np.arange(len(states))
    z = theta[states]
    z = z - z.max(axis=1, keepdims=True)
    log_pi = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    loss = -np.average(log_pi[steps, actions] * advantages)
    push = np.exp(log_pi)
    push[steps, actions] -= 1
    push *= (advantages / len(steps))[:, None]
    dtheta = np.zeros_like(theta)
    for s in np.unique(states):
        dtheta[s] = push[states == s].sum(axis=0)
    return loss, dtheta
