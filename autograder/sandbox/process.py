"""One worker, as the grader sees it: ask, and either have the answer or know why there is none."""

from __future__ import annotations

import os
import select
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any

from ..errors import SandboxError
from ..model import Limits
from ..studentkit.kinds import StudentError
from . import faults
from .channel import Budget, Channel, DeadlinePassed, Ended, TooLarge
from .inside import wire
from .plan import LoadPlan
from .zygote import Forked, Zygote

_MIB = 1 << 20
_LOCK_S = 30  # for a worker to lock itself down on a busy machine
_EXIT_S = 1.0  # for a worker whose socket is closed to be gone
_CALLBACKS = 100_000  # of one request

Callback = Callable[..., Any]


class Process:
    """A locked-down worker. After any failure but an exception of the student's it is dead."""

    def __init__(self, zygote: Zygote, limits: Limits, plan: LoadPlan | None = None) -> None:
        self._zygote = zygote
        self._pauses = False
        self._limits = limits
        self._plan = plan or LoadPlan({})
        self._forked: Forked = zygote.fork(limits.memory_mb, threads=limits.threads)
        self._channel = Channel(
            self._forked.connection, self._forked.prints, limits.output_kb * 1024, self._starved
        )
        self._waited_s = 0.0  # for a processor, as far as it was given back to a budget
        self._number = 0
        self._last_words = ""  # prints of a process that is dead
        self.alive = True
        self._expect_lock()

    def ask(
        self,
        request: dict[str, Any],
        payload: list[memoryview | bytes],
        budget: Budget,
        where: str,
        make: dict[str, Callable[..., Any]],
        callbacks: list[Callback],
    ) -> Any:
        """The value that the worker answers with. Raises StudentError; `where` opens its sentence."""
        self._number += 1
        self._signal(signal.SIGCONT)
        try:
            self._channel.send(wire.pack({**request, "n": self._number}, payload), budget)
            header, payload_back = self._reply(budget, callbacks)
            return self._value(header, payload_back, where, make)
        except DeadlinePassed:
            self.end()
            raise faults.timeout(where, budget.whole) from None
        except TooLarge:
            self.end()
            raise faults.too_large(where, self._limits.reply_mb) from None
        except wire.WireError as error:
            self.end()
            raise faults.garbage(where, str(error)) from None
        except Ended:
            raise self._death(where) from None
        finally:
            self._signal(signal.SIGSTOP)

    def pause_between_calls(self) -> None:
        """Stop it from now on while nothing is asked of it, with its threads and all that it started.

        None of that can use a core, or give a GPU more work, while others are timed.
        """
        self._pauses = True
        self._signal(signal.SIGSTOP)

    def _signal(self, number: signal.Signals) -> None:
        """Stop or continue the worker's group; no other can have its number before the worker is reaped."""
        if self._pauses and self.alive and self._pid > 0:
            with suppress(ProcessLookupError):
                os.killpg(self._pid, number)

    def _value(
        self,
        header: dict[str, Any],
        payload: bytearray,
        where: str,
        make: dict[str, Callable[..., Any]],
    ) -> Any:
        if header.get("n") != self._number:
            raise wire.WireError("a reply to nothing that was asked")
        if "refused" in header:
            raise StudentError(f"{where} is missing")
        if "error" in header:
            raise faults.from_exception(header["error"], where, self._plan.place)
        decoder = wire.Decoder(payload, make)
        value = decoder.decode(header.get("value"))
        decoder.finish()
        return value

    def output(self) -> str:
        """What the code printed since the last look."""
        if self.alive:
            return self._channel.output()
        text, self._last_words = self._last_words, ""
        return text

    def confirm_locked(self) -> None:
        """Raise SandboxError unless the kernel says that this process is under a filter, without rights."""
        found = _fields(f"/proc/{self._pid}/status")
        wanted = {"Seccomp": "2", "NoNewPrivs": "1", "CapEff": "0" * 16, "CapPrm": "0" * 16}
        for name, value in wanted.items():
            if found.get(name) != value:
                raise SandboxError(f"a worker is not locked down: {name} is {found.get(name)}, not {value}")

    @cached_property
    def _pid(self) -> int:
        """As this process sees it, for the zygote may have numbers of its own; -1 of one that is gone."""
        return int(_fields(f"/proc/self/fdinfo/{self._forked.pidfd}")["Pid"])

    def end(self) -> None:
        """Kill the process if it still runs."""
        if self.alive:
            with suppress(SandboxError):  # without its zygote it is dead already
                self._reap(0)

    def _starved(self) -> float:
        """Seconds in which it was ready to run and others ran, since this was asked before."""
        try:
            # https://docs.kernel.org/scheduler/sched-stats.html: "time spent waiting on a runqueue", in ns
            waited = int(Path(f"/proc/{self._pid}/schedstat").read_text(encoding="ascii").split()[1]) / 1e9
        except (OSError, LookupError, ValueError):  # it is gone, or this kernel does not count
            return 0.0
        since, self._waited_s = waited - self._waited_s, waited
        return since

    def _death(self, where: str) -> StudentError:
        """Why the process closed its socket."""
        status = self._reap(_EXIT_S)
        return (
            faults.garbage(where, "closed its socket")
            if status is None
            else faults.from_status(status, where)
        )

    def _reap(self, wait_s: float) -> int | None:
        """Wait status of a process that ended by itself within `wait_s`; None after killing it."""
        self.alive = False
        gone = select.poll()
        gone.register(self._forked.pidfd, select.POLLIN)
        ended = bool(gone.poll(wait_s * 1000))
        if not ended:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._forked.pidfd, signal.SIGKILL)
        self._last_words = self._channel.output()
        os.close(self._forked.pidfd)
        self._channel.close()
        status = self._zygote.reap(self._forked.pid)
        return status if ended else None

    def _expect_lock(self) -> None:
        try:
            text, _ = self._channel.receive(Budget(_LOCK_S), 0)
            hello = wire.parse_header(text)
        except (DeadlinePassed, Ended, TooLarge, wire.WireError) as error:
            self.end()
            raise SandboxError(f"a worker did not lock itself down: {type(error).__name__}") from None
        if hello.get("locked") is not True:
            self.end()
            raise SandboxError(f"a worker could not lock itself down: {hello.get('error')}")

    def _reply(self, budget: Budget, callbacks: list[Callback]) -> tuple[dict[str, Any], bytearray]:
        limit = self._limits.reply_mb * _MIB
        for _ in range(_CALLBACKS):
            text, payload = self._channel.receive(budget, limit)
            header = wire.parse_header(text)
            if type(header) is not dict:
                raise wire.WireError("no reply")
            if "callback" not in header:
                return header, payload
            start = time.monotonic()
            answer = _call_back(header, payload, callbacks)
            budget.spend(time.monotonic() - start)
            self._channel.send(answer, budget)
        raise DeadlinePassed


def _fields(path: str) -> dict[str, str]:
    """Fields of a file in /proc."""
    lines = Path(path).read_text(encoding="ascii", errors="replace").split("\n")
    return {name: value for name, _, value in (line.partition(":\t") for line in lines)}


def _call_back(
    header: dict[str, Any], payload: bytearray, callbacks: list[Callback]
) -> list[memoryview | bytes]:
    """Run a function of the grader on what the student's code passes to it."""
    number = header["callback"]
    if type(number) is not int or not 0 <= number < len(callbacks):
        raise wire.WireError("a call of no function")
    decoder = wire.Decoder(payload, {})
    args, options = decoder.decode(header.get("args")), decoder.decode(header.get("options"))
    decoder.finish()
    if type(args) is not tuple or type(options) is not dict or any(type(name) is not str for name in options):
        raise wire.WireError("a call without arguments")
    encoder = wire.Encoder(wire.refuse)
    try:
        return wire.pack({"value": encoder.encode(callbacks[number](*args, **options))}, encoder.payload)
    except (
        Exception
    ) as error:  # an argument of the wrong shape raises here, as it would in the student's file
        return wire.pack({"error": f"{type(error).__name__}: {error}"[:300]}, [])
