"""Early stopping."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from autograder.author import assert_close, assert_unchanged, task
from dlc_lib.arrays import Array

from .cases import IN_FLOAT64

INF, NAN = float("inf"), float("nan")


@dataclass(frozen=True)
class Story:
    """Values epoch by epoch, when to stop, and which epoch is the best."""

    id: str
    values: tuple[float, ...]
    stops: int  # the first epoch that says stop; −1 for none
    best: int
    patience: int
    min_delta: float = 0.0

    def __str__(self) -> str:
        return self.id

    @property
    def options(self) -> dict[str, float]:
        """Keywords of an EarlyStopping."""
        return {"patience": self.patience, "min_delta": self.min_delta}


STOP = (
    Story("waits-three-epochs", (5, 4, 4.5, 4.2, 4.1), 4, 1, 3),
    Story("waits-one-epoch", (5, 4, 3, 3.5), 3, 2, 1),
    Story("counts-anew-after-a-better-one", (5, 6, 4, 6, 3, 6, 7), 6, 4, 2),
    Story("never", (5, 4.9, 4.8, 4.7, 4.6), -1, 4, 2),
    Story("first-is-best", (1, 2, 3), 2, 0, 2),
    Story("equal-is-no-better", (5, 4, 4, 4), 3, 1, 2),
    Story("too-little-is-no-better", (5, 4.9, 4.8, 4.75), 2, 0, 2, 0.5),
    Story("steps-just-large-enough", (5, 4.4, 3.8, 3.2), -1, 3, 2, 0.5),
)
BEST = (STOP[0], STOP[2], Story("too-little-is-no-better", (5, 4, 3.9, 3.75), 3, 1, 2, 0.5))
EDGE = (
    Story("not-a-number", (5, NAN, NAN), 2, 0, 2),
    Story("begins-with-not-a-number", (NAN, 3, 2), -1, 2, 2),
    Story("negative-values", (-1, -3, -2, -2.5), 3, 1, 2),
    Story("infinity-first", (INF, 7, 8, 9), 3, 1, 2),
)


def draw(rng: np.random.Generator, story: Story) -> list[dict[str, Array]]:
    """Parameters after each epoch."""
    return [{"W": rng.standard_normal((2, 3)), "b": rng.standard_normal(3)} for _ in story.values]


def says_stop(reply: Any) -> bool:
    assert type(reply) is bool or isinstance(reply, np.bool_), "update returned neither True nor False"
    return bool(reply)


def told(
    student: Any, story: Story, params: list[dict[str, Array]], *, whole: bool = False
) -> tuple[Any, list[bool]]:
    """A stopper that heard the story, and what it said: up to the first stop, or the whole of it."""
    stopper, said = student.stopping.EarlyStopping(**story.options), []
    for value, each in zip(story.values, params, strict=True):
        said.append(says_stop(stopper.update(value, each)))
        if said[-1] and not whole:
            break
    return stopper, said


def check_stop(said: list[bool], story: Story) -> None:
    stopped = said.index(True) if True in said else -1
    if stopped != story.stops:
        early = stopped >= 0 and (story.stops < 0 or stopped < story.stops)
        raise AssertionError(f"update says stop too {'early' if early else 'late'}")


def check_best(stopper: Any, story: Story, params: list[dict[str, Array]]) -> None:
    assert_close(stopper.best_value, float(story.values[story.best]), "best_value")
    assert_close(stopper.best_epoch, float(story.best), "best_epoch")
    kept = stopper.best_params
    assert type(kept) is dict, "best_params is no dict"
    for name, value in params[story.best].items():
        assert_close(kept.get(name), value, f"best_params[{name}]")


@task("stopping", part="stop", judges=lambda story: story.stops)
@pytest.mark.parametrize("story", STOP, ids=str)
def test_when_to_stop(student: Any, rng: np.random.Generator, story: Story) -> None:
    _, said = told(student, story, draw(rng, story))
    check_stop(said, story)


@task("stopping", part="best")
@pytest.mark.parametrize("story", BEST, ids=str)
def test_what_is_kept(student: Any, rng: np.random.Generator, story: Story) -> None:
    params = draw(rng, story)
    stopper, _ = told(student, story, params, whole=True)
    check_best(stopper, story, params)


@task("stopping", part="best")
def test_best_parameters_stay_when_the_network_goes_on_learning(
    student: Any, rng: np.random.Generator
) -> None:
    start, slope = rng.standard_normal((2, 2, 3))
    stopper = student.stopping.EarlyStopping(patience=4, min_delta=0.0)
    values = iter([3.0, 2.0, 1.0, 1.5, 1.7, 1.9])
    student.fitting.fit(
        {"W": start}, lambda _: {"W": slope}, lambda _: next(values), stopper, lr=0.5, epochs=6
    )
    assert len(list(values)) < 3, "update says stop while the value still falls"
    kept = stopper.best_params
    assert type(kept) is dict, "best_params is no dict"
    assert_close(kept.get("W"), start - 1.5 * slope, "best_params[W] after training went on in place")


@task("stopping", part="edge")
@pytest.mark.parametrize("story", EDGE, ids=str)
def test_unusual_values(student: Any, rng: np.random.Generator, story: Story) -> None:
    params = draw(rng, story)
    stopper, said = told(student, story, params)
    check_stop(said, story)
    check_best(stopper, story, params)


@task("stopping", part="edge")
def test_parameters_are_left_as_they_are(student: Any, rng: np.random.Generator) -> None:
    slope = rng.standard_normal((2, 3))
    stopper = student.stopping.EarlyStopping(patience=9, min_delta=0.0)
    before: list[Array] = []
    after: list[Array] = []

    def gradients(params: dict[str, Array]) -> dict[str, Array]:
        after.append(np.array(params["W"]))
        return {"W": slope}

    def validate(params: dict[str, Array]) -> float:
        before.append(np.array(params["W"]))
        return [3.0, 2.0, 4.0, 1.0][len(before) - 1]

    student.fitting.fit({"W": rng.standard_normal((2, 3))}, gradients, validate, stopper, lr=0.5, epochs=4)
    assert len(before) == 4, "update says stop before its patience is at its end"
    assert_unchanged(after[1:], before[:3], ["params[W]"] * 3)


@task("stopping", part="edge")
def test_epochs_and_digits_are_kept(student: Any, rng: np.random.Generator) -> None:
    values = np.array([2.0, 0.0, 3.0, 1.0]) + rng.uniform(0.2, 0.8)
    story = Story("", tuple(map(float, values)), -1, 1, 9)
    params = draw(rng, story)
    stopper, _ = told(student, story, params)
    assert_close(stopper.epochs, 4.0, "epochs after four calls of update")
    assert_close(stopper.best_value, story.values[story.best], "best_value in float64", limit=IN_FLOAT64)
    kept = stopper.best_params
    assert type(kept) is dict, "best_params is no dict"
    for name, value in params[story.best].items():
        assert_close(kept.get(name), value, f"best_params[{name}] in float64", limit=IN_FLOAT64)


@task("stopping", part="edge")
def test_two_stoppers_know_nothing_of_each_other(student: Any, rng: np.random.Generator) -> None:
    story = STOP[2]
    one, two = draw(rng, story), draw(rng, story)
    first, _ = told(student, story, one)
    second, said = told(student, story, two)
    check_stop(said, story)
    check_best(second, story, two)
    check_best(first, story, one)


@task("stopping", part="edge")
def test_stop_stays_stop(student: Any, rng: np.random.Generator) -> None:
    story = STOP[4]
    params = draw(rng, story)
    stopper, said = told(student, story, params)
    check_stop(said, story)
    assert says_stop(stopper.update(9.0, params[0])), "after it said stop, update says go on"
