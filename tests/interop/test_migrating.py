"""Every command of docs/migrating.md is run, in its order, as it stands there."""

from __future__ import annotations

import re
import shlex
import shutil

from tests.interop.commands import dlc
from tests.interop.hand_ins import answer
from tests.interop.notebooks import nbgrader_source, otter_master
from tests.interop.tools import ROOT, run
from tests.tiny_course import DOUBLE, TOTAL, make_course

PAGE = ROOT / "docs/migrating.md"


def prepare(folder):
    """What the page takes for granted: a course, and two notebooks of other graders."""
    make_course(folder)
    (folder / "source/ps1").mkdir(parents=True)
    (folder / "source/ps1/ps1.ipynb").write_text(nbgrader_source(), encoding="utf-8")
    (folder / "ps2.ipynb").write_text(otter_master(), encoding="utf-8")


def between(folder, command):
    """What people do between two commands: hand in; read the name of a zip."""
    if command.startswith("nbgrader autograde"):
        work = {"double": DOUBLE, "total": TOTAL}
        answer(folder / "release/h1/h1.ipynb", folder / "submitted/ann/h1/h1.ipynb", work)
    if command.startswith("otter run"):
        (made,) = (folder / "dist/autograder").glob("*.zip")
        shutil.copy(made, folder / "dist/autograder/h1-autograder.zip")


def test_every_command_succeeds(tmp_path, nbgrader, otter):
    prepare(tmp_path)
    folder = tmp_path
    blocks = re.findall(r"```sh\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    for command in "".join(blocks).splitlines():
        first, *words = shlex.split(command)
        between(folder, command)
        if first == "cd":
            folder = (folder / words[0]).resolve()
        elif first == "dlc":
            done = dlc(folder, *words, python=nbgrader / "python")
            assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
        else:
            run({"nbgrader": nbgrader, "otter": otter}[first], folder, first, *words)
    assert (tmp_path / "graded/gradebook.csv").read_text().count("ann") == 1
