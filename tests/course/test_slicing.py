"""Which files judge an assignment, and what makes its results stale."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.course import fingerprint, load_assignment, load_course
from autograder.course.fingerprint import differing
from autograder.course.slicing import bundle_of, bundled_layout, slice_of
from autograder.engine import Grader, Setup
from autograder.errors import SpecError
from autograder.intake import find_hand_ins, read_submission
from tests.tiny_course import hand_in, make_assignment, make_course

COURSE = load_course(Path(__file__).parents[2])


def sha(course, assignment_id):
    return fingerprint(course, load_assignment(course, assignment_id)).grader_sha256


@pytest.fixture
def course(tmp_path):
    return make_course(tmp_path)


def test_the_slice_holds_what_the_tests_and_the_library_import_and_nothing_else(course):
    (course.root / "tinylib/unused.py").write_text("")
    (course.root / "graders/shared.py").write_text("from tinylib import shapes\n")
    (course.root / "tinylib/shapes.py").write_text("")
    (course.root / "tinylib/shapes.txt").write_text("3 5\n")
    (course.root / "graders/h1/cases.py").write_text("from ..shared import shapes\n")
    assert set(slice_of(course, make_assignment(course))) == {
        "assignments/h1/assignment.yaml",
        *("graders/h1/test_double.py", "graders/h1/test_total.py", "graders/h1/cases.py"),
        "graders/shared.py",
        *("tinylib/__init__.py", "tinylib/scaling.py", "tinylib/summing.py"),
        *("tinylib/shapes.py", "tinylib/shapes.txt"),
    }


def test_the_slice_holds_data_of_any_form_beside_what_reads_it(course):
    made = ["graders/h1/case.yaml", "graders/shared.npz", "tinylib/scaling.bin", "graders/h1/deep/x.pt"]
    (course.root / "graders/shared.py").write_text("")
    (course.root / "graders/h1/cases.py").write_text("from .. import shared\n")
    for name in [*made, "graders/h1/__pycache__/x.pyc", "tinylib/other.bin"]:
        (course.root / name).parent.mkdir(exist_ok=True)
        (course.root / name).write_text("")
    found = set(slice_of(course, make_assignment(course)))
    assert found.issuperset(made)
    assert not found & {"graders/h1/__pycache__/x.pyc", "tinylib/other.bin"}


def test_a_bundle_for_diagnosis_holds_what_the_mistakes_read(course):
    files = {"mistakes/h1/__init__.py": "from tinylib import extra\n", "mistakes/h1/codes/wrong.txt": ""}
    files |= {"tinylib/extra.py": "", "tinylib/extra_table.bin": ""}
    for name, text in files.items():
        (course.root / name).parent.mkdir(parents=True, exist_ok=True)
        (course.root / name).write_text(text)
    assert files.keys() <= bundle_of(course, make_assignment(course), mistakes=True).keys()
    assert not files.keys() & bundle_of(course, make_assignment(course)).keys()


def test_the_slice_holds_what_a_star_may_import(course):
    (course.root / "tinylib/__init__.py").write_text("__all__ = ['late']\n")
    (course.root / "tinylib/late.py").write_text("")
    (course.root / "graders/h1/cases.py").write_text("from tinylib import *\n")
    assert "tinylib/late.py" in slice_of(course, make_assignment(course))


@pytest.mark.parametrize("name", ["tinylib/scaling.py", "graders/h1/test_total.py"])
def test_a_change_in_the_slice_changes_the_hash(course, name):
    before = sha(course, "h1")
    path = course.root / name
    path.write_text(path.read_text() + "# a comment\n")
    assert sha(course, "h1") != before


@pytest.mark.parametrize("name", ["tinylib/other.py", "graders/h2/test_x.py", "assignments/h1/handout.md"])
def test_a_change_beside_the_slice_changes_nothing(course, name):
    before = sha(course, "h1")
    path = course.root / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("# a comment\n")
    assert sha(course, "h1") == before


def test_a_module_that_one_assignment_uses_is_in_no_other_slice():
    users = {
        name
        for name in ("a1_backprop", "a4_cnn", "a6_generative", "a7_frontiers")
        if "dlc_lib/gridworld.py" in slice_of(COURSE, load_assignment(COURSE, name))
    }
    assert users == {"a7_frontiers"}


def test_a_bundle_loads_and_has_the_hash_of_its_course(course, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    for name, path in bundle_of(course, make_assignment(course), mistakes=True).items():
        (elsewhere / name).parent.mkdir(parents=True, exist_ok=True)
        (elsewhere / name).write_bytes(path.read_bytes())
    (elsewhere / "course.yaml").write_text((course.root / "course.yaml").read_text())
    assert sha(load_course(elsewhere), "h1") == sha(course, "h1")


def test_versions_that_differ_are_named_and_hashes_are_not():
    before = {"grader_sha256": "a", "numpy": "2.0.1", "python": "3.11.7"}
    now = {"grader_sha256": "b", "numpy": "2.1.0", "python": "3.11.7", "torch": "2.13.0"}
    assert differing(before, now) == {"numpy 2.0.1, now 2.1.0", "torch absent, now 2.13.0"}


def test_a_bundle_grades_by_shared_modules_of_the_graders_too(course, tmp_path):
    (course.root / "graders/shared.py").write_text("TWICE = 2\n")
    test = course.graders_of("h1") / "test_double.py"
    changed = test.read_text().replace("2 * dout", "TWICE * dout")
    test.write_text(f"from ..shared import TWICE\n{changed}")
    elsewhere = tmp_path / "elsewhere"
    for name, path in bundle_of(course, make_assignment(course)).items():
        (elsewhere / name).parent.mkdir(parents=True, exist_ok=True)
        (elsewhere / name).write_bytes(path.read_bytes())
    (elsewhere / "course.yaml").write_text(bundled_layout(course, "key"))
    bundle = load_course(elsewhere)
    (found,) = find_hand_ins([hand_in(tmp_path / "ada")], bundle.library)
    assignment = make_assignment(bundle)
    with Grader(Setup(bundle, assignment, 1, b"k" * 32)) as grader:
        assert grader.grade(read_submission(bundle, assignment, found)).score == 100


@pytest.mark.parametrize("content", [b"def f(:", b"x = '\xe9'", b"x = '\0'"])
@pytest.mark.parametrize(
    "name", ["graders/h1/test_total.py", "graders/h1/helper.py", "mistakes/h1/__init__.py"]
)
def test_a_file_that_is_no_python_is_named_with_its_fault(course, name, content):
    (course.root / name).parent.mkdir(parents=True, exist_ok=True)
    (course.root / name).write_bytes(content)
    with pytest.raises(SpecError, match=rf"{name}: is no Python: "):
        bundle_of(course, make_assignment(course), mistakes=True)


def test_a_file_in_an_encoding_that_it_declares_is_read(course):
    (course.root / "graders/h1/helper.py").write_bytes(b"# coding: latin-1\nx = '\xe9'\n")
    assert "graders/h1/helper.py" in slice_of(course, make_assignment(course))
