"""Something to attack: a hidden test, results, other hand-ins, sockets, this process as the grader."""

from __future__ import annotations

import contextlib
import ctypes
import os
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ...interpreter import FOLDER, environment

SECRET = "expected value 42"
_FILES = {
    "hidden": "hidden.py",
    "results": "results.json",
    "key": "key",
    "hand_in": "hand-ins/grace/conv.py",
    "result": "results/grace.json",
    "gradebook": "gradebook.csv",
}


@contextlib.contextmanager
def staged() -> Iterator[dict[str, Any]]:
    """All of it, readable for everybody, as careless people leave it. Harmless to lose."""
    with contextlib.ExitStack() as parts:
        folder = Path(parts.enter_context(tempfile.TemporaryDirectory(prefix="dlc-stage-")))
        folder.chmod(0o755)
        for name in _FILES.values():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(f"assert answer == {SECRET!r}\n", encoding="utf-8")
        (folder / "innocent.txt").symlink_to(folder / "hidden.py")
        left = parts.enter_context(tempfile.NamedTemporaryFile(dir=_shared_memory(), prefix="dlc-left-"))
        left.write(SECRET.encode())
        left.flush()
        secret = bytearray(SECRET.encode())
        yield {
            **{name: str(folder / path) for name, path in _FILES.items()},
            "link": str(folder / "innocent.txt"),
            "folder": str(folder),
            "left": left.name,
            "checkout": str(Path(__file__).resolve().parents[3]),
            "pid": os.getpid(),
            "address": ctypes.addressof(ctypes.c_char.from_buffer(secret)),
            "neighbour": parts.enter_context(_another_process()),
            **parts.enter_context(_listeners(folder)),
        }


def _shared_memory() -> str | None:
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


@contextlib.contextmanager
def _another_process() -> Iterator[int]:
    """A process of the same user, as another worker might be."""
    with subprocess.Popen(
        ["cat"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, env=environment(), cwd=FOLDER
    ) as process:
        yield process.pid  # it ends with its input


@contextlib.contextmanager
def _listeners(folder: Path) -> Iterator[dict[str, Any]]:
    """Sockets that take connections."""
    abstract = f"probe-{os.getpid()}"
    with (
        socket.create_server(("127.0.0.1", 0)) as tcp,
        socket.socket(socket.AF_UNIX) as local,
        socket.socket(socket.AF_UNIX) as hidden,
    ):
        local.bind(str(folder / "socket"))
        hidden.bind(f"\0{abstract}")
        for listener in (local, hidden):
            listener.listen()
        (folder / "socket").chmod(0o777)
        yield {"port": tcp.getsockname()[1], "socket": str(folder / "socket"), "abstract": abstract}
