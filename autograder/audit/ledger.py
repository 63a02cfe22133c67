"""Judgements of mutants on disk, so that an audit that was stopped goes on where it was."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path


class Ledger:
    """Mutant id -> tests it failed, one line each, good for one state of graders and references.

    A file that belongs to another state, or cannot be read, is begun anew.
    """

    def __init__(self, path: Path, state: str) -> None:
        self._path = path
        self._state = state

    def read(self) -> Mapping[str, tuple[str, ...]]:
        """What was judged already in this state."""
        try:
            first, *lines = self._path.read_text(encoding="utf-8").splitlines()
            if json.loads(first) != {"state": self._state}:
                return {}
        except (OSError, ValueError):
            return {}
        found: dict[str, tuple[str, ...]] = {}
        for line in lines:
            try:
                row = json.loads(line)
                found[str(row["mutant"])] = tuple(map(str, row["failed"]))
            except (ValueError, KeyError, TypeError):
                continue  # a line that was cut off
        return found

    def write(self, mutant: str, failed: tuple[str, ...]) -> None:
        """Add one judgement."""
        if not self.read_state():
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.write_text(json.dumps({"state": self._state}) + "\n", encoding="utf-8")
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"mutant": mutant, "failed": failed}) + "\n")

    def read_state(self) -> bool:
        """Whether the file belongs to this state."""
        try:
            with self._path.open(encoding="utf-8") as file:
                return bool(json.loads(file.readline()) == {"state": self._state})
        except (OSError, ValueError):
            return False
