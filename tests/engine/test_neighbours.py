"""Hostile hand-ins beside honest ones: these get what they get alone."""

from __future__ import annotations

from autograder.engine import grade_class
from tests.engine.conftest import read_folder
from tests.hostile import HOSTILE
from tests.tiny_course import DOUBLE, hand_in

HONEST = {
    "ada": {},
    "bob": {"total": "def total(x):\n    return 0.0\n"},
    "cleo": {"double": DOUBLE.replace("dout + dout", "dout")},
    "dan": {"total": "def total(x):\n    raise NotImplementedError\n"},
}


def verdicts(reports):
    """Student -> test -> verdict, of the honest."""
    return {
        report.student: {result.id: (result.verdict, result.message) for result in report.results}
        for report in reports
        if report.student in HONEST
    }


def test_honest_hand_ins_get_the_same_verdicts_among_hostile_ones(setup, tmp_path):
    honest = [read_folder(setup, hand_in(tmp_path / name, **files)) for name, files in HONEST.items()]
    hostile = [
        read_folder(setup, hand_in(tmp_path / name, total=f"{code}\n")) for name, code in HOSTILE.items()
    ]
    mixed = [each for pair in zip(hostile, honest, strict=False) for each in pair] + hostile[len(honest) :]
    alone = verdicts(grade_class(honest, setup, 2))
    beside = {report.student: report for report in grade_class(mixed, setup, 2)}
    assert len(alone) == len(HONEST)
    assert verdicts(beside.values()) == alone
    assert set(beside) == {*HONEST, *HOSTILE}
    assert all(beside[name].score is not None and beside[name].score < 100 for name in HOSTILE)
