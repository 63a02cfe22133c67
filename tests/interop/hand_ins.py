"""One class of hand-ins for the small course, as answers to its tasks."""

from __future__ import annotations

import json
from pathlib import Path

from tests.tiny_course import DOUBLE, TOTAL

_NEVER = "while True:\n    pass\n"
_CHEAT = """
import builtins, sys
from IPython import get_ipython
shell = get_ipython()
shell.display_formatter.formatters["text/plain"].for_type(float, lambda *_: print("60.0"))
builtins.AssertionError = type("AssertionError", (Warning,), {})
for module in list(sys.modules):
    if module.startswith("autograder"):
        sys.modules[module] = shell
dlc_verdicts = type("Yes", (dict,), {"__getitem__": lambda *_: True})()
print("60.0", file=sys.__stdout__)
"""
CLASS = {
    "right": (DOUBLE, TOTAL),
    "wrong-in-one": (DOUBLE.replace("return dout + dout", "return dout"), TOTAL),
    "crashing": (DOUBLE.replace("return x + x, None", "import os; os._exit(0)"), TOTAL),
    "looping": (DOUBLE, TOTAL.replace("s = 0.0", "while True: pass")),
    "crashing-in-its-cell": (DOUBLE + "\nimport os\nos._exit(0)\n", TOTAL),
    "looping-in-its-cell": (DOUBLE, f"{TOTAL}\n{_NEVER}"),
    "cheating": (_CHEAT, "def total(x):\n    return 0.0\n"),
    "untouched": (None, None),
    "deleting-a-test": (DOUBLE, TOTAL),
    "deleting-an-answer-and-its-test": (DOUBLE, None),
    "working-in-files": (None, None),
}
# Cells that are deleted, by grade_id or tag.
WITHOUT = {
    "deleting-a-test": {"test-total"},
    "deleting-an-answer-and-its-test": {"task:total", "test-total"},
}
FILES = {"working-in-files": {"tinylib/scaling.py": DOUBLE, "tinylib/summing.py": TOTAL}}
POINTS = {
    "right": (60.0, 40.0),
    "wrong-in-one": (40.0, 40.0),
    "crashing": (0.0, 40.0),
    "looping": (60.0, 0.0),
    "crashing-in-its-cell": (60.0, 40.0),
    "looping-in-its-cell": (60.0, 40.0),
    "cheating": (0.0, 20.0),
    "untouched": (0.0, 0.0),
    "deleting-a-test": (60.0, 40.0),
    "deleting-an-answer-and-its-test": (60.0, 0.0),
    "working-in-files": (60.0, 40.0),
}


def hand_in(student: str, notebook: Path, target: Path) -> None:
    """What one of the class leaves in the folder of `target`, which is the notebook."""
    answer(notebook, target, dict(zip(("double", "total"), CLASS[student], strict=True)))
    delete(target, WITHOUT.get(student, set()))
    for name, text in FILES.get(student, {}).items():
        (target.parent / name).parent.mkdir(exist_ok=True)
        (target.parent / name).write_text(text, encoding="utf-8")


def delete(notebook: Path, names: set[str]) -> None:
    """Take cells out of a notebook, by grade_id or tag."""
    found = json.loads(notebook.read_text(encoding="utf-8"))
    about = [(cell, cell["metadata"]) for cell in found["cells"]]
    found["cells"] = [
        cell
        for cell, data in about
        if not names & {*data.get("tags", ()), data.get("nbgrader", {}).get("grade_id")}
    ]
    notebook.write_text(json.dumps(found), encoding="utf-8")


def answer(notebook: Path, target: Path, answers: dict[str, str | None]) -> Path:
    """A student's notebook: the handed-out one with answers in the cells of their tasks."""
    found = json.loads(notebook.read_text(encoding="utf-8"))
    left = dict(answers)
    for cell in found["cells"]:
        for tag in cell["metadata"].get("tags", []):
            text = left.pop(tag.removeprefix("task:"), None)
            cell["source"] = text if text is not None else cell["source"]
    assert not [task for task, text in left.items() if text is not None], f"no cell for {left} in {notebook}"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(found), encoding="utf-8")
    return target
