"""A source notebook of nbgrader, read as a draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..source.cells import source_of
from .draft import (
    AdoptError,
    Check,
    Code,
    Draft,
    Essay,
    attachments,
    read_cells,
    read_points,
    title_of,
    without_marks,
)
from .regions import HIDDEN_TESTS, MARK_SCHEME, SOLUTION, read_regions

_SCHEMAS = (1, 2, 3)


def read_nbgrader(path: Path) -> Draft:
    """The draft of a notebook. Raises AdoptError for what is no source notebook of nbgrader."""
    cells = read_cells(path)
    known = [about for cell in cells if (about := _about(cell))]
    if not known:
        raise AdoptError(f"{path}: has no cells of nbgrader; name the notebook under source/")
    schemas = sorted({str(about.get("schema_version", 1)) for about in known})
    if len(schemas) > 1 or schemas[0] not in map(str, _SCHEMAS):
        raise AdoptError(
            f"{path}: cells of nbgrader's schema versions {', '.join(schemas)}; "
            "make them one by `nbgrader update` on the notebook"
        )
    reader = _Reader(path)
    for number, cell in enumerate(cells, start=1):
        reader.add(number, cell)
    reader.draft.title = title_of(reader.draft.handout, path.stem)
    return reader.draft


def _about(cell: Mapping[str, Any]) -> dict[str, Any]:
    metadata = cell.get("metadata")
    about = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return about if isinstance(about, dict) else {}


class _Reader:
    """Cells in order."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.draft = Draft(path.stem)
        self.above = ""  # the text over a cell, since the last one with points

    def add(self, number: int, cell: Mapping[str, Any]) -> None:
        about, text = _about(cell), source_of(cell)
        name, code = str(about.get("grade_id") or f"cell {number}"), cell.get("cell_type") == "code"
        manual = about.get("task") or (about.get("grade") and (about.get("solution") or not code))
        shown, hidden = self._regions(number, text, _allowed(about, manual=bool(manual)))
        points = (
            read_points(about.get("points", 0), f"{self.path}: {name}") if manual or about.get("grade") else 0
        )
        self.draft.left += attachments(number, cell)
        if manual:
            self._add_essay(Essay(name, points, shown), hidden, task=bool(about.get("task")))
        elif not code:
            self._add_text(name, shown, hidden, about)
        elif about.get("grade"):
            self._add_check(Check(name, points, shown.strip(), hidden.get(HIDDEN_TESTS, "")))
        elif about.get("solution"):
            self.draft.code.append(Code(without_marks(text), answered=True))
        else:
            self.draft.code.append(Code(text))

    def _regions(self, number: int, text: str, allowed: set[str]) -> tuple[str, dict[str, str]]:
        try:
            return read_regions(text, allowed)
        except ValueError as error:
            raise AdoptError(
                f"{self.path}, cell {number}: {error}; `nbgrader generate_assignment` would refuse it too"
            ) from None

    def _add_essay(self, essay: Essay, hidden: dict[str, str], *, task: bool) -> None:
        """Without marks all of a cell to be answered is the answer, as for nbgrader."""
        if not task and SOLUTION not in hidden:
            essay, hidden = replace(essay, prompt=""), {SOLUTION: essay.prompt, **hidden}
        answer = "\n\n".join(part for part in hidden.values() if part.strip())
        prompt = essay.prompt.strip() or self.above or essay.name
        self.draft.essays.append(replace(essay, prompt=prompt, answer=answer))
        self.above = ""

    def _add_text(self, name: str, shown: str, hidden: dict[str, str], about: Mapping[str, Any]) -> None:
        if about.get("solution"):
            self.draft.left.append(f"{name}: a text to be answered without points")
            shown = shown if SOLUTION in hidden else ""
        self.above = shown.strip()
        self.draft.handout.append(shown)

    def _add_check(self, check: Check) -> None:
        if "AUTOTEST" in check.shown + check.hidden:
            self.draft.left.append(
                f"{check.name}: ### AUTOTEST lines; write the assertions that nbgrader made of them"
            )
        self.draft.checks.append(check)
        self.above = ""


def _allowed(about: Mapping[str, Any], *, manual: bool) -> set[str]:
    """Kinds of regions that nbgrader takes in a cell."""
    allowed = {SOLUTION} if about.get("solution") else set()
    allowed |= {HIDDEN_TESTS} if about.get("grade") else set()
    return allowed | ({MARK_SCHEME} if manual else set())
