"""The autograder zip, run as Gradescope runs it: in a container, from /autograder."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from autograder.course import load_assignment, load_course
from autograder.engine import Grader
from autograder.export.gradescope.bundle import autograder_files, write_autograder
from autograder.intake import HandIn, read_submission
from autograder.model import Report
from autograder.release.contents import release_files
from tests.interop import container
from tests.interop.gradescope.conftest import ADA, KEY, METADATA, needs_container
from tests.interop.gradescope.documents import check_document
from tests.tiny_course import DOUBLE, TOTAL, make_assignment, make_course

ROOT = Path(__file__).parents[3]
LOOP = "def total(x):\n    while True:\n        pass\n"
CRASH = "import os\ndef total(x):\n    os._exit(0)\n"
WRONG = DOUBLE.replace("x + x", "x * x")
SPY = """
import os
def total(x):
    for path in ("/autograder/source/key", "/autograder/source/graders/h1/test_total.py",
                 "/autograder/results", "/autograder/submission", "/autograder/submission_metadata.json"):
        try:
            os.listdir(path) if os.path.isdir(path) else open(path).read()
        except OSError:
            continue
        return float("nan")
    return float(x.sum())
"""
HAND_INS = {
    "right": {"scaling.py": DOUBLE, "summing.py": TOTAL},
    "wrong": {"scaling.py": WRONG, "summing.py": TOTAL},
    "crashing": {"scaling.py": DOUBLE, "summing.py": CRASH},
    "looping": {"scaling.py": DOUBLE, "summing.py": LOOP},
    "no Python": {"scaling.py": "def double_forward(x:\n", "summing.py": TOTAL},
    "in folders": {"work/tinylib/scaling.py": DOUBLE, "work/tinylib/summing.py": TOTAL},
    "empty": {},
    "unreadable": {"h1.zip": "PK\x03\x04 no zip at all"},
}


@needs_container
@pytest.mark.parametrize("name", HAND_INS)
def test_each_task_gets_the_points_that_our_own_command_gives(submit, grader, tmp_path, name):
    files = {path: text.encode() for path, text in HAND_INS[name].items()}
    ran = submit(files=files)
    assert ran.returncode == 0, ran.printed
    check_document(ran.results)
    ours = graded(grader, tmp_path / "autograder/submission")
    assert ran.results["score"] == ours.score
    assert [each.get("score") for each in ran.results["tests"]] == [task.score for task in ours.tasks]
    assert ran.results["extra_data"]["submission_sha256"] == ours.submission_sha256
    assert ran.results["extra_data"]["environment"]["seed_id"] == ours.environment["seed_id"]


def graded(grader: Grader, folder: Path) -> Report:
    created = datetime.fromisoformat(METADATA["created_at"])
    hand_in = HandIn("ada@uni.example", folder, received_at=created)
    return grader.grade(read_submission(grader.setup.course, grader.setup.assignment, hand_in))


@needs_container
def test_an_unreadable_hand_in_says_why(submit):
    ran = submit(files={})
    assert ran.results["score"] == 0
    assert "could not be read: </strong>holds no code" in ran.results["output"]


@needs_container
@pytest.mark.parametrize("options", [{}, {"uid": 1000}, {"landlock": False}], ids=str)
def test_student_code_reads_nothing_of_the_autograder(submit, options):
    ran = submit(total=SPY, **options)
    assert ran.returncode == 0, ran.printed
    assert ran.results["score"] == 100.0


@needs_container
def test_without_landlock_and_without_root_nothing_is_graded(submit):
    ran = submit(landlock=False, uid=1000)
    assert (ran.returncode, ran.results) == (1, None)
    assert "cannot isolate student code at tier 1, so nothing is graded" in ran.printed


@needs_container
def test_without_landlock_what_anybody_may_read_is_hidden_all_the_same(submit, tmp_path, course, assignment):
    files = autograder_files(course, assignment, KEY)
    files["run_autograder"] = files["run_autograder"].replace(b"chmod -R go-rwx", b"chmod -R go+rx")
    path = tmp_path / "open.zip"
    container.pack(path, files)
    ran = submit(total=SPY, zip_=path, landlock=False)
    assert ran.returncode == 0, ran.printed
    assert ran.results["score"] == 100.0


@needs_container
def test_what_was_earned_before_a_time_out_stays(submit, tmp_path):
    slow = "import time\ndef total(x):\n    time.sleep(60)\n"
    path = tmp_path / "patient.zip"
    course = make_course(tmp_path / "patient")
    yaml = course.assignments / "h1/assignment.yaml"
    yaml.write_text(yaml.read_text().replace("wall_s: 1", "wall_s: 60"))
    write_autograder(course, make_assignment(course), path, KEY)
    ran = submit(total=slow, zip_=path, kill_when="3 of 5 tests ran")
    assert ran.results is not None, ran.printed
    check_document(ran.results)
    assert ran.results["score"] == 60.0
    assert "Grading was not finished: 3 of 5 tests ran." in ran.results["output"]
    assert "grading was cut off before this test" in ran.results["tests"][1]["output"]


@needs_container
def test_a_bug_of_ours_leaves_no_points_that_look_like_a_grade(submit, tmp_path, course, assignment):
    files = autograder_files(course, assignment, KEY)
    files["autograder/report/hints.py"] = b"def hide(*_):\n    raise OSError('what we did not foresee')\n"
    path = tmp_path / "buggy.zip"
    container.pack(path, files)
    slow = TOTAL.replace("s = 0.0", "__import__('time').sleep(0.8); s = 0.0")
    ran = submit(total=slow, zip_=path)
    assert (ran.returncode, ran.results) == (1, None)
    assert "Traceback" in ran.printed
    says = "no result: the grader failed (what we did not foresee); run this submission again"
    assert says in ran.printed


@needs_container
@pytest.mark.parametrize(
    ("user", "days", "score"),
    [
        ({}, 2, 80.0),
        ({"assignment": {"due_date": "2027-02-28T09:00:00-08:00"}}, 2, 80.0),
        ({"assignment": {"due_date": "2027-03-30T00:00:00-08:00"}}, 0, 100.0),
    ],
    ids=["late", "the same for this student", "extended for this student"],
)
def test_lateness_counts_from_the_due_date_of_this_student(submit, tmp_path, user, days, score):
    course = make_course(tmp_path / "late")
    yaml = course.assignments / "h1/assignment.yaml"
    yaml.write_text(yaml.read_text() + "late_policy: {per_day: 0.1, max_days: 3}\n")
    path = tmp_path / "late.zip"
    write_autograder(course, make_assignment(course), path, KEY)
    due = {"due_date": "2027-02-28T09:00:00-08:00"}
    ran = submit(zip_=path, metadata={"assignment": due, "users": [{**ADA, **user}]})
    assert (ran.results["extra_data"]["late_days"], ran.results["score"]) == (days, score)


@needs_container
def test_a_member_of_a_group_is_the_same_whoever_submits(submit):
    bob = {"email": "bob@uni.example", "id": 4, "name": "Bob"}
    ran = submit(metadata={"users": [bob, ADA]})
    assert ran.results["extra_data"]["student"] == "ada@uni.example"


@needs_container
def test_metadata_that_is_not_there_costs_nobody_a_grade(submit):
    ran = submit(metadata={"users": None, "created_at": 3, "assignment": [], "previous_submissions": "x"})
    assert ran.results["score"] == 100.0


@needs_container
def test_an_assignment_of_the_course_is_graded_within_half_a_core_and_768_mb(submit, tmp_path):
    course = load_course(ROOT)
    assignment = load_assignment(course, "a1_backprop")
    path = tmp_path / "a1.zip"
    write_autograder(course, assignment, path, KEY)
    solution = release_files(course, assignment, solution=True)
    ran = submit(zip_=path, files={name: solution[name] for name in solution if name.startswith("dlc_lib/")})
    assert ran.results["score"] == 100.0, ran.printed
    assert ran.peak_mb < container.MEMORY_MB / 2
    assert ran.cpu_s / container.CPUS < 60
