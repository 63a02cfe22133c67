"""The processes of a `dlc grade`, told apart, and one of them killed."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

KINDS = ("dlc", "grading process", "zygote", "worker")


def everyone(root: int) -> list[tuple[int, str]]:
    """(process, what it is) of a process and all below it, as far as they are alive."""
    found = [(root, "dlc"), *_below(root, "dlc")]
    return [(pid, kind) for pid, kind in found if alive(pid)]


def _below(pid: int, kind: str) -> Iterator[tuple[int, str]]:
    for child in _children(pid):
        own = "grading process" if kind == "dlc" else "worker" if kind == "zygote" else _role(child)
        yield child, own
        yield from _below(child, own)


def _role(pid: int) -> str:
    return "zygote" if b"inside" in _text(f"/proc/{pid}/cmdline") else "helper"


def _children(pid: int) -> list[int]:
    return [int(each) for each in _text(f"/proc/{pid}/task/{pid}/children").split()]


def _text(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError:
        return b""


def alive(pid: int) -> bool:
    """Whether it runs; one that only waits to be reaped does not."""
    status = _text(f"/proc/{pid}/status")
    return bool(status) and b"\nState:\tZ" not in status


def kill(pid: int) -> None:
    """As the kernel does when memory runs out."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def gone(pids: set[int], seconds: float = 60) -> bool:
    """Whether all have ended before so long."""
    deadline = time.monotonic() + seconds
    while any(map(alive, pids)):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
