"""Learning from rewards alone: values of actions, and gradients of a policy."""

from __future__ import annotations

import numpy as np

from .arrays import Array, IntArray
from .gridworld import GridWorld


def q_update(
    q: Array, state: int, action: int, reward: float, next_state: int, done: bool, *, lr: float, gamma: float
) -> Array:
    """Move one value towards what one step of experience says.

        target = reward                                     if the step ended the walk
                 reward + gamma · max over a of q[next_state, a]     otherwise
        next_q = q, but next_q[state, action] = q[state, action] + lr · (target − q[state, action])

    Args:
        q: value of each action in each state, shape (S, A), float64.
        state: where the step began, 0 to S − 1.
        action: what was done, 0 to A − 1.
        reward: what it brought.
        next_state: where it led.
        done: whether the walk is over; then next_state is worth nothing, whatever q says.
        lr: learning rate, above 0 and at most 1.
        gamma: discount, 0 to 1.

    Returns:
        next_q: a new array, float64, shape of q.

    q is not changed.

    Source: Sutton and Barto, Reinforcement Learning (2018), section 6.5, equation 6.8.
    """
    best_next = 0.0 if done else q[next_state].max()
    next_q = q.copy()
    next_q[state, action] += lr * (reward + gamma * best_next - q[state, action])
    return next_q


def epsilon_greedy(values: Array, *, epsilon: float, rng: np.random.Generator) -> int:
    """Choose an action: mostly the best, sometimes any.

    With probability epsilon every action, the best ones included, is as likely as any other; otherwise
    an action of the largest value is taken. Among several of the largest value any may be taken.

    Args:
        values: value of each action in the present state, shape (A,).
        epsilon: share of the choices made blindly, 0 to 1.
        rng: source of chance.

    Returns:
        action: a whole number from 0 to A − 1.

    values is not changed.

    Source: Sutton and Barto, Reinforcement Learning (2018), section 2.2.
    """
    if rng.random() < epsilon:
        return int(rng.integers(len(values)))
    return int(np.argmax(values))


def q_learning(
    world: GridWorld,
    *,
    episodes: int,
    max_steps: int,
    lr: float,
    gamma: float,
    epsilon: float,
    rng: np.random.Generator,
) -> Array:
    """Learn the value of every action by walking.

    All values begin at 0. Each episode starts at world.reset(rng); then, at most max_steps times, an
    action is chosen with `epsilon_greedy`, taken with world.step(state, action) and learnt from with
    `q_update`, until a step ends the walk. An episode that is cut off after max_steps has not ended: its
    last step is learnt from like any other.

    Args:
        world: has `states`, `actions`, `reset(rng)` and `step(state, action)`.
        episodes: number of walks.
        max_steps: steps after which a walk is cut off.
        lr: learning rate.
        gamma: discount.
        epsilon: share of blind choices.
        rng: source of chance.

    Returns:
        q: value of each action in each state, shape (world.states, world.actions), float64.

    Source: Sutton and Barto, Reinforcement Learning (2018), section 6.5; Watkins and Dayan, Q-learning
    (1992).
    """
    q: Array = np.zeros((world.states, world.actions))
    for _ in range(episodes):
        state = world.reset(rng)
        for _ in range(max_steps):
            action = epsilon_greedy(q[state], epsilon=epsilon, rng=rng)
            next_state, reward, done = world.step(state, action)
            q = q_update(q, state, action, reward, next_state, done, lr=lr, gamma=gamma)
            state = next_state
            if done:
                break
    return q


def discounted_returns(rewards: Array, *, gamma: float) -> Array:
    """What was still to come at every step of one walk.

        returns[t] = Σ over k ≥ t of gamma^(k − t) · rewards[k]

    Args:
        rewards: reward of each step, shape (T,), float64. T may be 0.
        gamma: discount, 0 to 1.

    Returns:
        returns: float64, shape of rewards.

    rewards is not changed.

    Source: Sutton and Barto, Reinforcement Learning (2018), equation 3.8.
    """
    returns = np.zeros_like(rewards)
    future = 0.0
    for t in reversed(range(len(rewards))):
        future = rewards[t] + gamma * future
        returns[t] = future
    return returns


def policy_gradient_loss(
    theta: Array, states: IntArray, actions: IntArray, advantages: Array
) -> tuple[float, Array]:
    """Loss whose descent makes rewarded actions more likely, and its gradient.

        pi[s, a] = exp(theta[s, a]) / Σ_b exp(theta[s, b])
        loss     = −1/T Σ_t advantages[t] · log pi[states[t], actions[t]]

    The advantages are numbers, not functions of theta. A state that occurs several times receives the sum
    of what its occurrences say. The loss is finite for preferences theta of any size.

    Args:
        theta: preference for each action in each state, shape (S, A), float64.
        states: state at each step, shape (T,), T at least 1, integers of any width.
        actions: action taken at each step, shape (T,), integers of any width.
        advantages: how good what followed was, shape (T,): returns, or returns less a baseline.

    Returns:
        loss: one number.
        dtheta: gradient of the loss with respect to theta, float64, shape of theta. Descent follows its
            negative, which is ascent on the return.

    No input is changed.

    Source: Williams, Simple statistical gradient-following algorithms for connectionist reinforcement
    learning (1992), section 4; Sutton and Barto, Reinforcement Learning (2018), section 13.3.
    """
    log_pi = theta - np.logaddexp.reduce(theta, axis=1, keepdims=True)
    step = np.exp(log_pi[states])
    step[np.arange(len(states)), actions] -= 1
    dtheta = np.zeros_like(theta)
    np.add.at(dtheta, states, step * advantages[:, None] / len(states))
    return float(-(advantages * log_pi[states, actions]).mean()), dtheta
