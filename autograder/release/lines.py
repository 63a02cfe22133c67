"""Edits of a text by whole lines, so that what is not edited keeps its form and its comments."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from ..source.definitions import lines_of


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Lines `start` up to but without `end`, counted from 0, are replaced by `new`."""

    start: int
    end: int
    new: tuple[str, ...] = ()


def apply(lines: list[str], edits: list[Edit]) -> str:
    """The text after all edits, which must not overlap; one newline at its end."""
    result = list(lines)
    for edit in sorted(edits, reverse=True):
        result[edit.start : edit.end] = edit.new
    return "\n".join(result).rstrip("\n") + "\n"


def removal(node: ast.stmt, lines: list[str]) -> Edit:
    """The edit that removes a statement with its decorators, its comments and superfluous blank lines."""
    start = lines_of(node).start - 1
    end = trailing_comments(lines, node.end_lineno or node.lineno, node.col_offset)
    top = start
    while top and lines[top - 1].lstrip().startswith("#"):
        top -= 1
    start = top or start  # comments that open the file belong to the file
    first, last = start, end
    while first and not lines[first - 1].strip():
        first -= 1
    while last < len(lines) and not lines[last].strip():
        last += 1
    return Edit(first, last, ("",) * max(start - first, last - end))


def trailing_comments(lines: list[str], end: int, column: int) -> int:
    """End of a block with the comments that follow its last statement and are indented beyond `column`.

    Such a comment belongs to the block for a reader, but not in the syntax tree.
    """
    line = end
    while line < len(lines):
        text = lines[line].lstrip()
        if text.startswith("#") and len(lines[line]) - len(text) > column:
            end = line + 1
        elif text:
            break
        line += 1
    return end
