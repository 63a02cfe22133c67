"""The matrix product in Triton."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from autograder.author import assert_refused, task
from autograder.replay import Replay
from autograder.speed import Compiler, Contest, Race, assert_launchable

from . import speed
from .cases import (
    MATMUL_UNFIT,
    TRITON_MATMUL_EDGE,
    TRITON_MATMUL_MAIN,
    MatmulCase,
    normal,
)
from .judging import (
    assert_right,
    assert_same_again,
    assert_untouched,
    ran,
)
from .operations import WITH_KERNELS


@task("triton_matmul", part="forward")
@pytest.mark.parametrize("case", TRITON_MATMUL_MAIN, ids=str)
def test_product(student: Any, replay: Replay, rng: np.random.Generator, case: MatmulCase) -> None:
    a, b = case.draw(rng)
    found = ran(replay, student.triton_matmul, "triton_matmul", WITH_KERNELS, a, b)
    assert_right(found, case.answer(a, b), case.dtype, "c")


@task("triton_matmul", part="edge")
@pytest.mark.parametrize("case", TRITON_MATMUL_EDGE, ids=str)
def test_product_of_unusual_matrices(
    student: Any, replay: Replay, rng: np.random.Generator, case: MatmulCase
) -> None:
    test_product(student, replay, rng, case)


@task("triton_matmul", part="edge")
def test_float16_is_summed_in_float32(student: Any, replay: Replay, rng: np.random.Generator) -> None:
    # A sum that grows to 2,000 in small steps: from 1,024 on float16 rounds it to a whole number at each.
    case = MatmulCase("", (3, 8_000, 5), torch.float16)
    a = torch.ones((3, 8_000), dtype=torch.float16)
    b = torch.from_numpy(rng.uniform(0.2, 0.3, (8_000, 5))).to(torch.float16)
    found = ran(replay, student.triton_matmul, "triton_matmul", WITH_KERNELS, a, b)
    assert_right(found, case.answer(a, b), case.dtype, "c")


@task("triton_matmul", part="edge")
@pytest.mark.parametrize("shapes", MATMUL_UNFIT, ids=["sizes", "a-vector", "batches"])
def test_matrices_that_do_not_fit_are_refused(student: Any, rng: np.random.Generator, shapes: Any) -> None:
    a, b = (normal(rng, shape, torch.float32) for shape in shapes)
    assert_refused(lambda: student.triton_matmul.triton_matmul(a, b), "the shapes do not fit")


@task("triton_matmul", part="purity")
def test_no_input_is_changed_and_nothing_is_left_to_chance(
    student: Any, replay: Replay, rng: np.random.Generator
) -> None:
    case = TRITON_MATMUL_MAIN[0]
    a, b = case.draw(rng)
    found = assert_untouched(replay, student.triton_matmul, "triton_matmul", WITH_KERNELS, {"a": a, "b": b})
    assert_right(found, case.answer(a, b), case.dtype, "c")
    assert_same_again(replay, student.triton_matmul, "triton_matmul", WITH_KERNELS, a, b)


@task("triton_matmul", part="compiles")
@pytest.mark.parametrize("dtype", [torch.float16, torch.float32], ids=["float16", "float32"])
@pytest.mark.parametrize("capability", [80, 90])
def test_compiles_for_a_gpu(
    compiler: Compiler, replay: Replay, rng: np.random.Generator, capability: int, dtype: torch.dtype
) -> None:
    case = MatmulCase("", (128, 256, 128), dtype)
    a, b = case.draw(rng)
    program, variants = compiler("triton_matmul", "triton_matmul", WITH_KERNELS, a, b, capability=capability)
    assert_launchable(variants, "triton_matmul", capability)
    # Kernels that only compile are easily had: these have to be the ones that multiply.
    found, _ = replay.run(program, (a, b))
    assert_right(found, case.answer(a, b), dtype, "c")


@task("triton_matmul", part="speed")
@pytest.mark.parametrize("contest", speed.TRITON_MATMUL, ids=lambda each: each.arithmetic)
def test_speed(race: Race, rng: np.random.Generator, contest: Contest) -> None:
    race.gpu(contest, rng)
