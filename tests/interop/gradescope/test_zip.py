"""The autograder zip: what is in it, and its scripts."""

from __future__ import annotations

import subprocess
import zipfile
from pathlib import Path

import pytest

from autograder.course import load_assignment, load_course
from autograder.export.gradescope.bundle import autograder_files, write_autograder
from tests.interop.conftest import export
from tests.interop.gradescope.conftest import KEY
from tests.tiny_course import make_assignment, make_course

ROOT = Path(__file__).parents[3]


def test_the_zip_holds_one_assignment_and_runs_from_its_root():
    course = load_course(ROOT)
    files = autograder_files(course, load_assignment(course, "a1_backprop"), KEY)
    assert files["run_autograder"].startswith(b"#!/usr/bin/env bash\n")
    assert files["setup.sh"].startswith(b"#!/usr/bin/env bash\n")
    assert {name.split("/")[1] for name in files if name.startswith("solutions/")} == {"a1_backprop"}
    assert {
        "solutions/a1_backprop/graders/test_relu.py",
        "solutions/a1_backprop/mistakes/right.py",
    } <= files.keys()
    assert {"dlc_lib/autograd.py", "dlc_lib/layers.py"} <= files.keys()
    assert not {"dlc_lib/lstm.py", "dlc_lib/conv.py", "dlc_lib/digits.npz"} & files.keys()
    assert not [name for name in files if name.startswith(("tests/", "autograder/cli"))]


@pytest.mark.parametrize("tier", [2, 4])
def test_a_course_that_requires_more_isolation_than_there_is_at_gradescope_is_refused(tmp_path, tier):
    course = make_course(tmp_path / "course")
    (course.root / "course.yaml").write_text(f"library: tinylib\ntier: {tier}\n")
    done = export("gradescope", "h1", "-o", tmp_path / "x.zip", folder=course.root)
    assert done.returncode == 3
    says = f"course.yaml: requires isolation of tier {tier}, and a container of Gradescope reaches 1"
    assert says in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "x.zip").exists()


def test_a_course_that_requires_no_isolation_gets_it_all_the_same(tmp_path):
    course = make_course(tmp_path / "course")
    (course.root / "course.yaml").write_text("library: tinylib\ntier: 0\n")
    files = autograder_files(load_course(course.root), make_assignment(course), KEY)
    assert b"tier: 1\n" in files["course.yaml"]


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
