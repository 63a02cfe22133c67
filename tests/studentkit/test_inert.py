"""What nothing declares does nothing until it is opened; numbers, arrays and handles are all that compute."""

from __future__ import annotations

import operator
import types
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from autograder.model import Limits
from autograder.sandbox import LoadPlan, Sandbox
from autograder.studentkit import Local, StudentError, assert_close, judged, opened
from autograder.studentkit.compare import NotClose
from autograder.studentkit.handle import Handle
from autograder.studentkit.inert import Inert

Array = npt.NDArray[np.float64]
CODE = """
import numpy as np

class Thing: ...
def give(what):
    return {
        "list": [1.0, [2.0]], "tuple": (1, 2), "dict": {"a": np.ones(2)}, "text": "STUDENTS TEXT",
        "complex": 1j,
        "complexes": np.ones(2) * 1j, "thing": Thing(), "number": 2.5, "array": np.ones(3), "none": None,
        "nested": [Thing(), {"b": [np.ones(2)]}],
    }[what]
def length(x): return float(len(x))
def first(x): return type(x[0]).__name__ == "Thing"
"""
KINDS = {"length": "float", "first": "bool"}


def kind(_module, name):
    return KINDS.get(name, "data")


@pytest.fixture(scope="module", params=["here", "behind the border"])
def student(request):
    if request.param == "here":
        module = types.ModuleType("m")
        exec(CODE, module.__dict__)
        yield Local({"m": module}.__getitem__, kind, wrap=True)
        return
    with (
        Sandbox(library="lib", packages=("numpy",), tier=1) as sandbox,
        sandbox.open(LoadPlan({"m": CODE}), Limits(), kind, 7) as remote,
    ):
        remote.begin("a test")
        yield remote


@pytest.mark.parametrize("what", ["list", "tuple", "dict", "text", "complexes", "nested"])
def test_containers_texts_and_odd_arrays_come_inert(student, what):
    assert type(student.m.give(what)) is Inert


def test_numbers_arrays_none_and_objects_come_as_they_are(student):
    assert student.m.give("number") + 1 == 3.5
    assert_close(student.m.give("array") * 2, np.full(3, 2.0))
    assert student.m.give("none") is None
    assert isinstance(student.m.give("thing"), Handle)
    assert isinstance(student.m.give("complex"), Handle)


USES = {
    "addition": lambda x: x + x,
    "addition to a list": lambda x: operator.add([1], x),
    "addition to an array": lambda x: np.ones(2) + x,
    "product": lambda x: 3 * x,
    "sign": operator.neg,
    "equality": lambda x: x == x,
    "order": lambda x: x < 3,
    "truth": bool,
    "length": len,
    "iteration": list,
    "unpacking": lambda x: [*x],
    "item": lambda x: x[0],
    "membership": lambda x: 1 in x,
    "text": str,
    "format": lambda x: f"{x}",
    "percent": lambda x: "%s" % x,  # noqa: UP031
    "number": float,
    "array": np.asarray,
    "reduction": np.sum,
    "attribute": lambda x: x.shape,
    "method": lambda x: x.append(1),
    "call": lambda x: x(),
    "change": lambda x: operator.iadd(x, x),
    "hash": hash,
    "assignment": lambda x: operator.setitem(x, 0, 1),
}


@pytest.mark.parametrize("what", ["list", "text", "dict"])
@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_whatever_is_done_with_it_is_the_students_error_and_tells_nothing_of_it(student, what, use):
    found = student.m.give(what)
    with pytest.raises((StudentError, TypeError)) as caught:
        use(found)
    assert "STUDENTS" not in str(caught.value) + repr(found)


def test_a_comparison_says_what_it_is(student):
    with pytest.raises(NotClose, match="the answer is a list; expected numbers"):
        assert_close(student.m.give("list"), np.ones(2), "the answer")


def test_it_can_be_passed_back_with_the_objects_in_it(student):
    assert student.m.length(student.m.give("list")) == 2
    assert student.m.first(student.m.give("nested"))


def test_it_opens_as_what_it_is_declared_to_be_where_it_is_used(student):
    found = opened(student.m.give("dict"), dict[str, Array])
    assert found["a"].tolist() == [1, 1]
    thing, rest = opened(student.m.give("nested"), tuple[Any, dict[str, list[Array]]])
    assert isinstance(thing, Handle)
    assert rest["b"][0].tolist() == [1, 1]
    with pytest.raises(StudentError, match="the answer, in its list, returned a list; expected one number"):
        opened(student.m.give("list"), list[float], "the answer")


def test_whoever_answers_for_all_uses_has_it_as_plain_data(student):
    with judged():
        assert student.m.give("list") == [1.0, [2.0]]
        assert student.m.give("text") == "STUDENTS TEXT"
    assert type(student.m.give("list")) is Inert
