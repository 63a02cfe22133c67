"""What lies beside a notebook that is handed in is imported by no grader that runs our bundles."""

from __future__ import annotations

import json
import pickle
import shutil
import subprocess
from pathlib import Path

import pytest

from autograder.course import load_course
from autograder.export.gradescope.bundle import write_autograder
from tests.interop import container
from tests.interop.books import scores_in
from tests.interop.commands import dlc_says
from tests.interop.hand_ins import hand_in
from tests.interop.tools import run
from tests.strangers import plant
from tests.tiny_course import DOUBLE, TOTAL, make_assignment, make_course


class Telling:
    """Tells where it is unpickled."""

    def __init__(self, marker):
        self.marker = marker

    def __reduce__(self):
        return (eval, (f"open({str(self.marker)!r}, 'a').write('unpickled')",))


def installed(commands):
    """Top-level names of all packages beside a tool."""
    says = (
        "import json; from importlib.metadata import packages_distributions as p; print(json.dumps([*p()]))"
    )
    done = subprocess.run([commands / "python", "-I", "-c", says], capture_output=True, text=True, check=True)
    return [name for name in json.loads(done.stdout) if name.isidentifier()]


@pytest.fixture
def marker(tmp_path):
    return tmp_path / "imported"


@pytest.fixture
def course(tmp_path):
    return make_course(tmp_path / "course").root


def test_otter_imports_nothing_that_was_handed_in(course, otter, marker, tmp_path):
    folder = tmp_path / "otter"
    dlc_says(course, "export", "otter", "h1", "-o", folder)
    run(otter, folder, "otter", "assign", "h1.ipynb", "dist", "--no-pdfs")
    (archive,) = (folder / "dist/autograder").glob("*.zip")
    plant(tmp_path / "work", marker, more=installed(otter))
    hand_in("wrong-in-one", folder / "dist/student/h1.ipynb", tmp_path / "work/h1.ipynb")
    (tmp_path / "work/.OTTER_LOG").write_bytes(pickle.dumps(Telling(marker)))
    handed_in = shutil.make_archive(str(tmp_path / "work"), "zip", tmp_path / "work")
    run(otter, tmp_path / "work", "otter", "run", "-a", archive, "-o", tmp_path, "--no-logo", handed_in)
    assert not marker.exists(), marker.read_text()
    tests = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))["tests"]
    scores = {each["name"]: each["score"] for each in tests if "score" in each}
    assert (scores["double"], scores["total"]) == (pytest.approx(40), pytest.approx(40))


def test_nbgrader_imports_nothing_that_was_handed_in(course, nbgrader, warm_nbgrader, marker, tmp_path):
    folder = tmp_path / "nbgrader"
    dlc_says(course, "export", "nbgrader", "h1", "-o", folder)
    warm_nbgrader.run(folder, "nbgrader", "generate_assignment", "h1")
    place = folder / "submitted/ada/h1"
    plant(place, marker, more=installed(nbgrader))
    hand_in("wrong-in-one", folder / "release/h1/h1.ipynb", place / "h1.ipynb")
    run(nbgrader, folder, "nbgrader", "autograde", "h1")  # a fresh process: it has imported nothing yet
    assert not marker.exists(), marker.read_text()
    assert scores_in(folder, "h1", warm_nbgrader) == {"ada": {"test-double": 40.0, "test-total": 40.0}}


@pytest.mark.skipif(bool(container.why_not()), reason=container.why_not())
@pytest.mark.parametrize("isolated", [True, False], ids=["isolated", "not-isolated"])
def test_gradescope_imports_nothing_that_was_handed_in(course, tmp_path, isolated):
    found = load_course(course)
    archive = tmp_path / "autograder.zip"
    write_autograder(found, make_assignment(found), archive, b"k" * 32)
    files = {"scaling.py": DOUBLE.encode(), "summing.py": TOTAL.encode()}
    root = container.lay_out(tmp_path / "root", archive, files, {})
    plant(root / "submission", Path("/autograder/results/imported"))
    if not isolated:
        script = root / "run_autograder"
        script.write_text(
            script.read_text().replace("exec env -i", "exec env").replace('python" -I', 'python"')
        )
    options = ["--chdir", "/autograder/submission", "--setenv", "PYTHONPATH", "/autograder/submission:."]
    options += ["--setenv", "PYTEST_PLUGINS", "pickle"]
    ran = container.run_autograder(root, *options)
    assert (root / "results/imported").exists() is not isolated
    if isolated:
        assert (ran.returncode, ran.results["score"]) == (0, 100), ran.printed
