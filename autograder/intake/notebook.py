"""The code of a Jupyter notebook, read as JSON: no notebook library, nothing is run."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..errors import SubmissionError
from ..source.cells import source_of
from ..source.parsing import parse
from ..text import shown
from .ipython import without_awaits, without_magics, without_prompts

_KEPT_CELLS = ("%%time", "%%timeit", "%%capture", "%%prun", "%%python", "%%python3")
_TAG = "task:"


@dataclass
class Cell:
    """One cell that holds Python."""

    number: int  # in the notebook, from 1
    text: str  # Python; what was IPython's own is blanked, so that lines keep their numbers
    tasks: frozenset[str] = frozenset()  # of its tags `task:<id>`


@dataclass
class Notebook:
    """What a notebook holds of use."""

    cells: list[Cell] = field(default_factory=list)
    written: dict[str, str] = field(default_factory=dict)  # file -> text, by `%%writefile`
    texts: list[Cell] = field(default_factory=list)  # markdown and raw cells that read as Python
    notes: list[str] = field(default_factory=list)


def read_notebook(path: str, contents: bytes, most: int) -> Notebook:
    """Code cells in order.

    SubmissionError for what is no Python notebook, or holds no code, or more than `most` characters of it.
    nbformat 3 (worksheets, `input`) and 4 (`source` as text or lines). Outputs are ignored.
    """
    name = shown(path)
    document = _document(name, contents)
    language = _language(document)
    if language and "python" not in language:
        raise SubmissionError(f"{name}: is a notebook for {shown(language)}; expected Python")
    notebook, magics = Notebook(), 0
    for number, cell in enumerate(_cells(document), start=1):
        text = source_of(cell).replace("\r\n", "\n").replace("\r", "\n")
        most -= len(text)
        if most < 0:
            raise SubmissionError(f"{name}: holds too much code; keep the cells of the tasks")
        if cell.get("cell_type") == "code":
            magics += _add_code(notebook, name, Cell(number, text, _tasks(cell)))
        elif _defines_something(text):
            notebook.texts.append(Cell(number, text, _tasks(cell)))
    if magics:
        notebook.notes.append(f"{name}: {magics} lines for IPython or the shell (%, !, ?) were left out")
    if not notebook.cells and not notebook.written and not notebook.texts:
        why = f" that can be read ({notebook.notes[0]})" if notebook.notes else ""
        raise SubmissionError(f"{name}: has no code{why}; hand in the notebook with your cells, saved")
    return notebook


def _document(name: str, contents: bytes) -> Mapping[str, Any]:
    try:
        document = json.loads(contents.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise SubmissionError(
            f"{name}: is no notebook (not readable as JSON); save it again as .ipynb and hand that in"
        ) from error
    if not isinstance(document, dict):
        raise SubmissionError(f"{name}: is no notebook (no cells); save it again as .ipynb")
    return document


def _language(document: Mapping[str, Any]) -> str:
    metadata = _mapping(document.get("metadata"))
    spec, info = _mapping(metadata.get("kernelspec")), _mapping(metadata.get("language_info"))
    return str(info.get("name") or spec.get("language") or "").casefold()


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _cells(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    sheets = document.get("worksheets")
    holders = [document, *(sheets if isinstance(sheets, list) else [])]
    for holder in holders:
        cells = _mapping(holder).get("cells")
        yield from (cell for cell in (cells if isinstance(cells, list) else []) if isinstance(cell, dict))


def _tasks(cell: Mapping[str, Any]) -> frozenset[str]:
    tags = _mapping(cell.get("metadata")).get("tags")
    texts = [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []
    return frozenset(tag.removeprefix(_TAG).strip() for tag in texts if tag.startswith(_TAG))


def _add_code(notebook: Notebook, name: str, cell: Cell) -> int:
    """Add a code cell; the number of lines that were IPython's."""
    first, _, rest = cell.text.lstrip("\n").partition("\n")
    skipped = cell.text.count("\n") - rest.count("\n")
    words = first.split()
    magics = 0
    if first.startswith("%%"):
        if words[0] == "%%writefile" and len(words) > 1:
            notebook.written[words[-1].strip("\"'")] = rest
            return 1
        if words[0] not in _KEPT_CELLS:
            return 1
        cell.text, magics = "\n" * skipped + rest, 1
    cell.text, removed = without_magics(without_prompts(cell.text))
    cell.text, awaits = without_awaits(cell.text)
    if awaits:
        notebook.notes.append(
            f"{name}, cell {cell.number}: {awaits} statements with await or return outside a function "
            "were left out"
        )
    try:
        parse(cell.text)
    except SyntaxError as error:
        notebook.notes.append(
            f"{name}, cell {cell.number}, line {error.lineno or 1}: Python says: {shown(error.msg)}; "
            "the cell was left out"
        )
        return magics + removed
    if cell.text.strip():
        notebook.cells.append(cell)
    return magics + removed


def _defines_something(text: str) -> bool:
    if "def " not in text and "class " not in text:
        return False
    try:
        tree = parse(text)
    except SyntaxError:
        return False
    return any(isinstance(node, ast.FunctionDef | ast.ClassDef) for node in tree.body)
