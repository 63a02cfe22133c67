"""One worker, as the grader sees it: ask, and either have the answer or know why there is none."""

from __future__ import annotations

import os
import select
import signal
from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any

from ..errors import Interrupted, SandboxError
from ..model import Limits
from ..studentkit.kinds import StudentError
from . import faults
from .callbacks import Callbacks, TooMuch
from .channel import Channel, Ended, TooLarge
from .clock import Budget, Spent, Starved
from .deaths import Cause, Death
from .inside import wire
from .inside.lockdown import CPU_S
from .meter import Meter
from .sources import Sources
from .zygote import Forked, Zygote

_MIB = 1 << 20
_LOCK_S = 30  # for a worker to lock itself down on a busy machine
_EXIT_S = 1.0  # for a worker whose socket is closed to be gone
_HELD_UP_S = 3.0  # that a worker may be stopped or wait for a disk before it is given up


class Process:
    """A locked-down worker. It is ended after any failure but an exception of the student's code.

    Raises StudentError for what its code did, Interrupted for what something else did to it.
    """

    def __init__(self, zygote: Zygote, limits: Limits, sources: Sources | None = None) -> None:
        self._zygote = zygote
        self._pauses = False
        self._limits = limits
        self._sources = sources
        self._forked: Forked = zygote.fork(limits.memory_mb, threads=limits.threads)
        self._channel = Channel(
            self._forked.connection, self._forked.prints, limits.output_kb * 1024, self._look
        )
        self._meter = Meter(self._pid)
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
        callbacks: Callbacks,
    ) -> Any:
        """Send a request, wait for the value of its reply; `where` begins the message of what is raised.

        The request is given a number of its own.
        """
        self._number += 1
        request["n"] = self._number
        self._signal(signal.SIGCONT)
        self._meter.resume()
        try:
            self._channel.send(wire.pack(request, payload), budget)
            header, payload_back = self._reply(budget, callbacks)
            return self._value(header, payload_back, where, make)
        except Spent as spent:
            self.end()
            raise faults.timeout(where, spent.budget.whole_s, in_all=spent.budget is not budget) from None
        except TooMuch:
            self.end()
            raise faults.too_much_passed(where) from None
        except Starved:
            self.end()
            raise Interrupted(f"{where}: the machine was too busy with others") from None
        except TooLarge:
            self.end()
            raise faults.too_large(where, self._limits.reply_mb) from None
        except wire.WireError as error:
            self.end()
            raise faults.garbage(where, str(error)) from None
        except Ended:
            raise self._death(where) from None
        except StudentError:
            raise
        except BaseException:  # held up, or the grader is to stop: nothing goes on from here
            self.end()
            raise
        finally:
            use = self._meter.finish()
            if use is not None:
                budget.charge(use)
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
            raise faults.from_exception(header["error"], where, self._sources)
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
        try:
            status = _fields(f"/proc/{self._pid}/status")
        except OSError as error:
            raise Interrupted(f"a worker was ended from outside: {error}") from error
        wanted = {"Seccomp": "2", "NoNewPrivs": "1", "CapEff": "0" * 16, "CapPrm": "0" * 16}
        for name, value in wanted.items():
            if status.get(name) != value:
                raise SandboxError(f"a worker is not locked down: {name} is {status.get(name)}, not {value}")

    @cached_property
    def _pid(self) -> int:
        """As this process sees it, for the zygote may have numbers of its own; -1 of one that is gone."""
        return int(_fields(f"/proc/self/fdinfo/{self._forked.pidfd}")["Pid"])

    def end(self) -> None:
        """Kill the process if it still runs."""
        if self.alive:
            with suppress(SandboxError):  # without its zygote it is dead already
                self._reap(0)

    def _look(self, budget: Budget) -> None:
        """Charge what was used. Raises Spent, Starved, Interrupted where there is no use in waiting."""
        budget.charge(self._meter.take())
        budget.check()
        if self._meter.held_up_s > _HELD_UP_S:
            raise Interrupted("a worker was stopped from outside, or waits for a disk")

    def _death(self, where: str) -> SandboxError | StudentError:
        """Why the process closed its socket."""
        try:
            death = self._reap(_EXIT_S)
        except SandboxError as gone:  # a zygote takes its workers with it
            return gone
        if death is None:
            return faults.garbage(where, "closed its socket")
        cause = death.cause(CPU_S)
        if cause is Cause.OUTSIDE:
            return Interrupted(f"{where}: its process was ended from outside ({death.says})")
        own = faults.from_death(death, cause, where)
        return Interrupted(f"{where}: {death.says}", own) if cause is Cause.EITHER else own

    def _reap(self, wait_s: float) -> Death | None:
        """The death of a process that ended by itself within `wait_s`; None after killing it."""
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
        self._meter.close()
        death = self._zygote.reap(self._forked.pid)
        return death if ended else None

    def _expect_lock(self) -> None:
        try:
            text, _ = self._channel.receive(Budget(_LOCK_S), 0)
            hello = wire.parse_header(text)
        except (Spent, Starved, Ended, TooLarge, wire.WireError) as error:
            self.end()
            raise Interrupted(f"a worker did not lock itself down: {type(error).__name__}") from None
        except Interrupted:
            self.end()
            raise
        if hello.get("locked") is not True:
            self.end()
            raise SandboxError(f"a worker could not lock itself down: {hello.get('error')}")

    def _reply(self, budget: Budget, callbacks: Callbacks) -> tuple[dict[str, Any], bytearray]:
        limit = self._limits.reply_mb * _MIB
        while True:
            text, payload = self._channel.receive(budget, limit)
            header = wire.parse_header(text)
            if type(header) is not dict:
                raise wire.WireError("no reply")
            if "callback" not in header:
                return header, payload
            self._channel.send(callbacks.answer(header, payload), budget)
            self._look(budget)


def _fields(path: str) -> dict[str, str]:
    """Fields of a file in /proc."""
    lines = Path(path).read_text(encoding="ascii", errors="replace").split("\n")
    return {name: value for name, _, value in (line.partition(":\t") for line in lines)}
