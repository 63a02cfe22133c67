"""A file as the leak audit reads it: code, text, and what is wrong with its form."""

from __future__ import annotations

import ast
import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_FENCE = re.compile(r"^```[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class View:
    """One way to look at a file, or at a part of it."""

    name: str  # path, and which part
    text: str  # for a search that knows no syntax
    code: tuple[tuple[list[ast.stmt], int], ...] = ()  # parsed code, and lines before it
    faults: tuple[str, ...] = ()  # leaks by form alone


def views(name: str, data: bytes, library: str) -> Iterator[View]:
    """All views of a file: cells of a notebook, members of an archive, blocks of code in a text.

    Docstrings of the library are left out, since formulas belong there.
    """
    if data.startswith(b"PK"):
        yield from _members(name, data, library)
        return
    text = data.decode("utf-8", "replace")
    if name.endswith(".ipynb"):
        yield from _cells(name, text)
    elif name.endswith(".py"):
        body = _parsed(text)
        yield View(name, _without_docstrings(text, body) if name.startswith(library) else text, ((body, 0),))
    else:
        blocks = [(_parsed(match[1]), text[: match.start(1)].count("\n")) for match in _FENCE.finditer(text)]
        yield View(name, text, tuple(blocks))


def _members(name: str, data: bytes, library: str) -> Iterator[View]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.infolist():
                yield from views(f"{name}!{member.filename}", archive.read(member), library)
    except (zipfile.BadZipFile, RuntimeError) as error:
        yield View(name, "", faults=(f"{name}: is an archive that cannot be cleared: {error}",))


def _cells(name: str, text: str) -> Iterator[View]:
    try:
        content = json.loads(text)
        cells: list[dict[str, Any]] = list(content["cells"])
    except (ValueError, KeyError, TypeError):
        yield View(name, text, faults=(f"{name}: is no notebook, so its cells cannot be cleared",))
        return
    for number, cell in enumerate(cells, 1):
        where = f"{name}, cell {number}"
        source = "".join(cell.get("source", ""))
        faults = [
            f"{where}: holds {what}, which a release never does"
            for what in ("outputs", "attachments", "execution_count")
            if cell.get(what)
        ]
        body = _parsed(source) if cell.get("cell_type") == "code" else []
        yield View(where, _unstrung(source, body), ((body, 0),), tuple(faults))
        yield View(where, "\n".join(_strings({k: v for k, v in cell.items() if k != "source"})))
    yield View(name, "\n".join(_strings({k: v for k, v in content.items() if k != "cells"})))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield str(key)
            yield from _strings(inner)
    elif isinstance(value, list):
        yield "".join(line for line in value if isinstance(line, str))
        for inner in value:
            yield from _strings(inner)


def _parsed(text: str) -> list[ast.stmt]:
    try:
        return ast.parse(text).body
    except (SyntaxError, ValueError):
        return []  # the search of the text still looks at it


def _unstrung(source: str, body: list[ast.stmt]) -> str:
    """Cells repeat the functions of the library, with their docstrings."""
    return _without_docstrings(source, body) if body else source


def _without_docstrings(text: str, body: list[ast.stmt]) -> str:
    lines = text.split("\n")
    documented = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    nodes = [inner for statement in body for inner in ast.walk(statement) if isinstance(inner, documented)]
    for first in [*body[:1], *(node.body[0] for node in nodes)]:
        if (
            isinstance(first, ast.Expr)
            and isinstance(first.value, ast.Constant)
            and isinstance(first.value.value, str)
        ):
            last = first.end_lineno or first.lineno
            lines[first.lineno - 1 : last] = [""] * (last - first.lineno + 1)
    return "\n".join(lines)
