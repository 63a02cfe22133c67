from __future__ import annotations

from dataclasses import dataclass

import numpy as np


def q_update(q, state, action, reward, next_state, done, *, lr, gamma):
    future = 0.0 if done else gamma * np.max(q[next_state])
    after = np.copy(q)
    after[state, action] = (1 - lr) * q[state, action] + lr * (reward + future)
    return after


def epsilon_greedy(values, *, epsilon, rng):
    options = [lambda: int(np.argmax(values)), lambda: int(rng.integers(0, values.size))]
    return options[int(rng.random() < epsilon)]()


def q_learning(world, *, episodes, max_steps, lr, gamma, epsilon, rng):
    q = np.zeros((world.states, world.actions))
    for _ in range(episodes):
        s, left, over = world.reset(rng), max_steps, False
        while left and not over:
            a = epsilon_greedy(q[s], epsilon=epsilon, rng=rng)
            nxt, r, over = world.step(s, a)
            q = q_update(q, s, a, r, nxt, over, lr=lr, gamma=gamma)
            s, left = nxt, left - 1
    return q


def discounted_returns(rewards, *, gamma):
    out = np.zeros(len(rewards), dtype=rewards.dtype)
    for t in range(len(rewards)):
        factors = gamma ** np.arange(len(rewards) - t, dtype=float)
        out[t] = np.dot(factors, rewards[t:])
    return out


@dataclass(frozen=True)
class SoftmaxPolicy:
    theta: np.ndarray

    def log_probabilities(self) -> np.ndarray:
        z = self.theta - self.theta.max(axis=1, keepdims=True)
        return z - np.log(np.exp(z).sum(axis=1, keepdims=True))

    def score(self, state: int, action: int) -> np.ndarray:
        """Gradient of log pi[state, action] with respect to the row of the state."""
        row = -np.exp(self.log_probabilities()[state])
        row[action] += 1
        return row


def policy_gradient_loss(theta, states, actions, advantages):
    policy = SoftmaxPolicy(theta)
    T = len(states)
    loss = np.sum(advantages * policy.log_probabilities()[states, actions]) / T
    dtheta = np.zeros_like(theta)
    for s, a, weight in zip(states, actions, advantages):
        dtheta[s] += weight * policy.score(s, a) / T
    return float(loss), dtheta
