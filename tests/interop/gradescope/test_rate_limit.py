"""So many graded submissions in so many hours."""

from __future__ import annotations

import json

import pytest

from autograder.export.gradescope.bundle import write_autograder
from autograder.export.gradescope.metadata import read_metadata
from autograder.export.gradescope.rules import RateLimit, Rules
from tests.interop import container
from tests.interop.conftest import export
from tests.interop.gradescope.conftest import KEY, METADATA, needs_container
from tests.tiny_course import TOTAL


def earlier(at: str, score: float | None, results=None, *, failed=False):
    shown = {} if results is None else {"results": results}
    return {"submission_time": at, "score": score, "autograder_error": failed, **shown}


@pytest.fixture(scope="module")
def limited(course, assignment, tmp_path_factory):
    path = tmp_path_factory.mktemp("zip") / "limited.zip"
    write_autograder(course, assignment, path, KEY, Rules(RateLimit(2, 24)))
    return path


@needs_container
def test_a_submission_too_soon_keeps_the_score_and_a_rerun_says_the_same(limited, tmp_path):
    tests = [{"name": "Doubling", "score": 40.0, "max_score": 60.0, "visibility": "visible"}]
    before = [
        earlier("2027-02-28T12:00:00-08:00", 10.0),
        earlier("2027-03-01T09:00:00-08:00", 40.0, {"tests": tests, "score": 40.0}),
    ]
    runs = []
    for each in "ab":
        metadata = {**METADATA, "previous_submissions": before}
        root = container.lay_out(tmp_path / each, limited, {"summing.py": TOTAL.encode()}, metadata)
        runs.append(container.run_autograder(root).results)
    assert runs[0] == runs[1]
    assert (runs[0]["score"], runs[0]["tests"]) == (40.0, tests)
    assert "Submit again after 01 March 2027, 20:00 UTC" in runs[0]["output"]


@needs_container
def test_a_submission_after_the_window_is_graded(submit, limited):
    before = [earlier("2027-02-25T12:00:00-08:00", 10.0), earlier("2027-03-01T09:00:00-08:00", 40.0)]
    ran = submit(zip_=limited, metadata={"previous_submissions": before})
    assert ran.results["score"] == 100.0


@needs_container
def test_what_failed_on_our_side_uses_up_nothing(submit, limited):
    before = [
        earlier("2027-03-01T08:00:00-08:00", 10.0),
        earlier("2027-03-01T09:00:00-08:00", None, failed=True),
        earlier("2027-03-01T09:30:00-08:00", 0.0, failed=True),
    ]
    ran = submit(zip_=limited, metadata={"previous_submissions": before})
    assert ran.results["score"] == 100.0


@needs_container
def test_the_score_that_is_kept_is_of_the_last_submission_graded(submit, limited):
    before = [
        earlier("2027-03-01T07:00:00-08:00", 10.0),
        earlier("2027-03-01T08:00:00-08:00", "40.0"),
        earlier("2027-03-01T09:00:00-08:00", 0.0, {"score": 0.0, "tests": []}, failed=True),
    ]
    ran = submit(zip_=limited, metadata={"previous_submissions": before})
    assert (ran.results["score"], "tests" in ran.results) == (40.0, False)
    assert "Submit again after 02 March 2027, 15:00 UTC" in ran.results["output"]


@needs_container
def test_an_older_submission_run_again_is_not_given_the_score_of_a_later_one(submit, limited):
    before = [
        earlier("2027-03-01T08:00:00-08:00", 10.0),
        earlier("2027-03-01T09:00:00-08:00", 20.0),
        earlier("2027-03-01T11:00:00-08:00", 90.0, {"score": 90.0, "tests": []}),
    ]
    ran = submit(zip_=limited, metadata={"previous_submissions": before})
    assert (ran.results["score"], "tests" in ran.results) == (20.0, False)


@needs_container
@pytest.mark.parametrize("score", [None, "x", float("nan")])
def test_without_a_score_to_keep_a_submission_is_graded(submit, limited, score):
    before = [earlier(f"2027-03-01T0{hour}:00:00-08:00", score) for hour in (7, 8)]
    ran = submit(zip_=limited, metadata={"previous_submissions": before})
    assert ran.results["score"] == 100.0


def test_an_attempt_counts_submissions_before_this_one():
    before = [earlier(f"2027-03-01T{hour}:00:00-08:00", 10.0, failed=hour == "08") for hour in ("08", "11")]
    metadata = read_metadata(json.dumps({**METADATA, "previous_submissions": before}))
    assert metadata.attempt == 2


@pytest.mark.parametrize("limit", ["5", "0/24", "a/b", "3/0", "3/-1", "3/nan"])
def test_a_rate_limit_that_is_none_is_refused(course, limit):
    done = export("gradescope", "h1", "-o", "x.zip", "--rate-limit", limit, folder=course.root)
    assert done.returncode == 2
    assert f"--rate-limit {limit}: expected submissions/hours, as in 5/24" in done.stderr
