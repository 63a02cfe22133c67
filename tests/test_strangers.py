"""`dlc` in folders that strangers have filled: no interpreter of ours imports a thing of theirs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.interop.notebooks import nbgrader_source
from tests.strangers import plant
from tests.tiny_course import DOUBLE, TOTAL, hand_in, make_course

ROOT = Path(__file__).parent.parent
pytestmark = pytest.mark.slow
HOSTILE = {
    "PYTHONSTARTUP": "pickle.py",
    "PYTHONBREAKPOINT": "pickle.x",
    "PYTHONINSPECT": "1",
    "PYTHONHASHSEED": "7",
    "PYTHONOPTIMIZE": "2",
    "PYTHONWARNINGS": "error::pickle.X",
    "PYTHONPLATLIBDIR": "nowhere",
    "PYTHONPYCACHEPREFIX": ".",
    "PYTEST_ADDOPTS": "-p pickle --collect-only",
    "PYTEST_PLUGINS": "pickle",
    "MATPLOTLIBRC": ".",
    "MPLBACKEND": "module://pickle",
    "LANG": "C",
    "LC_ALL": "C",
    "TMPDIR": ".",
}


@dataclass(frozen=True)
class Place:
    """A course, a class folder full of plants, and the file in which a plant says that it was imported."""

    folder: Path
    marker: Path
    dlc: Path

    @property
    def course(self) -> Path:
        return self.folder / "course"

    @property
    def hand_ins(self) -> Path:
        return self.folder / "hand-ins"

    def run(self, *command, cwd=None, **variables):
        """A command among the hand-ins; PYTHONPATH leads to plants, by name and by being empty."""
        path = os.pathsep.join([str(self.folder / "path"), "", "."])
        return subprocess.run(
            [str(word) for word in command],
            cwd=cwd or self.hand_ins,
            env={"PATH": os.environ["PATH"], "HOME": str(self.folder), "PYTHONPATH": path}
            | HOSTILE
            | variables,
            capture_output=True,
            text=True,
            timeout=1_800,
            check=False,
        )

    def untouched(self):
        """Fails where a plant was imported."""
        assert not self.marker.exists(), sorted(set(self.marker.read_text().splitlines()))


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("place")
    marker = folder / "imported"
    make_course(folder / "course")
    for name in ("ada", "bob"):
        plant(hand_in(folder / "hand-ins" / name), marker)
    (folder / "hand-ins/bob/tinylib/scaling.py").write_text(DOUBLE.replace("x + x", "x * x"))
    plant(folder / "hand-ins", marker)
    users = f".local/lib/python{sys.version_info[0]}.{sys.version_info[1]}/site-packages"
    for name in ("path", "out", users):
        plant(folder / name, marker, packages=True)
    program = folder / "bin"
    program.mkdir()
    shutil.copy(ROOT / "autograder/cli/dlc", program / "dlc")
    python = program / "python"  # finds its packages by where it lies, so it is no link
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    for each in program.iterdir():
        each.chmod(0o755)
    return Place(folder, marker, program / "dlc")


@pytest.fixture
def dlc(place):
    """dlc(...) runs the command, which must succeed and import nothing of a stranger's."""
    place.marker.unlink(missing_ok=True)

    def run(*words, cwd=None, course=True, **variables):
        done = place.run(
            place.dlc, *words, *(("--course", place.course) if course else ()), cwd=cwd, **variables
        )
        place.untouched()
        assert done.returncode == 0, done.stderr
        return done

    return run


def test_a_plain_interpreter_imports_what_lies_there(place):
    """Otherwise all other tests here prove nothing."""
    for command in (["-c", "import pickle"], ["-m", "autograder", "list"]):
        place.marker.unlink(missing_ok=True)
        clean = dict.fromkeys((*HOSTILE, "PYTHONPATH"), "")
        place.run(sys.executable, *command, **clean)
        assert place.marker.exists()


def test_grading_in_parallel_gives_what_it_gives_elsewhere(place, dlc):
    out = place.folder / "out"  # is full of plants itself
    done = dlc("grade", "h1", "ada", "bob", "-o", out, "--jobs", "2", "--json")
    scores = {each["student"]: each["score"] for each in json.loads(done.stdout)["reports"]}
    assert scores == {"ada": 100.0, "bob": 60.0}
    dlc("report", out, course=False, cwd=out)
    for form in ("csv", "parquet", "prairielearn"):
        dlc("export", form, out, "-o", place.folder / f"exported-{form}", course=False, cwd=out)


def test_inside_a_hand_in_it_is_graded_as_elsewhere(place, dlc):
    done = dlc("grade", "h1", ".", "-o", place.folder / "inside", "--json", cwd=place.hand_ins / "ada")
    assert [each["score"] for each in json.loads(done.stdout)["reports"]] == [100.0]


def test_hand_ins_may_be_called_as_modules_are(place, dlc, tmp_path):
    names = ("multiprocessing", "numpy", "torch.py", "_pytest.py", "pickle.py", "encodings.py")
    tells = f"try:\n    open({str(place.marker)!r}, 'a').write(__name__)\nexcept OSError:\n    pass\n"
    for name in names:
        if name.endswith(".py"):
            (tmp_path / name).write_text(f"{tells}{DOUBLE}{TOTAL}")
        else:
            (hand_in(tmp_path / name) / "__init__.py").write_text(tells)
    (tmp_path / "conftest.py").write_text(tells)
    done = dlc("grade", "h1", *names, "-o", place.folder / "odd", "--json", cwd=tmp_path, PYTHONPATH=".")
    assert [each["score"] for each in json.loads(done.stdout)["reports"]] == [100.0] * len(names)


@pytest.mark.parametrize("variable", [{"PYTHONHOME": "/nowhere"}, {"PYTHONPATH": ""}], ids=str)
def test_variables_that_stop_a_plain_interpreter(dlc, variable):
    assert "Doubling" in dlc("list", **variable).stdout


@pytest.mark.parametrize(
    "words",
    [
        ["list", "--json"],
        ["check", "h1"],
        ["audit", "h1", "--quick", "--jobs", "2"],
        ["release", "h1", "-o", "{new}"],
        ["export", "gradescope", "h1", "-o", "{new}.zip"],
        ["export", "classroom", "h1", "-o", "{new}"],
        ["export", "nbgrader", "h1", "-o", "{new}"],
        ["export", "otter", "h1", "-o", "{new}"],
    ],
    ids=" ".join,
)
def test_the_commands_of_a_course(place, dlc, tmp_path, words):
    says = dlc(*(word.format(new=tmp_path / "new") for word in words)).stderr
    assert f"course: {place.course}" in says


def test_the_doctor_and_an_import(dlc, tmp_path):
    dlc("doctor", "--json", course=False)
    (tmp_path / "ps1.ipynb").write_text(nbgrader_source())
    dlc("import", "nbgrader", tmp_path / "ps1.ipynb", "-o", tmp_path / "ps1", course=False)
