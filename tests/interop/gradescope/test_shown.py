"""What students read of a submission on Gradescope."""

from __future__ import annotations

import base64
import io
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import matplotlib.image as mpimg
import pytest
from matplotlib.colors import to_hex

from autograder.course import load_assignment, load_course
from autograder.export.gradescope.png import heat_map
from autograder.export.gradescope.results import results
from autograder.export.gradescope.rules import Visibility
from autograder.grading.score import score
from autograder.model import Hints, Submission, TestResult, Timing, Verdict
from autograder.report import hide
from autograder.report.style import LIGHT
from tests.interop.conftest import export, report
from tests.interop.gradescope.conftest import needs_container
from tests.interop.gradescope.documents import check_document
from tests.tiny_course import DOUBLE

ROOT = Path(__file__).parents[3]
VISIBLE = Visibility.VISIBLE
WRONG = DOUBLE.replace("x + x", "x * x")


@needs_container
def test_the_student_reads_what_failed_by_how_much_and_where(submit):
    ran = submit(WRONG)
    double, total = ran.results["tests"]
    assert (double["name"], double["number"], double["status"]) == ("Doubling", "1", "failed")
    assert "1 of 3 tests passed." in double["output"]
    assert "times" in double["output"] or "wrong" in double["output"]
    assert '<img alt="Where out is wrong' in double["output"]
    assert (total["status"], total["output"]) == ("passed", "<p>2 of 2 tests passed.</p>")


@needs_container
def test_the_picture_of_where_is_an_image_that_gradescope_shows(submit):
    ran = submit(WRONG)
    image = re.search(r'src="data:image/png;base64,([^"]+)"', ran.results["tests"][0]["output"])
    pixels = mpimg.imread(io.BytesIO(base64.b64decode(image[1], validate=True)))
    assert pixels.shape[0] >= 22
    assert "svg" not in ran.results["tests"][0]["output"]


@pytest.mark.parametrize(
    ("levels", "size"),
    [
        (((0, 7),), (22, 44)),
        (((0, 1, 2), (3, 4, 5), (6, 7, 0)), (66, 66)),
        (((7,) * 300, (0,) * 300), (4, 600)),
        (((1, 2, 3), (4,)), (44, 66)),
    ],
    ids=["a row", "a square", "wide", "ragged"],
)
def test_a_heat_map_has_the_colour_of_each_level(levels, size):
    colours = [LIGHT[f"level-{level}"] for level in range(8)]
    pixels = mpimg.imread(io.BytesIO(heat_map(levels, colours)))
    assert pixels.shape[:2] == size
    cell = size[0] // len(levels)
    for y, row in enumerate(levels):
        for x, level in enumerate(row):
            square = pixels[y * cell : (y + 1) * cell - 1, x * cell : (x + 1) * cell - 1]
            assert {to_hex(colour) for colour in square.reshape(-1, square.shape[2])} == {colours[level]}
            assert to_hex(pixels[(y + 1) * cell - 1, x * cell]) == "#ffffff"


@pytest.fixture(scope="module")
def veiled(course, tmp_path_factory):
    """A zip whose tests are shown after the due date."""
    path = tmp_path_factory.mktemp("zip") / "veiled.zip"
    words = ("--visibility", "after_due_date", "--rate-limit", "1/24")
    done = export("gradescope", "h1", "-o", path, *words, folder=course.root)
    assert done.returncode == 0, done.stderr
    return path


@needs_container
def test_tests_are_shown_when_the_instructor_says(submit, veiled):
    ran = submit(WRONG, zip_=veiled)
    check_document(ran.results, "after_due_date")
    assert ran.results["tests"][0]["status"] == "failed"


@needs_container
def test_the_tests_that_a_refused_submission_keeps_are_shown_no_sooner(submit, veiled):
    tests = [{"name": "Doubling", "score": 60.0, "visibility": "visible"}]
    before = {"submission_time": "2027-03-01T09:00:00-08:00", "score": 60.0, "autograder_error": False}
    kept = {"score": 60.0, "tests": tests, "leaderboard": [{"name": "Points", "value": 60.0}]}
    ran = submit(zip_=veiled, metadata={"previous_submissions": [{**before, "results": kept}]})
    assert ran.results["tests"] == [{**tests[0], "visibility": "after_due_date"}]
    assert (ran.results["visibility"], "leaderboard" in ran.results) == ("after_due_date", False)


def test_a_visibility_that_gradescope_does_not_know_is_refused(course, tmp_path):
    done = export("gradescope", "h1", "-o", tmp_path / "x.zip", "--visibility", "later", folder=course.root)
    assert done.returncode == 2
    assert "'later' is not one of" in done.stderr
    assert not (tmp_path / "x.zip").exists()


def test_the_likely_mistake_is_told_by_the_rules_for_hints(assignment):
    full = report("ada", 60.0)
    told = results(full, assignment, VISIBLE)["tests"][1]["output"]
    assert "The likely mistake (90 %): </strong>You normalise with" in told
    due = replace(assignment, hints=Hints(after_due=True), due=datetime(2027, 3, 1, tzinfo=UTC))
    for day, hidden in ((28, True), (31, False)):
        now = datetime(2027, 2 if day == 28 else 3, day, tzinfo=UTC)
        shown = results(hide(full, due, now), due, VISIBLE)["tests"][1]["output"]
        assert ("likely mistake" not in shown) == hidden


def test_speed_goes_to_the_leaderboard_where_it_counts(assignment):
    course = load_course(ROOT)
    hot = load_assignment(course, "a8_performance")
    timing = Timing(0.9, 0.8, 1.0, 30, "cpu", 1)
    timed = TestResult("t.py::test_speed", hot.tasks[0].id, "speed", Verdict.PASSED, timing=timing)
    scored = score(hot, Submission("ada", hot.id, {}), (timed,), tier=1)
    board = results(scored, hot, VISIBLE)["leaderboard"]
    assert [row["value"] for row in board] == [0.9, 0.0, 0.0, 0.0, scored.score]
    assert {row["order"] for row in board} == {"desc"}
    # A leaderboard is open to the class, and would tell what may not be seen yet.
    assert "leaderboard" not in results(scored, hot, Visibility.AFTER_DUE_DATE)
    assert "leaderboard" not in results(report("ada", 60.0), assignment, VISIBLE)
