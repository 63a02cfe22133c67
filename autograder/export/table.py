"""A CSV of another tool, read with its dialect and written back in it."""

from __future__ import annotations

import codecs
import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path

from ..errors import AutograderError
from ..text import foreign_cell, uncell

_DELIMITERS = (",", ";", "\t")
_LINE_ENDS = ("\r\n", "\n", "\r")
_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_LIMIT = 64 << 20  # bytes


@dataclass(frozen=True)
class Row:
    """One record."""

    line: int  # of the file, from 1, on which it starts
    cells: list[str]  # as they stand there

    def text(self, column: int | None) -> str:
        """The text of a cell, without surrounding spaces and the apostrophe that guards against formulas.

        Empty where `column` is None.
        """
        return "" if column is None else uncell(self.cells[column]).strip()


@dataclass(frozen=True)
class Table:
    """A header and rows of the same width."""

    path: Path
    header: list[str]
    rows: list[Row]
    delimiter: str = ","
    mark: bool = False  # whether the file started with a byte order mark
    newline: str = "\r\n"

    def at(self, row: Row) -> str:
        """File and line of a row, as the start of a message."""
        return f"{self.path}, line {row.line}"

    def find(self, *names: str) -> int | None:
        """Index of the first column called one of these, whatever its case; None without one."""
        header = [name.strip().casefold() for name in self.header]
        return next((header.index(name.casefold()) for name in names if name.casefold() in header), None)

    def need(self, name: str, hint: str) -> int:
        """Index of a column. Raises AutograderError with the hint where there is none."""
        column = self.find(name)
        if column is None:
            there = ", ".join(repr(title) for title in self.header[:12])
            raise AutograderError(f"{self.path}, line 1: has no column {name!r}, only {there}; {hint}")
        return column

    def text(self) -> str:
        """The file again, in its own dialect; no cell of it runs as a formula."""
        records = [self._record(cells) for cells in (self.header, *(row.cells for row in self.rows))]
        return ("\ufeff" if self.mark else "") + "".join(f"{record}{self.newline}" for record in records)

    def _record(self, cells: list[str]) -> str:
        buffer = io.StringIO()
        # Only cells with a character of the terminator are quoted for it, and readers break lines at both.
        csv.writer(buffer, delimiter=self.delimiter, lineterminator="\r\n").writerow(map(foreign_cell, cells))
        return buffer.getvalue().removesuffix("\r\n")


def read_table(path: Path, hint: str) -> Table:
    """The table in a file: comma, semicolon or tab; UTF-8, or UTF-16 with a mark. Empty lines are dropped.

    Raises AutograderError with file, line and the hint (where such a file comes from).
    """
    text, mark = _text(path, hint)
    delimiter = max(_DELIMITERS, key=lambda separator: _first(text, separator)[0])
    records = _records(path, text, delimiter)
    if not records:
        raise AutograderError(f"{path}: is empty; {hint}")
    header, *rows = records
    for row in rows:
        if len(row.cells) != len(header.cells):
            raise AutograderError(
                f"{path}, line {row.line}: has {len(row.cells)} columns, "
                f"the header {len(header.cells)}; {hint}"
            )
    return Table(path, header.cells, rows, delimiter, mark, _first(text, delimiter)[1])


def _text(path: Path, hint: str) -> tuple[str, bool]:
    try:
        with path.open("rb") as file:
            contents = file.read(_LIMIT + 1)
    except OSError as error:
        raise AutograderError(f"{path}: cannot be read ({error.strerror}); {hint}") from error
    if len(contents) > _LIMIT:
        raise AutograderError(f"{path}: is larger than {_LIMIT >> 20} MiB; {hint}")
    encoding = next((name for mark, name in _MARKS.items() if contents.startswith(mark)), "utf-8")
    try:
        return contents.decode(encoding), encoding != "utf-8"
    except UnicodeDecodeError as error:
        line = len(re.findall(rb"\r\n?|\n", contents[: error.start])) + 1
        raise AutograderError(
            f"{path}, line {line}: byte 0x{contents[error.start]:02x} is no {error.encoding}; "
            "save the file as CSV in UTF-8"
        ) from error


def _first(text: str, delimiter: str) -> tuple[int, str]:
    """Columns of the first record, and what ends it: Excel for Macintosh writes a carriage return alone."""
    lines = io.StringIO(text, newline="")
    try:
        columns = len(next(csv.reader(lines, delimiter=delimiter), []))
    except csv.Error:  # by another delimiter a long line is one cell, longer than a cell may be
        columns = 0
    record = text[: lines.tell()]
    return columns, next((end for end in _LINE_ENDS if record.endswith(end)), "\n")


def _records(path: Path, text: str, delimiter: str) -> list[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[Row] = []
    start = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append(Row(start, cells))
            start = reader.line_num + 1
    except csv.Error as error:
        raise AutograderError(f"{path}, line {start}: is no CSV ({error}); export the file again") from error
    return rows
