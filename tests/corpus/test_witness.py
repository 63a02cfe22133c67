"""The witness: each hand-in is described, the halves are alike, and grading says of each what is expected."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from autograder.course import load_assignment
from autograder.course.slicing import slice_of
from autograder.engine import assembly
from tests.corpus import golden
from tests.corpus.witness import COURSE, FOLDER, HALVES, fault, submission, witnesses

ASSIGNMENTS = golden.CATALOGUED
KINDS = {
    "alias": "keeps or returns an array that is not its own",
    "alpha form": "folds Adam's corrections into the rate",
    "axis": "the wrong axis",
    "boundary": "off by one, ties, what is left over, 0 and other borders",
    "cache popped": "uses up its cache",
    "convention": "another library's or book's convention",
    "eps": "a small number where none belongs, or in the wrong place",
    "exception": "an exception in code of its own",
    "formula": "another formula",
    "input written": "writes into what belongs to the caller",
    "labels wrap": "computes in a narrow integer type",
    "logits swapped": "real and fake exchanged",
    "mean or sum": "a mean for a sum, or over something else",
    "missing term": "a term or a step left out",
    "no penalty": "no penalty at all",
    "no scaling": "dropout without 1/p",
    "order": "entries or operations in another order",
    "other batch size": "takes two batches to be of one size",
    "overflow": "overflows for large numbers",
    "overwritten": "assigns where it should add up",
    "precision": "computes float64 in float32",
    "random stream": "draws from another distribution",
    "rounded": "rounds, or cuts off digits",
    "sign": "the wrong sign",
    "single step": "does not work for T = 1 or N = 1",
    "transpose": "a transpose too few or too many",
    "window overwritten": "assigns whole windows of a gradient",
    "windows must tile": "demands that windows tile the image",
    "wrong variable": "the right formula of something else",
}
CASES = [
    pytest.param(
        each,
        marks=pytest.mark.soak(
            *sorted(slice_of(COURSE, load_assignment(COURSE, each))),
            *(f"tests/corpus/witness/{half}/{each}" for half in HALVES),
        ),
    )
    for each in ASSIGNMENTS
]


@pytest.mark.parametrize("half", HALVES)
def test_each_hand_in_is_described_and_each_description_has_one(half):
    folders = {f"{path.parent.name}/{path.name}" for path in (FOLDER / half).glob("*/*")}
    assert {each.id for each in witnesses(half)} == folders


@pytest.mark.parametrize("half", HALVES)
def test_modules_are_those_of_the_tasks_judged(half):
    modules = {
        (assignment, task.id): {source.partition(":")[0].rpartition(".")[2] for source in task.source}
        for assignment in ASSIGNMENTS
        for task in load_assignment(COURSE, assignment).tasks
    }
    for each in witnesses(half):
        needed = set().union(*(modules[each.assignment, task] for task in each.tasks))
        assert (each.id, needed) == (each.id, {path.stem for path in each.folder.iterdir()})


@pytest.mark.parametrize("half", HALVES)
def test_wrong_work_has_one_mistake_with_a_name_and_right_work_none(half):
    for each in witnesses(half):
        assert each.style, each.id
        if each.loses:
            assert each.loses in each.tasks, each.id
            assert each.kind in KINDS, each.id
            assert len(each.mistake.split()) > 3, each.id
        else:
            assert (each.kind, each.mistake) == ("", ""), each.id


@pytest.mark.parametrize("half", HALVES)
def test_half_holds_right_and_wrong_work_for_every_task(half):
    found = witnesses(half)
    right = Counter((each.assignment, task) for each in found if not each.loses for task in each.tasks)
    wrong = Counter((each.assignment, each.loses) for each in found if each.loses)
    tasks = {(each, task.id) for each in ASSIGNMENTS for task in load_assignment(COURSE, each).tasks}
    assert tasks == right.keys() == wrong.keys()
    assert len(found) >= 60
    assert 0.45 < wrong.total() / len(found) < 0.55


@pytest.mark.parametrize("assignment", CASES)
def test_right_work_keeps_its_points_and_wrong_work_loses_some_where_its_mistake_is(assignment, rounds, seed):
    mine = [each for half in HALVES for each in witnesses(half) if each.assignment == assignment]
    random.Random(f"{seed} {assignment}").shuffle(mine)
    mine.sort(key=lambda each: each.until is not None)  # what is judged wrongly today is left to the full run
    with assembly.open_grader(golden.setup_of(assignment)) as grader:
        for each, _ in zip(mine, rounds(2, len(mine)), strict=False):
            report = grader.grade(submission(each))
            golden.unbroken({result.id: str(result.verdict) for result in report.results})
            found = fault(each, report)
            if each.until is None:
                assert not found
            else:
                assert found, f"{each.half}/{each.id} is judged rightly: take its `until` away"
