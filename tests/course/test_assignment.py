"""What an author is told about a course or an assignment that is written wrongly."""

from __future__ import annotations

import inspect
import re
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.course import assignment_ids, find_course, load_assignment, load_course
from autograder.errors import SpecError
from autograder.model import Assignment, Course, Limits
from autograder.sandbox import Remote
from autograder.studentkit import Local
from autograder.studentkit.local import TAKEN

COURSE = "library: lib\n"
LIBRARY = '''
def double(x):
    """Twice x."""
    return 2 * x

def halve(x):
    return x / 2

class Box:
    """Holds a number."""

    def get(self):
        """The number."""
        return self.x
'''
GOOD = """\
id: h1
title: Numbers
due: 2027-03-12T23:59:00+01:00
late_policy: {per_day: 0.1, max_days: 3}
limits: {wall_s: 2.5, memory_mb: 64}
topics: [doubling]
tasks:
  - id: double
    title: Twice
    points: 60
    source: ["lib.numbers:double"]
    weights: {forward: 3, edge: 1}
  - id: box
    points: 40
    source: ["lib.numbers:Box.get"]
    needs: [double]
"""

WEIGHTS = "weights: {forward: 3, edge: 1}"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A course of one assignment without faults."""
    files = {
        "course.yaml": COURSE,
        "lib/__init__.py": "",
        "lib/numbers.py": LIBRARY,
        "assignments/h1/assignment.yaml": GOOD,
        "assignments/h1/handout.md": "# Numbers\n",
        "assignments/h1/test_public.py": "",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def load(root: Path, text: str = GOOD) -> Assignment:
    """The assignment as `text` states it."""
    (root / "assignments/h1/assignment.yaml").write_text(text)
    return load_assignment(load_course(root), "h1")


def faults(root: Path, text: str) -> list[str]:
    """What is wrong with `text`: "line: sentence" each."""
    with pytest.raises(SpecError) as caught:
        load(root, text)
    return [fault.rpartition("assignment.yaml:")[2] for fault in caught.value.faults]


def test_everything_the_file_states_is_in_the_record(root: Path) -> None:
    found = load(root)
    assert (found.id, found.title, found.points, found.topics) == ("h1", "Numbers", 100, ("doubling",))
    assert found.due is not None
    assert found.due.isoformat() == "2027-03-12T23:59:00+01:00"
    assert found.late_policy == {"per_day": 0.1, "max_days": 3}
    assert found.limits == replace(Limits(), wall_s=2.5, memory_mb=64)
    assert found.tasks[0].weights == {"forward": 3, "edge": 1}
    assert found.tasks[1].needs == ("double",)
    assert found.tasks[1].title == "box"
    assert found.packages == ("numpy",)


def test_all_faults_are_told_at_once_each_with_its_line(root: Path) -> None:
    text = (
        GOOD.replace("title: Numbers", "titel: Numbers")
        .replace("+01:00", "")
        .replace("wall_s: 2.5", "wall_s: soon")
        .replace("points: 60", "points: -1")
        .replace("needs: [double]", "needs: [treble]")
    )
    found = faults(root, text)
    assert len(found) == 6
    assert any(fault.startswith("2:") and "`titel`" in fault for fault in found)
    assert any(fault.startswith("1:") and "lacks `title`" in fault for fault in found)
    assert any(fault.startswith("3:") and "zone" in fault for fault in found)
    assert any(fault.startswith("5:") and "'soon'" in fault for fault in found)
    assert any(fault.startswith("10:") and "-1" in fault for fault in found)
    assert any(fault.startswith("13:") and "'treble'" in fault for fault in found)


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("lib.numbers:double", "lib.numbers:treble", 11, "defines no treble"),
        ("lib.numbers:double", "lib.figures:double", 11, "no file lib/figures.py"),
        ("lib.numbers:double", "other.numbers:double", 11, "must be like lib.module:function"),
        ("lib.numbers:double", "lib.numbers:halve", 11, "no docstring"),
        ("lib.numbers:Box.get", "lib.numbers:Box", 15, "name its methods"),
        ("lib.numbers:Box.get", "lib.numbers:double", 13, "again in box"),
        ("id: box", "id: double", 13, "two tasks have the id"),
        ("id: box", "id: Box!", 13, "lower-case"),
        ("id: h1", "id: h2", 1, "the folder is h1"),
        ("points: 40", "points: 40\n    points: 41", 15, "twice"),
        ("topics: [doubling]", "packages: [pandaz]", 6, "not installed here; run `pip install pandaz`"),
        ("topics: [doubling]", "packages: [yaml]", 6, "write pyyaml, which brings it"),
        ("topics: [doubling]", "packages: [PyYAML]", 6, "write pyyaml, its name in full"),
        ("topics: [doubling]", "packages: [lib]", 6, "may not lie beside student code"),
        ("topics: [doubling]", "packages: [../numpy]", 6, "must be the name of a package"),
        ("topics: [doubling]", "packages: [os]", 6, "which is part of Python; take it out"),
        ("topics: [doubling]", "packages: [pytest]", 6, "may not lie beside student code; take it out"),
        ("topics: [doubling]", "packages: [deep-learning-clinic]", 6, "brings the grader"),
        ("topics: [doubling]", "packages: [autograder]", 6, "may not lie beside"),
        ("topics: [doubling]", "provided: [{module: numbers, after: h9}]", 6, "another assignment"),
        ("topics: [doubling]", "provided: [nothing]", 6, "no file lib/nothing.py"),
        ("topics: [doubling]", "omit: ['lib.numbers:_gone']", 6, "defines no _gone"),
        ("topics: [doubling]", "forbidden: [{name: numpy.dot}]", 6, "lacks `reason`"),
        ("topics: [doubling]", "topics: doubling", 6, "must be a list"),
        ("late_policy: {per_day: 0.1, max_days: 3}", "late_policy: 3", 4, "must be a mapping"),
        ("weights: {forward: 3, edge: 1}", "weights: {forward: 0}", 12, "must be above 0"),
        ("weights: {forward: 3, edge: 1}", "kind: essay", 12, "code or written"),
        (WEIGHTS, WEIGHTS + "\n    rests_on: {edges: [forward]}", 13, "it takes forward, edge"),
        (WEIGHTS, WEIGHTS + "\n    rests_on: {edge: [front]}", 13, "no part; expected forward, edge"),
        (WEIGHTS, WEIGHTS + "\n    rests_on: {edge: forward}", 13, "must be a list, not 'forward'"),
        (WEIGHTS, WEIGHTS + "\n    rests_on: {edge: [edge]}", 13, "lets edge rest on itself"),
        (WEIGHTS, WEIGHTS + "\n    rests_on: {forward: [edge]}", 13, "lets forward rest on itself"),
        ("title: Numbers", "title: [a", 3, "is not YAML"),
        ("title: Numbers", "title: 12", 2, "put it in quotes"),
        (GOOD, "", 1, "key: value"),
        (GOOD, "- a", 1, "key: value"),
        (GOOD, "tasks: []", 1, "is empty"),
    ],
)
def test_a_fault_names_its_line_and_what_is_wrong(
    root: Path, old: str, new: str, line: int, says: str
) -> None:
    assert old in GOOD
    found = faults(root, GOOD.replace(old, new))
    assert any(fault.startswith(f"{line}:") and says in fault for fault in found), found


@pytest.mark.parametrize("name", ["handout.md", "test_public.py"])
def test_a_file_that_students_need_must_be_there(root: Path, name: str) -> None:
    (root / "assignments/h1" / name).unlink()
    assert name in faults(root, GOOD)[0]


def test_an_unknown_assignment_is_answered_with_those_there_are(root: Path) -> None:
    with pytest.raises(SpecError, match="the course has h1"):
        load_assignment(load_course(root), "h2")


def test_the_course_is_found_from_a_folder_inside_it(root: Path) -> None:
    inside = root / "assignments" / "h1"
    assert find_course(inside).root == root
    assert assignment_ids(find_course(inside)) == ["h1"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "key: value"),
        ("tier: 1\n", "lacks `library`"),
        ("library: lib\ntier: 9\n", "0 to 4"),
        ("library: missing\n", "no package missing"),
        ("library: lib\ngraders: ../elsewhere\n", "must be a folder inside the course"),
        ("library: lib\ngraders: '{id}/graders'\n", "must begin with the name of a folder"),
        ("library: random\n", "which Python code imports already"),
        ("library: lib\nassignments: homework\n", "no folder homework"),
        ("library: lib\ncolour: red\n", "no `colour`"),
    ],
)
def test_a_course_written_wrongly_is_refused_with_a_sentence(root: Path, text: str, says: str) -> None:
    (root / "course.yaml").write_text(text)
    with pytest.raises(SpecError, match=says):
        find_course(root)


def test_outside_any_course_the_way_out_is_named(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="--course"):
        find_course(tmp_path)


def test_this_project_is_a_course() -> None:
    course: Course = find_course(Path(__file__).parent)
    assert course.library == "dlc_lib"
    assert "a4_cnn" in assignment_ids(course)


def test_parts_rest_on_those_that_are_named(root: Path) -> None:
    found = load(root, GOOD.replace(WEIGHTS, WEIGHTS + "\n    rests_on: {edge: [forward]}"))
    assert found.tasks[0].rests_on == {"edge": ("forward",)}


@pytest.mark.parametrize("module", ["output", "close", "begin", "request", "worker"])
def test_a_module_that_the_fixture_would_catch_is_a_fault_with_its_line(root: Path, module: str) -> None:
    (root / f"lib/{module}.py").write_text('def treble(x):\n    """3·x."""\n    return 3 * x\n')
    [fault, *_] = faults(root, GOOD.replace("lib.numbers:double", f"lib.{module}:treble"))
    assert f"`student.{module}` is the grader's own" in fault
    assert f"lib/{module}.py another name" in fault


def test_every_name_that_either_back_end_takes_is_refused() -> None:
    taken = {name for kind in (Remote, Local) for name in dir(kind) if not name.startswith("_")}
    remote = Path(inspect.getsourcefile(Remote) or "").read_text()
    taken |= set(re.findall(r"self\.([a-z]\w*)(?::[^=\n]*)? = ", remote))
    assert taken == TAKEN
