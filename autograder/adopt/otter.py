"""A master notebook of otter, read as a draft."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from .draft import AdoptError, Check, Draft, Essay, read_cells, source, title_of, without_marks

_CONFIG = re.compile(r'\A"""\s*# BEGIN TEST CONFIG\n(.*?)"""\s*# END TEST CONFIG\s*', re.DOTALL)
_BLOCKS = ("PROMPT", "SOLUTION", "TESTS", "QUESTION")


class _Reader:
    """Cells in order; raw cells open and close blocks."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.draft = Draft(path.stem)
        self.open: list[str] = []
        self.question: dict[str, Any] = {}
        self.checks: list[tuple[dict[str, Any], str]] = []
        self.prompt: list[str] = []
        self.seen = False

    def add(self, cell: Mapping[str, Any]) -> None:
        text = source(cell).strip()
        first = text.split("\n")[0].strip().lower()
        if cell.get("cell_type") == "raw" and first.startswith("#"):
            self._turn(first.lstrip("# "), text)
        elif self.open[-1:] == ["TESTS"]:
            self._add_check(text)
        elif cell.get("cell_type") != "code":
            self._add_text(text)
        elif self.open[-1:] != ["PROMPT"]:
            marked = self.open[-1:] == ["SOLUTION"] or "SOLUTION" in text
            (self.draft.answers if marked else self.draft.given).append(without_marks(text))

    def _turn(self, says: str, text: str) -> None:
        verb, _, block = says.partition(" ")
        block = block.strip().upper()
        if says.startswith("assignment config"):
            self.seen = True
        elif verb == "begin" and block in _BLOCKS:
            self.open.append(block)
            if block == "QUESTION":
                self.seen, self.question, self.checks, self.prompt = True, self._settings(text), [], []
        elif verb == "end" and self.open[-1:] == [block]:
            self.open.pop()
            if block == "QUESTION":
                self._close()
        else:
            raise AdoptError(f"{self.path}: `# {says}` is out of place; `otter assign` would refuse it too")

    def _settings(self, text: str) -> dict[str, Any]:
        try:
            found = yaml.safe_load(text.partition("\n")[2])
        except yaml.YAMLError:
            found = None
        if not isinstance(found, dict) or not found.get("name"):
            raise AdoptError(
                f"{self.path}: a question has no readable `name:`; write one below # BEGIN QUESTION"
            )
        return found

    def _add_text(self, text: str) -> None:
        if self.open[-1:] == ["QUESTION"]:
            self.prompt.append(text)
        if self.open[-1:] != ["SOLUTION"]:
            self.draft.handout.append(text)

    def _add_check(self, text: str) -> None:
        found = _CONFIG.match(text)
        settings = yaml.safe_load(found[1]) if found else {}
        if found:
            text = text[found.end() :]
        if text.split("\n")[0].strip().upper() == "# HIDDEN":
            settings, text = {"hidden": True}, text.partition("\n")[2]
        self.checks.append((settings or {}, without_marks(text)))

    def _close(self) -> None:
        name = str(self.question["name"])
        if self.question.get("manual"):
            points = float(self.question.get("points") or 1)
            self.draft.essays.append(Essay(name, points, "\n\n".join(self.prompt) or name))
            return
        if self.question.get("all_or_nothing"):
            self.draft.left.append(f"{name}: all_or_nothing; here each test earns its share")
        for number, (points, (settings, text)) in enumerate(zip(self._points(), self.checks, strict=True), 1):
            parts = {"hidden" if settings.get("hidden") else "shown": text}
            self.draft.checks.append(Check(f"{name}_{number}", points, **parts))

    def _points(self) -> list[float]:
        """By the rule of otter: what is left of the question's points is shared by cases that state none."""
        stated = [settings.get("points") for settings, _ in self.checks]
        free = [each for each in stated if each is None]
        total = self.question.get("points")
        total = float(total if isinstance(total, int | float) else 0 if len(free) < len(stated) else 1)
        rest = max(0.0, total - sum(each for each in stated if each is not None))
        return [float(rest / len(free) if each is None else each) for each in stated]


def read_otter(path: Path) -> Draft:
    """The draft of a master notebook. Raises AdoptError for what is none."""
    reader = _Reader(path)
    for cell in read_cells(path):
        reader.add(cell)
    if not reader.seen:
        raise AdoptError(
            f"{path}: has no # ASSIGNMENT CONFIG and no # BEGIN QUESTION; name otter's master notebook"
        )
    if reader.open:
        raise AdoptError(f"{path}: # BEGIN {reader.open[-1]} has no end; `otter assign` would refuse it too")
    reader.draft.title = title_of(reader.draft.handout, path.stem)
    return reader.draft
