"""Q-learning: one update, choices, and a whole course of learning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from autograder.author import assert_close, assert_unchanged, draw_until, in_float64, reference, task
from dlc_lib import reinforcement
from dlc_lib.arrays import Array
from dlc_lib.gridworld import GridWorld


@dataclass(frozen=True)
class StepCase:
    """One step of experience in a table of S states and A actions."""

    id: str
    states: int
    actions: int
    state: int
    action: int
    next_state: int
    done: bool = False
    lr: float = 0.3
    gamma: float = 0.7
    shift: float = 0.0  # of all values

    def __str__(self) -> str:
        return self.id

    def draw(self, rng: np.random.Generator) -> tuple[Array, int, int, float, int, bool]:
        """Q and what happened; the value of the next state is no other number that one might take for it."""
        shape = (self.states, self.actions)
        q = draw_until(lambda: rng.standard_normal(shape) + self.shift, self._tells_values_apart)
        reward = float(rng.uniform(0.5, 2.0))
        return q, self.state, self.action, reward, self.next_state, self.done

    def _tells_values_apart(self, q: Array) -> bool:
        best = q[self.next_state].max()
        others = [0.0]
        if self.states > 1:
            others += [q.max(), q[:, self.action].max()]
        if self.actions > 1:
            others += [q[self.next_state, self.action], q[self.next_state].mean()]
        if self.state != self.next_state:
            others.append(q[self.state].max())
        apart = all(abs(best - other) > 0.1 for other in others)
        signs = bool(best > 0) == (self.shift >= 0)
        return apart and signs and abs(q[self.state, self.action]) > 0.1

    @property
    def options(self) -> dict[str, float]:
        """Keywords of an update."""
        return {"lr": self.lr, "gamma": self.gamma}


WALKS_ON = (
    StepCase("on-to-another-state", 7, 3, 2, 1, 5),
    StepCase("all-values-negative", 5, 4, 4, 3, 0, shift=-6.0),
    StepCase("stays-where-it-is", 5, 3, 3, 0, 3),
)
ENDS = (
    StepCase("ends-in-another-state", 7, 3, 2, 1, 5, done=True, shift=2.0),
    StepCase("ends-where-it-is", 4, 2, 1, 1, 1, done=True, shift=-2.0),
)
EDGE = (
    StepCase("one-action", 3, 1, 0, 0, 2),
    StepCase("one-state", 1, 5, 0, 4, 0),
    StepCase("nothing-but-the-present", 5, 3, 1, 2, 3, gamma=0.0),
    StepCase("full-rate-no-discount", 5, 3, 1, 2, 3, lr=1.0, gamma=1.0),
)


def check_update(student: Any, rng: np.random.Generator, case: StepCase) -> None:
    inputs = case.draw(rng)
    want = reference(reinforcement.q_update, *inputs, **case.options)
    assert_close(student.reinforcement.q_update(*inputs, **case.options), want, "next_q")


@task("q_learning", part="update")
@pytest.mark.parametrize("case", WALKS_ON, ids=str)
def test_update_while_the_walk_goes_on(student: Any, rng: np.random.Generator, case: StepCase) -> None:
    check_update(student, rng, case)


@task("q_learning", part="update")
@pytest.mark.parametrize("case", ENDS, ids=str)
def test_update_at_the_end_of_a_walk(student: Any, rng: np.random.Generator, case: StepCase) -> None:
    check_update(student, rng, case)


@task("q_learning", part="edge")
@pytest.mark.parametrize("case", EDGE, ids=str)
def test_update_of_unusual_tables(student: Any, rng: np.random.Generator, case: StepCase) -> None:
    check_update(student, rng, case)


def choices(
    student: Any, rng: np.random.Generator, values: Array, count: int, epsilon: float
) -> np.ndarray[Any, Any]:
    """How often each action was chosen."""
    found = student.reinforcement.epsilon_greedy.map([(values,)] * count, epsilon=epsilon, rng=rng)
    low, high = min(found), max(found)
    assert 0 <= low <= high < len(values), "a choice is no number from 0 to A − 1"
    return np.bincount(found, minlength=len(values))


@task("q_learning", part="exploration", judges="the best, but for chance")
def test_best_action_is_taken_unless_chance_decides(student: Any, rng: np.random.Generator) -> None:
    values = rng.permutation(5) - 6.0
    best = int(values.argmax())
    count, epsilon = 3000, 0.6
    shares = choices(student, rng, values, count, epsilon) / count
    # Hoeffding: a share of 3000 choices is off by 0.06 less than once in 10^9 (2·exp(−2·3000·0.06²)),
    # for five shares together less than five times.
    assert abs(shares[best] - (1 - epsilon + epsilon / 5)) < 0.065, (
        "the best action is not chosen with probability 1 − epsilon + epsilon / A"
    )
    assert (abs(np.delete(shares, best) - epsilon / 5) < 0.065).all(), (
        "an action that is not the best is not chosen with probability epsilon / A"
    )


@task("q_learning", part="exploration", judges="the best")
def test_no_blind_choice_at_epsilon_0(student: Any, rng: np.random.Generator) -> None:
    values = rng.permutation(7) * 1.0
    found = choices(student, rng, values, 100, 0.0)
    assert found[values.argmax()] == 100, "at epsilon 0 an action is chosen that is not the best"


@task("q_learning", part="exploration", judges="chance")
def test_all_choices_blind_at_epsilon_1(student: Any, rng: np.random.Generator) -> None:
    values = rng.permutation(3) * 10.0
    shares = choices(student, rng, values, 3000, 1.0) / 3000
    assert (abs(shares - 1 / 3) < 0.065).all(), "at epsilon 1 the actions are not equally likely"


@task("q_learning", part="edge")
def test_one_of_the_best_is_chosen(student: Any, rng: np.random.Generator) -> None:
    found = choices(student, rng, np.array([1.0, 3.0, 3.0, 2.0]), 50, 0.0)
    assert found[1] + found[2] == 50, "at epsilon 0 an action is chosen that is not among the best"


def best_values(world: GridWorld, gamma: float) -> Array:
    """The values that satisfy Bellman's equation, by repeated substitution."""
    q = np.zeros((world.states, world.actions))
    floor = [state for state in range(world.states) if world.letter(state) == "."]
    for _ in range(60):
        for state in floor:
            for action in range(world.actions):
                after, reward, done = world.step(state, action)
                q[state, action] = reward + (0 if done else gamma * q[after].max())
    return q


# Two or three floor squares, four actions. A walk's first step tries a given action of a given square
# with a chance of at least 1/3 · 0.8/4 = 1/15. After 100 walks each of 12 pairs was tried except once in
# 80 (12 · (14/15)^100); every try at the rate 0.9 leaves a tenth of an error. The values need 4 rounds of
# seven tries: fewer than 28 first steps in 1500 walks occur less than once in 10^20. A walk of 60 steps is
# cut off less than once in 10^5: what is learnt then is asked below.
WORLDS = ((".G",), ("..G",), (".X", ".G"))


@task("q_learning", part="learning")
@pytest.mark.parametrize("rows", WORLDS, ids="/".join)
def test_learning_finds_the_best_values(
    student: Any, rng: np.random.Generator, rows: tuple[str, ...]
) -> None:
    world = student.gridworld.GridWorld(rows, cost=0.1)
    q = student.reinforcement.q_learning(
        world, episodes=1500, max_steps=60, lr=0.9, gamma=0.6, epsilon=0.8, rng=rng
    )
    assert_close(q, best_values(GridWorld(rows, cost=0.1), 0.6), "q", limit=1e-5)


@task("q_learning", part="learning")
def test_walks_cut_off_are_learnt_from_like_any_other(student: Any, rng: np.random.Generator) -> None:
    world = student.gridworld.GridWorld(("..G",), cost=0.1)
    q = student.reinforcement.q_learning(
        world, episodes=1500, max_steps=1, lr=0.9, gamma=0.6, epsilon=0.8, rng=rng
    )
    assert_close(q, best_values(GridWorld(("..G",), cost=0.1), 0.6), "q", limit=1e-5)


@task("q_learning", part="learning")
def test_one_long_walk_teaches_every_square(student: Any, rng: np.random.Generator) -> None:
    world = student.gridworld.GridWorld(("..", ".#"), cost=0.5)
    q = student.reinforcement.q_learning(
        world, episodes=1, max_steps=3000, lr=0.9, gamma=0.3, epsilon=1.0, rng=rng
    )
    # The walk goes on for ever, so every value is 0.5 · (1 + 0.3 + 0.3² + ...), but for the wall's.
    want = np.repeat([-0.5 / 0.7, -0.5 / 0.7, -0.5 / 0.7, 0.0], 4).reshape(4, 4)
    assert_close(q, want, "q", limit=1e-5)


@task("q_learning", part="edge")
@pytest.mark.parametrize(("episodes", "max_steps"), [(0, 5), (5, 0)], ids=["no-walk", "no-step"])
def test_nothing_is_known_before_the_first_step(
    student: Any, rng: np.random.Generator, episodes: int, max_steps: int
) -> None:
    world = student.gridworld.GridWorld(("..G", "#.X"))
    q = student.reinforcement.q_learning(
        world, episodes=episodes, max_steps=max_steps, lr=0.5, gamma=0.9, epsilon=0.1, rng=rng
    )
    assert_close(q, np.zeros((6, 4)), "q")


@task("q_learning", part="edge")
def test_float64_is_computed_in_float64(student: Any, rng: np.random.Generator) -> None:
    case = WALKS_ON[0]
    inputs = case.draw(rng)
    want = in_float64(reference(reinforcement.q_update, *inputs, **case.options))
    assert_close(student.reinforcement.q_update(*inputs, **case.options), want, "next_q")


@task("q_learning", part="purity")
def test_choice_changes_no_value(student: Any, rng: np.random.Generator) -> None:
    values = rng.permutation(997) - 500.0
    action, after = student.reinforcement.epsilon_greedy.watch(values, epsilon=0.0, rng=rng)
    assert action == values.argmax(), "at epsilon 0 an action is chosen that is not the best"
    assert_unchanged(after, [values], ("values",))


@task("q_learning", part="purity")
def test_update_changes_no_input(student: Any, rng: np.random.Generator) -> None:
    case = WALKS_ON[0]
    inputs = case.draw(rng)
    want = reference(reinforcement.q_update, *inputs, **case.options)
    next_q, after = student.reinforcement.q_update.watch(*inputs, **case.options)
    assert_close(next_q, want, "next_q")
    assert_unchanged(after[:1], inputs[:1], ("q",))
