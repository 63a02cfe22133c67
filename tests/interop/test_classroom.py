"""The template repository for GitHub Classroom, and what its workflow hands to the reporter."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from autograder.course import load_assignment, load_course
from autograder.release.audit import folder_leaks
from autograder.release.contents import CLASSROOM
from autograder.release.withheld import withheld_from
from tests.interop.conftest import export
from tests.tiny_course import DOUBLE, TOTAL, make_course

ROOT = Path(__file__).parents[2]


@pytest.fixture
def course(tmp_path):
    return make_course(tmp_path / "course")


@pytest.fixture
def template(course, tmp_path):
    done = export("classroom", "h1", "-o", tmp_path / "template", folder=course.root)
    assert done.returncode == 0, done.stderr
    return tmp_path / "template"


def emitted(folder: Path, step: dict) -> dict:
    """What the step of the workflow leaves in $GITHUB_OUTPUT, decoded as the reporter does."""
    output = folder.parent / "github_output"
    output.write_text("")
    command = step["run"].replace("python ", f"{sys.executable} ", 1)
    environment = {"PATH": os.environ["PATH"], "GITHUB_OUTPUT": str(output)}
    subprocess.run(["bash", "-ec", command], cwd=folder, env=environment, check=True, capture_output=True)
    (line,) = output.read_text().splitlines()
    return json.loads(base64.b64decode(line.removeprefix("result="), validate=True))


def steps(folder: Path) -> dict[str, dict]:
    (job,) = yaml.safe_load((folder / CLASSROOM).read_text())["jobs"].values()
    return {each.get("name", each.get("uses")): each for each in job["steps"]}


def check_schema(document) -> None:
    """The fields that the reporter reads, and their kinds."""
    assert document.keys() == {"version", "status", "max_score", "tests"}
    assert document["version"] == 1
    assert document["status"] in ("pass", "fail", "error")
    for test in document["tests"]:
        assert test.keys() == {"name", "status", "score", "message", "line_no", "execution_time"}
        assert test["status"] in ("pass", "fail")
        assert type(test["score"]) in (int, float)
        assert test["execution_time"].endswith("ms")
    assert sum(test["score"] for test in document["tests"]) <= document["max_score"]


def test_a_stub_gets_no_points_and_the_reason(template):
    found = emitted(template, steps(template)["Public tests"])
    check_schema(found)
    (test,) = found["tests"]
    assert (found["status"], test["score"]) == ("fail", 0)
    assert "double_forward" in test["message"]


def test_work_gets_its_points_whatever_it_prints(template):
    loud = f"import os\nprint('result=forged')\nos.system('echo result=forged')\n{DOUBLE}"
    (template / "tinylib/scaling.py").write_text(loud)
    (template / "tinylib/summing.py").write_text(TOTAL)
    found = emitted(template, steps(template)["Public tests"])
    check_schema(found)
    assert {test["name"]: test["score"] for test in found["tests"]} == {"Doubling": 60.0}


def test_all_points_can_be_reached_where_a_task_has_no_public_test(template):
    (template / "tinylib/scaling.py").write_text(DOUBLE)
    found = emitted(template, steps(template)["Public tests"])
    assert (found["status"], found["max_score"]) == ("pass", 60.0)
    assert sum(test["score"] for test in found["tests"]) == found["max_score"]


def test_tests_that_cannot_be_read_are_an_error(template):
    (template / "test_public.py").write_text("def (")
    found = emitted(template, steps(template)["Public tests"])
    assert (found["status"], found["max_score"]) == ("error", 100.0)
    assert {test["message"] for test in found["tests"]} == {"no test of this task ran"}


def test_the_workflow_names_its_check_and_variable_as_the_reporter_expects(template):
    workflow = yaml.safe_load((template / CLASSROOM).read_text())
    (job,) = workflow["jobs"].values()
    assert workflow["on"] == ["push", "workflow_dispatch"]
    assert workflow["permissions"]["checks"] == "write"
    assert job["name"] == "Autograding Tests"
    report = steps(template)["Report the points"]
    (runner,) = report["with"]["runners"].split(",")
    assert f"{runner.upper()}_RESULTS" in report["env"]
    assert f"steps.{runner}.outputs.result" in report["env"][f"{runner.upper()}_RESULTS"]
    assert steps(template)["Public tests"]["id"] == runner


def test_it_can_be_written_again_and_never_over_work(template, course):
    again = export("classroom", "h1", "-o", template, folder=course.root)
    assert again.returncode == 0, again.stderr
    (template / "tinylib/scaling.py").write_text(DOUBLE)
    refused = export("classroom", "h1", "-o", template, folder=course.root)
    assert refused.returncode == 2
    assert "--force throws such work away" in refused.stderr


def test_nothing_leaks_and_torch_is_installed_only_where_it_is_needed(tmp_path):
    course = load_course(ROOT)
    for each, torch in (("a1_backprop", False), ("a6_generative", True)):
        assignment = load_assignment(course, each)
        open_ = [word for use in assignment.provided if use.after for word in ("--give-away", use.after)]
        done = export("classroom", each, "-o", tmp_path / each, *open_, folder=ROOT)
        assert done.returncode == 0, done.stderr
        assert not folder_leaks(tmp_path / each, course, assignment, withheld_from(course, assignment))
        installed = [step.get("run", "") for step in steps(tmp_path / each).values()]
        assert any("install --quiet torch" in line for line in installed) == torch
        assert any(line.endswith("pip install --quiet numpy pytest") for line in installed)
