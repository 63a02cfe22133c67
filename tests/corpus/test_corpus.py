"""The sample class of `make demo` gets what each hand-in deserves, and the README shows what is printed."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.course import load_assignment, load_course
from autograder.report import from_json
from tests.corpus.make_class import expected, make_class

ROOT = Path(__file__).parents[2]
EXPECTED = expected()


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """Folder of the commands of `make demo`, and the lines that they print.

    The release, which takes a minute for what is audited first, is asked of the tiny course elsewhere.
    """
    folder = tmp_path_factory.mktemp("demo")
    assignment = load_assignment(load_course(ROOT), "a4_cnn")
    about = f"{len(assignment.tasks)} tasks, {assignment.points:g} points"
    lines = [f"build/demo/release: the release of {assignment.title}, {about}"]
    lines += run("tests/corpus/make_class.py", folder / "class")
    (key,) = re.findall(r"printf '%s' '(.*)' > build/demo/key\)", (ROOT / "Makefile").read_text("utf-8"))
    (folder / "key").touch(0o600)
    (folder / "key").write_text(key)
    options = ("-o", folder / "graded", "--key-file", folder / "key")
    lines += run("-m", "autograder", "grade", "a4_cnn", folder / "class", *options)
    return folder, [line.replace(str(folder), "build/demo") for line in lines]


def run(*words):
    done = subprocess.run(
        [sys.executable, *map(str, words)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=1_800,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [line.rstrip() for line in done.stdout.splitlines() if line.strip()]


@pytest.fixture(scope="module")
def reports(demo, tmp_path_factory):
    folder, _ = demo
    names = {student: name for name, student in make_class(tmp_path_factory.mktemp("class")).items()}
    found = [from_json(path.read_text("utf-8")) for path in (folder / "graded/results").glob("*.json")]
    return {names.get(report.student, report.student): report for report in found}


def test_the_output_of_the_demo_is_what_the_readme_shows(demo):
    _, printed = demo
    (block,) = re.findall(r"```\n\$ make demo\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    assert [line for line in block.splitlines() if line.strip()] == printed


def test_every_hand_in_is_found_under_its_student_and_graded(reports):
    assert sorted(reports) == sorted(EXPECTED)
    assert not [name for name, report in reports.items() if report.status == "internal"]


@pytest.mark.parametrize("name", EXPECTED)
def test_hand_in_is_judged_as_it_deserves(reports, name):
    entry, report = EXPECTED[name], reports[name]
    assert report.late_days == entry.get("late", 0)
    if "reason" in entry:
        assert report.status == "unreadable"
        assert report.score == 0
        assert entry["reason"] in report.reason
        return
    loses = {
        task.task: "zero" if not task.score else "part"
        for task in report.tasks
        if task.score != task.max_score
    }
    assert loses == entry.get("loses", {})
    for task, wanted in entry.get("verdicts", {}).items():
        (found,) = [set(map(str, each.verdicts.values())) for each in report.tasks if each.task == task]
        assert set(wanted) <= found


def test_nothing_was_written_outside_the_class():
    assert not Path("/tmp/escaped.py").exists()
    assert not Path("/etc/cron.d/escaped").exists()
