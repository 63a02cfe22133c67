"""Secret seeds: the same for the same student and test, and not to be guessed without the key."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field


def order_of(key: bytes, assignment: str) -> Callable[[str], bytes]:
    """Sort key of a test: the same for every hand-in, and not to be guessed without the course's key."""

    def rank(test_id: str) -> bytes:
        return hmac.digest(key, _message(assignment, "order of the tests", test_id), hashlib.sha256)

    return rank


def _message(*parts: str) -> bytes:
    return b"".join(len(part.encode()).to_bytes(4) + part.encode() for part in parts)


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
        return hmac.digest(self.key, _message(self.assignment, self.student, purpose), hashlib.sha256)
