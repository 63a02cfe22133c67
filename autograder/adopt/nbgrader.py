"""A source notebook of nbgrader, read as a draft."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .draft import AdoptError, Check, Draft, Essay, read_cells, source, title_of, without_marks

_SCHEMAS = (1, 2, 3)
_HIDDEN = re.compile(
    r"^\s*#+\s*BEGIN HIDDEN TESTS.*?^\s*#+\s*END HIDDEN TESTS[^\n]*$", re.MULTILINE | re.DOTALL
)


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
    draft = Draft(path.stem)
    for cell in cells:
        _add(draft, cell, _about(cell))
    draft.title = title_of(draft.handout, path.stem)
    return draft


def _about(cell: Mapping[str, Any]) -> dict[str, Any]:
    metadata = cell.get("metadata")
    found = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return found if isinstance(found, dict) else {}


def _add(draft: Draft, cell: Mapping[str, Any], about: Mapping[str, Any]) -> None:
    text, name = source(cell), str(about.get("grade_id", "cell"))
    code = cell.get("cell_type") == "code"
    if about.get("task") or (about.get("grade") and (about.get("solution") or not code)):
        draft.essays.append(Essay(name, float(about.get("points", 0)), text.strip() or name))
    elif not code:
        draft.handout.append(text)
    elif about.get("grade"):
        _add_check(draft, name, text, float(about.get("points", 0)))
    elif about.get("solution"):
        draft.answers.append(without_marks(text))
    else:
        draft.given.append(text)


def _add_check(draft: Draft, name: str, text: str, points: float) -> None:
    if "AUTOTEST" in text:
        draft.left.append(f"{name}: ### AUTOTEST lines; write the assertions that nbgrader made of them")
    hidden = "\n".join(without_marks(part) for part in _HIDDEN.findall(text))
    draft.checks.append(Check(name, points, _HIDDEN.sub("", text).strip(), hidden))
