"""Policy gradients: returns, loss and gradient."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from autograder.author import assert_close, assert_unchanged, in_float64, reference, task
from dlc_lib import reinforcement
from dlc_lib.arrays import Array, IntArray


@dataclass(frozen=True)
class WalkCase:
    """Steps of a policy in a table of S states and A actions."""

    id: str
    states: int
    actions: int
    steps: int
    size: float = 1.0  # of the preferences

    def __str__(self) -> str:
        return self.id

    def draw(self, rng: np.random.Generator) -> tuple[Array, IntArray, IntArray, Array]:
        """theta, states, actions and advantages; the first state comes back at the end.

        Where preferences are large, exp overflows in every state.
        """
        theta = self.size * rng.standard_normal((self.states, self.actions))
        theta += 5 * self.size if self.size > 1 else 0.0
        states = rng.integers(self.states, size=self.steps)
        states[-1] = states[0]
        return theta, states, rng.integers(self.actions, size=self.steps), rng.standard_normal(self.steps)


MAIN = (WalkCase("11-steps-7x3", 7, 3, 11), WalkCase("5-steps-3x5", 3, 5, 5))
EDGE = (
    WalkCase("one-step", 5, 3, 1),
    WalkCase("one-state", 1, 4, 7),
    WalkCase("large-preferences", 3, 4, 8, 1000.0),
)


MANY = WalkCase("9-steps-61x7", 61, 7, 9)  # more preferences than a byte can count


def check_returns(student: Any, rewards: Array, gamma: float) -> None:
    want = reference(reinforcement.discounted_returns, rewards, gamma=gamma)
    assert_close(student.reinforcement.discounted_returns(rewards, gamma=gamma), want, "returns")


@task("reinforce", part="returns")
@pytest.mark.parametrize("gamma", [0.6, 0.9])
def test_returns(student: Any, rng: np.random.Generator, gamma: float) -> None:
    check_returns(student, rng.standard_normal(7), gamma)


@task("reinforce", part="returns")
def test_reward_at_the_end_fades_towards_the_start(student: Any, rng: np.random.Generator) -> None:
    rewards = np.zeros(5)
    rewards[-1] = rng.uniform(1, 3)
    check_returns(student, rewards, 0.5)


@task("reinforce", part="edge")
@pytest.mark.parametrize("gamma", [0.0, 1.0])
@pytest.mark.parametrize("steps", [0, 1, 6])
def test_returns_of_unusual_walks(student: Any, rng: np.random.Generator, gamma: float, steps: int) -> None:
    check_returns(student, rng.standard_normal(steps), gamma)


def check_loss(student: Any, inputs: tuple[Any, ...]) -> None:
    want, _ = reference(reinforcement.policy_gradient_loss, *inputs)
    loss, _ = student.reinforcement.policy_gradient_loss(*inputs)
    assert_close(loss, want, "loss")


def check_gradient(student: Any, inputs: tuple[Any, ...]) -> None:
    _, want = reference(reinforcement.policy_gradient_loss, *inputs)
    _, dtheta = student.reinforcement.policy_gradient_loss(*inputs)
    assert_close(dtheta, want, "dtheta")


@task("reinforce", part="gradient")
@pytest.mark.parametrize("case", MAIN, ids=str)
def test_loss(student: Any, rng: np.random.Generator, case: WalkCase) -> None:
    check_loss(student, case.draw(rng))


@task("reinforce", part="gradient")
@pytest.mark.parametrize("case", MAIN, ids=str)
def test_gradient(student: Any, rng: np.random.Generator, case: WalkCase) -> None:
    check_gradient(student, case.draw(rng))


@task("reinforce", part="edge")
@pytest.mark.parametrize("case", EDGE, ids=str)
def test_loss_and_gradient_of_unusual_walks(student: Any, rng: np.random.Generator, case: WalkCase) -> None:
    inputs = case.draw(rng)
    check_loss(student, inputs)
    check_gradient(student, inputs)


@task("reinforce", part="edge")
@pytest.mark.parametrize("dtype", ["uint8", "int32"])
def test_states_and_actions_of_any_integer_type(student: Any, rng: np.random.Generator, dtype: str) -> None:
    theta, states, actions, advantages = MANY.draw(rng)
    want, want_dtheta = reference(reinforcement.policy_gradient_loss, theta, states, actions, advantages)
    loss, dtheta = student.reinforcement.policy_gradient_loss(
        theta, states.astype(dtype), actions.astype(dtype), advantages
    )
    assert_close(loss, want, "loss")
    assert_close(dtheta, want_dtheta, "dtheta")


@task("reinforce", part="edge")
def test_float64_is_computed_in_float64(student: Any, rng: np.random.Generator) -> None:
    inputs, rewards = MAIN[0].draw(rng), rng.standard_normal(7)
    want, want_dtheta = in_float64(reference(reinforcement.policy_gradient_loss, *inputs))
    loss, dtheta = student.reinforcement.policy_gradient_loss(*inputs)
    assert_close(loss, want, "loss")
    assert_close(dtheta, want_dtheta, "dtheta")
    returns = in_float64(reference(reinforcement.discounted_returns, rewards, gamma=0.8))
    assert_close(student.reinforcement.discounted_returns(rewards, gamma=0.8), returns, "returns")


@task("reinforce", part="purity")
def test_returns_change_no_input(student: Any, rng: np.random.Generator) -> None:
    rewards = rng.standard_normal(6)
    want = reference(reinforcement.discounted_returns, rewards, gamma=0.8)
    returns, after = student.reinforcement.discounted_returns.watch(rewards, gamma=0.8)
    assert_close(returns, want, "returns")
    assert_unchanged(after, [rewards], ("rewards",))


@task("reinforce", part="purity")
def test_loss_changes_no_input(student: Any, rng: np.random.Generator) -> None:
    inputs = MAIN[0].draw(rng)
    want, _ = reference(reinforcement.policy_gradient_loss, *inputs)
    (loss, _), after = student.reinforcement.policy_gradient_loss.watch(*inputs)
    assert_close(loss, want, "loss")
    assert_unchanged(after, inputs, ("theta", "states", "actions", "advantages"))
