"""The contents of another grader's notebook, in a form that is the same for each of them."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..errors import AutograderError

_MARKS = re.compile(r"^\s*#+\s*(BEGIN|END) (SOLUTION|HIDDEN TESTS)\b.*$")
_TRAILING = re.compile(r"\s*#\s*(SOLUTION|SOLUTION NO PROMPT|SEED)\s*$")


class AdoptError(AutograderError):
    """A notebook cannot be turned into an assignment."""


@dataclass(frozen=True)
class Check:
    """A test cell: statements that judge an answer."""

    name: str  # of the cell or question
    points: float
    shown: str = ""  # code that students see
    hidden: str = ""  # code that they do not see, run after it
    output: str = ""  # what the cell printed and its last line showed, where that is judged


@dataclass(frozen=True)
class Essay:
    """A question that a person grades."""

    name: str
    points: float
    prompt: str
    answer: str = ""  # a model answer or a scheme of marks, which students do not get


@dataclass(frozen=True)
class Code:
    """A cell of code that is no test."""

    text: str
    answered: bool = False  # with the solution in it, which students are to write


@dataclass
class Draft:
    """The parts of a notebook, each kind in the order of the notebook."""

    title: str
    handout: list[str] = field(default_factory=list)  # texts
    code: list[Code] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    essays: list[Essay] = field(default_factory=list)
    left: list[str] = field(default_factory=list)  # what was not carried over, one sentence each


def read_cells(path: Path) -> list[Mapping[str, Any]]:
    """The cells of a notebook in format 4. Raises AdoptError."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise AdoptError(f"{path}: cannot be read ({error}); name a notebook (.ipynb)") from None
    if not text.strip():
        raise AdoptError(f"{path}: is empty; name a notebook with cells")
    try:
        content = json.loads(text)
    except ValueError:
        raise AdoptError(f"{path}: is no notebook (not JSON); save it as .ipynb in Jupyter") from None
    cells = content.get("cells") if isinstance(content, dict) else None
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        raise AdoptError(f"{path}: has no cells of notebook format 4; open and save it in Jupyter") from None
    return cells


def output(cell: Mapping[str, Any]) -> str:
    """The text output that is saved with a cell."""
    outputs = cell.get("outputs")
    printed = []
    for entry in outputs if isinstance(outputs, list) else []:
        data = entry.get("data") if isinstance(entry, dict) else None
        shown = data.get("text/plain") if isinstance(data, dict) else None
        for text in (entry.get("text"), shown) if isinstance(entry, dict) else ():
            printed.append("".join(map(str, text)) if isinstance(text, list) else str(text or ""))
    return "".join(printed).strip()


def attachments(number: int, cell: Mapping[str, Any]) -> list[str]:
    """A sentence where a cell has pictures in it."""
    attached = cell.get("attachments")
    names = ", ".join(map(str, attached)) if isinstance(attached, dict) else ""
    return [f"cell {number}: attachments ({names}); put them beside the handout"] if names else []


def read_points(value: object, where: str) -> float:
    """Points as a number. Raises AdoptError."""
    number = value if isinstance(value, int | float) and not isinstance(value, bool) else -1
    if not 0 <= number < math.inf:
        raise AdoptError(f"{where}: points are {value!r}; expected a number, 0 or more")
    return float(number)


def without_marks(text: str) -> str:
    """Code without the lines and comments that say where a solution or a hidden test is."""
    lines = [line for line in text.splitlines() if not _MARKS.match(line)]
    return "\n".join(_TRAILING.sub("", line) for line in lines).strip()


def title_of(texts: list[str], default: str) -> str:
    """The first heading."""
    for line in "\n".join(texts).splitlines():
        if line.startswith("# "):
            return line[2:].strip()
    return default
