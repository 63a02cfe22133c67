"""A value that a student's function returns gets the same verdict, in the same words, wherever it is judged.

That is in grading, over the real border; in this process, as variants of a course are; and at home, in the
public tests of a release.
"""

from __future__ import annotations

import json
import sys
import types
import typing
from pathlib import Path
from textwrap import dedent

import numpy as np
import pytest

from autograder.course import load_assignment, load_course
from autograder.frameworks import crossing
from autograder.release import build_release
from autograder.sandbox import LoadPlan
from autograder.sandbox.inside import wire
from autograder.studentkit import Local
from autograder.studentkit.kinds import kind_of
from tests.release.alone import make_machine
from tests.sandbox import returned, said
from tests.sandbox.conftest import LIMITS
from tests.sandbox.said import DECLARED

HERE = Path(__file__).parent
NAMES = [*returned.VALUES, *(f" mixed {number}" for number in range(60))]
# At home students lose annotations and what these name, and write others.
OWN = {"array": "", "list": " -> 'MyList'", "pair": " -> Pair", "dict": " -> dict", "float": ""}
CODE = (HERE / "returned.py").read_text("utf-8") + "".join(
    f"\n\ndef as_{name}(value){OWN.get(name, f' -> {kind}' if kind else '')}:\n    return _made(value)\n"
    for name, kind in DECLARED.items()
)
KINDS = {
    f"as_{name}": kind_of(eval(kind, {"np": np, "Any": typing.Any})) if kind else "data"
    for name, kind in DECLARED.items()
}
STUB_KINDS = {name: f" -> {kind}" if kind else "" for name, kind in DECLARED.items()} | {
    "float": " -> Number"
}
STUBS = "from typing import Any\n\nimport numpy as np\n\nNumber = float\n" + "".join(
    f'\n\ndef as_{name}(value){STUB_KINDS[name]}:\n    """A value."""\n    return value * {at}\n'
    for at, (name, kind) in enumerate(DECLARED.items())
)
COURSE = {
    "course.yaml": "library: mylib\ntier: 0\n",
    "mylib/__init__.py": "",
    "mylib/values.py": STUBS,
    "assignments/v1/assignment.yaml": dedent(
        f"""
        id: v1
        title: Values
        tasks:
          - {{id: values, points: 1, source: {[f"mylib.values:as_{name}" for name in DECLARED]}}}
        """
    ),
    "assignments/v1/handout.md": "# Values\n",
    "assignments/v1/test_public.py": "",
}
PUBLIC = """
import json
from pathlib import Path

import numpy as np
from said import DECLARED, said
from studentkit import assert_close, task


@task("values")
def test_all(student):
    names = json.loads(Path("names.json").read_text())
    found = {name: {each: said(student, each, name) for each in DECLARED} for name in names}
    Path("found.json").write_text(json.dumps(found))


@task("values")
def test_one_that_is_refused(student):
    assert_close(student.values.as_array("masked array"), np.ones(2))
"""


def kind(_module, name):
    return KINDS[name]


def found(student):
    seen = {}
    for name in NAMES:
        student.begin(name)
        seen[name] = {each: said.said(student, each, name) for each in DECLARED}
    return seen


@pytest.fixture(scope="module")
def graded(sandbox):
    with sandbox.open(LoadPlan({"values": CODE}), LIMITS, kind, 7) as student:
        from autograder.studentkit.gate import undeclared_open

        with undeclared_open():
            return found(student)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """(verdicts, output) of the public tests of a release."""
    root = tmp_path_factory.mktemp("home")
    for name, text in COURSE.items():
        path = root / "course" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    course = load_course(root / "course")
    release = root / "release"
    build_release(course, load_assignment(course, "v1"), release)
    for name, text in {
        "mylib/values.py": CODE,
        "test_public.py": PUBLIC,
        "names.json": json.dumps(NAMES),
    }.items():
        (release / name).write_text(text, encoding="utf-8")
    (release / "said.py").write_text((HERE / "said.py").read_text("utf-8"), encoding="utf-8")
    run = make_machine(root / "site").python(release, "-m", "pytest")
    assert (release / "found.json").is_file(), run.stdout + run.stderr
    return json.loads((release / "found.json").read_text("utf-8")), run.stdout


def differences(one, two):
    return {
        (name, declared): (one[name][declared], two[name][declared])
        for name in NAMES
        for declared in DECLARED
        if one[name][declared] != two[name][declared]
    }


def test_each_value_is_accepted_as_what_it_holds_and_as_nothing_else(graded):
    def accepted(name):
        refused = {
            each for each in DECLARED if "returned" in graded[name][each] and "expected" in graded[name][each]
        }
        return set(DECLARED) - refused - {"handle", "open"}

    table = {name: set(fits.split()) for name, (_, fits) in returned.VALUES.items()}
    wrong = {name: (accepted(name), fits) for name, fits in table.items() if accepted(name) != fits}
    assert not wrong
    assert len(table) >= 60


def test_every_refusal_is_a_sentence_of_ours(graded):
    for name, verdicts in graded.items():
        for declared, says in verdicts.items():
            assert "Error" not in says, (name, declared, says)


@pytest.mark.filterwarnings("ignore::PendingDeprecationWarning")  # of np.matrix
def test_values_are_judged_in_this_process_as_in_grading(graded, monkeypatch):
    module = types.ModuleType("values")
    monkeypatch.setitem(sys.modules, "values", module)  # where dataclasses look for it
    exec(CODE, module.__dict__)
    assert not differences(graded, found(Local({"values": module}.__getitem__, kind, wrap=True)))


def test_values_are_judged_at_home_as_in_grading(graded, home):
    verdicts, output = home
    assert not differences(graded, verdicts)
    assert graded["masked array"]["array"] in output


@pytest.mark.parametrize(
    ("name", "declared", "says"),
    [
        ("masked array", "array", "as_array returned a MaskedArray; expected a numpy array"),
        ("array of objects", "array", "as_array returned an array of objects; expected real numbers"),
        ("dataclass", "pair", "as_pair returned an object; expected 2 values"),
        ("generator", "list", "as_list returned a generator; expected a list"),
        ("dict_values", "list", "as_list returned a dict_values; expected a list"),
        (
            "dict with keys of float",
            "dict",
            "as_dict returned a dict with other keys than texts and whole numbers; expected a dict",
        ),
        ("int, 2**63", "int", "as_int returned an int of more than 64 bits; expected a whole number"),
        ("list, vast", "list", "as_list returned a list that is too large or too deep; expected a list"),
        ("set", "list", "as_list returned a set; expected a list"),
        ("Fraction", "float", "as_float returned an object; expected one number"),
    ],
)
def test_what_is_said_is_true(graded, name, declared, says):
    assert graded[name][declared] == says


def test_what_crosses_fits_into_a_message():
    assert crossing.MAX_NODES < wire.MAX_NODES
    assert (crossing.MAX_DEPTH, crossing.MAX_TEXT) == (wire.MAX_DEPTH, wire.MAX_TEXT)
