"""The autograder zip: what is in it, and its scripts."""

from __future__ import annotations

import subprocess
import zipfile
from pathlib import Path

import pytest

from autograder.export.gradescope.bundle import autograder_files, write_autograder
from autograder.spec import load_assignment, load_course
from tests.interop.gradescope.conftest import KEY

ROOT = Path(__file__).parents[3]


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
