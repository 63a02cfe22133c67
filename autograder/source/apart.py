"""Strangers' text read in a child process that has limits and can be killed.

Python's own parser and compiler take time that grows with the square of some texts, and memory a thousand
times their size; and so does following names through a hand-in.
"""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Mapping
from typing import Any

from ..errors import Interrupted, SandboxError
from ..interpreter import FOLDER, command, environment

_CPU_S = 5  # of processor time
_MEMORY_MB = 1024  # of address space
_WALL_S = 120  # on a machine that is busy with others
_TRIES = 3
# The limit of processor time, and what a fault of the interpreter itself ends in. No text is run, so nothing
# else that ends the child is its doing.
_ENDINGS = {
    signal.SIGXCPU: f"that takes more than {_CPU_S} s",
    **dict.fromkeys(
        (signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT, signal.SIGILL, signal.SIGFPE),
        "Python cannot read it",
    ),
}


class TooCostly(Exception):
    """A text takes more time or memory to read than is allowed; the message is to follow a colon."""


def ask(question: Mapping[str, Any], memory_mb: int = _MEMORY_MB) -> Any:
    """The child's answer; see `child.py`. Raises TooCostly, SandboxError where it is ended from outside."""
    request = json.dumps({**question, "cpu_s": _CPU_S, "memory_mb": memory_mb}).encode()
    for left in reversed(range(_TRIES)):
        try:
            return _asked_once(request)
        except Interrupted:
            if not left:
                raise
    raise AssertionError


def _asked_once(request: bytes) -> Any:
    child = subprocess.Popen(
        command("autograder.source.child"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment(),
        cwd=FOLDER,
    )
    with child:
        try:
            reply, _ = child.communicate(request, _WALL_S)
        except subprocess.TimeoutExpired:
            raise Interrupted(f"a text was not read within {_WALL_S} s: the machine is too busy") from None
        finally:
            child.kill()
    if child.returncode < 0:
        ending = _ENDINGS.get(signal.Signals(-child.returncode))
        if ending is not None:
            raise TooCostly(ending)
        raise Interrupted(f"the process that reads texts was ended from outside ({child.returncode})")
    if child.returncode or not reply:
        raise SandboxError(f"the process that reads texts failed (exit status {child.returncode})")
    answer = json.loads(reply)
    if answer.get("memory"):
        raise TooCostly("that takes too much memory")
    return answer["found"]
