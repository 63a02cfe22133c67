from __future__ import annotations

import time

import numpy as np
import pytest

from autograder.speed import Work
from autograder.speed.cpu_track import measured_roof
from autograder.speed.roofline import GPU_ROOFS, Roof, gpu_roof


def test_the_floor_is_the_larger_of_arithmetic_and_memory():
    roof = Roof({"float32": 1e12, "float16": 4e12}, 1e11)
    assert roof.floor_s(Work(2e12, 1e9), "float32") == pytest.approx(2.0)
    assert roof.floor_s(Work(2e12, 1e12), "float32") == pytest.approx(10.0)
    assert roof.floor_s(Work(2e12, 1e9), "float16") == pytest.approx(0.5)


def test_arithmetic_that_is_not_listed_takes_the_fastest_known():
    assert Roof({"float32": 1e12, "float16": 4e12}, 1e15).floor_s(Work(4e12, 1), "float8") == 1.0


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("NVIDIA H200", "H200"),
        ("NVIDIA H100 80GB HBM3", "H100"),
        ("NVIDIA A100-SXM4-40GB", "A100"),
        ("NVIDIA A10G", "A10G"),
        ("Tesla T4", "T4"),
        ("NVIDIA GeForce RTX 4090", "RTX 4090"),
        ("NVIDIA L4", "L4"),
        ("NVIDIA L40S", "L40S"),
    ],
)
def test_a_gpu_is_known_by_the_name_its_driver_gives(name, known):
    assert gpu_roof(name) is GPU_ROOFS[known]


def test_of_two_estimates_the_higher_counts_in_each_respect():
    found = Roof({"float32": 1e12}, 1e11).or_better(Roof({"float32": 2e12}, 1e10))
    assert found == Roof({"float32": 2e12}, 1e11)


@pytest.mark.parametrize("name", ["NVIDIA X4090", "AMD Instinct MI300X", ""])
def test_a_gpu_that_is_not_in_the_table_has_no_roof(name):
    assert gpu_roof(name) is None


def test_the_measured_roof_of_this_core_holds_for_what_runs_on_it():
    a = np.ones((300, 300), np.float32)
    work = Work(2 * 300**3, 3 * a.nbytes)
    roof = Roof({"float32": 1.0}, 1.0)
    for _ in range(20):  # a busy machine shows less than it can do
        roof = roof.or_better(measured_roof())
        start = time.perf_counter()
        a @ a
        if time.perf_counter() - start > 0.3 * roof.floor_s(work, "float32"):
            return
    pytest.fail(f"a product is faster than {roof} allows")
