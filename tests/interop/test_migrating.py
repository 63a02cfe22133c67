"""Every command of docs/migrating.md is run, in its order, as it stands there."""

from __future__ import annotations

import re

from tests.interop.hand_ins import answer
from tests.interop.notebooks import nbgrader_source, otter_master
from tests.interop.tools import ROOT, said
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


def test_every_command_succeeds(tmp_path, nbgrader, otter):
    prepare(tmp_path)
    folder = tmp_path
    blocks = re.findall(r"```sh\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    for command in "".join(blocks).splitlines():
        first, *words = command.split()
        if first == "cd":
            folder = (folder / words[0]).resolve()
            continue
        if command.startswith("nbgrader autograde"):
            handed_in(folder)
        said(otter if first == "otter" else nbgrader, folder, "/bin/bash", "-c", command)
    assert (tmp_path / "graded/gradebook.csv").read_text().count("ann") == 1
