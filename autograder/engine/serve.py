"""A grading process: graders kept warm, one hand-in after another, until the other end of its socket is gone.

Started and spoken to by `engine/process.py`.
"""

from __future__ import annotations

import os
import resource
import select
import signal
import socket
import threading
import time
from collections.abc import Callable

from ..errors import AutograderError, GraderError
from ..model import Report, Submission
from .grade import Grader
from .messages import Ended, Failed, Ready, receive, send
from .setup import Setup

_DESCRIPTORS = 256  # open files of a grading process and its sandboxes, with room to spare
_LOOK_S = 0.05  # between two looks whether an orphan is idle and ends by itself


def serve(descriptor: int, open_grader: Callable[[Setup], Grader]) -> None:
    """Serve the process at the other end of the socket."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # what an interruption keeps is decided at the other end
    busy = threading.Event()
    with socket.socket(fileno=descriptor) as connection:
        threading.Thread(target=_end_with, args=(connection.fileno(), busy), daemon=True).start()
        try:
            busy.set()
            setup = receive(connection)
            _need_descriptors(connection)
            with _opened(open_grader, setup, connection) as grader:
                send(connection, Ready())
                while True:
                    busy.clear()
                    submission = receive(connection)
                    busy.set()
                    send(connection, _graded(grader, submission, connection))
        except Ended:
            return


def _need_descriptors(connection: socket.socket) -> None:
    """Raise the limit of open files as far as it is needed, or say that it is too low."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < min(_DESCRIPTORS, hard):
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(_DESCRIPTORS, hard), hard))
    if hard < _DESCRIPTORS:
        says = f"a process may have {hard} open files here, and grading needs {_DESCRIPTORS}"
        send(connection, Failed("", f"{says} (Too many open files); raise that with ulimit -n"))
        raise Ended


def _opened(open_grader: Callable[[Setup], Grader], setup: Setup, connection: socket.socket) -> Grader:
    try:
        return open_grader(setup)
    except AutograderError as error:
        send(connection, Failed(type(error).__name__, str(error)))
    except Exception as error:
        send(connection, Failed("", f"the graders could not be started: {type(error).__name__}: {error}"))
    raise Ended


def _graded(grader: Grader, submission: Submission, connection: socket.socket) -> Report:
    try:
        return grader.grade(submission)
    except GraderError as error:
        send(connection, Failed(type(error).__name__, str(error)))
        raise Ended from error


def _end_with(descriptor: int, busy: threading.Event) -> None:
    """End this process in the middle of its work when the other end is gone; an idle one ends by itself."""
    gone = select.poll()
    gone.register(descriptor, select.POLLHUP)  # reported even where nothing is asked for
    gone.poll()
    while not busy.is_set():
        time.sleep(_LOOK_S)
    os._exit(1)
