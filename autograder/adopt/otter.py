"""A master notebook of otter, read as a draft."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from ..source.cells import source_of
from .draft import (
    AdoptError,
    Check,
    Code,
    Draft,
    Essay,
    attachments,
    output,
    read_cells,
    read_points,
    title_of,
    without_marks,
)
from .fences import without_fences, without_ignored

_BLOCKS = ("PROMPT", "SOLUTION", "TESTS", "QUESTION")
_CONFIG = re.compile(
    r'\A(?:.\s*=\s*)?""?"?\s*#\s*BEGIN\s*TEST\s*CONFIG[^\n]*\n(.*?)^""?"?\s*#\s*END\s*TEST\s*CONFIG[^\n]*\n?',
    re.DOTALL | re.IGNORECASE | re.MULTILINE,
)
_HIDDEN = re.compile(r"\A\s*#[^\n]*\bhidden\b[^\n]*\n?", re.IGNORECASE)
_IGNORED = re.compile(r"##\s*ignore\s*##|#\s*ignore\b", re.IGNORECASE)
_PLUGIN = re.compile(r"# BEGIN PLUGIN( EXPORT)?\s*$", re.MULTILINE)


class _Reader:
    """Cells in order; raw cells open and close blocks."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.draft = Draft(path.stem)
        self.open: list[str] = []
        self.question: dict[str, Any] = {}
        self.checks: list[tuple[object, dict[str, str]]] = []  # points as stated, and parts of a check
        self.prompt: list[str] = []
        self.solution: list[str] = []  # cells of it
        self.seen = False

    def add(self, number: int, cell: Mapping[str, Any]) -> None:
        self.draft.left += attachments(number, cell)
        kind, text = str(cell.get("cell_type")), source_of(cell)
        if _IGNORED.match(text):
            self.draft.left.append(f"cell {number}: is marked # IGNORE")
        elif _PLUGIN.search(text):
            self.draft.left.append(f"cell {number}: a plugin of otter")
        else:
            text, ignored = without_ignored(text)
            if ignored:
                self.draft.left.append(f"cell {number}: {ignored} lines marked # IGNORE")
            for part, inside in self._parts(number, kind, text):
                self._add(part, inside.strip(), output(cell))

    def _parts(self, number: int, kind: str, text: str) -> list[tuple[str, str]]:
        try:
            return without_fences(kind, text)
        except ValueError as error:
            raise AdoptError(f"{self.path}, cell {number}: {error}") from None

    def _add(self, kind: str, text: str, shows: str) -> None:
        first = text.split("\n")[0].strip().lower()
        if kind == "raw" and first.startswith("#"):
            self._turn(first.lstrip("# "), text)
        elif self.open[-1:] == ["TESTS"]:
            if kind != "code":
                where = f"{self.path}: a cell of text in the tests of {self.question['name']}"
                raise AdoptError(f"{where}; `otter assign` would refuse it too")
            self._add_check(text, shows)
        elif kind != "code":
            self._add_text(text)
        elif self.open[-1:] != ["PROMPT"]:
            self._add_code(text)

    def _turn(self, says: str, text: str) -> None:
        verb, _, block = says.partition(" ")
        block = block.strip().upper()
        if says.startswith("assignment config"):
            self.seen = True
            self._add_settings(self._yaml(text.partition("\n")[2], "the settings below # ASSIGNMENT CONFIG"))
        elif verb == "begin" and block in _BLOCKS and self.open == ["QUESTION"] * (block != "QUESTION"):
            self.open.append(block)
            if block == "QUESTION":
                self._begin(self._yaml(text.partition("\n")[2], "the settings of a question"))
        elif verb == "end" and self.open[-1:] == [block]:
            self.open.pop()
            if block == "QUESTION":
                self._close()
        else:
            raise AdoptError(f"{self.path}: `# {says}` is out of place; `otter assign` would refuse it too")

    def _yaml(self, text: str, what: str) -> dict[str, Any]:
        try:
            content = yaml.safe_load(text)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = f" (line {mark.line + 1} of them)" if mark else ""
            raise AdoptError(f"{self.path}: {what} are no YAML{line}; write `name: value` lines") from None
        if not isinstance(content, dict | None):
            raise AdoptError(f"{self.path}: {what} are no YAML mapping; write `name: value` lines")
        return content or {}

    def _add_settings(self, settings: dict[str, Any]) -> None:
        self.draft.left += [
            f"the setting `{key}: {value}` of # ASSIGNMENT CONFIG"
            for key, value in settings.items()
            if key != "name"
        ]

    def _begin(self, settings: dict[str, Any]) -> None:
        if not settings.get("name"):
            raise AdoptError(
                f"{self.path}: a question has no readable `name:`; write one below # BEGIN QUESTION"
            )
        self.seen, self.question = True, settings
        self.checks, self.prompt, self.solution = [], [], []

    def _add_text(self, text: str) -> None:
        if self.open[-1:] == ["QUESTION"]:
            self.prompt.append(text)
        if self.open[-1:] == ["SOLUTION"]:
            self.solution.append(text)
            if not self.question.get("manual"):
                first = text.partition("\n")[0][:60]
                self.draft.left.append(f"{self.question['name']}: text of its solution: `{first}`")
        else:
            self.draft.handout.append(text)

    def _add_code(self, text: str) -> None:
        answered = self.open[-1:] == ["SOLUTION"] or "SOLUTION" in text
        text = without_marks(text)
        if self.open[-1:] == ["SOLUTION"]:
            self.solution.append(text)
        self.draft.code.append(Code(text, answered))

    def _add_check(self, text: str, shows: str) -> None:
        name, settings = self.question["name"], {}
        if head := _CONFIG.match(text):
            settings, text = self._yaml(head[1], f"the settings of a test of {name}"), text[head.end() :]
        elif "BEGIN TEST CONFIG" in text:
            raise AdoptError(
                f"{self.path}: a # BEGIN TEST CONFIG of {name} has no end; write # END TEST CONFIG"
            )
        elif head := _HIDDEN.match(text):
            settings, text = {"hidden": True}, text[head.end() :]
        self.draft.left += [
            f"{name}: the message `{settings[key]}` of a test"
            for key in ("success_message", "failure_message")
            if settings.get(key)
        ]
        kind = "hidden" if settings.get("hidden") else "shown"
        self.checks.append((settings.get("points"), {kind: without_marks(text), "output": shows}))

    def _close(self) -> None:
        name = str(self.question["name"])
        if self.question.get("manual"):
            stated = self.question.get("points")
            points = 1.0 if stated is None else read_points(stated, f"{self.path}: {name}")
            prompt, answer = "\n\n".join(self.prompt) or name, "\n\n".join(self.solution)
            self.draft.essays.append(Essay(name, points, prompt, answer))
            return
        if self.question.get("all_or_nothing"):
            self.draft.left.append(f"{name}: all_or_nothing; here each test earns its share")
        for number, (points, (_, parts)) in enumerate(zip(self._points(), self.checks, strict=True), 1):
            self.draft.checks.append(Check(f"{name}_{number}", points, **parts))

    def _points(self) -> list[float]:
        """By the rule of otter: what is left of the question's points is shared by cases that state none."""
        where, total = f"{self.path}: {self.question['name']}", self.question.get("points")
        stated = [points for points, _ in self.checks]
        if isinstance(total, dict):
            total = [total.get("each", 1)] * len(stated)
        if isinstance(total, list):
            if len(total) != len(stated):
                raise AdoptError(
                    f"{where}: lists {len(total)} points for {len(stated)} tests; write one for each"
                )
            stated, total = total, None
        cases = [None if value is None else read_points(value, where) for value in stated]
        free = cases.count(None)
        whole = float(free == len(cases)) if total is None else read_points(total, where)
        rest = max(0.0, whole - sum(points for points in cases if points is not None))
        return [rest / free if points is None else points for points in cases]


def read_otter(path: Path) -> Draft:
    """The draft of a master notebook. Raises AdoptError for what is none."""
    reader = _Reader(path)
    for number, cell in enumerate(read_cells(path), start=1):
        reader.add(number, cell)
    if not reader.seen:
        raise AdoptError(
            f"{path}: has no # ASSIGNMENT CONFIG and no # BEGIN QUESTION; name otter's master notebook"
        )
    if reader.open:
        raise AdoptError(f"{path}: # BEGIN {reader.open[-1]} has no end; `otter assign` would refuse it too")
    reader.draft.title = title_of(reader.draft.handout, path.stem)
    return reader.draft
