"""Secret seeds: the same for the same student and test, and not to be guessed without the key."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from ..errors import AutograderError

_KEY_BYTES = 32


def read_key(path: Path) -> bytes:
    """The course key; made at first use, readable by its owner only.

    Raises AutograderError where the file is empty or cannot be read or made.
    """
    try:
        if not path.exists():
            _make_key(path)
        key = path.read_bytes().strip()
    except OSError as error:
        raise AutograderError(
            f"{path}: cannot read the course key ({error.strerror}); name one by --key-file"
        ) from error
    if len(key) < _KEY_BYTES:
        raise AutograderError(
            f"{path}: a course key has at least {_KEY_BYTES} bytes; delete it for a new one"
        )
    return key


def _make_key(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(_KEY_BYTES) + "\n")
    try:
        os.link(draft, path)  # of two processes that start together only one makes the key
    except FileExistsError:
        pass
    finally:
        draft.unlink()


@dataclass(frozen=True, slots=True)
class Seeds:
    """Seeds of one student's tests: HMAC-SHA256(course key, assignment, student, test)."""

    key: bytes = field(repr=False)
    assignment: str
    student: str

    def __call__(self, test_id: str) -> int:
        """128-bit seed of a test."""
        return int.from_bytes(self._digest(test_id)[:16])

    @property
    def id(self) -> str:
        """Tells whether two reports used the same seeds, and nothing else."""
        return self._digest("seed id").hex()[:12]

    def _digest(self, purpose: str) -> bytes:
        parts = (self.assignment, self.student, purpose)
        message = b"".join(len(part.encode()).to_bytes(4) + part.encode() for part in parts)
        return hmac.digest(self.key, message, hashlib.sha256)
