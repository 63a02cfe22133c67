"""Answers of functions without annotations are what hidden tests use right ones as."""

from __future__ import annotations

import textwrap
import types

import numpy as np
import pytest

from autograder.grading import GraderSession
from autograder.model import Limits, Task, Verdict
from autograder.studentkit import Local
from autograder.studentkit.kinds import ListOf
from autograder.studentkit.usage import Unopened, Usage
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
    """verdict(body, ours, **changed): of a test with this body on the right functions, some of them changed.

    `ours` is the right `f`.
    """

    def judge(body, ours=None, **changed):
        lines = BODIES.get(body, body)
        test = f"@task('f')\ndef test_it(student, rng):\n    x = rng.standard_normal(3)\n    {lines}\n"
        text = "from autograder.author import assert_close, task\n\n\n" + textwrap.dedent(test)
        (tmp_path / "test_m.py").write_text(text)
        reference = types.SimpleNamespace(**{**vars(right()), **({"f": ours} if ours else {})})
        theirs, ours = (
            Local(lambda _, code=code: code, lambda *_: "data", wrap=True)
            for code in (types.SimpleNamespace(**{**vars(reference), **changed}), reference)
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


@pytest.mark.parametrize(
    ("check", "theirs"),
    [
        ("found['shape'] == (3, 4)", {"shape": [3, 4]}),
        ("found['parts'] == [1, 2]", {"parts": (1, 2)}),
        ("found['in']['shape'] == (3,)", {"in": {"shape": [3], "l": [1]}}),
        ("found['both'][0] == (1, 2) and found['both'][1] == [3, 4]", {"both": ([1, 2], (3, 4))}),
        ("found['mixed'] == [(1, 2), [3, 4]]", {"mixed": [[1, 2], [3, 4]]}),
        ("found['mixed'] == [(1, 2), [3, 4]]", {"mixed": ((1, 2), (3, 4))}),
    ],
)
def test_each_value_of_a_dict_and_of_a_list_counts_as_what_it_is_used_as(verdict, check, theirs):
    body = f"found = student.m.f(x)\n    assert {check}"
    ours = {
        "shape": (3, 4),
        "parts": [1, 2],
        "in": {"shape": (3,), "l": [1]},
        "both": ((1, 2), [3, 4]),
        "mixed": [(1, 2), [3, 4]],
    }
    for _ in range(2):  # in another order, too: what is learned first must not decide
        right = verdict(body, ours=lambda x, ours=ours: ours, f=lambda x, ours=ours: {**ours, **theirs})
        assert right.verdict is Verdict.PASSED, right.message
        ours = dict(reversed(ours.items()))


def test_what_an_object_gives_by_item_operator_and_attribute_is_told_apart(verdict):
    class Ours:
        shape, parts = (3, 4), [1, 2]

        def __getitem__(self, key):
            return getattr(self, key)

        def __add__(self, other):
            return [other, other]

    class Theirs(Ours):
        shape, parts = [3, 4], (1, 2)

        def __add__(self, other):
            return (other, other)

    body = (
        "found = student.m.f(x)\n"
        "    assert found['shape'] == (3, 4) and found['parts'] == [1, 2] and found + 1 == [1, 1]\n"
        "    assert found.shape == (3, 4) and found.parts == [1, 2]"
    )
    right = verdict(body, ours=lambda x: Ours(), f=lambda x: Theirs())
    assert right.verdict is Verdict.PASSED, right.message


def test_places_that_a_dict_makes_are_bounded_and_the_others_share_one():
    usage = Usage()
    with usage:
        assert usage.kind((1, 2), "f", "['a']") is None
        usage.hold_back((1, 2), "f")
        assert usage.learn(Unopened("", "f"))
        with usage.learning():
            for number in range(1000):
                usage.kind([1] if number % 2 else (1, 2), "f", f"['{number}']")
        assert usage.known < 100
        assert usage.kind([1, 2], "f", "['0']") == ("data", "data")
        assert usage.kind([1, 2], "f", "['998']") == ListOf("data")


def test_a_key_of_a_student_is_in_no_message(verdict):
    result = verdict(
        "found = student.m.d(x)\n    assert found['w'] + 1 > 0", d=lambda x: {"w": "secret", "h": []}
    )
    assert result.verdict is Verdict.ERROR
    assert "'w'" not in result.message
    assert "secret" not in result.message


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
