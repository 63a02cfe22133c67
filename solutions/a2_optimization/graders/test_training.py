"""The training loop, watched from the loss, the optimizer and the learning rate that it is given."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.author import NotClose, assert_close, assert_unchanged, task
from dlc_lib.arrays import Array

from .cases import IN_FLOAT64


class Problem:
    """Least squares with weights W of shape (3, 2) and biases b, as a loss that counts its calls."""

    def __init__(self, rng: np.random.Generator, count: int) -> None:
        self.x: Array = rng.standard_normal((count, 3))
        self.y: Array = rng.standard_normal((count, 2))
        self.params: dict[str, Array] = {"W": rng.standard_normal((3, 2)), "b": rng.standard_normal(2)}
        self.sizes: list[int] = []
        self.seen: list[Array] = []  # the first entry of each example, batch after batch

    def loss(self, params: dict[str, Array], x: Array, y: Array) -> tuple[float, dict[str, Array]]:
        """Mean squared error of a batch, and its gradients."""
        self.sizes.append(len(x))
        self.seen.append(np.array(x[:, 0]))
        error = x @ params["W"] + params["b"] - y
        return float((error**2).sum() / len(x)), {
            "W": 2 * x.T @ error / len(x),
            "b": 2 * error.sum(axis=0) / len(x),
        }


class Descent:
    """Gradient descent with momentum, as an optimizer that remembers how it was called."""

    def __init__(self) -> None:
        self.rates: list[float] = []
        self.states: list[Any] = []
        self.before: list[Array] = []

    def step(self, w: Array, dw: Array, state: Any, lr: float) -> tuple[Array, Array]:
        """One step; the state is the velocity."""
        self.rates.append(float(lr))
        self.states.append(state)
        self.before.append(np.array(w))
        v = -lr * dw if state is None else 0.6 * state - lr * dw
        return w + v, v


def followed(problem: Problem, rates: list[float]) -> tuple[dict[str, Array], list[float]]:
    """Parameters and losses when all data is one batch."""
    params: dict[str, Array] = dict(problem.params)
    optimizer, history = Descent(), []
    states: dict[str, Any] = dict.fromkeys(params)
    for lr in rates:
        value, gradients = problem.loss(params, problem.x, problem.y)
        history.append(value)
        for name, dw in gradients.items():
            params[name], states[name] = optimizer.step(params[name], dw, states[name], lr)
    return params, history


def numbers(history: Any) -> Array:
    """The losses of all epochs, when they are a list of numbers."""
    assert type(history) in (list, tuple), "history is no list"
    plain = all(isinstance(each, float | int | np.floating | np.integer) for each in history)
    assert plain, "history holds something else than numbers"
    return np.array(history)


def trained(student: Any, problem: Problem, optimizer: Descent, **options: Any) -> tuple[Any, Any]:
    """What the student's loop returns: params and history, checked for what they hold."""
    options = {"step": optimizer.step, **options}
    params, history = student.training.train(problem.params, problem.loss, problem.x, problem.y, **options)
    assert type(params) is dict, "params is no dict"
    assert set(params) == set(problem.params), "params holds other names than it was given"
    for name, value in params.items():
        if not isinstance(value, np.ndarray):
            raise NotClose(f"params[{name}] is no array", name=f"params[{name}]")
    return params, numbers(history)


def steady(_: int) -> float:
    return 0.05


def falling(t: int) -> float:
    return 0.1 / (1 + t)


@task("training", part="path")
@pytest.mark.parametrize("rate", [steady, falling], ids=["steady", "falling"])
def test_parameters_after_some_steps_with_all_the_data(
    student: Any, rng: np.random.Generator, rate: Any
) -> None:
    problem = Problem(rng, 7)
    want, _ = followed(problem, [rate(t) for t in range(5)])
    params, _ = trained(student, problem, Descent(), lr=rate, epochs=5, batch_size=7, rng=rng)
    for name, value in want.items():
        assert_close(params[name], value, f"params[{name}]", limit=1e-5)


@task("training", part="path")
def test_every_epoch_goes_through_all_the_data_in_batches(student: Any, rng: np.random.Generator) -> None:
    problem = Problem(rng, 11)
    trained(student, problem, Descent(), lr=steady, epochs=3, batch_size=4, rng=rng)
    assert problem.sizes == [4, 4, 3] * 3, "the loss was not asked about batches of the right sizes"
    for epoch in range(3):
        seen = np.concatenate(problem.seen[3 * epoch : 3 * epoch + 3])
        assert_close(np.sort(seen), np.sort(problem.x[:, 0]), "the examples of one epoch", limit=1e-5)


@task("training", part="path")
def test_each_epoch_has_an_order_of_its_own(student: Any, rng: np.random.Generator) -> None:
    problem = Problem(rng, 60)
    trained(student, problem, Descent(), lr=steady, epochs=2, batch_size=3, rng=rng)
    assert problem.sizes == [3] * 40, "the loss was not asked about batches of the right sizes"
    first, second = np.concatenate(problem.seen).reshape(2, 60)
    # Two random orders of 60 examples share 30 places, of 20 batches 10 places, less than once in 10^6.
    assert np.mean(first == second) < 0.5, "two epochs have the same order"


@task("training", part="path")
def test_rate_of_each_step_counts_through_all_epochs(student: Any, rng: np.random.Generator) -> None:
    problem, optimizer = Problem(rng, 11), Descent()
    trained(student, problem, optimizer, lr=falling, epochs=3, batch_size=4, rng=rng)
    want = np.repeat([falling(t) for t in range(9)], 2)
    assert_close(np.array(optimizer.rates), want, "the learning rates of all steps")


@task("training", part="path")
def test_fifty_points_are_learnt_by_heart(student: Any, rng: np.random.Generator) -> None:
    problem = Problem(rng, 50)
    problem.y = problem.x @ rng.standard_normal((3, 2)) + rng.standard_normal(2)
    params, history = trained(student, problem, Descent(), lr=steady, epochs=30, batch_size=10, rng=rng)
    assert len(history) == 30, f"history has {len(history)} entries after 30 epochs"
    for name, value in problem.params.items():
        assert params[name].shape == value.shape, f"params[{name}] has another shape than before"
    first, last = (problem.loss(each, problem.x, problem.y)[0] for each in (problem.params, params))
    # Convex and noiseless: each epoch takes five steps that shrink the error by about a tenth.
    assert max(last / first, history[-1] / first) < 1e-3, (
        "the loss of a line through 50 points does not fall to nothing"
    )


@task("training", part="history")
@pytest.mark.parametrize("batch_size", [7, 50], ids=["all-at-once", "more-than-there-are"])
def test_history_of_whole_batches(student: Any, rng: np.random.Generator, batch_size: int) -> None:
    problem = Problem(rng, 7)
    _, want = followed(problem, [0.05] * 4)
    _, history = trained(student, problem, Descent(), lr=steady, epochs=4, batch_size=batch_size, rng=rng)
    assert_close(history, np.array(want), "history", limit=1e-5)


@task("training", part="history")
def test_history_weighs_each_batch_by_its_size(student: Any, rng: np.random.Generator) -> None:
    problem = Problem(rng, 7)
    problem.x[:, 0] = rng.permutation(7) ** 2.0

    def loss(params: dict[str, Array], x: Array, _: Array) -> tuple[float, dict[str, Array]]:
        return float(x[:, 0].mean()), {name: 0.0 * value for name, value in params.items()}

    _, history = student.training.train(
        problem.params, loss, problem.x, problem.y,
        step=Descent().step, lr=steady, epochs=2, batch_size=3, rng=rng,
    )  # fmt: skip
    assert_close(numbers(history), np.full(2, problem.x[:, 0].mean()), "history", limit=1e-5)


@task("training", part="states")
def test_each_parameter_keeps_a_state_of_its_own(student: Any, rng: np.random.Generator) -> None:
    problem, optimizer = Problem(rng, 7), Descent()
    trained(student, problem, optimizer, lr=steady, epochs=2, batch_size=3, rng=rng)
    shapes = {value.shape for value in problem.params.values()}
    assert len(optimizer.states) == 12, "the optimizer was not called once for each parameter and batch"
    assert optimizer.states[:2] == [None, None], "the state before the first step is not None"
    for w, state in zip(optimizer.before[2:], optimizer.states[2:], strict=True):
        assert w.shape in shapes, "the optimizer was given something else than a parameter"
        assert isinstance(state, np.ndarray), "a step was not given the state that the step before returned"
        assert state.shape == w.shape, "a parameter was given the state of another"


@task("training", part="states")
def test_steps_go_on_from_the_state_of_the_step_before(student: Any, rng: np.random.Generator) -> None:
    problem = Problem(rng, 5)
    counts: list[float] = []

    def step(w: Array, dw: Array, state: Any, lr: float) -> tuple[Array, float]:
        counts.append(0.0 if state is None else float(state))
        return w - lr * dw, counts[-1] + 1.0

    student.training.train(
        problem.params, problem.loss, problem.x, problem.y,
        step=step, lr=steady, epochs=3, batch_size=3, rng=rng,
    )  # fmt: skip
    assert counts == [float(t) for t in range(6) for _ in range(2)], (
        "the states do not go on from step to step, through all epochs"
    )


@task("training", part="edge")
def test_no_epochs_change_nothing(student: Any, rng: np.random.Generator) -> None:
    problem = Problem(rng, 5)
    params, history = trained(student, problem, Descent(), lr=steady, epochs=0, batch_size=2, rng=rng)
    assert len(history) == 0, "there was no epoch, but history has an entry"
    for name, value in problem.params.items():
        assert_close(params[name], value, f"params[{name}]")


@task("training", part="edge")
def test_one_example(student: Any, rng: np.random.Generator) -> None:
    problem = Problem(rng, 1)
    want, losses = followed(problem, [0.05] * 3)
    params, history = trained(student, problem, Descent(), lr=steady, epochs=3, batch_size=1, rng=rng)
    assert_close(history, np.array(losses), "history", limit=1e-5)
    for name, value in want.items():
        assert_close(params[name], value, f"params[{name}]", limit=1e-5)


@task("training", part="edge")
def test_float64_is_computed_in_float64(student: Any, rng: np.random.Generator) -> None:
    problem = Problem(rng, 7)
    want, losses = followed(problem, [0.05] * 3)
    params, history = trained(student, problem, Descent(), lr=steady, epochs=3, batch_size=7, rng=rng)
    assert_close(history, np.array(losses), "history in float64", limit=IN_FLOAT64)
    for name, value in want.items():
        assert_close(params[name], value, f"params[{name}] in float64", limit=IN_FLOAT64)


@task("training", part="purity")
def test_data_and_first_parameters_stay_as_they_are(student: Any, rng: np.random.Generator) -> None:
    problem = Problem(rng, 5)
    want, _ = followed(problem, [0.05] * 2)
    (params, _), after = student.training.train.watch(
        problem.params, problem.loss, problem.x, problem.y,
        step=Descent().step, lr=steady, epochs=2, batch_size=5, rng=rng,
    )  # fmt: skip
    assert type(params) is dict, "params is no dict"
    for name, value in want.items():
        assert_close(params.get(name), value, f"params[{name}]", limit=1e-5)
    assert type(after[0]) is dict, "the call replaced params"
    kept = [after[0].get(name) for name in problem.params]
    names = (*problem.params, "x", "y")
    assert_unchanged((*kept, *after[2:4]), (*problem.params.values(), problem.x, problem.y), names)
