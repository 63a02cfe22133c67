"""The grader's end of the socket to a worker: every wait has a limit, every size is checked first."""

from __future__ import annotations

import os
import select
import socket
import time
from collections.abc import Callable
from typing import TypeVar

from .clock import Budget
from .inside import wire

_CHUNK = 1 << 16
_LOOK_S = 0.25  # between two looks at a worker that is busy
T = TypeVar("T")


class Ended(Exception):
    """The worker closed its end: it died, or its code closed the descriptor."""


class TooLarge(Exception):
    """The reply is larger than allowed."""


class Channel:
    """A stream of messages to and from one worker, and the pipe that takes its prints."""

    def __init__(
        self, connection: socket.socket, prints: int, keep_output: int, look: Callable[[Budget], None]
    ) -> None:
        connection.setblocking(False)
        os.set_blocking(prints, False)
        self._socket = connection
        self._prints = prints
        self._poll = select.poll()
        self._poll.register(prints, select.POLLIN)
        self._printing = True
        self._keep = keep_output
        self._look = look  # charges a budget, and raises where the wait is over
        self._looked = time.monotonic()
        self._output = bytearray()
        self._received = bytearray()

    def send(self, pieces: list[memoryview | bytes], budget: Budget) -> None:
        """Send a message whole. Raises Ended, and what `look` raises."""
        left = list(pieces)
        while left:
            try:
                sent = self._socket.sendmsg(left[:16])
            except BlockingIOError:
                self._wait(select.POLLOUT, budget)
                continue
            except OSError:
                raise Ended from None
            while left and sent >= len(left[0]):
                sent -= len(left.pop(0))
            if sent:
                left[0] = memoryview(left[0])[sent:]

    def receive(self, budget: Budget, limit: int) -> tuple[bytearray, bytearray]:
        """Header and payload of the next message; `limit` is the most bytes of payload.

        Raises Ended, TooLarge, WireError, and what `look` raises.
        """
        start = wire.PREFIX.size
        self._fill(start, budget)
        header_size, payload_size = wire.PREFIX.unpack_from(self._received)
        if header_size > wire.MAX_HEADER:
            raise wire.WireError("a header larger than any reply has")
        if payload_size > limit:
            raise TooLarge
        self._fill(start + header_size, budget)
        text = self._take(start + header_size)[start:]
        return text, self._body(payload_size, budget)

    def output(self) -> str:
        """What was printed since the last call, as far as it was kept."""
        self._drain()
        text = self._output.decode("utf-8", "replace")
        self._output.clear()
        return text

    def close(self) -> None:
        """Close both ends held here."""
        self._socket.close()
        os.close(self._prints)

    def _take(self, size: int) -> bytearray:
        taken = self._received[:size]
        del self._received[:size]
        return taken

    def _body(self, size: int, budget: Budget) -> bytearray:
        """The next bytes, read to where they stay: a copy of a large reply would need its room twice."""
        if len(self._received) >= size:
            return self._take(size)
        body = bytearray(size)
        view = memoryview(body)
        first = self._take(size)
        view[: len(first)] = first
        view = view[len(first) :]
        while view:
            view = view[self._read(lambda: self._socket.recv_into(view), budget) :]  # noqa: B023
        return body

    def _fill(self, size: int, budget: Budget) -> None:
        while len(self._received) < size:
            self._received += self._read(lambda: self._socket.recv(_CHUNK), budget)

    def _read(self, receive: Callable[[], T], budget: Budget) -> T:
        """What one look at the socket brings, once there is something."""
        while True:
            try:
                received = receive()
            except BlockingIOError:
                self._wait(select.POLLIN, budget)
                continue
            except OSError:
                raise Ended from None
            if not received:
                raise Ended
            return received

    def _wait(self, event: int, budget: Budget) -> None:
        """Wait until the socket is ready for `event`; prints are drained meanwhile."""
        self._poll.register(self._socket, event)
        ready = False
        while not ready:
            events = self._poll.poll(min(max(0.0, budget.left_s), _LOOK_S) * 1000)
            if not events or time.monotonic() - self._looked >= _LOOK_S:
                self._look(budget)
                self._looked = time.monotonic()
            for descriptor, _ in events:
                if descriptor == self._prints:
                    self._drain()
                else:
                    ready = True

    def _drain(self) -> None:
        # A pipe holds 64 KiB: what a worker can have written since the last look. A flood is read on
        # in the next round of the poll, so it cannot keep this loop from the deadline.
        try:
            chunk = os.read(self._prints, _CHUNK)
        except BlockingIOError:
            return
        if not chunk and self._printing:  # its other end is closed, which a poll would report for ever
            self._printing = False
            self._poll.unregister(self._prints)
        room = self._keep - len(self._output)
        self._output += chunk[: max(0, room)]
