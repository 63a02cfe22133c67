"""What is told of an exception in a hidden test: our words and the student's own, chosen by us."""

import random
import time
import tracemalloc

import pytest

from autograder.report import disclosed
from autograder.sandbox import LoadPlan, sources
from autograder.sandbox.faults import from_exception
from autograder.sandbox.inside.wire import WireError
from autograder.sandbox.sources import Sources
from autograder.studentkit import StudentError

SOURCE = """def f(x):
    if x.ndim != 2:
        raise ValueError(f"shape {x.shape} is not right")
    y = x + bais
    raise ValueError("sum: " + str(x))
    raise ValueError("%s is %d off" % (x, 3))
    z = d["w1"]
    raise KeyError(
        "entry {} of {}".format(x, 3))
    assert x.any(), "x must not be 0"
    raise RuntimeError("two parts", x)
    return x.foo(size=1)
"""
SECRET = "0.7310585786300049"


def told(kind, number, text, file="m.py", plan=None):
    fault = {"type": kind, "file": file, "line": number, "text": text, "errno": 0, "detail": "d"}
    return str(from_exception(fault, "f", Sources(plan or LoadPlan({"m": SOURCE}))))


@pytest.mark.parametrize(
    ("kind", "number", "text", "says"),
    [
        ("ValueError", 3, f"shape ({SECRET},) is not right", "shape … is not right"),
        ("NameError", 4, "name 'bais' is not defined", "name 'bais' is not defined"),
        ("ValueError", 5, f"sum: {SECRET}", "sum: …"),
        ("ValueError", 6, f"{SECRET} is 3 off", "… is … off"),
        ("KeyError", 7, "'w1'", "key 'w1'"),
        ("AssertionError", 10, "x must not be 0", "x must not be 0"),
        ("RuntimeError", 11, f"('two parts', {SECRET})", "two parts"),
        ("AttributeError", 12, "'numpy.ndarray' object has no attribute 'foo'", "no attribute 'foo'"),
        ("TypeError", 12, "foo() got an unexpected keyword argument 'size'", "…'size'…"),
        ("IndexError", 12, f"index {SECRET} is out of bounds", "`return x.foo(size=1)`"),
        ("ValueError", 3, SECRET, '`raise ValueError(f"shape {x.shape} is not right")`'),
        ("NameError", 4, f"name '{SECRET}' is not defined", "`y = x + bais`"),
    ],
)
def test_words_of_the_students_own_source_are_told_and_nothing_evaluated(kind, number, text, says):
    found = told(kind, number, text)
    assert found == f"f raised {kind}, line {number} of m.py: {says}"
    assert SECRET not in found


@pytest.mark.parametrize(
    ("kind", "file", "number"),
    [
        ("ValueError", f"x{SECRET[2:]}.py", 3),
        ("ValueError", "conv.py", 3),
        ("ValueError", "handin.py", 3),
        ("ValueError", "m.py", 10**300),
        ("ValueError", "m.py", 0),
        ("ValueError", "m.py", -3),
        ("ValueError", "m.py", True),
        ("ValueError", ["m.py"], 3),
        ("ValueError", "m.py", 13 + 1),
        ("print", "m.py", 10**6),
        (f"E{SECRET[2:]}", "m.py", 10**6),
        (None, None, None),
    ],
)
def test_a_forged_place_or_type_is_left_out(kind, file, number):
    name = "ValueError" if kind == "ValueError" else "an exception"
    assert told(kind, number, SECRET, file) == f"f raised {name}"


def test_a_fault_that_is_no_description_is_refused():
    for fault in (None, [], "text", 3):
        with pytest.raises(WireError):
            from_exception(fault, "f", Sources(LoadPlan({})))


def test_all_that_one_statement_lets_choose_stays_within_the_budget(rounds, seed):
    rng = random.Random(seed)
    names = [f"name{i}" for i in range(500)]
    line = "raise ValueError(" + " + ".join(f'"text{i} " + {name}' for i, name in enumerate(names)) + ")"
    many = "call(" + ", ".join(f'"text {i}", {name}' for i, name in enumerate(names)) + ")"
    hand_in = Sources(LoadPlan({"m": f"{line}\n{many}\n{'pass; ' * 50}x = 1"}))
    seen = set()
    for _ in rounds(3_000, 100_000):
        i = rng.randrange(500)
        text = rng.choice((f"text {i}", f"'name{i}'", f"text{i} ", f"a text {i} b", "x"))
        place = {"file": "m.py", "line": rng.choice((1, 2, 3))}
        seen.add(
            str(from_exception({"type": rng.choice(sources.TYPES), "text": text, **place}, "f", hand_in))
        )
    assert len(seen) <= len(sources.TYPES) * 3 * 9


def test_no_more_lines_are_named_than_the_budget_says_however_many_there_are(rounds, seed):
    rng = random.Random(seed)
    hand_in = Sources(LoadPlan({"m": "\n".join(f"x{i} = y{i}" for i in range(5_000))}))
    seen = set()
    for _ in rounds(2_000, 50_000):
        fault = {"type": "ValueError", "file": "m.py", "line": rng.randrange(6_000), "text": "'y1'"}
        seen.add(str(from_exception(fault, "f", hand_in)))
    assert len(seen) == sources.LOCATIONS + 1


@pytest.mark.parametrize(
    "text",
    [
        *("raise E(f'" + "{a}x" * 20_000 + "')", "x = " + "(" * 50_000, "x\n" * 200_000, "\0", "é\r\rx"),
        *(
            "x = " + "a + " * 20_000 + "a",
            "x = " + "a + (" * 90 + "a" + ")" * 90,
            "f(" + "a, " * 40_000 + ")",
        ),
    ],
    ids=["holes", "nested", "long", "nothing", "returns", "sum", "inner sums", "arguments"],
)
def test_hostile_source_costs_no_time(text):
    start = time.process_time()
    told("ValueError", 1, "x" * 300, plan=LoadPlan({"m": text}))
    assert time.process_time() - start < 5


def test_of_a_file_with_many_statements_next_to_nothing_is_kept():
    hand_in = Sources(LoadPlan({f"m{i}": "x\n" * 20_000 for i in range(4)}))
    tracemalloc.start()
    for i in range(4):
        hand_in.words("ValueError", hand_in.location(f"m{i}.py", 1), "x")
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 2 << 20


# -- by a real worker

FORGES = """
import numpy as np

def f(x):
    secret = str(x[0])[2:]
    exec(compile("\\n" * int(secret[:6]) + "raise ValueError(" + repr(secret) + ")", f"a{secret}.py", "exec"))

def g(x):
    exec(compile("\\n" * int(str(x[0])[2:6]) + "raise ValueError(str(x))", "m.py", "exec"), {"x": x})

def h(x):
    raise type("E" + str(x[0])[2:], (ValueError,), {})(str(x[0]))

def k(x):
    raise ValueError(f"x starts with {x[0]}")
"""


def test_an_exception_raised_by_a_worker_tells_nothing_of_its_inputs(open_student):
    with open_student(FORGES) as student:
        said = {}
        for name in "fghk":
            with pytest.raises(StudentError) as caught:
                getattr(student.m, name)([float(SECRET)])
            said[name] = str(caught.value)
            assert not any(SECRET[at : at + 4] in said[name] for at in range(2, 12))
            assert SECRET[2:] in caught.value.detail  # for staff
    assert said["f"] == "f raised ValueError, line 6 of m.py: " + said["f"].partition(": ")[2]
    assert said["k"] == "k raised ValueError, line 15 of m.py: x starts with …"
    assert said["g"].startswith("g raised ValueError")


def test_a_module_that_fails_in_a_later_worker_is_told_without_its_text(open_student):
    code = """
import os
from time import time_ns
def f(x):
    os.abort()
"""
    with open_student({"m": code, "other": "raise ValueError('first words')"}) as student:
        with pytest.raises(StudentError, match="first words"):
            student.other.f(1)
        with pytest.raises(StudentError):
            student.m.f(1)
        later = student._loader._fault({"type": "ValueError", "text": SECRET}, "loading m.py")
    assert str(later) == "loading m.py raised ValueError"


FORGED_LOADING = """
import json, os, struct
faults = ["d", *([f"m{i}", ["d", ["file", "x"]]] for i in range(5000))]
text = json.dumps({"n": 2, "value": ["d", ["modules", faults], ["statements", ["l"]]]}).encode()
os.write(3, struct.pack("<IQ", len(text), 0) + text)
"""


def test_a_forged_answer_to_loading_costs_the_grader_no_time(open_student):
    with open_student(FORGED_LOADING + "\n" * 200_000) as student:
        start = time.process_time()
        with pytest.raises(StudentError):
            student.m.f(1.0)
        assert time.process_time() - start < 5


def test_the_budget_counts_what_is_told_of_exceptions():
    assert disclosed.RAISED == sources.OUTCOMES == 27 * 17 * 9
