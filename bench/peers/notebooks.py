"""The four-question assignment as nbgrader and otter want it, from the files of bench/course."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

COURSE = Path(__file__).parent.parent / "course"
SHIM = (Path(__file__).parent / "shim.py").read_text(encoding="utf-8")
QUESTIONS = ("affine", "softmax", "conv", "norm")
POINTS = 25
Cell = dict[str, Any]


def answer(question: str) -> str:
    """Right code for a question, as a cell."""
    text = (COURSE / "fourq" / f"{question}.py").read_text(encoding="utf-8")
    return text.replace("from __future__ import annotations\n", "")


def test(question: str) -> str:
    """The hidden tests of a question, as code that runs in any notebook."""
    text = (COURSE / "graders/q4" / f"test_{question}.py").read_text(encoding="utf-8")
    own = "\n".join(
        line for line in text.splitlines() if not line.startswith(("from autograder", "from fourq"))
    )
    parts = "".join(f"exec({part!r}, _space)\n" for part in (SHIM, answer(question), own))
    return f"_space = {{}}\n{parts}_space['run'](dict(globals()), _space)"


def code(text: str, **metadata: Any) -> Cell:
    """A cell of code."""
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": metadata,
        "outputs": [],
        "source": text,
    }


def raw(text: str) -> Cell:
    """A raw cell."""
    return {"cell_type": "raw", "metadata": {}, "source": text}


def write(path: Path, cells: list[Cell], **metadata: Any) -> None:
    """A notebook of format 4.4."""
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = {
        "cells": cells,
        "metadata": {"kernelspec": kernel, **metadata},
        "nbformat": 4,
        "nbformat_minor": 4,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook, indent=1), encoding="utf-8")


def nbgrader_source() -> list[Cell]:
    """Cells of nbgrader's source notebook: one answer and one hidden test a question."""
    cells = []
    for question in QUESTIONS:
        answered = {"grade": False, "locked": False, "solution": True, "task": False}
        tested = {"grade": True, "locked": True, "solution": False, "task": False, "points": POINTS}
        solution = f"### BEGIN SOLUTION\n{answer(question)}\n### END SOLUTION"
        hidden = f"### BEGIN HIDDEN TESTS\n{test(question)}\n### END HIDDEN TESTS"
        cells += [
            code(solution, nbgrader={"schema_version": 3, "grade_id": question, **answered}),
            code(hidden, nbgrader={"schema_version": 3, "grade_id": f"test_{question}", **tested}),
        ]
    return cells


def otter_master() -> list[Cell]:
    """Cells of otter's master notebook."""
    cells = [raw("# ASSIGNMENT CONFIG\nexport_cell: false\ngenerate: true\ncheck_all_cell: false")]
    for question in QUESTIONS:
        cells += [
            raw(f"# BEGIN QUESTION\nname: {question}\npoints: {POINTS}"),
            raw("# BEGIN SOLUTION"),
            code(f"# BEGIN SOLUTION\n{answer(question)}\n# END SOLUTION"),
            raw("# END SOLUTION"),
            raw("# BEGIN TESTS"),
            code(f"# HIDDEN\n{test(question)}"),
            raw("# END TESTS"),
            raw("# END QUESTION"),
        ]
    return cells


def fill_in(notebook: Path, target: Path, instead: Mapping[str, str] | None = None) -> None:
    """A student's notebook: the released one with answers in the places for them, right but for `instead`."""
    found = json.loads(notebook.read_text(encoding="utf-8"))
    left = list(QUESTIONS)
    for cell in found["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code" and ("YOUR CODE HERE" in source or source.strip() in ("...", "# ...")):
            question = left.pop(0)
            cell["source"] = (instead or {}).get(question) or answer(question)
    assert not left, f"no place for {left} in {notebook}"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(found), encoding="utf-8")
