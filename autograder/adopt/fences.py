"""Otter's marks inside a cell: blocks fenced by ```otter, and lines that students never get (# IGNORE)."""

from __future__ import annotations

import re

_FENCED = re.compile(r"^[ \t]*```otter[ \t]*\n(.*?)^[ \t]*```[ \t]*$", re.DOTALL | re.MULTILINE)
_OPENED = re.compile(r"^[ \t]*```otter[ \t]*$", re.MULTILINE)
_BEGIN_IGNORE = re.compile(r"\s*#\s*BEGIN\s*IGNORE\s*", re.IGNORECASE)


def without_fences(kind: str, text: str) -> list[tuple[str, str]]:
    """Split a cell as `otter assign` does: each fenced block in it becomes a raw cell.

    Args:
        kind: of the cell: "markdown", "code" or "raw".
        text: of the cell.

    Returns:
        (kind, text) of each cell that results; empty ones are left out.

    Raises:
        ValueError: a block has no end.
    """
    if kind != "markdown":
        return [(kind, text)]
    parts = _FENCED.split(text)  # text, block, text, block, ...
    if any(_OPENED.search(part) for part in parts):
        raise ValueError("a block ```otter has no end; write ``` below it")
    cells = [("raw" if at % 2 else kind, part) for at, part in enumerate(parts)]
    return [(kind, part) for kind, part in cells if part.strip()]


def without_ignored(text: str) -> tuple[str, int]:
    """Remove lines marked `# IGNORE` and regions between such marks; returns the rest and how many went."""
    kept: list[str] = []
    within, lines = False, text.split("\n")
    for line in lines:
        end = line.rstrip()
        if end.endswith("# END IGNORE"):
            within = False
        elif _BEGIN_IGNORE.match(line):
            within = True
        elif not within and not end.endswith("# IGNORE"):
            kept.append(line)
    return "\n".join(kept), len(lines) - len(kept)
