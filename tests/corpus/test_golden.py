"""Verdicts and points of what is handed in stay as the grading contract has them."""

from __future__ import annotations

import json
import random

import pytest

from autograder.course import load_assignment
from autograder.course.slicing import slice_of
from tests.corpus import golden

SAMPLES = {"a4 class": 4, "a8 corpus": 3}
CASES = [
    pytest.param(
        part,
        marks=pytest.mark.soak(
            *sorted(slice_of(golden.COURSE, load_assignment(golden.COURSE, assignment_id))),
            f"tests/corpus/{assignment_id}",
        ),
        id=part.replace(" ", "-"),
    )
    for part, assignment_id in golden.HANDED_IN.items()
]


@pytest.mark.parametrize("part", CASES)
def test_verdicts_and_points_are_those_of_the_contract(part, rounds, seed):
    submissions = golden.submissions_of(part)
    assert golden.read()[part].keys() == submissions.keys()
    count = len(rounds(SAMPLES[part], len(submissions)))
    chosen = random.Random(f"{seed} {part}").sample(sorted(submissions), count)
    assert not golden.changed(part, golden.graded(part, {name: submissions[name] for name in chosen}))


def test_what_differs_is_named_with_the_way_out(monkeypatch, tmp_path):
    known = {"a4 class": {"ann": golden.record({"conv": 3}, {"test": "failed"})}}
    (tmp_path / "contract_1.json").write_text(json.dumps(known))
    monkeypatch.setattr(golden, "GOLDEN", tmp_path / "contract_1.json")
    assert golden.changed("a4 class", known["a4 class"]) == ""
    assert (
        golden.changed("a4 class", {"ann": golden.record({"conv": 3.0}, {"test": "failed", "race": "open"})})
        == ""
    )
    for lost, verdict in (({"conv": 2}, "failed"), ({"conv": 3}, "error")):
        told = golden.changed("a4 class", {"ann": golden.record(lost, {"test": verdict})})
        assert told.startswith("a4 class ann: ")
        assert "raise CONTRACT in autograder/course/fingerprint.py" in told
