"""The hidden tests of a4_cnn catch every catalogued mistake and let every right variant pass."""

from __future__ import annotations

from collections import Counter

import pytest

from autograder.mistakes.a4_cnn import RIGHT, WRONG
from autograder.release import project
from tests.graders.harness import Bench, the_course


@pytest.fixture(scope="module")
def bench():
    with Bench("a4_cnn") as warm:
        yield warm


@pytest.mark.parametrize("mistake", WRONG, ids=lambda mistake: f"{mistake.task}-{mistake.id}")
def test_mistake_loses_points_where_it_is_and_nowhere_else(bench, mistake):
    lost = bench.judge(mistake)
    assert lost.get(mistake.task, 0) > 0
    assert set(lost) <= bench.may_lose(mistake.task)


@pytest.mark.parametrize("variant", RIGHT, ids=lambda variant: variant.id)
def test_right_variant_keeps_full_marks(bench, variant):
    assert bench.judge(variant) == {}


def test_the_reference_has_full_marks_and_the_stub_passes_nothing(bench):
    assert bench.grade({}).score == 100
    files = project(the_course(), bench.assignment)
    stub = {path.split("/")[-1].removesuffix(".py"): text for path, text in files.items()}
    assert {result.verdict for result in bench.run(stub)} <= {"failed", "error"}


def test_every_task_has_at_least_eight_mistakes_and_three_right_variants(bench):
    wrong, right = Counter(each.task for each in WRONG), Counter(each.task for each in RIGHT)
    assert {task.id for task in bench.assignment.tasks if wrong[task.id] < 8 or right[task.id] < 3} == set()
    assert len({(each.task, each.id) for each in (*WRONG, *RIGHT)}) == len(WRONG) + len(RIGHT)
