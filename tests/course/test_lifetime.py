"""What is loaded of a course goes when its files change and nobody uses it any more."""

from __future__ import annotations

import gc
import shutil
import sys
import weakref

import pytest

from autograder.course import load_catalogue, load_course, modules_of
from autograder.engine import Grader, Setup
from autograder.engine.assembly import hidden_tests
from autograder.errors import SpecError
from autograder.intake import find_hand_ins, read_submission
from tests.tiny_course import hand_in, make_assignment, make_course

KEY = b"k" * 32
CHANGES = 50
LATE = "\n\ndef late():\n    from tinylib import summing\n    return summing\n"


@pytest.fixture
def course(tmp_path):
    return make_course(tmp_path / "course")


@pytest.fixture
def ada(course, tmp_path):
    """A right hand-in."""
    (found,) = find_hand_ins([hand_in(tmp_path / "ada")], course.library)
    return read_submission(course, make_assignment(course), found)


def open_grader(course):
    return Grader(Setup(course, make_assignment(course), 1, KEY))


def loaded():
    """How many finders there are, and how many modules of courses."""
    return len(sys.meta_path), sum(name.startswith("dlc_course_") for name in sys.modules)


def change(course, number):
    """Change a hidden test, a module of the library and the specification."""
    for path in (
        course.graders_of("h1") / "test_total.py",
        course.root / "tinylib/scaling.py",
        course.root / "course.yaml",
    ):
        path.write_text(f"{path.read_text()}# change {number}\n")


def test_a_course_that_changes_fifty_times_leaves_nothing_behind(course):
    def use():
        modules = modules_of(course)
        load_catalogue(course, "h1")
        hidden_tests(Setup(course, make_assignment(course), 1, KEY))
        return weakref.ref(modules.library("scaling"))

    first, before = use(), loaded()
    for number in range(CHANGES):
        change(course, number)
        last = use()
        assert loaded() == before
    gc.collect()
    assert first() is None
    assert last() is sys.modules[last().__name__]


def test_graders_that_stay_open_keep_their_course_as_it_was_and_let_go_of_it_when_closed(course, ada):
    before = loaded()
    opened = []
    for _ in range(3):
        opened.append(open_grader(course))
        test = course.graders_of("h1") / "test_total.py"
        test.write_text(test.read_text().replace("x.sum()", "2 * x.sum()"))
    later, same = open_grader(course), open_grader(course)
    assert [each.grade(ada).score for each in (*opened, later)] == [100, 80, 80, 80]
    assert len(sys.meta_path) - before[0] == 4
    for each in opened:
        each.close()
    assert len(sys.meta_path) - before[0] == 1
    later.close()
    assert same.grade(ada).score == 80
    same.close()
    modules_of(course).close()
    assert loaded() == before


def test_code_of_an_earlier_state_imports_nothing_of_a_later_one(course):
    path = course.graders_of("h1") / "helper.py"
    path.write_text(LATE)
    modules = modules_of(course)
    late = modules.load(path).late
    change(course, 1)
    assert modules_of(course) is not modules
    for use in (late, lambda: modules.load(path), lambda: modules.library("scaling")):
        with pytest.raises(SpecError, match="has changed since this code was loaded; load it again"):
            use()


def test_whoever_is_inside_imports_what_was_loaded_before(course):
    path = course.graders_of("h1") / "helper.py"
    path.write_text(LATE)
    with modules_of(course) as modules:
        late, summing = modules.load(path).late, modules.library("summing")
        change(course, 1)
        assert modules_of(course).library("summing") is not late()
        assert late() is summing


def test_a_course_whose_folder_is_gone_goes_with_the_next_that_is_loaded(course, tmp_path):
    before = loaded()
    for number in range(5):
        other = load_course(shutil.copytree(course.root, tmp_path / f"bundle{number}"))
        modules_of(other).library("scaling")
        shutil.rmtree(other.root)
    modules_of(course).library("scaling")
    assert len(sys.meta_path) == before[0] + 1


def test_another_record_of_the_same_folders_is_the_same_course(course):
    (course.root / "course.yaml").write_text((course.root / "course.yaml").read_text().replace("1", "0"))
    assert load_course(course.root) != course
    modules = modules_of(course)
    assert modules_of(load_course(course.root)) is modules
