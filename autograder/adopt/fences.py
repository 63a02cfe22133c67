"""Parts of a cell of otter's: blocks fenced as ```otter, and lines that students never get."""

from __future__ import annotations

import re

_FENCED = re.compile(r"^[ \t]*```otter[ \t]*\n(.*?)^[ \t]*```[ \t]*$", re.DOTALL | re.MULTILINE)
_OPENED = re.compile(r"^[ \t]*```otter[ \t]*$", re.MULTILINE)
_BEGIN_IGNORE = re.compile(r"\s*#\s*BEGIN\s*IGNORE\s*", re.IGNORECASE)


def without_fences(kind: str, text: str) -> list[tuple[str, str]]:
    """(kind, text) of the cells that `otter assign` makes of one: a fenced block of text is a raw cell.

    Raises ValueError for a block without an end.
    """
    if kind != "markdown":
        return [(kind, text)]
    parts = _FENCED.split(text)  # text, block, text, block, ...
    if any(_OPENED.search(part) for part in parts):
        raise ValueError("a block ```otter has no end; write ``` below it")
    found = [("raw" if at % 2 else kind, part) for at, part in enumerate(parts)]
    return [(kind, part) for kind, part in found if part.strip()]


def without_ignored(text: str) -> tuple[str, int]:
    """The text without lines marked `# IGNORE` and regions between such marks; the number of these lines."""
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
