"""Nbgrader's marks inside a cell: regions between BEGIN and END lines, which students never see."""

from __future__ import annotations

from collections.abc import Collection

SOLUTION, HIDDEN_TESTS, MARK_SCHEME = _KINDS = ("SOLUTION", "HIDDEN TESTS", "MARK SCHEME")


def read_regions(text: str, allowed: Collection[str]) -> tuple[str, dict[str, str]]:
    """Split a cell into what students see and its regions.

    A mark counts wherever it stands in its line, as in nbgrader.

    Args:
        text: of the cell.
        allowed: kinds of regions that may stand in it.

    Returns:
        The text outside all regions, and kind of region -> text inside, for the kinds that occur.

    Raises:
        ValueError: a region is of another kind, is not closed, or lies inside another; says which.
    """
    shown: list[str] = []
    inside: dict[str, list[str]] = {}
    within = ""
    for line in text.splitlines():
        begun = next((kind for kind in _KINDS if f"BEGIN {kind}" in line), "")
        ended = next((kind for kind in _KINDS if f"END {kind}" in line), "")
        if begun and within:
            raise ValueError(f"BEGIN {begun} stands within a region {within}")
        if begun and begun not in allowed:
            raise ValueError(f"BEGIN {begun} stands in a cell that is not marked for it")
        if begun:
            within = begun
            inside.setdefault(begun, [])
        elif ended:
            within = "" if ended == within else within
        else:
            (inside[within] if within else shown).append(line)
    if within:
        raise ValueError(f"BEGIN {within} has no end")
    return _joined(shown), {kind: _joined(lines) for kind, lines in inside.items()}


def _joined(lines: list[str]) -> str:
    return "\n".join(lines).strip("\n")
