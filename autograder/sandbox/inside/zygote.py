"""The process that has the packages in memory and forks a worker for each hand-in.

Run as `python -s -S -P -B -c ...` on a search path of its own (see `sandbox/zygote.py`). It knows no
hidden test, no reference and no hand-in. Commands come as JSON over a SOCK_SEQPACKET socket:
{"fork": {"memory_mb": n, "threads": bool, "uid": n}} with two descriptors (channel, prints) answers
{"pid": n} with a pidfd, or {"failed": why}; {"reap": pid} answers {"status": wait status, "cpu_s": seconds}
once the worker and what it started are gone.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import resource
import signal
import socket
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from importlib.util import module_from_spec, spec_from_file_location
from types import ModuleType
from typing import Any

from . import channel, lockdown
from .lockdown import Prepared
from .syscalls import PR_SET_CHILD_SUBREAPER, prctl
from .worker import Worker

_MESSAGE = 1 << 16
_RULESET = channel.DESCRIPTOR + 1
# Extension modules whose shared libraries lie where a worker may not read, or which it needs early.
_PRELOADED = (
    *("bz2", "ctypes", "decimal", "encodings.idna", "lzma", "pickle", "zlib", "random", "secrets"),
    *("collections.abc", "dataclasses", "functools", "itertools", "math", "typing", "traceback"),
)


@dataclass(frozen=True)
class Ready:
    """What every worker starts with."""

    prepared: Prepared
    environment: dict[str, str]  # its variables
    record: Callable[..., bytes]  # a call as a program
    frameworks: ModuleType


def main(control: int, settings: dict[str, Any]) -> None:
    """Preload, prepare the layers, say hello, then fork on command until the control socket closes."""
    commands = socket.socket(fileno=control)
    # A bound that the grader has put around a test's own work is none for what it starts meanwhile.
    resource.setrlimit(resource.RLIMIT_DATA, (resource.getrlimit(resource.RLIMIT_DATA)[1],) * 2)
    try:
        ready = _prepare(settings)
    except BaseException:
        commands.send(json.dumps({"error": traceback.format_exc()[-4000:]}).encode())
        return
    commands.send(json.dumps({"apart": ready.prepared.apart}).encode())
    workers: set[int] = set()
    try:
        _obey(commands, ready, workers)
    finally:
        for pid in workers:
            _kill_group(pid)


def _obey(commands: socket.socket, ready: Ready, workers: set[int]) -> None:
    """Do what is asked until the grader is gone; `workers` is kept to those not reaped."""
    while True:
        text, descriptors, *_ = socket.recv_fds(commands, _MESSAGE, 2)
        if not text:
            return
        command = json.loads(text)
        if "fork" in command:
            try:
                workers.add(_fork(commands, ready, descriptors, command["fork"]))
            except OSError as error:  # too many processes, or no memory for one more
                commands.send(json.dumps({"failed": str(error)}).encode())
        else:
            death = _reap(command["reap"])
            workers.discard(command["reap"])
            commands.send(json.dumps(death).encode())


def _reap(worker: int) -> dict[str, Any]:
    """How a worker ended, and the processor time that it used; what it started is killed, and gone too.

    All of it is in the group that the worker leads, and becomes a child of this process, the subreaper,
    when its own parent ends.
    """
    _kill_group(worker)
    _, status, used = os.wait4(worker, 0)
    with suppress(ChildProcessError):
        while True:
            os.waitpid(-worker, 0)
    return {"status": status, "cpu_s": used.ru_utime + used.ru_stime}


def _kill_group(worker: int) -> None:
    with suppress(ProcessLookupError):  # of a worker that ended before it had one
        os.killpg(worker, signal.SIGKILL)


def _prepare(settings: dict[str, Any]) -> Ready:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the grader to act upon
    if settings["scratch"]:  # its workers start programs
        with suppress(OSError):  # gVisor may know no subreaper, but has no Landlock either: tier 0 it is
            prctl(PR_SET_CHILD_SUBREAPER, 1)
    with _own_home():
        for name in (*_PRELOADED, *settings["preload"]):
            importlib.import_module(name)
        for name in settings["parts"]:
            with suppress(Exception):  # some need what is not installed
                importlib.import_module(name)
    frameworks = _load_frameworks(settings["frameworks"])
    for framework in frameworks.loaded():
        framework.prepare()
    if settings["scratch"]:
        importlib.import_module("inside.device")  # before it can no longer be read
    if settings["interprets"]:
        importlib.import_module("inside.nothing").interpret()
    if settings["compiles"]:
        importlib.import_module("inside.compiling").warm_up()
    recording = ModuleType("recording")
    exec(settings["recording"], recording.__dict__)
    reference = [name for name in sys.modules if name.partition(".")[0] in settings["absent"]]
    if reference:
        raise RuntimeError(f"{reference} must not be loaded beside student code")
    places = (settings[name] for name in ("readable", "executable", "scratch", "root"))
    prepared = lockdown.prepare(tuple(settings["layers"]), *places, sockets=settings["sockets"])
    gc.collect()
    gc.freeze()
    return Ready(prepared, settings["environment"], recording.__dict__["record"], frameworks)


@contextmanager
def _own_home() -> Iterator[None]:
    """A home folder for packages that write there when they are loaded; none where nothing can be written."""
    try:
        home = tempfile.TemporaryDirectory()
    except OSError:
        yield
        return
    with home as folder:
        os.environ.setdefault("HOME", folder)
        yield


def _load_frameworks(folder: str) -> ModuleType:
    """The package `frameworks`, which lies outside this one."""
    name = f"{__package__}.frameworks"
    spec = spec_from_file_location(name, f"{folder}/__init__.py", submodule_search_locations=[folder])
    if spec is None or spec.loader is None:
        raise ImportError(f"{folder} is no package")
    sys.modules[name] = module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _fork(commands: socket.socket, ready: Ready, descriptors: list[int], limits: dict[str, Any]) -> int:
    try:
        pid = os.fork()
        if pid == 0:
            try:
                _become_worker(ready, descriptors, limits)
            finally:
                os._exit(0)
    finally:
        for descriptor in descriptors:
            os.close(descriptor)
    # Opened before anyone can reap the process, so it cannot be another one of the same number.
    pidfd = os.pidfd_open(pid)
    socket.send_fds(commands, [json.dumps({"pid": pid}).encode()], [pidfd])
    os.close(pidfd)
    return pid


def _become_worker(ready: Ready, descriptors: list[int], limits: dict[str, Any]) -> None:
    prepared = ready.prepared
    _arrange_descriptors(descriptors, prepared.ruleset)
    os.environ.clear()
    os.environ.update(ready.environment)
    sys.argv[:] = [""]
    ruleset = None if prepared.ruleset is None else _RULESET
    try:
        lockdown.lock_down(replace(prepared, ruleset=ruleset), **limits)
    except BaseException as error:
        channel.write_message({"locked": False, "error": f"{type(error).__name__}: {error}"}, [])
        return
    channel.write_message({"locked": True}, [])
    Worker(ready.record, ready.frameworks).serve()


def _arrange_descriptors(descriptors: list[int], ruleset: int | None) -> None:
    """0 reads nothing, 1 and 2 are the prints, 3 the channel, 4 the ruleset; all others are closed."""
    moved = [os.open("/dev/null", os.O_RDONLY), descriptors[1], descriptors[1], descriptors[0]]
    if ruleset is not None:
        moved.append(ruleset)
    high = [os.dup2(descriptor, 100 + number) for number, descriptor in enumerate(moved)]
    for number, descriptor in enumerate(high):
        os.dup2(descriptor, number)
    os.closerange(len(high), 1 << 16)
    for descriptor, name in ((1, "stdout"), (2, "stderr")):
        stream = open(descriptor, "w", encoding="utf-8", errors="replace", closefd=False)  # noqa: SIM115
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
