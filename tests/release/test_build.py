from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from autograder.errors import LeakError
from autograder.model import Assignment, Course
from autograder.release import ReleaseError, TooEarly, build_release

LATER = datetime(2027, 2, 1, tzinfo=UTC)  # a1 is over, a2 is not
EARLY = datetime(2027, 1, 1, tzinfo=UTC)


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_release_holds_exactly_the_listed_files(
    course: Course, assignment: Assignment, tmp_path: Path
) -> None:
    out = tmp_path / "deep" / "release"
    build_release(course, assignment, out, now=LATER)
    kit = {name for name in contents(out) if name.startswith("studentkit/")}
    assert {"studentkit/__init__.py", "studentkit/plugin.py", "studentkit/handin.py"} <= kit
    assert set(contents(out)) - kit == {
        *("README.md", "handout.md", "test_public.py", "a2_second.ipynb", "assignment.json"),
        *("conftest.py", "pytest.ini", "requirements.txt"),
        *(f"mylib/{name}" for name in ("__init__.py", "arrays.py", "layers.py", "layers_data.csv", "ops.py")),
    }
    assert [path.name for path in out.parent.iterdir()] == ["release"]


def test_requirements_follow_the_packages(course: Course, assignment: Assignment, tmp_path: Path) -> None:
    build_release(course, assignment, tmp_path / "out", now=LATER)
    names = [line.partition(">=")[0] for line in (tmp_path / "out/requirements.txt").read_text().split()]
    assert names == ["numpy", "pytest"]


def test_two_builds_give_the_same_bytes(course: Course, assignment: Assignment, tmp_path: Path) -> None:
    build_release(course, assignment, tmp_path / "one", now=LATER)
    build_release(course, assignment, tmp_path / "two", now=LATER)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_untouched_release_is_written_again(course: Course, assignment: Assignment, tmp_path: Path) -> None:
    out = tmp_path / "out"
    build_release(course, assignment, out, now=LATER)
    (out / "mylib/__pycache__").mkdir()
    (out / "mylib/__pycache__/ops.cpython-311.pyc").write_bytes(b"left by a test run")
    build_release(course, assignment, out, solution=True, now=LATER)
    assert "deviation = np.sqrt" in (out / "mylib/ops.py").read_text()
    assert not (out / "mylib/__pycache__").exists()


@pytest.mark.parametrize("name", ["mylib/ops.py", "mylib/mine.py"])
def test_work_in_an_earlier_release_is_lost_only_by_force(
    course: Course, assignment: Assignment, tmp_path: Path, name: str
) -> None:
    out = tmp_path / "out"
    build_release(course, assignment, out, now=LATER)
    (out / name).write_text("my work\n")
    with pytest.raises(ReleaseError, match=rf"{name} changed since the release"):
        build_release(course, assignment, out, now=LATER)
    assert (out / name).read_text() == "my work\n"
    build_release(course, assignment, out, now=LATER, force=True)
    assert (out / name).exists() == (name == "mylib/ops.py")


def test_foreign_folder_is_never_written_over(course: Course, assignment: Assignment, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/thesis.tex").write_text("years of work")
    with pytest.raises(ReleaseError, match="no release"):
        build_release(course, assignment, tmp_path / "out", now=LATER, force=True)
    assert (tmp_path / "out/thesis.tex").read_text() == "years of work"


def test_leak_leaves_the_earlier_release_in_place(
    course: Course, assignment: Assignment, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    build_release(course, assignment, out, now=LATER)
    before = contents(out)
    with (assignment.folder / "handout.md").open("a") as handout:
        handout.write("deviation = np.sqrt(((x - mean) ** 2).mean(axis=0))\n")
    with pytest.raises(LeakError):
        build_release(course, assignment, out, now=LATER)
    assert contents(out) == before
    assert [path.name for path in tmp_path.iterdir() if "out" in path.name] == ["out"]


def test_provided_solution_waits_for_its_assignment(
    course: Course, assignment: Assignment, tmp_path: Path
) -> None:
    with pytest.raises(TooEarly, match=r"mylib/layers.py: gives away affine of a1_first, open until 2027-01"):
        build_release(course, assignment, tmp_path / "out", now=EARLY)
    assert not (tmp_path / "out").exists()


def test_assignment_named_is_given_away_early(course: Course, assignment: Assignment, tmp_path: Path) -> None:
    build_release(course, assignment, tmp_path / "out", now=EARLY, give_away=("a1_first",))
    assert (tmp_path / "out").is_dir()


def test_complete_solution_waits_for_nothing(course: Course, assignment: Assignment, tmp_path: Path) -> None:
    build_release(course, assignment, tmp_path / "out", now=EARLY, solution=True)
    assert "def _scaled" in (tmp_path / "out/mylib/ops.py").read_text()
