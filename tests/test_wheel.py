"""What is published: the framework, and nothing of a course."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from tests.tiny_course import hand_in, make_course

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    left_out = shutil.ignore_patterns(".*", "build", "*.egg-info", "tests")
    # A copy: what an earlier build left in `build/` would go into the wheel.
    shutil.copytree(ROOT, folder / "tree", ignore=left_out)
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", str(folder), "./tree"]
    subprocess.run(build, check=True, cwd=folder)
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """Commands of a fresh environment with the wheel; what it depends on is shared with this one."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder)
    python = folder / "bin/python"
    site = Path(sysconfig.get_path("purelib", vars={"base": str(folder)}))
    (site / "shared.pth").write_text(sysconfig.get_path("purelib") + "\n")
    install = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", wheel]
    subprocess.run(install, check=True)
    return folder / "bin"


def test_the_wheel_holds_the_framework_alone(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.partition("/")[0] for name in names}
    assert {top for top in tops if not top.endswith((".dist-info", ".data"))} == {"autograder"}
    assert not [name for name in names if "test_" in Path(name).name or "dlc_lib" in name]
    kinds = (".py", ".css", ".js")
    ours = (path for path in (ROOT / "autograder").rglob("*") if path.suffix in kinds)
    kept = {path.relative_to(ROOT).as_posix() for path in ours}
    assert {name for name in names if name.endswith(kinds)} == kept


def test_it_checks_releases_and_grades_a_course_that_lies_elsewhere(installed, tmp_path):
    course = make_course(tmp_path / "course")
    hand_in(tmp_path / "ada")

    def dlc(*words):
        env = {"PATH": f"{installed}{os.pathsep}{os.environ['PATH']}", "HOME": str(tmp_path)}
        run = [installed / "dlc", *words, "--course", course.root]
        return subprocess.run(run, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)

    where = subprocess.run(
        [installed / "python", "-c", "import autograder; print(autograder.__file__)"],
        capture_output=True, text=True, check=True, cwd=tmp_path,
    )  # fmt: skip
    assert where.stdout.startswith(str(installed.parent))
    checked = dlc("check", "--json")
    [found] = json.loads(checked.stdout)["assignments"]
    assert (found["id"], found["solution_score"], found["stub_score"]) == ("h1", 100, 0)
    released = dlc("release", "h1", "-o", tmp_path / "release")
    assert released.returncode == 0, released.stderr
    assert (tmp_path / "release/tinylib/scaling.py").is_file()
    graded = dlc("grade", "h1", tmp_path / "ada", "-o", tmp_path / "out")
    assert graded.returncode == 0, graded.stderr
    assert json.loads((tmp_path / "out/results/ada.json").read_text())["score"] == 100
