import json
import math
from dataclasses import replace

import pytest

from autograder.model import SCHEMA_VERSION, Mismatch
from autograder.report import from_json, student_view, to_json
from tests.report import factory

EVERYTHING = (*factory.sample_class(), *map(factory.hostile, factory.HOSTILE))


@pytest.mark.parametrize("report", EVERYTHING, ids=lambda report: ascii(report.student)[:30])
def test_a_report_comes_back_equal_from_its_json(report):
    assert from_json(to_json(report)) == report


def test_infinite_and_undefined_errors_survive_as_strict_json():
    report = factory.report()
    first = replace(report.results[0], mismatch=Mismatch("dx", math.inf, math.nan, 1.0))
    text = to_json(replace(report, results=(first,)))
    assert not {"Infinity", "NaN"} & set(text.replace(",", " ").split())
    back = from_json(text).results[0].mismatch
    assert back is not None
    assert back.relative_error == math.inf
    assert math.isnan(back.limit)


def test_json_for_staff_names_its_schema_and_holds_details():
    report = factory.report(skill=0.0)
    found = json.loads(to_json(report))
    assert found["schema_version"] == SCHEMA_VERSION
    assert found["results"][0]["detail"] == report.results[0].detail


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"schema_version": SCHEMA_VERSION + 1}, "schema version"),
        ({"surprise": 1}, "surprise"),
        ({"score": "lots"}, r"report\.score: expected float"),
        ({"tasks": [{}]}, r"report\.tasks\[0\]: lacks"),
        ({"late_days": True}, r"late_days: expected int"),
        ({"results": "none"}, r"report\.results"),
    ],
)
def test_a_document_that_is_no_report_is_refused_with_the_place(change, words):
    found = json.loads(to_json(factory.report()))
    with pytest.raises(ValueError, match=words):
        from_json(json.dumps({**found, **change}))


@pytest.mark.parametrize("text", ["", "[]", "null", "{}", '{"schema_version": 1}'])
def test_text_that_is_no_report_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        from_json(text)


def test_the_short_view_holds_scores_and_verdicts():
    report = factory.report(skill=0.0)
    (found,) = student_view([report])["reports"]
    assert (found["student"], found["score"], found["max_score"]) == (report.student, report.score, 100.0)
    assert found["tier"] == 1
    assert found["status"] == "graded"
    task, expected = found["tasks"][0], report.tasks[0]
    assert (task["id"], task["score"], task["max_score"]) == (expected.task, expected.score, 30.0)
    assert task["verdicts"] == {key: str(verdict) for key, verdict in expected.verdicts.items()}
    assert task["diagnosis"]["says"] == factory.SAYS["conv"]


def test_the_short_view_says_why_a_hand_in_has_no_points():
    (found,) = student_view([factory.unreadable("x", "x.zip: empty")])["reports"]
    assert (found["status"], found["reason"], found["score"]) == ("unreadable", "x.zip: empty", 0.0)


def test_the_short_view_holds_nothing_of_hidden_tests():
    report = factory.report(skill=0.0)
    leaky = (replace(each, detail="SECRET", output="SECRET") for each in report.results)
    assert "SECRET" not in json.dumps(student_view([replace(report, results=tuple(leaky))]))
