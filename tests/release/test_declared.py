"""At home, answers are taken for what the reference declares, whatever became of a student's annotations."""

from __future__ import annotations

import json
import types
from pathlib import Path

import numpy as np
import pytest

from autograder.course import assignment_ids, find_course, load_assignment, modules_of
from autograder.release.contents import MANIFEST, release_files
from autograder.release.declared import declared
from autograder.studentkit import Local, StudentError
from autograder.studentkit.kinds import DictOf, ListOf, Maybe, Object, kinds_of, member_of

COURSE = find_course(Path(__file__).parent)
TEXT = """
from __future__ import annotations
import functools
from collections.abc import Sequence
import numpy as np

Array = np.ndarray
Pair = tuple[Array, float]
SECRET = 41

def pair(x: Array) -> Pair:
    return x * SECRET, 1.0
def _helper() -> Array: ...
class Base:
    def both(self) -> Pair: ...
class Stopper(Base):
    best: dict[str, Array] = {}
    def __init__(self, x: Array) -> None:
        self.x = SECRET * x
    def update(self) -> bool:
        return self.x
    @functools.cache
    def list(self) -> list[float]: ...
    @property
    def size(self) -> int: ...
    @size.setter
    def size(self, value: int) -> None: ...
    def open(self): ...
    def again(self) -> Stopper: ...
"""
OWN = """
from typing import NamedTuple
class Two(NamedTuple):
    x: object
    y: object
def pair(x) -> Two: return Two(x, "1")
class Stopper:
    size = "3"
    def __init__(self, x): self.best = [x]
    def update(self): return 1
    def again(self): return self
"""


def told(kind, deep=True):
    """A kind in words; of a class, what it declares of its members."""
    if isinstance(kind, Object) and not deep:
        return kind.of.__name__
    if isinstance(kind, Object):
        members = {name: member_of(kind.of, name) for name in dir(kind.of) if not name.startswith("_")}
        members["__add__"] = member_of(kind.of, "__add__")
        declares = [(name, told(each.kind, deep=False), each.is_method) for name, each in members.items()]
        return [kind.of.__name__, declares]
    if isinstance(kind, tuple):
        return [told(each, deep) for each in kind]
    if isinstance(kind, ListOf | DictOf | Maybe):
        return [type(kind).__name__, told(kind.each if hasattr(kind, "each") else kind.kind, deep)]
    return kind


@pytest.mark.parametrize("name", assignment_ids(COURSE))
def test_every_released_function_promises_at_home_what_it_does_in_grading(name):
    assignment = load_assignment(COURSE, name)
    manifest = json.loads(release_files(COURSE, assignment)[MANIFEST])
    load = modules_of(COURSE).library
    graded, home = kinds_of(load), kinds_of(load, manifest["declared"])
    sources = [source.partition(".")[2].partition(":") for task in assignment.tasks for source in task.source]
    asked = {(module, qualified.partition(".")[0]) for module, _, qualified in sources}
    assert {each: told(home(*each)) for each in asked} == {each: told(graded(*each)) for each in asked}
    assert any(told(home(*each)) != "data" for each in asked)


def test_declarations_hold_no_line_of_a_body_and_no_private_name():
    text = declared(TEXT)
    assert not [word for word in ("SECRET", "41", "_helper", "Sequence", "functools", "self") if word in text]


@pytest.fixture
def student():
    module = types.ModuleType("m")
    exec(OWN, module.__dict__)
    load = {"m": module}.__getitem__
    return Local(load, kinds_of(load, {"m": declared(TEXT)}))


def test_answers_of_a_function_are_judged_by_the_declaration(student):
    with pytest.raises(StudentError, match="pair, value 2 of 2, returned a str; expected one number"):
        student.m.pair(np.ones(2))


@pytest.mark.parametrize(
    ("use", "says"),
    [
        (lambda stopper: stopper.update(), "Stopper.update returned an int; expected True or False"),
        (lambda stopper: stopper.again().update(), "Stopper.update returned an int"),
        (lambda stopper: stopper.size, "Stopper.size returned a str; expected a whole number"),
        (lambda stopper: stopper.best, "Stopper.best returned a list; expected a dict"),
        (lambda stopper: stopper.both(), "no attribute"),
    ],
)
def test_members_of_a_class_are_judged_by_the_declaration(student, use, says):
    with pytest.raises((StudentError, AttributeError), match=says):
        use(student.m.Stopper(np.ones(2)))


def test_declaration_that_cannot_be_read_leaves_the_students_own():
    module = types.ModuleType("m")
    exec("def f(x) -> int: return x", module.__dict__)
    load = {"m": module}.__getitem__
    assert kinds_of(load, {"m": "import nowhere\ndef f() -> float: ..."})("m", "f") == "int"
    assert kinds_of(load, {"m": "def f() -> float: ..."})("m", "f") == "float"
    assert kinds_of(load, {"m": ""})("m", "f") == "int"
    assert kinds_of(load, {})("m", "f") == "int"
