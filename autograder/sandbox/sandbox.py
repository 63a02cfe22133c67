"""A zygote kept warm for many hand-ins."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from ..errors import Interrupted, SandboxError, TierUnavailable
from ..model import Limits
from ..studentkit.kinds import Kind
from .clock import Budget
from .groups import Groups
from .plan import LoadPlan
from .process import Process
from .remote import Remote
from .sources import Sources
from .tiers import isolation_for
from .zygote import Zygote

_STARTS_S = (0.0, 0.1, 1.0)  # pauses before each try to start; what ends a process may be over then


class Sandbox:
    """Workers for the code of one assignment, isolated at `tier`. A context manager.

    With `compiles`, Triton's kernels are compiled for GPUs that need not be here and do not run; otherwise
    they run in its interpreter. With `scratch`, workers may use a GPU and write into that folder, and are
    stopped between calls; `tier` is 0 then where this machine gives them no mounts and network of their own.
    With `sockets` they share the grader's network and may connect to local sockets, for drivers that share
    memory over one.

    Raises TierUnavailable where this machine cannot isolate so strongly: then no line of a student runs.
    """

    def __init__(
        self,
        *,
        library: str,
        packages: tuple[str, ...],
        tier: int,
        compiles: bool = False,
        scratch: Path | None = None,
        sockets: bool = False,
        variables: Mapping[str, str] | None = None,
    ) -> None:
        self.tier = tier
        self._for_gpu = scratch is not None
        self._library = library
        self._isolation = isolation_for(
            tier,
            library,
            packages,
            compiles=compiles,
            scratch=scratch,
            sockets=sockets,
            variables=variables,
        )
        try:
            self._zygote = self._start()
        except SandboxError as error:  # again and again
            raise TierUnavailable(
                f"this machine cannot isolate student code at tier {tier}, so nothing is graded: {error}"
            ) from error
        if self._for_gpu and not self._zygote.apart:
            self.tier = 0

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the zygote and every worker."""
        self._zygote.close()

    @contextmanager
    def open(
        self,
        plan: LoadPlan,
        limits: Limits,
        kind: Callable[[str, str], Kind],
        seed: int,
        clock: Budget | None = None,
    ) -> Iterator[Remote]:
        """The student's code in a worker of its own; `kind` tells what each function is to return.

        `clock` is what the hand-in may use up, if it has other workers too.
        """
        sources = Sources(plan)  # of all workers of this hand-in
        student = Remote(
            lambda: Process(self._running(), limits, sources),
            self._library,
            plan,
            limits,
            kind,
            seed,
            pauses=self._for_gpu,
            clock=clock,
        )
        try:
            yield student
        finally:
            student.close()

    def _running(self) -> Zygote:
        """The zygote, or another where that was ended from outside."""
        if not self._zygote.alive:
            self._zygote.close()
            self._zygote = self._start()
        return self._zygote

    def _start(self) -> Zygote:
        """A zygote of which the kernel itself says that its workers are locked down.

        Raises SandboxError for a lack that it names twice, or where none starts.
        """
        lack = ""
        for pause_s in _STARTS_S:
            time.sleep(pause_s)
            try:
                return self._try_to_start()
            except Interrupted as error:
                last: SandboxError = error
            except SandboxError as error:
                last = error
                if str(error) == lack:
                    break
                lack = str(error)
        raise last

    def _try_to_start(self) -> Zygote:
        groups = Groups(for_gpu=self._for_gpu) if self._isolation.grouped else None
        zygote = Zygote(self._isolation.settings, self._isolation.wrapper, groups)
        try:
            worker = Process(zygote, Limits())
            try:
                if self.tier >= 1:
                    worker.confirm_locked()
            finally:
                worker.end()
        except BaseException:
            zygote.close()
            raise
        return zygote
