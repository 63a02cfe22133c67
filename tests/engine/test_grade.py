"""One submission, from its code to its report, in the real sandbox."""

from __future__ import annotations

import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.engine import Grader
from autograder.errors import TierUnavailable
from autograder.model import Verdict
from autograder.release import project
from autograder.report import to_json
from tests.tiny_course import DOUBLE, TOTAL, make_assignment, make_course

NOTHING = "def total(x):\n    pass\n"


def verdicts(report):
    return {result.id: str(result.verdict) for result in report.results}


def verdict_bytes(report):
    """The report without what may differ from run to run."""
    results = tuple(replace(result, duration_s=0.0) for result in report.results)
    return to_json(replace(report, results=results, graded_at="", duration_s=0.0))


def test_right_code_gets_all_points(grader, submit):
    report = grader.grade(submit())
    assert (report.score, report.max_score, report.tier) == (100, 100, 1)
    assert set(verdicts(report).values()) == {"passed"}


def test_the_reference_gets_all_points_and_the_stub_none(grader, submit, setup):
    for solution, score in ((True, 100), (False, 0)):
        files = project(setup.course, setup.assignment, solution=solution)
        double, total = files["tinylib/scaling.py"], files["tinylib/summing.py"]
        assert grader.grade(submit(f"s{score}", double=double, total=total)).score == score


def test_code_that_does_nothing_gets_no_points(grader, submit):
    idle = "def double_forward(x):\n    pass\ndef double_backward(dout, cache):\n    pass\n"
    assert grader.grade(submit(double=idle, total=NOTHING)).score == 0


def test_a_mistake_costs_the_tests_that_see_it_and_no_others(grader, submit):
    report = grader.grade(submit(double=DOUBLE.replace("dout + dout", "dout")))
    assert report.score == 80
    assert verdicts(report)["test_double.py::test_backward"] == "failed"
    assert report.results[2].mismatch is not None


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        ("import os; os._exit(0)", "crashed"),
        ("import ctypes; ctypes.string_at(0)", "crashed"),
        ("while True: pass", "timeout"),
        ("import numpy; return float(numpy.ones(1 << 30).sum())", "memory"),
        ("return 'x' * 100", "error"),
        ("raise SystemExit(0)", "error"),
        ("import socket; socket.socket()", "forbidden"),
        ("return open('/etc/passwd').read()", "forbidden"),
    ],
)
def test_a_death_costs_its_test_and_not_the_points_earned(grader, submit, body, verdict):
    total = f"def total(x):\n    if x.size:\n        {body}\n    return 0.0\n"
    report = grader.grade(submit(total=total))
    assert verdicts(report)["test_total.py::test_sum"] == verdict
    assert verdicts(report)["test_total.py::test_sum_of_nothing"] == "passed"
    assert report.score == 80


def test_fifty_gradings_give_the_same_bytes(grader, submit):
    guess = (
        "import random, numpy as np\n"
        "def total(x):\n    return x.sum() * (random.random() < 0.5) + (np.random.rand() < 0.5)\n"
    )
    submission = submit(total=guess, double=DOUBLE.replace("x + x", "x * x"))
    first = verdict_bytes(grader.grade(submission))
    assert {verdict_bytes(grader.grade(submission)) for _ in range(49)} == {first}


def test_grading_one_student_does_not_change_the_next(grader, setup, submit):
    spoiler = (
        "import numpy, builtins\nnumpy.allclose = lambda *a, **k: True\nbuiltins.abs = lambda x: 0\n"
        "print('hello from the first')\n"
    )
    first, second = submit("bob", total=spoiler + TOTAL), submit("cyd", total=NOTHING)
    grader.grade(first)
    after = grader.grade(second)
    with Grader(setup) as fresh:
        assert verdict_bytes(after) == verdict_bytes(fresh.grade(second))
    assert not any(result.output for result in after.results)


def test_prints_are_kept_for_staff_and_change_no_score(grader, submit):
    report = grader.grade(submit(total="def total(x):\n    print('sum of', x.size)\n    return x.sum()\n"))
    assert report.score == 100
    assert any(result.output == "sum of 12\n" for result in report.results)


def test_a_syntax_error_costs_its_module_only_and_names_the_line(grader, submit):
    report = grader.grade(submit(total="\n\ndef total(x)\n    return 1\n"))
    assert report.score == 60
    (message,) = {result.message for result in report.results if result.task == "total"}
    assert "SyntaxError" in message
    assert "line 3 of summing.py" in message


def test_a_line_of_a_notebook_that_fails_is_noted_and_costs_only_what_needs_it(grader, submit):
    script = f"W = open('/content/w.npy')\n{DOUBLE}def total(x):\n    return W\n"
    origins = ((1, "ada.ipynb, cell 1"), (2, "ada.ipynb, cell 3"))
    report = grader.grade(replace(submit(), modules={}, script=script, origins=origins))
    assert report.score == 60
    (note,) = report.notes
    assert note.startswith("ada.ipynb, cell 1, line 1: `W = open('/content/w.npy')` ")
    at = script.split("\n").index("    return W")
    assert {result.message for result in report.results if result.task == "total"} == {
        f"total raised NameError, line {at} of ada.ipynb, cell 3: name 'W' is not defined"
    }


def test_the_reference_cannot_be_imported_by_student_code(grader, submit):
    thief = "def total(x):\n    from autograder.graders import a4_cnn\n    return 0.0\n"
    report = grader.grade(submit(total=thief))
    assert report.score == 60
    assert {r.message for r in report.results if r.task == "total"} == {
        "total raised ModuleNotFoundError, line 2 of summing.py: no module named 'autograder'"
    }


def test_an_unreadable_hand_in_gets_a_report_with_the_reason(grader, submit):
    unreadable = replace(submit(), reason="hw.zip: is no archive", modules={}, script=None)
    report = grader.grade(unreadable)
    assert (report.status, report.score, report.reason) == ("unreadable", 0, "hw.zip: is no archive")


def test_a_broken_hidden_test_gives_no_score_and_blames_nobody(setup, submit, tmp_path):
    course = make_course(tmp_path / "course")
    folder = course.graders_of("h1")
    for path in folder.glob("test_*.py"):
        path.unlink()
    tests = {"x": ("'double'", "1 / 0"), "y": ("'double', part='backward'", "pass"), "z": ("'total'", "pass")}
    text = "from autograder.studentkit import task\n"
    for name, (mark, body) in tests.items():
        text += f"\n\n@task({mark})\ndef test_{name}(student):\n    {body}\n"
    (folder / "test_x.py").write_text(text)
    with Grader(replace(setup, course=course, assignment=make_assignment(course))) as grader:
        report = grader.grade(submit())
    assert report.score is None
    assert report.status == "internal"
    assert report.results[0].verdict is Verdict.INTERNAL
    assert "ZeroDivisionError" in report.results[0].detail


def test_where_the_tier_cannot_be_had_nothing_is_graded(setup):
    with pytest.raises(TierUnavailable, match="tier 4 is not built"):
        Grader(replace(setup, tier=4))


def test_a_sandbox_that_dies_is_replaced_and_no_student_pays(setup, submit):
    before = children_of(os.getpid())
    with Grader(setup) as grader:
        (zygote,) = children_of(os.getpid()) - before
        os.kill(zygote, signal.SIGKILL)
        assert grader.grade(submit()).score == 100


def children_of(parent: int) -> set[int]:
    return {int(child) for child in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()}
