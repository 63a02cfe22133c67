"""Judgements on disk, so that an audit that was stopped goes on where it was."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any


def state_of(grader_sha256: str, folders: Iterable[Path] = ()) -> str:
    """A digest of graders and references, and of the code in more folders."""
    digest = hashlib.sha256(grader_sha256.encode())
    for folder in folders:
        for path in sorted(folder.rglob("*.py")):
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


class Ledger:
    """Key -> what was found, one line each, good for one state of what was judged by.

    A file that belongs to another state, or cannot be read, is begun anew.
    """

    def __init__(self, path: Path, state: str) -> None:
        self._path = path
        self._state = state
        self._begun = False

    def read(self) -> Mapping[str, Mapping[str, Any]]:
        """What was found already in this state."""
        try:
            first, *lines = self._path.read_text(encoding="utf-8").splitlines()
            if json.loads(first) != {"state": self._state}:
                return {}
        except (OSError, ValueError):
            return {}
        self._begun = True
        judged: dict[str, Mapping[str, Any]] = {}
        for line in lines:
            try:
                row = json.loads(line)
                judged[str(row["key"])] = row["found"]
            except (ValueError, KeyError, TypeError):
                continue  # a line that was cut off
        return judged

    def write(self, key: str, facts: Mapping[str, Any]) -> None:
        """Add one line. Call `read` first: it tells whether the file is still good."""
        if not self._begun:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.write_text(json.dumps({"state": self._state}) + "\n", encoding="utf-8")
            self._begun = True
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"key": key, "found": facts}) + "\n")
