"""Which course `dlc` uses: never one that may have come with a hand-in."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from autograder.cli.options import open_class, open_course, open_key
from autograder.course import is_known, load_course, remember
from autograder.errors import SpecError
from tests.cli.command import dlc
from tests.tiny_course import hand_in, make_course, zipped


@pytest.fixture
def course(tmp_path):
    return make_course(tmp_path / "term/course").root


@pytest.fixture
def a_class(tmp_path):
    """A class folder in which `eve` handed in a course of her own."""
    folder = tmp_path / "class"
    for name in ("ada", "bob"):
        hand_in(folder / name)
    zipped(hand_in(tmp_path / "cyd")).rename(folder / "cyd.zip")
    hand_in(make_course(folder / "eve").root)
    (folder / "eve/hw4.py").touch()
    return folder


def opened(cwd: Path, *submissions: str, named: Path | None = None):
    with contextlib.chdir(cwd):
        return open_class(named, [Path(each) for each in submissions], "h1")


@pytest.mark.parametrize(
    ("inside", "submissions"),
    [
        ("eve", ["."]),
        ("eve/tinylib", [".."]),
        ("eve/graders/h1", ["../.."]),
        ("eve", [".."]),
        ("eve", ["../eve"]),
        ("eve", ["tinylib"]),
        ("eve", ["course.yaml"]),
        ("eve", ["assignments", "graders", "tinylib"]),
        ("eve", ["../ada", "../bob"]),
        ("eve", ["../ada", "../cyd.zip"]),
        ("eve", ["hw4.py"]),
        ("eve/graders", ["../hw4.py"]),
    ],
    ids=str,
)
def test_a_course_inside_a_hand_in_is_refused(a_class, inside, submissions):
    with pytest.raises(SpecError, match=r"eve/course\.yaml: lies among the hand-ins.*--course"):
        opened(a_class / inside, *submissions)


@pytest.mark.parametrize("submissions", [["."], ["ada", "bob"], ["ada", "cyd.zip"], ["../class"]], ids=str)
def test_a_course_file_handed_in_beside_others_is_refused(a_class, submissions):
    (a_class / "course.yaml").write_text(
        "library: tinylib\nassignments: eve/assignments\ngraders: eve/graders\n"
    )
    (a_class / "eve/tinylib").rename(a_class / "tinylib")
    with pytest.raises(SpecError, match=r"class/course\.yaml: lies among the hand-ins"):
        opened(a_class, *submissions)


def test_a_link_does_not_hide_where_a_course_lies(a_class, tmp_path):
    (tmp_path / "link").symlink_to(a_class / "eve")
    for cwd, submission in ((tmp_path / "link", "."), (a_class / "eve", str(tmp_path / "link"))):
        with pytest.raises(SpecError, match="lies among the hand-ins"):
            opened(cwd, submission)


def test_a_hand_in_inside_the_course_does_not_bring_another(course):
    """Whatever the command, for `dlc check` runs graders too."""
    eve = make_course(course / "hand-ins/eve").root
    with contextlib.chdir(eve), pytest.raises(SpecError, match=f"inside another course, {course};"):
        open_course(None)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make another user's file")
@pytest.mark.parametrize("theirs", [".", "course.yaml"])
def test_a_course_of_another_user_is_used_only_where_it_is_named(course, theirs):
    os.chown(course / theirs, 12345, 12345)
    with contextlib.chdir(course / "graders"), pytest.raises(SpecError, match="belongs to another user"):
        open_course(None)
    assert open_course(course).root == course


@pytest.mark.parametrize(
    ("inside", "submissions", "students"),
    [
        (".", ["class"], ["ada", "bob"]),
        (".", ["class/ada", "class/bob"], ["ada", "bob"]),
        (".", ["class.zip"], ["ada", "bob"]),
        (".", ["done"], ["done"]),
        ("class", ["."], ["ada", "bob"]),
        ("class", ["ada", "bob"], ["ada", "bob"]),
        ("class/ada", ["."], ["ada"]),
        (".", ["../../outside"], ["cyd", "dan"]),
        (".", ["../dan.zip"], ["dan"]),
    ],
    ids=str,
)
def test_hand_ins_in_the_course_and_elsewhere_are_graded_by_it(
    course, tmp_path, inside, submissions, students
):
    for place in (course / "class/ada", course / "class/bob", course / "done"):
        hand_in(place)
    zipped(course / "class")
    for place in (tmp_path / "outside/cyd", tmp_path / "outside/dan", tmp_path / "term/dan"):
        hand_in(place)
    zipped(tmp_path / "term/dan")
    remember(load_course(course))
    found, hand_ins = opened(course / inside, *submissions)
    assert found.root == course
    assert [each.student for each in hand_ins] == students


@pytest.fixture
def unpacked(course, tmp_path):
    """A course that was used where it lay, with a hand-in in it; all of it came as an archive."""
    hand_in(course / "proj")
    open_key(load_course(course), None)  # as `dlc grade` does
    archive = shutil.make_archive(str(tmp_path / "eve"), "gztar", course)
    subprocess.run(["tar", "--xattrs", "-xpf", archive, "--one-top-level=eve"], cwd=tmp_path, check=True)
    assert (tmp_path / "eve/.dlc/key").stat().st_mode == (course / ".dlc/key").stat().st_mode
    return tmp_path / "eve"


@pytest.mark.parametrize(
    ("inside", "submissions"),
    [("proj", ["."]), ("proj/tinylib", [".."]), ("proj", ["../proj"]), ("proj", ["../../ada"])],
    ids=str,
)
def test_a_course_above_a_hand_in_is_used_only_where_it_was_used_before(
    unpacked, tmp_path, inside, submissions
):
    hand_in(tmp_path / "ada")
    with pytest.raises(SpecError, match=r"eve/course\.yaml: .*not used here before.*--course .*/eve$"):
        opened(unpacked / inside, *submissions)


@pytest.mark.parametrize("forged", ["copied", "moved together", "guessed"])
def test_the_mark_of_a_course_cannot_be_handed_in(unpacked, course, forged):
    stamp, mark = unpacked / ".dlc/stamp", unpacked / ".dlc/here"
    if forged == "copied":
        shutil.copytree(course / ".dlc", unpacked / ".dlc", dirs_exist_ok=True)
    elif forged == "moved together":
        stamp.unlink()
        os.link(course / ".dlc/stamp", stamp)  # which changes the time of its change
    else:
        mark.write_text(f"{stamp.stat().st_ino} {stamp.stat().st_mtime_ns}")
    assert not is_known(load_course(unpacked))


def test_a_course_that_is_named_once_is_known_from_then_on(course, tmp_path):
    hand_in(course / "class/ada")
    command = ("grade", "h1", ".", "-o", tmp_path / "out", "--tier", "0")
    done = dlc(*command, folder=course / "class")
    assert (done.returncode, done.stdout) == (2, "")
    assert "not used here before" in done.stderr
    assert dlc(*command, "--course", course, folder=course / "class").returncode == 0
    (course / "course.yaml").write_text("library: tinylib\n")
    assert dlc(*command, folder=course / "class/ada").returncode == 0


def test_a_course_that_is_named_may_lie_anywhere(a_class):
    found, hand_ins = opened(a_class / "eve", ".", named=a_class / "eve")
    assert (found.root, len(hand_ins)) == (a_class / "eve", 1)


def test_graders_of_a_hand_in_never_run(a_class, tmp_path):
    ran = tmp_path / "ran"
    for path in (a_class / "eve/graders/h1").glob("test_*.py"):
        path.write_text(f"open({str(ran)!r}, 'w')\n{path.read_text()}")
    for cwd in (a_class / "eve", a_class / "eve/tinylib"):
        done = dlc("grade", "h1", a_class / "eve", "-o", tmp_path / "out", folder=cwd)
        assert (done.returncode, done.stdout) == (2, "")
        assert len(done.stderr.splitlines()) == 1
    assert not ran.exists()
    assert not (a_class / "eve/.dlc").exists()
    assert not (tmp_path / "out").exists()


def test_which_course_is_used_is_said_beside_the_document(course):
    done = dlc("list", "--json", folder=course / "graders")
    assert json.loads(done.stdout)["assignments"]
    assert done.stderr == f"course: {course}\n"
