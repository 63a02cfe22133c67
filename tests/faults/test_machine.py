"""A machine that fails: one sentence, nothing half-written, and the same command goes on."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import time

import pytest

from autograder.store.lock import FolderLock
from tests.cli import command
from tests.faults.running import dlc, names, rows, scores, start, told
from tests.tiny_course import TOTAL, hand_in, make_course

SLOW = f"import time\ntime.sleep(0.5)\n{TOTAL}"
# Hidden tests that fail, or wait, for as long as a file is there.
PASSING = """
import os
import signal
import time
from pathlib import Path

from autograder.errors import OpenPoints
from autograder.studentkit import task

HERE = Path(__file__).parents[2]


@task("total")
def test_passing(student):
    if (HERE / "noisy").exists():
        raise OpenPoints("this machine was too busy", again=True)
    while (HERE / "wait").exists():
        time.sleep(0.02)
    if (HERE / "fatal").exists():
        os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def course(tmp_path):
    make_course(tmp_path / "course")
    return tmp_path / "course"


def a_class(course, *students, **files):
    for student in students:
        hand_in(course / "class" / student, **files)
    return [student.strip() for student in students]


def wait_for(there, seconds=120):
    deadline = time.monotonic() + seconds
    while not there():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.fixture
def disk(tmp_path):
    """A file system of its own, 128 KiB large."""
    place = tmp_path / "disk"
    place.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=128k,mode=755", "none", place], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip(f"mounting is not allowed here: {made.stderr.decode().strip()}")
    yield place
    subprocess.run(["umount", place], check=True)


def test_a_full_disk_is_a_sentence_and_what_is_finished_is_kept(course, disk):
    students = a_class(course, *(f"s{number:02}" for number in range(10)))
    out = disk / "out"
    told(dlc(course, "grade", "h1", "class", "-o", out), 2, "No space left on device")
    results = list((out / "results").iterdir())
    assert 1 <= len(results) < len(students)
    pages = {page.stem for page in (out / "reports").iterdir()}
    assert {result.stem for result in results} <= pages
    assert not [name for name in names(out) if name.endswith((".tmp", ".lock"))]
    kept = {path: path.stat().st_mtime_ns for path in results}
    subprocess.run(["mount", "-o", "remount,size=8m", disk], check=True)
    done = dlc(course, "grade", "h1", "class", "-o", out)
    assert done.returncode == 0, done.stderr
    assert scores(out) == dict.fromkeys(students, "100")
    assert all(path.stat().st_mtime_ns == at for path, at in kept.items())


def test_a_disk_that_is_read_only_is_a_sentence(course, disk):
    a_class(course, "ada")
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    told(dlc(course, "grade", "h1", "class", "-o", disk / "out"), 2, "Read-only file system")


@pytest.mark.parametrize("count", [7, 10, 40])
def test_too_few_descriptors_are_a_sentence(course, count):
    a_class(course, "ada", "bob")
    done = dlc(course, "grade", "h1", "class", "-o", "out", limits=f"ulimit -n {count}")
    told(done, 2, "Too many open files")
    assert not list(course.glob("out/*/*"))


def test_a_hand_in_deleted_in_mid_run_is_our_fault_and_one_that_is_changed_is_graded_as_read(course):
    (course / "graders/h1/test_passing.py").write_text(PASSING)
    a_class(course, *"abcyz")
    (course / "wait").touch()
    process = start(course, "grade", "h1", "class", "-o", "out", "--jobs", "1")
    wait_for((course / "out/.lock").exists)  # at most two are read before the first is graded
    shutil.rmtree(course / "class/z")
    hand_in(course / "class/y", total="def total(x):\n    return 0.0\n")
    (course / "wait").unlink()
    _, complaint = process.communicate(timeout=1_800)
    assert process.returncode == 1, complaint
    found = scores(course / "out")
    assert 60 < float(found.pop("y")) < 100
    assert found == {**dict.fromkeys("abc", "100"), "z": ""}
    assert rows(course / "out")["z"]["status"] == "internal"
    hand_in(course / "class/z")
    assert command.dlc("grade", "h1", "class", "-o", "out", folder=course).returncode == 0
    assert scores(course / "out")["z"] == "100"


def test_a_folder_that_is_being_written_is_refused_in_a_sentence(course):
    a_class(course, "ada")
    (course / "out").mkdir()
    with FolderLock(course / "out"):
        told(dlc(course, "grade", "h1", "class", "-o", "out"), 2, "another dlc is writing there")
        told(dlc(course, "report", "out"), 2, "another dlc is writing there")
        assert not list(course.glob("out/*/*"))


def test_two_runs_into_one_folder_at_once_leave_what_one_does(course):
    students = a_class(course, "a", "b", "c", total=SLOW)
    runs = [start(course, "grade", "h1", "class", "-o", "out", "--jobs", "1") for _ in range(2)]
    complaints = [run.communicate(timeout=1_800)[1] for run in runs]
    codes = [run.returncode for run in runs]
    assert sorted(codes) in ([0, 0], [0, 2]), complaints
    assert all("another dlc" in text for code, text in zip(codes, complaints, strict=True) if code)
    assert scores(course / "out") == dict.fromkeys(students, "100")
    assert not (course / "out/.lock").exists()


def test_results_among_the_hand_ins_are_refused(course):
    a_class(course, "ada")
    for out in ("class", "class/out", "class/ada/out"):
        done = command.dlc("grade", "h1", "class", "-o", out, folder=course)
        told(done, 2, "among what is to be graded")
    assert names(course / "class") == [
        "ada",
        "ada/tinylib",
        "ada/tinylib/scaling.py",
        "ada/tinylib/summing.py",
    ]


def test_what_passes_is_graded_again_by_the_same_command(course):
    (course / "graders/h1/test_passing.py").write_text(PASSING)
    students = a_class(course, "ada", "bob")
    grade = ("grade", "h1", "class", "-o", "out")
    (course / "noisy").touch()
    done = command.dlc(*grade, folder=course)
    assert done.returncode == 0, done.stderr
    assert "2 with points that noise left open: the same command grades them again" in done.stderr
    (course / "noisy").unlink()
    (course / "fatal").touch()
    assert command.dlc(*grade, folder=course).returncode == 1
    assert {row["reason"] for row in rows(course / "out").values()} == {"the grading process died twice"}
    (course / "fatal").unlink()
    done = command.dlc(*grade, folder=course)
    assert (done.returncode, scores(course / "out")) == (0, dict.fromkeys(students, "100")), done.stderr


METADATA = """
submission_1:
  :submitters:
  - :name: "Eve [/bold]"
    :sid: ""
"""


def test_names_that_are_markup_or_terminal_codes_are_printed_as_text(course):
    folders = ["[red]Mal", "[link=x]", "Bob\x1b[2J\x07", "tab\tname", "\u202etxt.exe", "submission_1"]
    a_class(course, *folders)
    (course / "class/submission_metadata.yml").write_text(METADATA)
    done = command.dlc("grade", "h1", "class", "-o", "out", folder=course)
    assert done.returncode == 0, done.stderr
    assert "Eve [/bold]" in done.stdout
    assert "[red]Mal" in done.stdout
    assert not set("\x1b\x07\u202e") & set(done.stdout + done.stderr)
    assert len(rows(course / "out")) == len(folders)
    again = command.dlc("report", "out", folder=course)
    assert again.returncode == 0, again.stderr
    assert "Eve [/bold]" in again.stdout


def test_nobody_reads_or_no_room_to_print_is_a_sentence(course):
    told(dlc(course, "list", limits="exec > /dev/full"), 2, "No space left on device")
    read, write = os.pipe()
    os.close(read)
    told(dlc(course, "list", stdout=write), 2, "nobody reads what this prints")
    os.close(write)


def test_what_nobody_foresaw_is_a_sentence_with_a_way_to_report_it(course):
    (course / "course.yaml").write_text("library: " + "[" * 50_000)
    done = dlc(course, "list")
    told(done, 2, "RecursionError")
    told(done, 2, "please report it with ")
    path = done.stderr.partition("report it with ")[2].partition(",")[0]
    with open(path) as file:  # noqa: PTH123  # the name is what was printed
        assert "Traceback" in file.read()
    os.unlink(path)  # noqa: PTH108


@pytest.mark.soak("autograder/__main__.py", "autograder/cli/__init__.py", "autograder/store/folder.py")
def test_ctrl_c_at_any_time_is_a_sentence(course, rounds, seed):
    a_class(course, "ada", "bob", total=SLOW)
    for number in rounds(2, 60):
        chance = random.Random(f"{seed}/{number}")
        process = start(course, "grade", "h1", "class", "-o", "out", "--again")
        wait_for(lambda pid=process.pid: b"autograder" in cmdline(pid) and b"-I" in cmdline(pid))
        time.sleep(0.1 + chance.uniform(0, 2))
        process.send_signal(signal.SIGINT)
        _, complaint = process.communicate(timeout=1_800)
        if process.returncode != 0:  # it may have ended before
            assert process.returncode == 130, complaint
            assert "interrupted" in complaint
        assert "Traceback" not in complaint
        assert not (course / "out/.lock").exists()


def cmdline(pid):
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:  # noqa: PTH123
            return file.read()
    except OSError:
        return b""
