"""One grading process, as its starter sees it."""

from __future__ import annotations

import os
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from ..errors import AutograderError, GraderError, SandboxError, TierUnavailable
from ..interpreter import FOLDER, command, environment
from ..model import Report, Submission
from ..store import Lease
from .messages import Ended, Failed, Ready, receive, send
from .setup import Setup

_ERRORS = {kind.__name__: kind for kind in (GraderError, SandboxError, TierUnavailable)}
_COMPLAINT_BYTES = 4_000
_MESSAGE_S = 60.0  # for a message that has begun to come to its end
_LOOK_S = 1.0  # between two looks at a process that says nothing
_STOPPED = 10  # looks in a row at which it may be stopped
# A hand-in is begun at most twice, each time waits at most ten times its budget for a processor, and
# as much again is left for what the graders do themselves.
_PATIENCE = 40
_START_S = 1200.0  # for graders to be imported and sandboxes to be started, three times each


class Died(Exception):
    """The process ended, or sent what is no message of ours."""


class GradingProcess:
    """A process of our own that grades one hand-in at a time.

    It leads a group of its own, so that Ctrl-C in a terminal does not reach it, and ends when this process
    does, in whatever way, since it watches its socket. Raises OSError where none can be started.
    """

    def __init__(self, number: int, setup: Setup) -> None:
        self.number = number
        self.ready = False  # whether it has said so once
        self.lease: Lease | None = None  # what it works on
        self._most_s = _START_S + _PATIENCE * setup.assignment.limits.total_s
        self._since = self._looked = time.monotonic()  # it was given something to do, and was looked at
        self._stopped = 0  # looks in a row
        self._connection, theirs = socket.socketpair()
        self._connection.settimeout(_MESSAGE_S)
        with theirs:
            try:
                self._complaints = tempfile.TemporaryFile()  # noqa: SIM115  # lives as long as the process
                self._process = subprocess.Popen(
                    command("autograder.engine.assembly", str(theirs.fileno())),
                    pass_fds=[theirs.fileno()],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=self._complaints,
                    env=environment(),
                    cwd=FOLDER,
                    process_group=0,
                )
            except BaseException:
                self._connection.close()
                raise
        self._send(setup)

    def fileno(self) -> int:
        """Descriptor to poll: readable once the process has replied or ended."""
        return self._connection.fileno()

    @property
    def idle(self) -> bool:
        """Whether it waits for work."""
        return self.ready and self.lease is None

    def give(self, lease: Lease) -> None:
        """Hand it a hand-in; it must be idle."""
        self.lease, self._since = lease, time.monotonic()
        self._send(lease.submission)

    def look(self) -> None:
        """Kill it where there is no use in waiting: it was stopped from outside, or is past all budgets."""
        now = time.monotonic()
        if now - self._looked < _LOOK_S:
            return
        self._looked = now
        self._stopped = self._stopped + 1 if _is_stopped(self._process.pid) else 0
        if self._stopped > _STOPPED or (not self.idle and now - self._since > self._most_s):
            self._process.kill()

    def answer(self) -> Report | None:
        """The report of what it was given; None where it has just become ready.

        Raises Died, and what kept its graders from starting.
        """
        try:
            record = receive(self._connection)
        except Ended as why:
            raise Died(str(why)) from None
        if isinstance(record, Failed):
            raise _ERRORS.get(record.error, AutograderError)(record.says)
        if isinstance(record, Ready) and not self.ready:
            self.ready = True
            return None
        if isinstance(record, Report) and self.lease is not None:
            return record
        raise Died("a message out of turn")

    def last_words(self) -> str:
        """The end of what it wrote on stderr."""
        self._complaints.seek(0, os.SEEK_END)
        self._complaints.seek(max(0, self._complaints.tell() - _COMPLAINT_BYTES))
        return self._complaints.read().decode("utf-8", "replace").strip()

    def hang_up(self) -> None:
        """Have it end."""
        self._connection.close()

    def end(self, wait_s: float) -> None:
        """Have it end, by force where it does not within `wait_s`; its sandbox ends with it."""
        self.hang_up()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(wait_s)
        self._process.kill()
        self._process.wait()
        self._complaints.close()

    def _send(self, record: Setup | Submission) -> None:
        try:
            send(self._connection, record)
        except Ended:  # said when its answer is read
            self._process.kill()


def _is_stopped(pid: int) -> bool:
    with suppress(OSError):
        status = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
        return status.rpartition(") ")[2][:1] == "T"
    return False
