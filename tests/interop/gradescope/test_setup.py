"""`setup.sh` run for real: what it installs grades a submission."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from autograder.course import load_assignment, load_course
from autograder.export.gradescope.bundle import write_autograder
from autograder.release.contents import release_files
from tests.interop import container
from tests.interop.gradescope.conftest import KEY, METADATA, needs_container

ROOT = Path(__file__).parents[3]
TORCH = pytest.param(
    "a6_generative",
    marks=pytest.mark.skipif(
        not os.environ.get("DLC_SETUP_TORCH"),
        reason="installs torch afresh, a gigabyte and more: DLC_SETUP_TORCH=1 for it",
    ),
)


@pytest.fixture(scope="module")
def registry():
    pip = [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed", "--no-deps", "--quiet"]
    if subprocess.run([*pip, f"pytest=={version('pytest')}"], capture_output=True, check=False).returncode:
        pytest.skip("no package registry can be reached")


@pytest.fixture
def venv(tmp_path):
    yield tmp_path / "dlc"
    shutil.rmtree(tmp_path / "dlc", ignore_errors=True)  # too large for what pytest keeps of earlier runs


@needs_container
@pytest.mark.usefixtures("registry")
@pytest.mark.slow
@pytest.mark.parametrize("assignment", ["a1_backprop", TORCH])
def test_what_setup_installs_grades_within_768_mb(tmp_path, venv, assignment):
    course = load_course(ROOT)
    spec = load_assignment(course, assignment)
    write_autograder(course, spec, tmp_path / "autograder.zip", KEY)
    solution = release_files(course, spec, solution=True)
    submitted = {name: text for name, text in solution.items() if name.startswith("dlc_lib/")}
    root = container.lay_out(tmp_path / "autograder", tmp_path / "autograder.zip", submitted, METADATA)
    made = container.set_up(root / "source", venv)
    assert made.returncode == 0, made.stderr
    assert installed(venv) >= {f"numpy-{version('numpy')}", f"pytest-{version('pytest')}"}
    torch = [name for name in installed(venv) if name.startswith("torch-2.13.0")]
    assert bool(torch) == ("torch" in spec.packages)
    ran = container.run_autograder(root, venv=venv)
    assert ran.results is not None, ran.printed
    assert ran.results["score"] == 100.0
    assert ran.peak_mb < container.MEMORY_MB


def installed(venv: Path) -> set[str]:
    """Names and versions of the packages in an environment."""
    return {path.stem for path in venv.glob("lib/python*/site-packages/*.dist-info")}
