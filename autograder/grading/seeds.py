"""Secret seeds: the same for every hand-in of an assignment, not to be guessed without the course's key."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass, field

from ..errors import AutograderError
from ..model import Draw

_PACKED = re.compile(rb"key of assignment (\S+): ([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Seeds:
    """Seeds of an assignment's tests: HMAC-SHA256(key of the assignment, draw, test).

    Equal hand-ins have equal inputs, and so equal points, whoever hands them in.
    """

    key: bytes = field(repr=False)
    draw: Draw = Draw.RECORD

    def __call__(self, test_id: str) -> int:
        """128-bit seed of a test."""
        return int.from_bytes(self._digest("test", test_id)[:16])

    def rank(self, test_id: str) -> bytes:
        """Sort key of a test in the order in which they run."""
        return self._digest("order", test_id)

    @property
    def id(self) -> str:
        """Tells whether two reports used the same seeds, and nothing else."""
        return self._digest("id").hex()[:12]

    def _digest(self, *purpose: str) -> bytes:
        return hmac.digest(self.key, _message(self.draw, *purpose), hashlib.sha256)


def assignment_key(key: bytes, assignment: str) -> bytes:
    """The key of an assignment's seeds: HMAC-SHA256(course key, assignment).

    That of a bundle is the assignment's already; see `packed_key`. Raises AutograderError where it is another
    assignment's.
    """
    packed = _PACKED.fullmatch(key)
    if packed is None:
        return hmac.digest(key, _message("assignment", assignment), hashlib.sha256)
    if packed[1] != assignment.encode():
        raise AutograderError(
            f"the key file holds the key of {packed[1].decode(errors='replace')} alone, and {assignment} is "
            "to be graded; name the course's key by --key-file"
        )
    return bytes.fromhex(packed[2].decode())


def packed_key(key: bytes, assignment: str) -> bytes:
    """What a bundle that leaves the house holds in the course key's place: the key of one assignment."""
    return b"key of assignment %b: %b" % (assignment.encode(), assignment_key(key, assignment).hex().encode())


def _message(*parts: str) -> bytes:
    return b"".join(len(part.encode()).to_bytes(4) + part.encode() for part in parts)
