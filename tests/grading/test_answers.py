"""The reference is asked once: equal questions get the answer that is known, all others their own."""

from __future__ import annotations

import functools
import sqlite3
import sys
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from autograder.course import find_course, load_assignment
from autograder.engine import Setup
from autograder.engine.assembly import open_grader
from autograder.grading.account import bounds_of_test, charged_to
from autograder.grading.answers import Answers
from autograder.kept import file_of
from autograder.model import Limits, Submission
from autograder.release import project
from autograder.sandbox import Budget
from autograder.studentkit.compare import Expected, answered_by, reference

X = np.arange(6.0).reshape(2, 3)


def doubled(x, scale=1.0):
    return 2 * x * scale


def tripled(x):
    return 3 * x


def parts(x):
    return {"sum": x.sum(), 2: (x, None)}


@pytest.fixture
def file(tmp_path):
    return file_of(tmp_path / "known", "a1", "graders 1")


class Timed:
    def __init__(self):
        self.clock = Budget(60)


def asked(answers, function, *args, **options):
    """How often the function ran, and its answer."""
    runs = []

    def find_out():
        runs.append(1)
        return reference(function, *args, **options)

    return len(runs), answers.of(function, args, options, find_out), len(runs)


def is_new(answers, function, *args, **options):
    before, _, after = asked(answers, function, *args, **options)
    return after > before


def over(y):
    return lambda x: x + y


def over_a_function(inner):
    return lambda x: inner(x) + 1


DIFFERENT = {
    "another function": (tripled, (X,), {}),
    "other numbers": (doubled, (X + 1,), {}),
    "one bit": (doubled, (np.nextafter(X, 9),), {}),
    "another shape": (doubled, (X.reshape(3, 2),), {}),
    "another dtype": (doubled, (X.astype(np.float32),), {}),
    "another order in memory": (doubled, (np.asfortranarray(X),), {}),
    "an option": (doubled, (X,), {"scale": 2.0}),
    "an option of another type": (doubled, (X,), {"scale": 2}),
    "a negative zero": (doubled, (X,), {"scale": -0.0}),
    "a zero": (doubled, (X,), {"scale": 0.0}),
    "closed over 1": (over(1.0), (X,), {}),
    "closed over 2": (over(2.0), (X,), {}),
    "closed over an array": (over(X), (X,), {}),
    "closed over one function": (over_a_function(doubled), (X,), {}),
    "closed over another": (over_a_function(tripled), (X,), {}),
    "two lambdas of a line, one": ((lambda x: x + 1, lambda x: x + 2)[0], (X,), {}),
}
SINE, COSINE = (lambda x: np.sin(x) + 1), (lambda x: np.cos(x) + 1)
DIFFERENT["another name in one place, one"] = (SINE, (X,), {})
DIFFERENT["another name in one place, another"] = (COSINE, (X,), {})
DIFFERENT["two lambdas of a line, another"] = ((lambda x: x + 1, lambda x: x + 2)[1], (X,), {})


def test_equal_questions_are_asked_once_and_different_ones_are_told_apart():
    answers = Answers()
    assert is_new(answers, doubled, X)
    assert not is_new(answers, doubled, X.copy())
    for name, (function, args, options) in DIFFERENT.items():
        assert is_new(answers, function, *args, **options), name
    for name, (function, args, options) in DIFFERENT.items():
        assert not is_new(answers, function, *args, **options), name


def test_each_question_keeps_its_own_answer():
    answers = Answers()
    for _ in range(2):
        for function, args, options in DIFFERENT.values():
            with answered_by(answers.of):
                known = reference(function, *args, **options)
            fresh = reference(function, *args, **options)
            np.testing.assert_array_equal(known.value, fresh.value)
            assert known.limit == fresh.limit


@pytest.mark.parametrize(
    "function",
    [doubled, over(1.0), over_a_function(doubled)],
    ids=["function", "closure", "closure over a function"],
)
def test_whoever_comes_later_reads_the_answer_from_the_file(file, function):
    first, later = Answers(file), Answers(file)
    assert is_new(first, function, X)
    before, answer, after = asked(later, function, X)
    assert before == after
    np.testing.assert_array_equal(answer.value, reference(function, X).value)
    assert answer.limit == reference(function, X).limit


def test_an_answer_keeps_its_form_in_the_file(file):
    assert is_new(Answers(file), parts, X)
    _, answer, ran = asked(Answers(file), parts, X)
    assert not ran
    assert list(answer) == ["sum", 2]
    assert answer["sum"].value.shape == ()
    assert isinstance(answer[2], tuple)
    assert answer[2][1] is None
    np.testing.assert_array_equal(answer[2][0].value, X)


def test_another_edition_of_the_graders_asks_anew(file):
    assert is_new(Answers(file), doubled, X)
    assert is_new(Answers(file_of(file.parent, "a1", "graders 2")), doubled, X)


def drawn(rng):
    return rng.random(3)


class Net:
    def forward(self, x):
        return x


def itself(n):
    def inner(x):
        return inner(x) if n < 0 else x

    return inner


@pytest.mark.parametrize(
    ("function", "args"),
    [
        (drawn, (np.random.default_rng(0),)),
        (Net().forward, (X,)),
        (functools.partial(doubled, X), ()),
        (np.sum, (X,)),
        (doubled, (X.view(np.ma.MaskedArray),)),
        (doubled, (np.zeros(1 << 20),)),
        (itself(0), (X,)),
    ],
    ids=["generator", "method", "partial", "builtin", "subclass", "huge", "refers to itself"],
)
def test_what_cannot_be_told_apart_for_certain_is_asked_each_time(function, args):
    answers = Answers()
    assert is_new(answers, function, *args)
    assert is_new(answers, function, *args)


def test_no_test_can_change_what_another_will_be_told(file):
    for answers in (Answers(), Answers(file), Answers(file)):
        _, answer, _ = asked(answers, doubled, X)
        with pytest.raises(ValueError, match="read-only"):
            answer.value[0, 0] = 9


def test_what_the_reference_raises_is_no_answer():
    def broken(x):
        raise ZeroDivisionError

    answers = Answers()
    for _ in range(2):
        with answered_by(answers.of), pytest.raises(ZeroDivisionError):
            reference(broken, X)


class Pair(NamedTuple):
    out: object
    cache: object


def odd_keys(x):
    return {(1, 2): x}


def named(x):
    return Pair(x, x)


@pytest.mark.parametrize("function", [odd_keys, named])
def test_answers_of_a_form_that_no_file_can_hold_are_asked_for_each_time(file, function):
    first = Answers(file)
    for _ in range(2):
        before, answer, after = asked(first, function, X)
        assert after > before
        assert type(answer) is type(function(X))


def test_a_function_that_closes_over_what_is_assigned_later_is_asked_each_time():
    def early(x):
        return later * x

    answers = Answers()
    assert is_new(answers, doubled, X)
    with pytest.raises(NameError):
        answers.of(early, (X,), {}, lambda: early(X))
    later = 2


def test_what_a_test_takes_out_of_an_answer_stays_for_the_next():
    answers = Answers()
    for _ in range(3):
        _, answer, _ = asked(answers, parts, X)
        assert answer.pop("sum").value.shape == ()


def test_a_table_of_the_reference_stays_its_own():
    table = np.zeros(3)

    def looked_up(x):
        table[0] += 1
        return table

    asked(Answers(), looked_up, X)
    looked_up(X)


def test_a_damaged_row_is_found_out_again(file):
    assert is_new(Answers(file), doubled, X)
    with closing(sqlite3.connect(file)) as database:
        database.execute("UPDATE answers SET numbers=x'00'")
        database.commit()
    before, answer, after = asked(Answers(file), doubled, X)
    assert after > before
    np.testing.assert_array_equal(answer.value, 2 * X)


def test_the_time_of_the_reference_is_charged_to_nobody():
    def slow(x):
        began = time.process_time()
        while time.process_time() < began + 0.2:
            pass
        return x

    answers, student = Answers(), Timed()
    for _ in range(2):
        with charged_to(student, bounds_of_test(Limits()), lambda: answers.spent_s):
            asked(answers, slow, X)
    assert 60 - student.clock.left_s < 0.1


def test_no_more_is_kept_than_there_is_room_for(monkeypatch):
    monkeypatch.setattr("autograder.grading.answers._MOST_BYTES", 4000)
    answers = Answers()
    told = [is_new(answers, doubled, np.full(32, n * 1.0)) for n in range(20)]
    assert all(told)
    assert not is_new(answers, doubled, np.zeros(32))
    assert is_new(answers, doubled, np.full(32, 19.0))


def test_without_a_table_the_reference_computes():
    assert isinstance(reference(doubled, X), Expected)


def test_the_second_right_hand_in_is_graded_without_the_reference(tmp_path):
    course = replace(find_course(Path()), key_file=tmp_path / "key")  # nothing is known there yet
    assignment = load_assignment(course, "a3_regularization")
    files = project(course, assignment, solution=True)
    ran = []

    def look(frame, event, _):
        if event == "call" and "dlc_lib" in frame.f_code.co_filename:
            ran.append(frame.f_code.co_qualname)

    with open_grader(Setup(course, assignment, 1, b"right answers are asked for once")) as grader:
        counts = []
        for name in ("first", "second"):
            modules = {Path(path).stem: text for path, text in files.items()}
            ran.clear()
            sys.setprofile(look)
            try:
                report = grader.grade(Submission(name, assignment.id, modules))
            finally:
                sys.setprofile(None)
            assert report.score == 100
            counts.append(len(ran))
    assert counts[0] > 0
    assert counts[1] == 0
