"""`dlc grade` as an instructor runs it: on a class, with wrong paths, stopped and started again."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.command import dlc
from tests.tiny_course import DOUBLE, TOTAL, hand_in, make_course, zipped

DLC = [sys.executable, "-m", "autograder"]
ENVIRONMENT = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "COLUMNS": "120"}
SLOW = f"import time\ntime.sleep(0.4)\n{TOTAL}"


@pytest.fixture
def course(tmp_path):
    make_course(tmp_path)
    return tmp_path


SCORES = {"ada": 100.0, "bob": 60.0, "cyd, jr": 60.0, "dan": 100.0, "eve": 0.0, "fay": 0.0}


@pytest.fixture(scope="module")
def a_class(tmp_path_factory):
    """A course with a class in `class`, graded into `out` by a new interpreter, and what that printed."""
    course = tmp_path_factory.mktemp("course")
    make_course(course)
    hand_in(course / "class/ada")
    hand_in(course / "class/bob", double=DOUBLE.replace("x + x", "x * x"))
    hand_in(course / "class/cyd, jr", total="import os\ndef total(x):\n    os._exit(0)\n")
    zipped(hand_in(course / "work/dan")).rename(course / "class/dan.zip")
    (course / "class/eve.zip").write_bytes(b"PK\x03\x04 no zip at all")
    (course / "class/fay").mkdir()
    command = [*DLC, "grade", "h1", "class", "-o", "out", "--json"]
    done = subprocess.run(command, cwd=course, env=ENVIRONMENT, capture_output=True, text=True, check=True)
    return course, done.stdout


@pytest.fixture
def graded(a_class, tmp_path):
    """A copy of the graded course."""
    return shutil.copytree(a_class[0], tmp_path / "graded")


def test_a_class_is_graded_and_every_hand_in_gets_its_files(graded):
    with (graded / "out/gradebook.csv").open(newline="") as book:
        rows = {row["student"]: row for row in csv.DictReader(book)}
    assert {name: float(row["score"] or 0) for name, row in rows.items()} == SCORES
    assert len(list((graded / "out/results").glob("*.json"))) == 6
    assert len(list((graded / "out/reports").glob("*.html"))) == 6
    assert (graded / "out/index.html").stat().st_size > 1000


def test_json_is_one_document_on_stdout_and_nothing_else(a_class):
    document = json.loads(a_class[1])
    assert document["schema_version"] == 1
    assert {each["student"]: each["score"] for each in document["reports"]} == SCORES
    ada = document["reports"][0]
    assert (ada["max_score"], ada["tier"]) == (100, 1)
    assert ada["tasks"][0]["verdicts"]["test_double.py::test_backward"] == "passed"
    assert ada["tasks"][0]["diagnosis"] is None


def test_a_second_run_grades_only_what_is_new_or_changed(graded):
    before = {path: path.stat().st_mtime_ns for path in (graded / "out/results").iterdir()}
    (graded / "class/bob/tinylib/scaling.py").write_text(DOUBLE)
    done = dlc("grade", "h1", "class", "-o", "out", folder=graded)
    assert done.returncode == 0, done.stderr
    assert "cyd, jr" in done.stdout
    assert "index.html" in done.stdout
    results = (json.loads(path.read_text()) for path in before)
    assert {each["student"]: each["score"] for each in results} == {**SCORES, "bob": 100.0}
    after = {path: path.stat().st_mtime_ns for path in (graded / "out/results").iterdir()}
    assert {path.stem for path in after if after[path] != before[path]} == {"bob"}


def test_an_interrupted_run_keeps_what_is_finished_and_goes_on(course):
    for number in range(8):
        hand_in(course / f"class/s{number:02}", total=SLOW)
    command = [*DLC, "grade", "h1", "class", "-o", "out", "--jobs", "1"]
    process = subprocess.Popen(
        command, cwd=course, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + 60
    while len(list(course.glob("out/results/*.json"))) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, complaint = process.communicate(timeout=1_800)
    assert process.returncode == 130, complaint
    assert "Traceback" not in complaint
    kept = {path: path.stat().st_mtime_ns for path in course.glob("out/results/*.json")}
    assert 2 <= len(kept) < 8
    done = dlc("grade", "h1", "class", "-o", "out", "--json", folder=course)
    reports = json.loads(done.stdout)["reports"]
    assert [each["score"] for each in reports] == [100.0] * 8
    assert all(path.stat().st_mtime_ns == at for path, at in kept.items())


def test_a_killed_run_leaves_no_process_behind(course):
    for number in range(12):
        hand_in(course / f"class/s{number:02}", total=SLOW)
    command = [*DLC, "grade", "h1", "class", "-o", "out", "--jobs", "2"]
    process = subprocess.Popen(command, cwd=course, env=ENVIRONMENT, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not list(course.glob("out/results/*.json")) and time.monotonic() < deadline:
        time.sleep(0.05)
    below = descendants(process.pid)
    assert len(below) >= 4  # graders, and their sandboxes
    process.kill()
    process.wait()
    while any(map(alive, below)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(alive, below))


def descendants(pid):
    children = [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return [*children, *(below for each in children for below in descendants(each))]


def alive(pid):
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def test_one_hand_in_may_be_named_alone(course):
    folder = hand_in(course / "work/ada")
    for path in (folder, zipped(folder)):
        done = dlc("grade", "h1", path, "-o", course / "out", "--json", folder=course)
        (report,) = json.loads(done.stdout)["reports"]
        assert (report["student"], report["score"]) == ("ada", 100)


def test_tier_0_must_be_asked_for_and_is_written_in_the_report(course):
    folder = hand_in(course / "work/ada")
    done = dlc("grade", "h1", folder, "-o", "out", "--tier", "0", "--json", folder=course)
    assert json.loads(done.stdout)["reports"][0]["tier"] == 0
    assert "tier 0" in (course / "out/reports/ada.html").read_text().lower()


def test_report_writes_the_pages_again(graded):
    (graded / "out/index.html").unlink()
    (graded / "out/gradebook.csv").unlink()
    done = dlc("report", "out", "--json", folder=graded)
    assert len(json.loads(done.stdout)["reports"]) == 6
    assert (graded / "out/index.html").exists()
    assert (graded / "out/gradebook.csv").exists()


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("grade", "h1", "nowhere", "-o", "out"), 2, "nowhere: no such file or folder"),
        (("grade", "h9", "class", "-o", "out"), 2, "the course has h1"),
        (("grade", "h1", "empty", "-o", "out"), 2, "no hand-in found"),
        (("grade", "h1", "class", "-o", "course.yaml"), 2, "cannot write there"),
        (("grade", "h1", "class", "-o", "out", "--tier", "4"), 3, "tier 4"),
        (("grade", "h1", "class"), 2, "--out"),
        (("grade", "h1", "class", "-o", "out", "--jobs", "0"), 2, "--jobs"),
        (("report", "class"), 2, "expected a folder that `dlc grade -o` wrote"),
        (("frobnicate",), 2, "frobnicate"),
        (("list", "--course", "/"), 2, "--course"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_wrong_use_is_answered_in_a_sentence(course, words, code, says):
    hand_in(course / "class/ada")
    (course / "empty").mkdir()
    done = dlc(*words, folder=course)
    assert done.returncode == code, done.stderr
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_details_and_prints_are_in_staff_only(course):
    leak = "def total(x):\n    print('the hidden input is', x)\n    raise ValueError(f'secret {x}')\n"
    hand_in(course / "class/ada", total=leak)
    hand_in(course / "class/bob")
    dlc("grade", "h1", "class", "-o", "out", folder=course)
    notes = (course / "out/staff/ada.txt").read_text()
    assert "the hidden input is" in notes
    assert "ValueError: secret [" in notes
    assert not (course / "out/staff/bob.txt").exists()
    shared = [path for path in (course / "out").rglob("*") if path.is_file() and path.parent.name != "staff"]
    assert len(shared) >= 6
    assert not [
        path for path in shared if "secret [" in path.read_text() or "hidden input is" in path.read_text()
    ]
    dlc("report", "out", folder=course)
    assert (course / "out/staff/ada.txt").exists()
