"""What the tests of both batch normalizations share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.author import Expected, assert_close, assert_unchanged, entries
from dlc_lib.arrays import Array

RUNNING = ("running_mean", "running_var")
GRADIENTS = ("dx", "dgamma", "dbeta")


@dataclass(frozen=True)
class NormCase:
    """One batch normalization."""

    id: str
    shape: tuple[int, ...]  # N, D or N, C, H, W
    momentum: float = 0.7
    eps: float = 1e-3
    spread: float = 2.0  # standard deviation of x
    centre: float = 1.5  # mean of x

    def __str__(self) -> str:
        return self.id

    @property
    def options(self) -> dict[str, Any]:
        """Keywords of a batch normalization, less `train`."""
        return {"momentum": self.momentum, "eps": self.eps}

    def draw(self, rng: np.random.Generator) -> tuple[Array, Array, Array, dict[str, Array]]:
        """x, gamma, beta and state, none of them neutral."""
        D = self.shape[1]
        x = self.centre + self.spread * rng.standard_normal(self.shape)
        gamma, beta = rng.uniform(0.5, 2.0, D), rng.standard_normal(D)
        variance = self.spread**2 * rng.uniform(0.5, 2.0, D)
        return x, gamma, beta, {RUNNING[0]: rng.standard_normal(D), RUNNING[1]: variance}


def assert_state(next_state: Any, want: Mapping[str, Expected | Array]) -> None:
    """Assert that the running averages are right."""
    got = entries(next_state, RUNNING, "next_state")
    for name in RUNNING:
        assert_close(got[name], want[name], name)


def assert_inputs_unchanged(after: tuple[Any, ...], before: tuple[Any, ...]) -> None:
    """Assert that x, gamma, beta and what state holds are as they were."""
    assert_unchanged(after[:3], before[:3], ("x", "gamma", "beta"))
    state = entries(after[3], RUNNING, "state after the call")
    assert_unchanged(
        (state[name] for name in RUNNING),
        (before[3][name] for name in RUNNING),
        (f"state[{n}]" for n in RUNNING),
    )
