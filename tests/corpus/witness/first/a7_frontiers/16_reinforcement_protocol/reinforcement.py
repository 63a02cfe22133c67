from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

log = logging.getLogger(__name__)


class Experience(NamedTuple):
    state: int
    action: int
    reward: float
    next_state: int
    done: bool


def q_update(q, state, action, reward, next_state, done, *, lr, gamma):
    step = Experience(state, action, reward, next_state, done)
    target = step.reward if step.done else step.reward + gamma * q[step.next_state].max()
    new = np.array(q, copy=True)
    new[step.state, step.action] = q[step.state, step.action] * (1 - lr) + lr * target
    return new


def epsilon_greedy(values, *, epsilon, rng):
    blind = rng.random() < epsilon
    return int(rng.integers(values.shape[0])) if blind else int(values.argmax())


def q_learning(world, *, episodes, max_steps, lr, gamma, epsilon, rng):
    table = np.zeros((world.states, world.actions), dtype=float)

    def walk() -> Iterator[Experience]:
        state = world.reset(rng)
        for _ in range(max_steps):
            action = epsilon_greedy(table[state], epsilon=epsilon, rng=rng)
            next_state, reward, done = world.step(state, action)
            yield Experience(state, action, reward, next_state, done)
            if done:
                return
            state = next_state

    for episode in range(episodes):
        for experience in walk():
            table = q_update(table, *experience, lr=lr, gamma=gamma)
        log.debug("episode %d: largest value %.3f", episode, table.max())
    return table


def discounted_returns(rewards, *, gamma):
    returns = rewards.astype(rewards.dtype, copy=True)
    for t in range(len(returns) - 1)[::-1]:
        returns[t] = rewards[t] + gamma * returns[t + 1]
    return returns


def policy_gradient_loss(theta, states, actions, advantages):
    count = len(actions)
    picked = theta[states]
    log_z = np.logaddexp.reduce(picked, axis=1)
    log_p = picked[np.arange(count), actions] - log_z
    loss = float(-(advantages @ log_p) / count)
    one_hot = np.eye(theta.shape[1], dtype=theta.dtype)
    pull = (np.exp(picked - log_z[:, None]) - one_hot[actions]) * (advantages / count)[:, None]
    visits = one_hot_states(states, theta.shape[0], theta.dtype)
    return loss, visits.T @ pull


def one_hot_states(states, number, dtype):
    return (np.asarray(states)[:, None] == np.arange(number)).astype(dtype)
