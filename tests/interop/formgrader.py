"""Formgrader as instructors open it: a Jupyter server in a course directory."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

_START_S = 60.0
_HEADERS = {"Authorization": "token secret"}


@contextmanager
def formgrader(folder: Path, nbgrader: Path, scratch: Path) -> Iterator[Callable[[str], str]]:
    """Fetches a page of formgrader by its path."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ["--allow-root", "--no-browser", "--ip=127.0.0.1", f"--port={port}"]
    words += ["--ServerApp.port_retries=0", "--IdentityProvider.token=secret"]
    kept = {f"JUPYTER_{each}_DIR": str(scratch / each.lower()) for each in ("RUNTIME", "CONFIG", "DATA")}
    with (
        (scratch / "log").open("w") as log,
        subprocess.Popen(
            [str(nbgrader / "jupyter-server"), *words],
            cwd=folder,
            env={**os.environ, **kept},
            stdout=log,
            stderr=log,
        ) as server,
    ):

        def page(path: str) -> str:
            with urlopen(Request(f"http://127.0.0.1:{port}{path}", headers=_HEADERS)) as answer:
                return str(answer.read().decode("utf-8"))

        try:
            _wait(lambda: page("/api"), server, scratch / "log")
            yield lambda path: page(f"/formgrader{path}")
        finally:
            server.terminate()


def _wait(answered: Callable[[], str], server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _START_S
    while True:
        try:
            answered()
        except URLError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(log.read_text()[-3000:]) from None
            time.sleep(0.1)
        else:
            return
