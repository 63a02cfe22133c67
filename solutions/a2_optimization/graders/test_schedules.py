"""Learning rates that change."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.author import assert_close, task
from dlc_lib.schedules import cosine_decay, step_decay


def check_rates(student_rate: Any, rate: Any, steps: range, options: dict[str, Any]) -> None:
    found = student_rate.map([(t,) for t in steps], **options)
    want = np.array([rate(t, **options) for t in steps])
    assert_close(np.array(found), want, "the rates of all steps")


@task("schedules", part="steps")
@pytest.mark.parametrize(("factor", "every"), [(0.5, 3), (0.1, 7)])
def test_rate_falls_in_steps(student: Any, rng: np.random.Generator, factor: float, every: int) -> None:
    options = {"lr": float(rng.uniform(0.1, 2)), "factor": factor, "every": every}
    check_rates(student.schedules.step_decay, step_decay, range(20), options)


@task("schedules", part="cosine")
@pytest.mark.parametrize("total", [11, 30])
def test_rate_follows_a_cosine(student: Any, rng: np.random.Generator, total: int) -> None:
    lr = float(rng.uniform(0.5, 2))
    options = {"lr": lr, "final": 0.3 * lr, "total": total}
    check_rates(student.schedules.cosine_decay, cosine_decay, range(total), options)


@task("schedules", part="cosine")
@pytest.mark.parametrize("warmup", [1, 5])
def test_rate_climbs_first(student: Any, rng: np.random.Generator, warmup: int) -> None:
    lr = float(rng.uniform(0.5, 2))
    options = {"lr": lr, "final": 0.1 * lr, "total": 17, "warmup": warmup}
    check_rates(student.schedules.cosine_decay, cosine_decay, range(17), options)


@task("schedules", part="edge")
def test_rate_stays_at_its_end(student: Any, rng: np.random.Generator) -> None:
    options = {"lr": float(rng.uniform(0.5, 2)), "final": 0.2, "total": 9, "warmup": 2}
    check_rates(student.schedules.cosine_decay, cosine_decay, range(7, 25), options)


@task("schedules", part="edge")
def test_rate_that_falls_after_every_step(student: Any, rng: np.random.Generator) -> None:
    options = {"lr": float(rng.uniform(0.5, 2)), "factor": 0.8, "every": 1}
    check_rates(student.schedules.step_decay, step_decay, range(6), options)


@task("schedules", part="edge")
def test_rate_that_ends_where_it_began(student: Any, rng: np.random.Generator) -> None:
    lr = float(rng.uniform(0.5, 2))
    options = {"lr": lr, "final": lr, "total": 5}
    check_rates(student.schedules.cosine_decay, cosine_decay, range(8), options)
