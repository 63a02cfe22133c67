"""Equal hand-ins have equal verdicts, points and pages, whoever hands them in; at the limits, too."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from autograder.course import find_course, load_assignment
from autograder.engine import Setup
from autograder.engine.assembly import open_grader
from autograder.model import Draw, Submission
from autograder.release import project
from autograder.report import student_page, to_json

COURSE = find_course(Path(__file__))
KEY = b"the key of equal hand-ins, no secret"
NAMES = [f"{name}{number}" for name in ("ada", "bob", "cyd", "dan", "eve", "fay") for number in range(5)]
ADAM = "lr * (m_hat / (np.sqrt(v_hat) + eps)"
ALPHA_FORM = "lr * (np.sqrt(1 - beta2**t) / (1 - beta1**t) * m / (np.sqrt(v) + eps)"
KINDS = {
    "right": ("a3_regularization", "dropout", "", ""),
    "alpha-form Adam": ("a2_optimization", "optim", ADAM, ALPHA_FORM),
    "a normal mask": (
        "a3_regularization",
        "dropout",
        "rng.random(x.shape) < p",
        "rng.normal(size=x.shape) < p",
    ),
    "chance of its own": ("a3_regularization", "dropout", "rng.random(x", "np.random.rand(*x"),
}
AT_THE_LIMITS = ("alpha-form Adam", "a normal mask")


@pytest.fixture(scope="module")
def report_of():
    """report_of(kind, draw): the reports of equal hand-ins, without what may differ: name and duration."""

    def reports(kind, draw=Draw.RECORD, names=NAMES):
        assignment_id, module, old, new = KINDS[kind]
        assignment = load_assignment(COURSE, assignment_id)
        files = project(COURSE, assignment, solution=True)
        modules = {Path(path).stem: text for path, text in files.items()}
        assert old in modules[module]
        modules[module] = modules[module].replace(old, new)
        with open_grader(Setup(COURSE, assignment, 1, KEY, draw=draw)) as grader:
            return [timeless(grader.grade(Submission(name, assignment_id, modules))) for name in names]

    return reports


def timeless(report):
    results = tuple(replace(result, duration_s=0.0) for result in report.results)
    return replace(report, student="a name", results=results, graded_at="", duration_s=0.0)


@pytest.mark.parametrize("kind", KINDS)
def test_equal_hand_ins_have_equal_reports_and_pages(report_of, kind):
    reports = report_of(kind, names=NAMES if kind in AT_THE_LIMITS else NAMES[:5])
    assert (reports[0].score == 100) == (kind == "right")
    assert len({to_json(report) for report in reports}) == 1
    assert len({student_page(report) for report in reports}) == 1


def test_the_two_draws_are_told_apart_and_have_other_inputs(report_of):
    [practice] = report_of("alpha-form Adam", Draw.PRACTICE, NAMES[:1])
    [record] = report_of("alpha-form Adam", Draw.RECORD, NAMES[:1])
    assert practice.environment["draw"] == "practice"
    assert record.environment["draw"] == "record"
    assert practice.environment["seed_id"] != record.environment["seed_id"]
    assert [each.verdict for each in practice.results] == [each.verdict for each in record.results]
    assert [each.detail for each in practice.results] != [each.detail for each in record.results]
