"""Several courses in one process, each with its own code."""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from autograder.course import load_course, modules_of
from autograder.engine import Grader, Setup
from autograder.errors import GraderError, SpecError
from autograder.intake import find_hand_ins, read_submission
from tests.tiny_course import hand_in, make_assignment, make_course

KEY = b"k" * 32
TREBLE = """
import numpy as np

def double_forward(x):
    return 3.0 * x, None

def double_backward(dout, cache):
    return 3.0 * dout
"""


def score_of(course, folder):
    assignment = make_assignment(course)
    (found,) = find_hand_ins([folder], course.library)
    with Grader(Setup(course, assignment, 1, KEY)) as grader:
        report = grader.grade(read_submission(course, assignment, found))
    return report.status, report.score


@pytest.fixture
def course(tmp_path):
    return make_course(tmp_path / "course")


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_a_copied_course_is_judged_by_its_own_hidden_tests(course, tmp_path):
    right = hand_in(tmp_path / "ada")
    assert score_of(course, right) == ("graded", 100)
    shutil.copytree(course.root, tmp_path / "copy")
    copy = load_course(tmp_path / "copy")
    change(copy.graders_of("h1") / "test_total.py", "x.sum()", "x.sum() + 1")
    assert score_of(copy, right) == ("graded", 80)
    assert score_of(course, right) == ("graded", 100)


def test_two_courses_whose_libraries_have_one_name_keep_their_references_apart(course, tmp_path):
    other = make_course(tmp_path / "other")
    change(other.root / "tinylib/scaling.py", "2.0 * np.asarray(x)", "3.0 * np.asarray(x)")
    change(other.graders_of("h1") / "test_double.py", "2 * dout", "3 * dout")
    right, treble = hand_in(tmp_path / "ada"), hand_in(tmp_path / "eve", double=TREBLE)
    assert [score_of(course, right), score_of(other, treble)] == [("graded", 100)] * 2
    assert [score_of(course, treble), score_of(other, right)] == [("graded", 40)] * 2


def test_a_course_that_changes_between_two_gradings_of_a_process_is_read_again(course, tmp_path):
    right = hand_in(tmp_path / "ada")
    assert score_of(course, right) == ("graded", 100)
    change(course.graders_of("h1") / "test_total.py", "x.sum()", "x.sum() + 1")
    assert score_of(course, right) == ("graded", 80)


def test_data_and_modules_beside_hidden_tests_are_read_again_when_they_change(course, tmp_path):
    right, folder = hand_in(tmp_path / "ada"), course.graders_of("h1")
    (folder / "factor.txt").write_text("2")
    reads = "from pathlib import Path\nFACTOR = float(Path(__file__).with_name('factor.txt').read_text())\n"
    (folder / "factor.py").write_text(reads)
    change(folder / "test_double.py", "2 * dout", "FACTOR * dout")
    change(folder / "test_double.py", "from tinylib import scaling", "from .factor import FACTOR, Path")
    change(folder / "test_double.py", "scaling.double_forward(x)[0]", "2 * x")
    assert score_of(course, right) == ("graded", 100)
    (folder / "factor.txt").write_text("30")
    assert score_of(course, right) == ("graded", 80)
    (folder / "factor").mkdir()
    (folder / "factor/__init__.py").write_text("FACTOR, Path = 2, None\n")
    assert score_of(course, right) == ("graded", 100)


def test_imports_inside_functions_and_of_whole_modules_are_of_the_course(course):
    (course.graders_of("h1") / "helper.py").write_text(
        "import tinylib.scaling\nimport tinylib.summing as summing\n\n\n"
        "def late():\n    from tinylib import scaling\n    return scaling\n\n\n"
        "def named():\n    return tinylib.scaling, summing\n"
    )
    modules = modules_of(course)
    helper = modules.load(course.graders_of("h1") / "helper.py")
    assert helper.late() is helper.named()[0] is modules.library("scaling")
    assert helper.named()[1] is modules.library("summing")


def test_a_call_that_names_its_module_outright_is_an_import_like_any_other(course):
    path = course.graders_of("h1") / "helper.py"
    path.write_text("found = __import__('tinylib.scaling', fromlist=['x'])\n")
    assert modules_of(course).load(path).found is modules_of(course).library("scaling")


def test_the_search_path_and_the_plain_names_stay_untouched(course):
    path = list(sys.path)
    modules_of(course).load(course.graders_of("h1") / "test_double.py")
    assert sys.path == path
    assert not [name for name in sys.modules if name.partition(".")[0] in ("tinylib", "graders")]


@pytest.mark.parametrize(
    "line",
    [
        "import importlib",
        "import importlib.util",
        "from importlib import import_module as bring",
        "import runpy",
        "found = __import__('tiny' + 'lib')",
        "import builtins; found = builtins.__import__('tinylib')",
        "import sys; found = sys.modules.get('tinylib')",
        "import sys; sys.path.insert(0, '.')",
        "from sys import modules",
        "import pkgutil as p",
        "import sys as s; found = s.modules",
        "import builtins as b; found = b.__import__('tinylib')",
        "bring = __builtins__['__import__']",
        "import sys; found = getattr(sys, 'modules')",
        "import sys; found = vars(sys)['modules']",
        "import sys; found = sys.__dict__.get('modules')",
        "import os; found = os.sys.modules",
        "import importlib.metadata; found = importlib.import_module('tinylib')",
        "import pytest; pytest.importorskip('tinylib')",
        "from unittest import mock; mock.patch('tinylib.scaling.double_forward').start()",
    ],
)
@pytest.mark.parametrize("name", ["graders/h1/test_double.py", "tinylib/scaling.py"])
def test_what_would_import_past_the_course_is_refused_with_its_line(course, tmp_path, line, name):
    path = course.root / name
    path.write_text(f"{path.read_text()}\n\n{line}\n")
    number = len(path.read_text().splitlines())
    with pytest.raises((GraderError, SpecError), match=rf"{path.name}.*line {number}: uses"):
        score_of(course, hand_in(tmp_path / "ada"))


@pytest.mark.parametrize(
    "line",
    [
        "import sys; found = getattr(sys, 'mod' + 'ules')",
        "import sys; alias = sys; found = alias.modules",
        "from sys import *; alias = sys; found = alias.modules",
        "import importlib.metadata; found = getattr(importlib, 'import_' + 'module')",
        "exec('import tinylib')",
        "exec('from tinylib import scaling', {})",
        "exec(compile('from . import scaling', 'text', 'exec'), globals())",
        "exec('import runpy')",
        "exec('import importlib as i; i.import_module(str())')",
        "exec('from importlib.util import find_spec')",
        "exec('import sys; sys.path.insert(0, str())')",
        "found = eval(\"__import__('tinylib')\")",
        "import timeit; timeit.timeit('import tinylib', number=1)",
        "import pydoc; pydoc.safeimport('tinylib')",
        "from importlib import resources; resources.files('tinylib')",
        "from unittest import mock; mock.patch('.'.join(['tinylib', 'scaling', 'x'])).start()",
    ],
)
@pytest.mark.parametrize("name", ["graders/h1/test_double.py", "tinylib/scaling.py"])
def test_what_no_reading_of_a_file_shows_is_refused_when_it_runs(course, tmp_path, line, name, monkeypatch):
    monkeypatch.syspath_prepend(str(course.root))  # so that Python's own import would find it
    path = course.root / name
    path.write_text(f"{path.read_text()}\n\nimport sys\n{line}\n")
    number = len(path.read_text().splitlines())
    with pytest.raises((GraderError, SpecError), match=rf"{path.name}.*line {number}: uses"):
        score_of(course, hand_in(tmp_path / "ada"))
    assert "tinylib" not in sys.modules


def test_what_a_hidden_test_would_import_past_the_course_is_the_authors_to_mend(course, tmp_path):
    change(course.graders_of("h1") / "test_total.py", "x = rng", "exec('import runpy')\n    x = rng")
    with pytest.raises(GraderError, match=r"test_total.py: line \d+: uses runpy, which"):
        score_of(course, hand_in(tmp_path / "ada"))


def test_what_python_shows_of_itself_is_there_but_for_its_imports(course, monkeypatch):
    path = course.graders_of("h1") / "helper.py"
    path.write_text(
        "import builtins, sys\nfrom importlib.metadata import version\nfrom sys import argv\n"
        "from unittest import mock\n\nfound = [builtins.len(argv), sys.version, version('numpy')]\n"
        "hidden = {'modules', 'path', 'meta_path'} & {*dir(sys)}\n"
        "with mock.patch.object(sys, 'argv', ['one', 'two']), mock.patch('sys.byteorder', 'none'):\n"
        "    changed = sys.argv, sys.byteorder\n"
    )
    module = modules_of(course).load(path)
    assert module.found == [len(sys.argv), sys.version, version("numpy")]
    assert not module.hidden
    assert module.changed == (["one", "two"], "none")
    assert sys.argv != ["one", "two"]


def test_a_file_at_the_root_of_a_course_is_no_part_of_it(course, tmp_path):
    (course.root / "common.py").write_text("VALUE = 1\n")
    test = course.graders_of("h1") / "test_double.py"
    test.write_text(f"from ...common import VALUE\n{test.read_text()}")
    with pytest.raises(GraderError, match="the course has no module common; what it imports lies in"):
        score_of(course, hand_in(tmp_path / "ada"))


def test_fixtures_of_the_graders_conftest_import_from_their_own_course(course, tmp_path):
    (course.graders_of("h1") / "conftest.py").write_text(
        "import pytest\nfrom tinylib import scaling\n\n\n"
        "@pytest.fixture\ndef twice():\n    return scaling.double_forward\n"
    )
    test = course.graders_of("h1") / "test_double.py"
    change(test, "def test_backward(student, rng)", "def test_backward(student, rng, twice)")
    change(test, "2 * dout", "twice(dout)[0]")
    other = load_course(shutil.copytree(course.root, tmp_path / "other"))
    change(other.root / "tinylib/scaling.py", "2.0 * np.asarray(x)", "3.0 * np.asarray(x)")
    right, treble = hand_in(tmp_path / "ada"), hand_in(tmp_path / "eve", double=TREBLE)
    assert [score_of(course, right), score_of(other, treble)] == [("graded", 100)] * 2


def test_an_author_runs_hidden_tests_with_the_fixtures_of_their_conftest(course):
    folder = course.graders_of("h1")
    (folder.parent / "conftest.py").write_text("pytest_plugins = ['autograder.grading.authoring']\n")
    (folder / "shared.py").write_text("FACTOR = 2\n")
    (folder / "conftest.py").write_text(
        "import pytest\nfrom .shared import FACTOR\nfrom tinylib import scaling\n\n\n"
        "@pytest.fixture\ndef factor():\n    return FACTOR\n"
    )
    change(
        folder / "test_double.py",
        "def test_backward(student, rng)",
        "def test_backward(student, rng, factor)",
    )
    for place in (course.root, course.root.parent):
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(folder)]
        run = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False)
        assert "5 passed" in run.stdout, run.stdout


def test_hidden_tests_may_lie_elsewhere_behind_a_link(course, tmp_path):
    folder = course.graders_of("h1")
    folder.rename(tmp_path / "private")
    folder.symlink_to(tmp_path / "private")
    assert score_of(course, hand_in(tmp_path / "ada")) == ("graded", 100)


def test_asserts_of_hidden_tests_say_what_they_compared(course):
    (course.graders_of("h1") / "test_more.py").write_text("def compare(x):\n    assert x == 2\n")
    module = modules_of(course).load(course.graders_of("h1") / "test_more.py")
    with pytest.raises(AssertionError, match="3 == 2"):
        module.compare(3)


def test_importing_the_framework_brings_nothing_of_a_course():
    code = "import sys, autograder.engine, autograder.audit, autograder.export; print(*sys.modules)"
    root = Path(__file__).parents[2]
    run = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert not [name for name in run.stdout.split() if name.partition(".")[0] in ("dlc_lib", "solutions")]


def test_a_module_finds_another_one_beside_it_and_nobody_else_does(course):
    modules = modules_of(course)
    treble = modules.variant("scaling", TREBLE, "treble.py")
    for line in (
        "from .scaling import double_forward",
        "from . import scaling",
        "import tinylib.scaling as scaling",
    ):
        of = "" if "double_forward" in line else "scaling."
        text = f"{line}\n\n\ndef six(x):\n    return {of}double_forward(x)[0]\n"
        assert modules.variant("summing", text, "six.py", {"scaling": treble}).six(2.0) == 6.0
        assert modules.variant("summing", text, "six.py").six(2.0) == 4.0
    assert modules.library("scaling").double_forward(2.0)[0] == 4.0


def test_whoever_imports_a_library_plainly_may_go_on_doing_so(course):
    """An author's own tests do, in the process of a grader; the files are the same."""
    modules_of(course).library("summing")
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); from autograder.course import load_course, modules_of\n"
    )
    code += "modules_of(load_course(__import__('pathlib').Path(sys.argv[1]))).library('summing')\n"
    code += "import tinylib.summing; print(tinylib.summing.total.__module__)\n"
    done = subprocess.run(
        [sys.executable, "-c", code, str(course.root)], capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("tinylib.summing\n", "")
