from __future__ import annotations

import numpy as np


def q_update(
    q: np.ndarray, state: int, action: int, reward: float, next_state: int, done: bool, *, lr: float, gamma: float
) -> np.ndarray:
    q = q.copy()
    target = reward
    if not done:
        target += gamma * q[next_state].max()
    q[state, action] += lr * (target - q[state, action])
    return q


def epsilon_greedy(values: np.ndarray, *, epsilon: float, rng: np.random.Generator) -> int:
    if rng.binomial(1, epsilon):
        return rng.integers(values.size).item()
    return values.argmax().item()


def q_learning(world, *, episodes, max_steps, lr, gamma, epsilon, rng) -> np.ndarray:
    q = np.zeros((world.states, world.actions))
    options = {"lr": lr, "gamma": gamma}
    for _ in range(episodes):
        here = world.reset(rng)
        for _ in range(max_steps):
            act = epsilon_greedy(q[here], epsilon=epsilon, rng=rng)
            there, reward, over = world.step(here, act)
            q = q_update(q, here, act, reward, there, over, **options)
            if over:
                break
            here = there
    return q


def discounted_returns(rewards: np.ndarray, *, gamma: float) -> np.ndarray:
    returns = np.empty_like(rewards)
    ahead = rewards.dtype.type(0)
    for t, reward in enumerate(rewards[::-1], start=1):
        ahead = reward + gamma * ahead
        returns[-t] = ahead
    return returns


def policy_gradient_loss(theta, states, actions, advantages):
    count = states.size
    rows = theta[states]
    z = np.exp(rows - rows.max(axis=1, keepdims=True))
    pi = z / z.sum(axis=1, keepdims=True)
    log_pi = rows - rows.max(axis=1, keepdims=True) - np.log(z.sum(axis=1, keepdims=True))
    pick = np.arange(count), actions
    loss = -(advantages * log_pi[pick]).mean()
    pi[pick] -= 1
    dtheta = np.zeros_like(theta)
    dtheta[states] += advantages[:, None] * pi / count
    return float(loss), dtheta
