"""One grading process, as its starter sees it."""

from __future__ import annotations

import os
import socket
import subprocess
import tempfile
from contextlib import suppress

from ..errors import AutograderError, GraderError, SandboxError, TierUnavailable
from ..interpreter import FOLDER, command, environment
from ..model import Report
from ..store import Lease
from .grade import Setup
from .messages import Ended, Failed, Ready, receive, send

_ERRORS = {kind.__name__: kind for kind in (GraderError, SandboxError, TierUnavailable)}
_COMPLAINT_BYTES = 4_000


class Died(Exception):
    """The process ended, or spoke otherwise than it should."""


class GradingProcess:
    """A process of our own that grades one hand-in at a time.

    It leads a group of its own, so that Ctrl-C in a terminal does not reach it, and ends when this process
    does, in whatever way, since it watches its socket. Raises OSError where none can be started.
    """

    def __init__(self, number: int, setup: Setup) -> None:
        self.number = number
        self.ready = False  # whether it has said so once
        self.lease: Lease | None = None  # what it works on
        self._connection, theirs = socket.socketpair()
        with theirs:
            try:
                self._complaints = tempfile.TemporaryFile()  # noqa: SIM115  # lives as long as the process
                self._process = subprocess.Popen(
                    command("autograder.engine.serve", str(theirs.fileno())),
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
        with suppress(Ended):  # said when its answer is read
            send(self._connection, setup)

    def fileno(self) -> int:
        """Descriptor that can be read from when it has something to say, or is gone."""
        return self._connection.fileno()

    @property
    def idle(self) -> bool:
        """Whether it waits for work."""
        return self.ready and self.lease is None

    def give(self, lease: Lease) -> None:
        """Hand it a hand-in; it must be idle."""
        self.lease = lease
        with suppress(Ended):  # said when its answer is read
            send(self._connection, lease.submission)

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
