"""The worker's end of the socket to the grader."""

from __future__ import annotations

import os
from typing import Any

from . import wire

DESCRIPTOR = 3


class Gone(Exception):
    """The grader has closed the channel."""


def read_message() -> tuple[Any, bytearray]:
    """Header and payload of the next message. Raises Gone."""
    header_size, payload_size = wire.PREFIX.unpack(_read(wire.PREFIX.size))
    return wire.parse_header(_read(header_size)), _read(payload_size)


def _read(size: int) -> bytearray:
    data = bytearray(size)
    view = memoryview(data)
    while view:
        count = os.readv(DESCRIPTOR, [view])  # readv: the filter knows no recv
        if not count:
            raise Gone
        view = view[count:]
    return data


def write_message(header: Any, payload: list[memoryview | bytes]) -> None:
    """Send a message whole."""
    for piece in wire.pack(header, payload):
        view = memoryview(piece)
        while view:
            view = view[os.write(DESCRIPTOR, view) :]
