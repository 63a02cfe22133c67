"""The hidden tests of every assignment catch each catalogued mistake and let each right variant pass."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.audit import judge_catalogue
from autograder.course import assignment_ids, find_course, load_assignment, load_catalogue
from autograder.engine import Setup
from autograder.engine.assembly import open_grader
from autograder.model import Submission, Verdict
from autograder.release import project

COURSE = find_course(Path(__file__).parent)
IDS = assignment_ids(COURSE)
CATALOGUES = {each: load_catalogue(COURSE, each) for each in IDS}


def cases(kind):
    return [
        pytest.param(assignment_id, each, id=f"{assignment_id}-{each.task}-{each.id}")
        for assignment_id, catalogue in CATALOGUES.items()
        for each in getattr(catalogue, kind)
    ]


@pytest.fixture(scope="module")
def setup():
    return lambda each: Setup(COURSE, load_assignment(COURSE, each), 1, b"the key of these tests")


@pytest.fixture(scope="module")
def judged(setup):
    """judged(assignment, solution): what the graders made of it. Each assignment is judged at once."""
    kept = {}

    def look_up(assignment_id, solution):
        if assignment_id not in kept:
            found = judge_catalogue(setup(assignment_id), CATALOGUES[assignment_id], jobs=2)
            kept[assignment_id] = {(each.task, each.id): each for each in found}
        return kept[assignment_id][solution.task, solution.id]

    return look_up


@pytest.mark.parametrize(("assignment_id", "mistake"), cases("wrong"))
def test_mistake_loses_points_where_it_is_and_nowhere_else(judged, assignment_id, mistake):
    found = judged(assignment_id, mistake)
    assert found.verdict == "killed", found


@pytest.mark.parametrize("assignment_id", IDS)
def test_most_mistakes_are_named_and_none_wrongly_with_certainty(judged, assignment_id):
    found = [judged(assignment_id, each) for each in CATALOGUES[assignment_id].wrong]
    # 45 of 55 were named in a8 and nearly all elsewhere; a busy machine ends a look early.
    assert sum(each.named_first for each in found) >= 0.6 * len(found)
    assert [each for each in found if each.misled] == []


@pytest.mark.parametrize(("assignment_id", "variant"), cases("right"))
def test_right_variant_keeps_full_marks(judged, assignment_id, variant):
    found = judged(assignment_id, variant)
    assert found.verdict == "kept", found


@pytest.mark.parametrize("assignment_id", IDS)
def test_the_reference_has_full_marks_and_the_stub_passes_nothing(setup, assignment_id):
    with open_grader(replace(setup(assignment_id), timed=False)) as grader:
        for solution in (True, False):
            files = project(COURSE, grader.setup.assignment, solution=solution)
            modules = {path.split("/")[-1].removesuffix(".py"): text for path, text in files.items()}
            report = grader.grade(Submission("ours", assignment_id, modules))
            verdicts = {result.verdict for result in report.results}
            assert report.score == (100 - report.open_points if solution else 0)
            untimed = {Verdict.OPEN}
            assert verdicts <= untimed | ({Verdict.PASSED} if solution else {Verdict.FAILED, Verdict.ERROR})


@pytest.mark.parametrize("assignment_id", IDS)
def test_every_task_has_at_least_eight_mistakes_and_three_right_variants(setup, assignment_id):
    catalogue, tasks = CATALOGUES[assignment_id], setup(assignment_id).assignment.tasks
    wrong, right = (
        Counter(each.task for each in catalogue.wrong),
        Counter(each.task for each in catalogue.right),
    )
    assert {task.id for task in tasks if wrong[task.id] < 8 or right[task.id] < 3} == set()
    everything = [(each.task, each.id) for each in (*catalogue.wrong, *catalogue.right)]
    assert len(set(everything)) == len(everything)
