"""Each hand-in has one owner at every instant, whoever dies."""

from __future__ import annotations

import random

import pytest

from autograder.grading.score import broken
from autograder.model import Submission
from autograder.store import Ledger
from tests.tiny_course import make_assignment, make_course


@pytest.fixture(scope="module")
def assignment(tmp_path_factory):
    return make_assignment(make_course(tmp_path_factory.mktemp("course")))


def submissions(count):
    return [Submission(f"s{number}", "h1", {}) for number in range(count)]


def report(assignment, lease):
    return broken(assignment, lease.submission, "", tier=1)


def test_whoever_dies_each_row_is_finished_once(assignment):
    for round_ in range(200):
        chance = random.Random(round_)
        kept, held, handed = [], [], submissions(chance.randint(0, 12))
        ledger = Ledger(iter(handed), lambda done, kept=kept: kept.append(done.student))
        while True:
            if (lease := ledger.lease(chance.randint(1, 3))) is not None:
                held.append(lease)
            elif held:
                lease = held.pop(chance.randrange(len(held)))
                if chance.random() < 0.4 and lease.attempt < 5:
                    ledger.give_back(lease)
                else:
                    assert ledger.finish(lease, report(assignment, lease))
            elif not ledger.retry_lost():
                break
        assert sorted(kept) == sorted(each.student for each in handed)


def test_a_result_of_an_older_attempt_is_refused(assignment):
    kept = []
    ledger = Ledger(submissions(1), kept.append)
    first = ledger.lease(1)
    ledger.give_back(first)
    assert ledger.lease(2) is None  # not beside others
    assert ledger.retry_lost()
    second = ledger.lease(2)
    assert (second.attempt, second.submission) == (2, first.submission)
    assert not ledger.finish(first, report(assignment, first))
    assert kept == []
    assert ledger.finish(second, report(assignment, second))
    assert not ledger.finish(second, report(assignment, second))
    assert len(kept) == 1


def test_a_row_that_could_not_be_kept_is_not_done(assignment):
    def full(_):
        raise OSError("no space left")

    ledger = Ledger(submissions(1), full)
    lease = ledger.lease(1)
    with pytest.raises(OSError, match="no space"):
        ledger.finish(lease, report(assignment, lease))
    ledger.give_back(lease)
    assert ledger.retry_lost()
    assert ledger.lease(1).submission == lease.submission


def test_rows_are_read_only_as_far_ahead_as_is_asked():
    read = []
    source = (read.append(each) or each for each in submissions(9))
    ledger = Ledger(source)
    assert ledger.read_ahead(2) == 2
    ledger.lease(1)
    assert len(read) == 2
