"""The autograder zip, run as Gradescope runs it: in a container, from /autograder."""

from __future__ import annotations

import subprocess
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

from autograder.engine import Grader, Setup
from autograder.export.gradescope.bundle import autograder_files, write_autograder
from autograder.export.gradescope.metadata import RateLimit
from autograder.export.gradescope.results import results
from autograder.grading.score import score
from autograder.intake import HandIn, read_submission
from autograder.model import Hints, Report, Submission, TestResult, Timing, Verdict
from autograder.release.contents import release_files
from autograder.report import hide
from autograder.spec import load_assignment, load_course
from tests.interop import container
from tests.interop.conftest import export, report
from tests.tiny_course import DOUBLE, TOTAL, make_assignment, make_course

ROOT = Path(__file__).parents[2]
KEY = b"k" * 32
WHY_NOT = container.why_not()
needs_container = pytest.mark.skipif(bool(WHY_NOT), reason=f"no container: {WHY_NOT}")
ADA = {"email": "ada@uni.example", "id": 3, "name": "Ada"}
METADATA = {
    "id": 123456,
    "created_at": "2027-03-01T10:00:00.365935-08:00",
    "assignment": {"due_date": "2027-03-12T23:00:00.000000-08:00", "title": "H1", "total_points": "100.0"},
    "submission_method": "upload",
    "users": [ADA],
    "previous_submissions": [],
}
LOOP = "def total(x):\n    while True:\n        pass\n"
CRASH = "import os\ndef total(x):\n    os._exit(0)\n"
WRONG = DOUBLE.replace("x + x", "x * x")
SPY = """
import os
def total(x):
    for path in ("/autograder/source/key", "/autograder/source/autograder/graders/h1/test_total.py",
                 "/autograder/results", "/autograder/submission", "/autograder/submission_metadata.json"):
        try:
            os.listdir(path) if os.path.isdir(path) else open(path).read()
        except OSError:
            continue
        return float("nan")
    return float(x.sum())
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return make_course(tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="module")
def assignment(course):
    return make_assignment(course)


@pytest.fixture(scope="module")
def archive(course, assignment, tmp_path_factory):
    path = tmp_path_factory.mktemp("zip") / "autograder.zip"
    write_autograder(course, assignment, path, KEY)
    return path


@pytest.fixture(scope="module")
def grader(course, assignment):
    with Grader(Setup(course, assignment, 1, KEY)) as warm:
        yield warm


@pytest.fixture
def submit(tmp_path, archive):
    """Run one submission in the container."""

    def run(double: str = DOUBLE, total: str = TOTAL, *, files=None, zip_=archive, metadata=None, **options):
        submitted = {"scaling.py": double.encode(), "summing.py": total.encode()} if files is None else files
        root = container.lay_out(tmp_path / "autograder", zip_, submitted, {**METADATA, **(metadata or {})})
        return container.run_autograder(root, **options)

    return run


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
def test_the_student_reads_what_failed_by_how_much_and_where(submit):
    ran = submit(WRONG)
    double, total = ran.results["tests"]
    assert (double["name"], double["number"], double["status"]) == ("Doubling", "1", "failed")
    assert "1 of 3 tests passed." in double["output"]
    assert "times" in double["output"] or "wrong" in double["output"]
    assert '<img alt="Where out is wrong' in double["output"]
    assert (total["status"], total["output"]) == ("passed", "<p>2 of 2 tests passed.</p>")


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
def test_without_landlock_hidden_files_that_anybody_may_read_stop_the_grading(
    submit, tmp_path, course, assignment
):
    files = autograder_files(course, assignment, KEY)
    files["run_autograder"] = files["run_autograder"].replace(b"chmod -R go-rwx", b"chmod -R go+rx")
    path = tmp_path / "open.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, contents in files.items():
            archive.writestr(name, contents)
    ran = submit(zip_=path, landlock=False)
    assert (ran.returncode, ran.results) == (1, None)
    assert "without Landlock /autograder/source must be closed to other users" in ran.printed


@needs_container
def test_what_was_earned_before_a_time_out_stays(submit, tmp_path):
    slow = "import time\ndef total(x):\n    time.sleep(60)\n"
    path = tmp_path / "patient.zip"
    course = make_course(tmp_path / "patient")
    yaml = course.assignments / "h1/assignment.yaml"
    yaml.write_text(yaml.read_text().replace("wall_s: 1", "wall_s: 60"))
    write_autograder(course, make_assignment(course), path, KEY)
    ran = submit(total=slow, zip_=path, kill_after_s=5)
    assert ran.results is not None, ran.printed
    check_document(ran.results)
    assert ran.results["score"] == 60.0
    assert "Grading was not finished: 3 of 5 tests ran." in ran.results["output"]


def earlier(at: str, score: float, results=None):
    shown = {} if results is None else {"results": results}
    return {"submission_time": at, "score": score, "autograder_error": False, **shown}


@pytest.fixture(scope="module")
def limited(course, assignment, tmp_path_factory):
    path = tmp_path_factory.mktemp("zip") / "limited.zip"
    write_autograder(course, assignment, path, KEY, RateLimit(2, 24))
    return path


@needs_container
def test_a_submission_too_soon_keeps_the_score_and_a_rerun_says_the_same(limited, tmp_path):
    tests = [{"name": "Doubling", "score": 40.0, "max_score": 60.0}]
    before = [
        earlier("2027-02-28T12:00:00-08:00", 10.0),
        earlier("2027-03-01T09:00:00-08:00", 40.0, {"tests": tests, "score": 40.0}),
    ]
    runs = []
    for each in "ab":
        metadata = {**METADATA, "previous_submissions": before}
        root = container.lay_out(tmp_path / each, limited, {"summing.py": TOTAL.encode()}, metadata)
        runs.append(container.run_autograder(root).results)
    assert runs[0] == runs[1]
    assert (runs[0]["score"], runs[0]["tests"]) == (40.0, tests)
    assert "Submit again after 01 March 2027, 20:00 UTC" in runs[0]["output"]


@needs_container
def test_a_submission_after_the_window_is_graded(submit, limited):
    before = [earlier("2027-02-25T12:00:00-08:00", 10.0), earlier("2027-03-01T09:00:00-08:00", 40.0)]
    ran = submit(zip_=limited, metadata={"previous_submissions": before})
    assert ran.results["score"] == 100.0


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


def test_the_zip_holds_one_assignment_and_runs_from_its_root():
    course = load_course(ROOT)
    files = autograder_files(course, load_assignment(course, "a1_backprop"), KEY)
    assert files["run_autograder"].startswith(b"#!/usr/bin/env bash\n")
    assert files["setup.sh"].startswith(b"#!/usr/bin/env bash\n")
    folders = {name.split("/")[2] for name in files if name.startswith("autograder/graders/a")}
    assert folders == {"a1_backprop"}
    assert {"dlc_lib/autograd.py", "dlc_lib/layers.py"} <= files.keys()
    assert not {"dlc_lib/lstm.py", "dlc_lib/conv.py", "dlc_lib/digits.npz"} & files.keys()
    assert not [name for name in files if name.startswith(("solutions/", "tests/", "autograder/cli"))]


@pytest.mark.parametrize(("assignment", "torch"), [("a1_backprop", False), ("a6_generative", True)])
def test_torch_is_installed_only_where_it_is_needed(tmp_path, assignment, torch):
    course = load_course(ROOT)
    files = autograder_files(course, load_assignment(course, assignment), KEY)
    assert (b"torch==2.13.0" in files["setup.sh"]) == torch
    for name in ("setup.sh", "run_autograder"):
        subprocess.run(["bash", "-n"], input=files[name], check=True)
    pins = (ROOT / "constraints.txt").read_text()
    assert "torch==2.13.0" in pins
    assert [line.split("==")[0] for line in files["requirements.txt"].decode().split()] == [
        *("numpy", "pytest", "pyyaml")
    ]


def test_scripts_are_executable_and_the_same_course_makes_the_same_zip(tmp_path, course, assignment):
    for name in ("a.zip", "b.zip"):
        write_autograder(course, assignment, tmp_path / name, KEY)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        modes = {info.filename: info.external_attr >> 16 & 0o777 for info in archive.infolist()}
    assert {name for name, mode in modes.items() if mode & 0o111} == {"setup.sh", "run_autograder"}


@pytest.mark.parametrize("limit", ["5", "0/24", "a/b", "3/0", "3/-1", "3/nan"])
def test_a_rate_limit_that_is_none_is_refused(course, limit):
    done = export("gradescope", "h1", "-o", "x.zip", "--rate-limit", limit, folder=course.root)
    assert done.returncode == 2
    assert f"--rate-limit {limit}: expected submissions/hours, as in 5/24" in done.stderr


def test_the_likely_mistake_is_told_by_the_rules_for_hints(assignment):
    full = report("ada", 60.0)
    told = results(full, assignment)["tests"][1]["output"]
    assert "The likely mistake (90 %): </strong>You normalise with" in told
    due = replace(assignment, hints=Hints(after_due=True), due=datetime(2027, 3, 1, tzinfo=UTC))
    for day, hidden in ((28, True), (31, False)):
        now = datetime(2027, 2 if day == 28 else 3, day, tzinfo=UTC)
        shown = results(hide(full, due, now), due)["tests"][1]["output"]
        assert ("likely mistake" not in shown) == hidden


def test_speed_goes_to_the_leaderboard_where_it_counts(assignment):
    course = load_course(ROOT)
    hot = load_assignment(course, "a8_performance")
    timing = Timing(0.9, 0.8, 1.0, 30, "cpu", 1)
    timed = TestResult("t.py::test_speed", hot.tasks[0].id, "speed", Verdict.PASSED, timing=timing)
    scored = score(hot, Submission("ada", hot.id, {}), (timed,), tier=1)
    board = results(scored, hot)["leaderboard"]
    assert [row["value"] for row in board] == [0.9, 0.0, 0.0, 0.0, scored.score]
    assert {row["order"] for row in board} == {"desc"}
    assert "leaderboard" not in results(report("ada", 60.0), assignment)


def check_document(document) -> None:
    """What Gradescope's specification asks of results.json."""
    assert document.keys() <= {
        *("score", "execution_time", "output", "output_format", "visibility", "stdout_visibility"),
        *("extra_data", "tests", "leaderboard"),
    }
    assert type(document["score"]) in (int, float)
    assert document["stdout_visibility"] == "hidden"
    for number, test in enumerate(document["tests"], start=1):
        assert test["number"] == str(number)
        assert test["status"] in ("passed", "failed")
        assert 0 <= test["score"] <= test["max_score"]
        assert test["visibility"] == "visible"
        assert test["output_format"] == "html"
        well_formed(test["output"])


def well_formed(text: str) -> None:
    stack = []

    class Parser(HTMLParser):
        def handle_starttag(self, tag, attrs):
            assert tag in ("p", "ul", "li", "strong", "em", "code", "img", "br", "span"), tag
            if tag not in ("img", "br"):
                stack.append(tag)

        def handle_endtag(self, tag):
            assert stack.pop() == tag

    Parser().feed(text)
    assert not stack
