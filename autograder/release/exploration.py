"""The cells around the tasks of a notebook, from `assignments/<id>/notebook.py`: a percent script."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_MARKER = re.compile(r"^# %%(?P<rest>.*)$", re.MULTILINE)
_HEADING = re.compile(r"\A## (?:(?P<number>\d+)\.|Experiment)[^\n]*\n*")


PREAMBLE, EXPERIMENT = -1, 0


@dataclass(frozen=True)
class Part:
    """A cell and where it belongs."""

    section: int  # number of the task it stands behind; PREAMBLE before, EXPERIMENT behind them all
    kind: str  # "markdown" or "code"
    text: str


def exploration(path: Path) -> list[Part]:
    """Cells of a percent script, in order; none where there is no such file.

    A cell of markdown that opens with `## N.` starts what belongs behind the N-th task, one that opens
    with `## Experiment` what comes last. Of what stands before the first heading only code counts.
    """
    if not path.is_file():
        return []
    pieces = _MARKER.split(path.read_text(encoding="utf-8"))
    section = PREAMBLE
    parts: list[Part] = []
    for rest, body in zip(pieces[1::2], pieces[2::2], strict=True):
        kind = "markdown" if "[markdown]" in rest else "code"
        text = _prose(body) if kind == "markdown" else body.strip()
        heading = _HEADING.match(text) if kind == "markdown" else None
        if heading:
            section = int(heading["number"] or EXPERIMENT)
            text = text if section == EXPERIMENT else text[heading.end() :]
        if text.strip() and (kind == "code" or section != PREAMBLE):
            parts.append(Part(section, kind, text.strip()))
    return parts


def _prose(body: str) -> str:
    return "\n".join(line.removeprefix("#").removeprefix(" ") for line in body.strip().splitlines())
