"""The grader's end of the zygote: start it, have it fork workers, reap them, end it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import Interrupted, SandboxError
from .deaths import Death
from .groups import Group, Groups

_HERE = Path(__file__).resolve().parent
_MESSAGE = 1 << 16
_START_S = 120  # torch is slow to import on a busy machine
_ANSWER_S = 30.0
_EXIT_S = 1.0  # for a process whose socket is closed to be gone
_SIGNALLED = 128
_RUN = (
    "import json, sys; sys.path.insert(0, sys.argv[2]); settings = json.loads(sys.argv[3]);"
    "from inside.packages import install; install(settings['packages'], sys.argv[2]);"
    "from inside.zygote import main; main(int(sys.argv[1]), settings)"
)
# One thread, since a fork copies no other; one arena, so that memory limits mean something; a fixed
# hash seed, so that the order of a set is the same on every run; a heap that grows in large steps and
# gives nothing back, since the kernel would zero the same pages again and again.
_ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_TOP_PAD_": "4194304",
    "MALLOC_TRIM_THRESHOLD_": "134217728",
    "MALLOC_MMAP_THRESHOLD_": "33554432",
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    "LC_ALL": "C.UTF-8",
}


@dataclass(frozen=True)
class Forked:
    """A new worker, as the zygote hands it over."""

    pid: int  # as the zygote sees it
    pidfd: int  # means this process even when its number is used again
    connection: socket.socket
    prints: int  # read end of the pipe that takes stdout and stderr


class Zygote:
    """A process with the packages loaded.

    Raises SandboxError where it says that it cannot start, Interrupted where it was ended from outside or
    does not answer within `answer_s`; then it is of no use any more.
    """

    def __init__(
        self,
        settings: dict[str, Any],
        wrapper: Sequence[str] = (),
        groups: Groups | None = None,
        answer_s: float = _ANSWER_S,
    ) -> None:
        self._answer_s = answer_s
        self._lost = False
        self._groups = groups  # where each worker is to have a control group
        self._grouped: dict[int, Group] = {}  # by number of the worker
        self._commands, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115  # lives as long as the process
        self._root = self._own_root() if "own_root" in settings["layers"] else None
        settings = {**settings, "root": self._root.name if self._root else ""}
        python = [sys.executable, "-s", "-S", "-P", "-B", "-W", "ignore"]
        self._process = subprocess.Popen(
            [*wrapper, *python, "-c", _RUN, str(theirs.fileno()), str(_HERE), json.dumps(settings)],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._complaints,
            env={**_ENVIRONMENT, **settings["environment"]},  # the loader of libraries reads it only now
            cwd="/",
        )
        theirs.close()
        try:
            answer, _ = self._answer(_START_S)
        except BaseException:
            self.close()
            raise
        if "error" in answer:
            self.close()
            raise SandboxError(f"the sandbox did not start: {answer['error'].strip().splitlines()[-1]}")
        self.apart = bool(answer["apart"])  # whether it has a root folder of its own

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return not self._lost and self._process.poll() is None

    def fork(self, memory_mb: int, *, threads: bool) -> Forked:
        """A new worker, about to lock itself down."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        read_end, write_end = os.pipe()
        group = self._groups.new() if self._groups else None
        uid = group.uid if group else 0
        try:
            command = {"fork": {"memory_mb": memory_mb, "threads": threads, "uid": uid}}
            answer, descriptors = self._ask(command, [theirs.fileno(), write_end])
        except BaseException:
            ours.close()
            os.close(read_end)
            if group:
                group.close()
            raise
        finally:
            theirs.close()
            os.close(write_end)
        if group:
            self._grouped[answer["pid"]] = group  # taken away with the worker, or with all of them
            group.hold(descriptors[0], memory_mb, threads=threads)
        return Forked(answer["pid"], descriptors[0], ours, read_end)

    def reap(self, pid: int) -> Death:
        """How a worker ended; waits for one that is about to end."""
        answer, _ = self._ask({"reap": pid})
        group = self._grouped.pop(pid, None)
        if group is None:
            return Death(**answer)
        try:
            return Death(**answer, oom_kill=group.ran_out_of_memory())
        finally:
            group.close()

    def close(self) -> None:
        """End the zygote; its workers die with it."""
        self._commands.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(0 if self._lost else _EXIT_S)
        self._process.kill()
        self._process.wait()
        self._complaints.close()
        for group in self._grouped.values():
            group.close()
        if self._root:
            self._root.cleanup()

    @staticmethod
    def _own_root() -> tempfile.TemporaryDirectory[str]:
        """A folder that becomes the root of all workers."""
        return tempfile.TemporaryDirectory(prefix="dlc-root-", ignore_cleanup_errors=True)

    def _ask(
        self, command: dict[str, Any], descriptors: Sequence[int] = ()
    ) -> tuple[dict[str, Any], list[int]]:
        """Have it do something. Raises Interrupted: it had started well, so what fails now will pass."""
        try:
            socket.send_fds(self._commands, [json.dumps(command).encode()], descriptors)
            answer, found = self._answer(self._answer_s)
        except (OSError, SandboxError) as error:
            self._lost = True
            raise Interrupted(f"the sandbox is gone: {error}") from error
        if "failed" in answer:
            raise Interrupted(f"the sandbox could not start a worker: {answer['failed']}")
        return answer, found

    def _answer(self, seconds: float) -> tuple[dict[str, Any], list[int]]:
        self._commands.settimeout(seconds)
        try:
            text, descriptors, *_ = socket.recv_fds(self._commands, _MESSAGE, 1)
        except TimeoutError:
            raise Interrupted(f"the sandbox gave no answer for {seconds:.0f} s") from None
        except OSError as error:
            raise Interrupted(f"the sandbox is gone: {error}") from error
        if not text:
            raise self._end()
        answer: dict[str, Any] = json.loads(text)
        return answer, list(descriptors)

    def _end(self) -> SandboxError:
        """Why it closed its socket: a fault of its own, or a signal from outside."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_EXIT_S)
        code = self._process.returncode
        if code is None or code < 0 or code > _SIGNALLED:  # so a wrapper tells of a signal
            return Interrupted(f"the sandbox was ended from outside (exit status {code})")
        return SandboxError(f"the sandbox ended by itself{self._last_complaint()}")

    def _last_complaint(self) -> str:
        self._complaints.seek(0)
        lines = self._complaints.read()[-_MESSAGE:].decode("utf-8", "replace").strip().splitlines()
        return f": {lines[-1]}" if lines else ""
