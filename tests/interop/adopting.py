"""Turns notebooks of other graders into courses, and looks at what became of them."""

from __future__ import annotations

import json

from tests.interop.commands import dlc


def adopt(folder, kind, text):
    """Import a notebook; the course and what `dlc check` says of it."""
    notebook, out = folder / "ps1.ipynb", folder / "course"
    notebook.write_text(text, encoding="utf-8")
    done = dlc(None, "import", kind, notebook, "-o", out)
    assert done.returncode == 0, done.stderr
    (found,) = json.loads(dlc(None, "check", "--course", out, "--json").stdout)["assignments"]
    return out, found


def sound(found):
    """Whether the solution earns all, the stub nothing, and nothing leaks."""
    return (found["solution_score"], found["stub_score"], found["leaks"], found["faults"]) == (100, 0, [], [])


def listed(course):
    """What was not carried over, line by line."""
    return (course / "NOT_CARRIED_OVER.md").read_text(encoding="utf-8").splitlines()


def refused(folder, kind, text):
    """The sentence for a notebook that is not taken; nothing is written."""
    notebook, out = folder / "hw.ipynb", folder / "out"
    notebook.write_text(text, encoding="utf-8")
    done = dlc(None, "import", kind, notebook, "-o", out)
    assert done.returncode == 2
    assert not out.exists()
    assert list(folder.iterdir()) == [notebook]
    assert done.stderr.count("\n") == 1
    assert "hw.ipynb" in done.stderr
    return done.stderr
