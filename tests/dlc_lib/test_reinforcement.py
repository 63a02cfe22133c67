"""Q-learning against value iteration, policy gradients against torch."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from dlc_lib.gridworld import GridWorld
from dlc_lib.reinforcement import (
    discounted_returns,
    epsilon_greedy,
    policy_gradient_loss,
    q_learning,
    q_update,
)

WORLD = GridWorld(("..G", ".#X", "..."))


def value_iteration(world, gamma):
    """The one q that satisfies Bellman's equation, by repeated substitution."""
    q = np.zeros((world.states, world.actions))
    for _ in range(500):
        for state in (s for s in range(world.states) if world.letter(s) == "."):
            for action in range(world.actions):
                after, reward, done = world.step(state, action)
                q[state, action] = reward + (0 if done else gamma * q[after].max())
    return q


def test_q_learning_finds_what_value_iteration_finds():
    q = q_learning(
        WORLD, episodes=2000, max_steps=30, lr=0.8, gamma=0.9, epsilon=0.6, rng=np.random.default_rng(0)
    )
    np.testing.assert_allclose(q, value_iteration(WORLD, 0.9), atol=1e-9)


def test_world_has_walls_prizes_and_ends():
    assert WORLD.step(0, 0) == (0, -0.04, False)  # off the map
    assert WORLD.step(3, 1) == (3, -0.04, False)  # into the wall
    assert WORLD.step(1, 1) == (2, 0.96, True)
    assert WORLD.step(8, 0) == (5, -1.04, True)
    starts = {WORLD.reset(np.random.default_rng(seed)) for seed in range(200)}
    assert starts == {0, 1, 3, 6, 7, 8}


def test_update_moves_one_value_and_leaves_the_input_alone():
    q = np.arange(6.0).reshape(3, 2)
    before = q.copy()
    after = q_update(q, 1, 0, 10.0, 2, False, lr=0.5, gamma=0.1)
    assert after[1, 0] == 2 + 0.5 * (10 + 0.1 * 5 - 2)
    assert q_update(q, 1, 0, 10.0, 2, True, lr=0.5, gamma=0.1)[1, 0] == 2 + 0.5 * (10 - 2)
    after[1, 0] = before[1, 0]
    assert (after == before).all()
    assert (q == before).all()


def test_blind_choices_are_uniform_and_the_others_best():
    rng = np.random.default_rng(0)
    chosen = [epsilon_greedy(np.array([0.1, 0.9, 0.3]), epsilon=0.3, rng=rng) for _ in range(20_000)]
    shares = np.bincount(chosen, minlength=3) / len(chosen)
    np.testing.assert_allclose(shares, [0.1, 0.8, 0.1], atol=0.02)


@pytest.mark.parametrize("gamma", [0.0, 0.7, 1.0])
def test_returns_are_the_discounted_sum_of_what_is_to_come(gamma):
    rewards = np.random.default_rng(3).standard_normal(7)
    want = [sum(gamma ** (k - t) * rewards[k] for k in range(t, 7)) for t in range(7)]
    np.testing.assert_allclose(discounted_returns(rewards, gamma=gamma), want, rtol=1e-12)
    assert discounted_returns(np.zeros(0), gamma=gamma).shape == (0,)


@pytest.mark.parametrize("size", [1.0, 1000.0])
def test_policy_gradient_is_that_of_torch(size):
    rng = np.random.default_rng(4)
    theta, advantages = size * rng.standard_normal((4, 3)), rng.standard_normal(9)
    states, actions = rng.integers(4, size=9), rng.integers(3, size=9)
    parameter = torch.tensor(theta, requires_grad=True)
    log_pi = torch.log_softmax(parameter, dim=1)[torch.tensor(states), torch.tensor(actions)]
    want = -(torch.tensor(advantages) * log_pi).mean()
    want.backward()
    loss, dtheta = policy_gradient_loss(theta, states, actions, advantages)
    assert loss == pytest.approx(want.item(), rel=1e-12)
    np.testing.assert_allclose(dtheta, parameter.grad.numpy(), rtol=1e-9, atol=1e-12)
