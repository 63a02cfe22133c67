"""Tabular Q-learning and a softmax policy gradient."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


def q_update(q, state, action, reward, next_state, done, *, lr, gamma):
    """One temporal-difference update; returns a new table."""
    bootstrap = 0.0 if done else gamma * float(np.max(q[next_state]))
    td_error = reward + bootstrap - q[state, action]
    updated = q.copy()
    updated[state, action] += lr * td_error
    return updated


def epsilon_greedy(values, *, epsilon, rng):
    """Explore with probability epsilon, exploit otherwise."""
    if rng.random() < epsilon:
        return int(rng.integers(len(values)))
    return int(np.argmax(values))


@dataclass
class Agent:
    """Hyperparameters and value table."""

    q: np.ndarray
    lr: float
    gamma: float
    epsilon: float
    rng: np.random.Generator

    def act(self, state: int) -> int:
        return epsilon_greedy(self.q[state], epsilon=self.epsilon, rng=self.rng)

    def learn(self, state, action, reward, next_state, done) -> None:
        self.q = q_update(
            self.q, state, action, reward, next_state, done, lr=self.lr, gamma=self.gamma
        )


def q_learning(world, *, episodes, max_steps, lr, gamma, epsilon, rng):
    agent = Agent(np.zeros((world.states, world.actions)), lr, gamma, epsilon, rng)
    for _ in range(episodes):
        state = world.reset(rng)
        for _ in range(max_steps):
            action = agent.act(state)
            next_state, reward, done = world.step(state, action)
            agent.learn(state, action, reward, next_state, done)
            if done:
                break
            state = next_state
    return agent.q


def discounted_returns(rewards, *, gamma):
    """Accumulate rewards from the back."""
    returns = np.zeros_like(rewards)
    running = 0.0
    for t in reversed(range(len(rewards))):
        running = rewards[t] + gamma * running
        returns[t] = running
    return returns


def policy_gradient_loss(theta, states, actions, advantages):
    """REINFORCE loss for a tabular softmax policy."""
    steps = len(states)
    logits = theta[states]
    logits = logits - logits.max(axis=1, keepdims=True)
    log_pi = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    chosen = log_pi[np.arange(steps), actions]
    loss = -np.mean(advantages * chosen)
    score = -np.exp(log_pi)
    score[np.arange(steps), actions] += 1
    gradient = np.zeros_like(theta)
    np.add.at(gradient, states, -advantages[:, None] * score / steps)
    return float(loss), gradient
