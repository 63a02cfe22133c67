"""Answers of functions without annotations are what hidden tests use right ones as."""

from __future__ import annotations

import textwrap
import types

import numpy as np
import pytest

from autograder.grading import GraderSession
from autograder.model import Limits, Task, Verdict
from autograder.studentkit import Local
from tests.plain_graders import loads

TASKS = (Task("f", "F", 10, ("m:f",), {"forward": 1}),)
BODIES = {
    "unpacked": "out, cache = student.m.f(x)\n    assert_close(out, 2 * x)",
    "passed back": "out, cache = student.m.f(x)\n    assert_close(student.m.g(cache), x)",
    "a dict": "found = student.m.d(x)\n    assert_close(found['w'], x)",
    "of its type": "found = student.m.d(x)\n    assert type(found) is dict\n    assert_close(found['w'], x)",
    "inside": "grads = student.m.n(x)[1]\n    assert_close(grads['w'], x)",
    "a list": "for each in student.m.l(x):\n        assert_close(each, x)",
    "text": "assert student.m.s(x) == 'done'",
    "each its own": "found = student.m.h(x)\n    assert_close(found['w'], x)\n"
    "    assert found['name'] == 'n' and found['shape'] == (3,) and found['sizes'] == (1, 2)",
    "none or two": "assert student.m.o(abs(x)) is None\n    a, b = student.m.o(-abs(x))\n"
    "    assert_close(a + b, -abs(x))",
    "any length": "assert [student.m.t(i) for i in range(4)] == [tuple(range(i)) for i in range(4)]",
    "one length more": "assert student.m.h(x[:2])['shape'] == (2,) and student.m.h(x)['list'] == [1, 2]",
    "doubled": "node = student.m.f(x)[0]\n    for _ in range(40):\n        node = node + node",
}


def right():
    return types.SimpleNamespace(
        f=lambda x: (2 * x, (x, "kept")),
        g=lambda cache: cache[0],
        d=lambda x: {"w": x},
        n=lambda x: (1.0, {"w": x}),
        l=lambda x: [x, x],
        s=lambda x: "done",
        h=lambda x: {"w": x, "shape": x.shape, "name": "n", "sizes": (1, 2), "list": [1, 2]},
        o=lambda x: (x, 0 * x) if (x < 0).all() else None,
        t=lambda n: tuple(range(n)),
    )


@pytest.fixture
def verdict(tmp_path):
    """verdict(body, **changed): of a test with this body on the right functions, some of them changed."""

    def judge(body, **changed):
        test = f"@task('f')\ndef test_it(student, rng):\n    x = rng.standard_normal(3)\n    {BODIES[body]}\n"
        text = "from autograder.author import assert_close, task\n\n\n" + textwrap.dedent(test)
        (tmp_path / "test_m.py").write_text(text)
        theirs, ours = (
            Local(lambda _, code=code: code, lambda *_: "data", wrap=True)
            for code in (types.SimpleNamespace(**{**vars(right()), **changed}), right())
        )
        with GraderSession(tmp_path, TASKS, load=loads(tmp_path), ours=ours, limits=Limits()) as session:
            return session.run(theirs, len)[0]

    return judge


@pytest.mark.parametrize("body", [each for each in BODIES if each != "doubled"])
def test_a_right_answer_of_undeclared_kind_passes(verdict, body):
    assert verdict(body).verdict is Verdict.PASSED


@pytest.mark.parametrize(
    ("body", "changed", "says"),
    [
        ("unpacked", {"f": lambda x: 2 * x}, "f returned an array; expected 2 values"),
        ("unpacked", {"f": lambda x: (2 * x, x, x)}, "f returned 3 values; expected 2"),
        ("unpacked", {"f": lambda x: "2x"}, "f returned a str; expected 2 values"),
        ("a dict", {"d": lambda x: [x]}, "d returned a list; expected a dict"),
        ("inside", {"n": lambda x: (1.0, [x])}, "expected a dict"),
        ("a list", {"l": lambda x: {"w": x}}, "l returned a dict; expected a list"),
        ("text", {"s": lambda x: ["done"]}, "expected a string"),
    ],
)
def test_another_kind_is_the_students_fault_in_a_sentence(verdict, body, changed, says):
    result = verdict(body, **changed)
    assert result.verdict is Verdict.ERROR
    assert says in result.message


def test_a_cache_of_any_kind_is_passed_back(verdict):
    changed = {"f": lambda x: (2 * x, {"x": [x]}), "g": lambda cache: cache["x"][0]}
    assert verdict("passed back", **changed).verdict is Verdict.PASSED


def test_what_tests_do_not_take_apart_on_right_answers_stays_of_no_use(verdict):
    result = verdict("doubled", f=lambda x: ([x, x], None))
    assert result.verdict is Verdict.ERROR
    assert result.message == "f, value 1 of 2, returned a list; a test cannot use that as it is"


def test_wrong_numbers_fail_as_ever(verdict):
    assert verdict("unpacked", f=lambda x: (3 * x, None)).verdict is Verdict.FAILED
    assert verdict("a dict", d=lambda x: {"w": np.zeros(3)}).verdict is Verdict.FAILED


def test_what_one_test_opened_judges_no_right_answer_of_another_kind_in_the_next(tmp_path):
    (tmp_path / "test_m.py").write_text(
        "from autograder.author import task\n\n\n"
        "@task('f')\n@__import__('pytest').mark.parametrize('n', [2, 0, 3, 1])\n"
        "def test_it(student, n):\n    found = student.m.f(n)\n"
        "    assert found is None if not n else found[n - 1] == n - 1\n"
    )

    def code(n):
        return tuple(range(n)) or None

    def listed(n):
        return list(range(n)) or None

    ours, same, lists = (
        Local(lambda _, f=f: types.SimpleNamespace(f=f), lambda *_: "data", wrap=True)
        for f in (code, code, listed)
    )
    with GraderSession(tmp_path, TASKS, load=loads(tmp_path), ours=ours, limits=Limits()) as session:
        for theirs in (same, lists):
            assert [result.verdict for result in session.run(theirs, len)] == [Verdict.PASSED] * 4


def test_where_a_test_takes_any_kind_what_another_opened_refuses_none(tmp_path):
    (tmp_path / "test_m.py").write_text(
        "from autograder.author import judged, task\n\n\n"
        "@task('f')\ndef test_of_a_dict(student):\n    assert student.m.f(1)['w'] == 1\n\n\n"
        "@task('f')\ndef test_of_any(student):\n    with judged():\n        found = student.m.f(1)\n"
        "        assert [*(found.values() if isinstance(found, dict) else found)] == [1]\n"
    )
    ours, theirs = (
        Local(lambda _, f=f: types.SimpleNamespace(f=f), lambda *_: "data", wrap=True)
        for f in (lambda x: {"w": x}, lambda x: [x])
    )
    with GraderSession(tmp_path, TASKS, load=loads(tmp_path), ours=ours, limits=Limits()) as session:
        verdicts = [result.verdict for result in session.run(theirs, len)]
    assert verdicts == [Verdict.ERROR, Verdict.PASSED]
