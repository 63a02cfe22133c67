"""Notebooks as JSON: cells are written in format 4.5, and their text is read in any."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

Cell = dict[str, Any]


def code(cell_id: str, text: str, **metadata: Any) -> Cell:
    """A cell of code without outputs."""
    return _cell("code", cell_id, text, metadata) | {"execution_count": None, "outputs": []}


def markdown(cell_id: str, text: str, **metadata: Any) -> Cell:
    """A cell of text."""
    return _cell("markdown", cell_id, text, metadata)


def raw(cell_id: str, text: str) -> Cell:
    """A cell that is neither run nor shown as text."""
    return _cell("raw", cell_id, text, {})


def _cell(kind: str, cell_id: str, text: str, metadata: Mapping[str, Any]) -> Cell:
    cell_id = cell_id.replace("_", "-")[:64]
    return {
        "cell_type": kind,
        "id": cell_id,
        "metadata": dict(metadata),
        "source": text.splitlines(keepends=True),
    }


def source_of(cell: Mapping[str, Any]) -> str:
    """The text of a cell, in one string or in lines; format 3 calls that of code `input`."""
    source = cell.get("source", cell.get("input", ""))
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    text = source if isinstance(source, str) else ""
    # JSON can hold half a surrogate pair, which no encoding takes.
    return text.encode("utf-8", "replace").decode("utf-8")


def cells_of(notebook: str | bytes) -> list[Cell]:
    """The cells of a notebook that `to_notebook` wrote."""
    cells: list[Cell] = json.loads(notebook)["cells"]
    return cells


def to_notebook(cells: list[Cell]) -> str:
    """The text of a notebook: the same bytes each time."""
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    content = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"
