"""Every command of docs/migrating.md is run, in its order, as it stands there."""

from __future__ import annotations

import re
import subprocess

from tests.interop.hand_ins import answer
from tests.interop.notebooks import nbgrader_source, otter_master
from tests.interop.tools import ROOT
from tests.tiny_course import DOUBLE, TOTAL, make_course

PAGE = ROOT / "docs/migrating.md"


def prepare(folder):
    """What the page takes for granted: a course, and two notebooks of other graders."""
    make_course(folder)
    (folder / "source/ps1").mkdir(parents=True)
    (folder / "source/ps1/ps1.ipynb").write_text(nbgrader_source(), encoding="utf-8")
    (folder / "ps2.ipynb").write_text(otter_master(), encoding="utf-8")


def handed_in(folder):
    """What people do between two commands."""
    work = {"double": DOUBLE, "total": TOTAL}
    answer(folder / "release/h1/h1.ipynb", folder / "submitted/ann/h1/h1.ipynb", work)


def words_of(command, folder):
    """As a shell expands them in a folder."""
    shell = ["bash", "-c", f"printf '%s\\0' {command}"]
    said = subprocess.run(shell, cwd=folder, capture_output=True, text=True, check=True).stdout
    return said.split("\0")[:-1]


def test_every_command_succeeds(tmp_path, warm_nbgrader, warm_otter):
    prepare(tmp_path)
    folder = tmp_path
    blocks = re.findall(r"```sh\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    for command in "".join(blocks).splitlines():
        first, *words = words_of(command, folder)
        if first == "cd":
            folder = (folder / words[0]).resolve()
            continue
        if command.startswith("nbgrader autograde"):
            handed_in(folder)
        if first == "dlc":
            done = warm_nbgrader.dlc(folder, *words)
        else:
            done = (warm_otter if first == "otter" else warm_nbgrader).done(folder, first, *words)
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "graded/gradebook.csv").read_text().count("ann") == 1
