"""What a student is told of hidden tests: levels, places and words of ours, no figure to compute with."""

import json
import math
import random
from dataclasses import replace

import numpy as np
import pytest

from autograder.frameworks import TELLABLE
from autograder.grading.verdict import judge
from autograder.model import Diagnosis, Mismatch
from autograder.report import disclosed, for_students, from_json, to_json
from autograder.report.student import student_page
from autograder.studentkit import NotClose, StudentError, assert_close
from autograder.studentkit.levels import ERRORS, PLACES, SHARES, error_level, place_of, places, share_level
from tests.report import factory

EVERYTHING = (*factory.sample_class(), *map(factory.hostile, factory.HOSTILE))
MOST_BYTES = 8_000  # of a test in a student's JSON; its picture has 192 cells at most
PAGE_BYTES = 120_000
BIG = 3 * 7 * 11 * 101  # written nowhere as one number


def outcome(actual, expected, name="dx"):
    """What judges say of an answer."""
    try:
        assert_close(actual, expected, name)
    except NotClose as error:
        return judge(error)
    return judge(None)


def told(actual, expected):
    """Everything that a student is given of one test."""
    found = outcome(actual, expected)
    result = replace(factory.report().results[0], mismatch=found.mismatch, message=found.message)
    shown = for_students(factory.report(results=(result,)))
    return found.verdict, to_json(shown), student_page(shown)


@pytest.mark.parametrize("report", EVERYTHING, ids=lambda report: ascii(report.student)[:30])
def test_what_students_get_is_the_same_however_often_it_is_asked_for_and_after_its_json(report):
    shown = for_students(report)
    assert for_students(shown) == shown
    assert from_json(to_json(shown)) == shown
    assert student_page(from_json(to_json(shown))) == student_page(report)


def test_levels_rise_with_the_figure_and_are_eight():
    errors = [10.0**power for power in np.arange(-9, 12, 0.1)]
    levels = [error_level(each) for each in errors]
    assert levels == sorted(levels)
    assert {0, *levels} == set(range(8))
    assert error_level(math.nan) == error_level(math.inf) == 7
    shares = [share_level(each) for each in np.linspace(0, 1, 1001)]
    assert shares == sorted(shares)
    assert set(shares) == set(range(8))
    assert [error_level(each) for each in ERRORS] == [2, 3, 4, 5, 6, 7]
    assert [share_level(each) for each in SHARES] == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize("expected", [3.7e-5, 0.25, 4.0, 812.5])
def test_a_huge_answer_tells_nothing_of_what_was_expected(expected):
    assert told(1e9, expected) == told(1e9, 2.0)


def test_one_number_tells_three_bits_at_most(rounds, seed):
    rng = random.Random(seed)
    seen = set()
    for _ in rounds(100, 30_000):
        answer = rng.choice((-1, 1)) * 10 ** rng.uniform(-9, 12)
        seen.add(told(rng.choice((answer, 2.5 * (1 + answer / 1e9), 2.5)), 2.5))
    assert len(seen) <= 2**disclosed.SCALAR_BITS
    assert disclosed.SCALAR_BITS == 3


def test_all_comparisons_of_an_array_stay_within_their_share_of_the_budget(rounds, seed):
    rng = np.random.default_rng(seed)
    right = rng.normal(size=(5, 7))
    seen = set()
    for _ in rounds(150, 30_000):
        answer = right.copy()
        masks = list(places(5, 7).values())
        mask = masks[rng.integers(len(masks))] & (rng.random((5, 7)) < rng.choice([0.05, 0.3, 0.5, 0.9, 1]))
        with np.errstate(all="ignore"):
            answer[mask] += rng.choice([1e-300, 1e-5, 1e-2, 1, 1e9, math.nan, math.inf])
        seen.add(told(answer, right))
    assert len(seen) > 50  # the hostile hand-in does choose
    assert len(seen) <= disclosed.COMPARED + 1


def test_the_shape_of_an_answer_is_told_in_lengths_of_the_expected_one_alone(rounds, seed):
    rng = random.Random(seed)
    right = np.ones((2, 3, 5, 7))
    seen = set()
    for _ in rounds(300, 30_000):
        shape = [rng.choice((0, 1, 2, 3, 5, 7, 9529, 11)) for _ in range(rng.randrange(7))]
        answer = np.lib.stride_tricks.as_strided(np.zeros(1), shape, [0] * len(shape))
        if answer.size < 1000:
            seen.add(outcome(answer, right).message)
    assert not any(each in message for message in seen for each in ("9529", "11"))
    assert "dx has shape (2, 3); expected (2, 3, 5, 7)" in {outcome(np.ones((2, 3)), right).message}
    assert len(seen) <= disclosed.SHAPES


@pytest.mark.parametrize(
    ("raised", "says"),
    [
        (
            StudentError("f returned an array of shape (0, 9529, 9340); expected 2 values"),
            "f returned an array;",
        ),
        (
            StudentError("f returned an array of dtype <U9529; expected real numbers"),
            "of dtype str; expected",
        ),
        (StudentError("f returned an array of dtype [('9529', '<f8')]; expected"), "of dtype str; expected"),
        (StudentError("f, value 9529, returned a list; expected"), "f, a later value, returned a list"),
        (StudentError("f returned 9529 values; expected 2"), "f returned many values; expected 2"),
        (
            AssertionError(f"history has {BIG - 1} entries after 30 epochs"),
            "history has … entries after 30 ep",
        ),
        (AssertionError(f"a relative error of {1 / BIG}"), "a relative error of …"),
        (AssertionError("dx has shape (2, 9529); expected (2, 3)"), "dx has another shape; expected (2, 3)"),
        (AssertionError("dx has shape (3, 2); expected (2, 3)"), "dx has shape (3, 2); expected (2, 3)"),
        (AssertionError("out holds \x1b[31m\u202e it"), "out holds \ufffd it"),
    ],
)
def test_no_size_or_figure_of_an_answer_is_in_a_message(raised, says):
    def fail():
        raise raised  # 30 epochs are written in this file

    with pytest.raises(type(raised)) as caught:
        fail()
    message = judge(caught.value).message
    assert says in message
    assert "9529" not in message


def test_a_message_is_one_bounded_line():
    assert judge(StudentError("x" * 10**6)).message == "x" * 299 + "…"
    assert "\n" not in judge(StudentError("two\nlines")).message


def test_a_picture_names_a_place_and_no_cells():
    wrong = np.zeros((24, 32))
    wrong[0, [3, 17]] = 1
    found = outcome(wrong, np.zeros((24, 32)))
    shown = disclosed._mismatch(found.mismatch)
    assert place_of(shown.levels) == "in the first row"
    assert len(shown.levels) <= 12
    assert len(shown.levels[0]) <= 16
    wrong[[20, 11], [5, 30]] = 1
    assert disclosed._mismatch(outcome(wrong, np.zeros((24, 32))).mismatch).levels == ()  # here and there
    assert outcome(wrong, np.zeros((24, 32))).mismatch.levels != ()  # staff see the cells
    assert len(places(5, 7)) == PLACES == 16


def test_a_curve_tells_the_level_at_which_it_stays(rounds, seed):
    rng = random.Random(seed)
    seen = set()
    for _ in rounds(500, 50_000):
        stays = 10 ** rng.uniform(-12, 0)
        steps = [10.0**-power for power in range(11)]
        right = [max(step**2 * rng.uniform(0.1, 1), 1e-16 / step) for step in steps]
        curve = tuple((step, max(each, stays), each) for step, each in zip(steps, right, strict=True))
        seen.add(disclosed._diagnosis(Diagnosis("m", "says", "", 0.9, curve=curve)).curve)
    assert 4 < len(seen) <= 8


def test_full_figures_are_for_staff_alone():
    report = factory.report(skill=0.0)
    shown = for_students(report)
    assert any(each.mismatch and each.detail for each in report.results)
    for result in shown.results:
        assert (result.detail, result.output, result.margin, result.duration_s) == ("", "", None, 0.0)
        if result.mismatch:
            assert result.mismatch.relative_error in (1e-6, *ERRORS)


@pytest.mark.parametrize("report", EVERYTHING, ids=lambda report: ascii(report.student)[:30])
def test_what_a_student_gets_has_a_size(report):
    notes = tuple(f"{number}: {'n' * 1_000}" for number in range(1_000))
    full = replace(
        report,
        notes=notes,
        reason="r" * 10**5,
        results=tuple(
            replace(
                each,
                message="m" * 10**5,
                detail="d" * 10**5,
                output="o" * 10**5,
                mismatch=Mismatch("dx", 1.23456, 1e-6, 0.98765, ((7,) * 32,) * 24),
            )
            for each in report.results
        ),
    )
    shown = for_students(full)
    assert len(shown.notes) <= disclosed.NOTES
    assert max(map(len, (each.message for each in shown.results)), default=0) <= disclosed.MESSAGE_CHARS
    assert len(to_json(shown).encode()) < PAGE_BYTES + MOST_BYTES * len(shown.results)
    assert len(student_page(full).encode()) < PAGE_BYTES + MOST_BYTES * len(shown.results)


def test_a_failure_of_ours_tells_students_nothing_of_its_cause():
    report = factory.internal("Ada")
    shown = for_students(replace(report, reason="SandboxError: 3.14159"))
    assert "3.14159" not in json.dumps(to_json(shown)) + student_page(shown)


def test_the_budget_adds_up():
    places = 9  # a result, a value of a few, an entry of a list or dict, a member of a class, an argument
    assert places * len(TELLABLE) <= disclosed.KINDS
    assert disclosed.TEST_BITS < 17
    assert disclosed.bits(tests=124, tasks=7) < 2_800  # 350 bytes: 44 numbers of hidden inputs at most


def test_students_read_why_a_passed_test_has_no_points_and_not_what_it_asked_for():
    report = factory.report(skill=1.0)
    why = "passed, but no points without anything right in forward"
    first = replace(report.results[0], fraction=0.0, message=why, timing=None, judges="stop at 41")
    shown = for_students(replace(report, results=(first, *report.results[1:])))
    assert first.idle
    assert why in student_page(shown)
    assert "stop at 41" not in student_page(shown) + to_json(shown)
