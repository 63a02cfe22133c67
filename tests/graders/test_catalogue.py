"""The hidden tests of every assignment catch each catalogued mistake and let each right variant pass."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from itertools import chain

import pytest

from autograder.audit import judge_catalogue
from autograder.course import assignment_ids, load_assignment, load_catalogue
from autograder.course.slicing import slice_of
from autograder.engine.assembly import open_grader
from autograder.model import Submission, Verdict
from autograder.release import project
from tests.corpus import golden

COURSE = golden.COURSE
IDS = assignment_ids(COURSE)
CATALOGUES = {each: load_catalogue(COURSE, each) for each in IDS}
SAMPLE, FEW = 4, {"a8_performance": 2}  # solutions of an assignment in `make test`
TRIES = 3  # of what the machine disturbed


def setup_of(assignment_id):
    return replace(golden.setup_of(assignment_id), diagnosed=True)


def covering(assignment_id):
    """The case of an assignment, whose full count covers all that its verdicts depend on."""
    files = slice_of(COURSE, load_assignment(COURSE, assignment_id))
    marks = pytest.mark.soak(*sorted(files), f"solutions/{assignment_id}/mistakes")
    return pytest.param(assignment_id, marks=marks)


@pytest.fixture(scope="module")
def solutions():
    """solutions(assignment, rounds, seed): what was made of so many known solutions, each judged once."""
    kept = {}

    def judged(assignment_id, rounds, seed):
        catalogue = CATALOGUES[assignment_id]
        every = [*catalogue.wrong, *catalogue.right]
        chosen = random.Random(f"{seed} {assignment_id}").sample(
            every, len(rounds(FEW.get(assignment_id, SAMPLE), len(every)))
        )
        known = kept.setdefault(assignment_id, {})
        for _ in range(TRIES):
            waiting = [each for each in chosen if each not in known or known[each].broken]
            if waiting:
                setup = setup_of(assignment_id)
                found = judge_catalogue(setup, catalogue, jobs=2, among=waiting)
                by_name = {(each.task, each.id): each for each in found}
                known.update({each: by_name[each.task, each.id] for each in waiting})
        return [known[each] for each in chosen]

    return judged


@pytest.mark.parametrize("assignment_id", [covering(each) for each in IDS])
def test_mistakes_lose_points_where_they_are_and_right_variants_lose_none(
    solutions, assignment_id, rounds, seed
):
    found = solutions(assignment_id, rounds, seed)
    assert [each for each in found if not each.sound] == []


@pytest.mark.parametrize("assignment_id", [covering(each) for each in IDS])
def test_most_mistakes_are_named_and_none_wrongly_with_certainty(
    solutions, assignment_id, rounds, seed, request
):
    found = [each for each in solutions(assignment_id, rounds, seed) if not each.right]
    assert [each for each in found if each.misled] == []
    named = sum(each.named_first for each in found)
    # All but a few are named. Of a sample it may be fewer, and of two of them none.
    least = 0.6 * len(found) if request.config.getoption("--soak") else len(found) >= SAMPLE / 2
    assert named >= least


@pytest.mark.parametrize("assignment_id", [covering(each) for each in golden.CATALOGUED])
def test_verdicts_and_points_are_those_of_the_contract(solutions, assignment_id, rounds, seed):
    found = solutions(assignment_id, rounds, seed)
    records = {f"{each.task}/{each.id}": golden.record(each.lost, each.verdicts) for each in found}
    assert not golden.changed(assignment_id, records)


def test_the_contract_knows_every_solution_of_the_catalogue_and_no_other():
    for assignment_id in golden.CATALOGUED:
        every = chain(CATALOGUES[assignment_id].wrong, CATALOGUES[assignment_id].right)
        assert golden.read()[assignment_id].keys() == {f"{each.task}/{each.id}" for each in every}


@pytest.mark.parametrize("assignment_id", IDS)
def test_the_reference_has_full_marks_and_the_stub_passes_nothing(assignment_id):
    with open_grader(golden.setup_of(assignment_id)) as grader:
        for solution in (True, False):
            files = project(COURSE, grader.setup.assignment, solution=solution)
            modules = {path.split("/")[-1].removesuffix(".py"): text for path, text in files.items()}
            report = grader.grade(Submission("ours", assignment_id, modules))
            verdicts = {result.verdict for result in report.results}
            assert report.score == (100 - report.open_points if solution else 0)
            untimed = {Verdict.OPEN}
            assert verdicts <= untimed | ({Verdict.PASSED} if solution else {Verdict.FAILED, Verdict.ERROR})


@pytest.mark.parametrize("assignment_id", IDS)
def test_every_task_has_at_least_eight_mistakes_and_three_right_variants(assignment_id):
    catalogue, tasks = CATALOGUES[assignment_id], load_assignment(COURSE, assignment_id).tasks
    wrong, right = (
        Counter(each.task for each in catalogue.wrong),
        Counter(each.task for each in catalogue.right),
    )
    assert {task.id for task in tasks if wrong[task.id] < 8 or right[task.id] < 3} == set()
    everything = [(each.task, each.id) for each in (*catalogue.wrong, *catalogue.right)]
    assert len(set(everything)) == len(everything)
