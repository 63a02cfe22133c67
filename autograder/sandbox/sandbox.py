"""A zygote kept warm for many hand-ins."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from ..errors import SandboxError, TierUnavailable
from ..model import Limits
from ..studentkit.kinds import Kind
from .groups import Groups
from .plan import LoadPlan
from .process import Process
from .remote import Remote
from .tiers import plan_for
from .zygote import Zygote


class Sandbox:
    """Workers for the code of one assignment, isolated at `tier`. A context manager.

    With `compiles`, Triton's kernels are compiled for GPUs that need not be here and do not run; otherwise
    they run in its interpreter. With `scratch`, workers may use a GPU and write into that folder, and are
    stopped between calls.

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
        variables: Mapping[str, str] | None = None,
    ) -> None:
        self.tier = tier
        self._for_gpu = scratch is not None
        self._library = library
        self._plan = plan_for(
            tier, library, packages, compiles=compiles, scratch=scratch, variables=variables
        )
        try:
            self._zygote = self._start()
        except SandboxError as error:
            raise TierUnavailable(
                f"this machine cannot isolate student code at tier {tier}, so nothing is graded: {error}"
            ) from error

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the zygote and every worker."""
        self._zygote.close()

    @contextmanager
    def open(
        self, plan: LoadPlan, limits: Limits, kind: Callable[[str, str], Kind], seed: int
    ) -> Iterator[Remote]:
        """The student's code in a worker of its own; `kind` tells what each function is to return."""
        if not self._zygote.alive:
            self._zygote.close()
            self._zygote = self._start()
        student = Remote(
            lambda: Process(self._zygote, limits, plan),
            self._library,
            plan,
            limits,
            kind,
            seed,
            pauses=self._for_gpu,
        )
        try:
            yield student
        finally:
            student.close()

    def _start(self) -> Zygote:
        """A zygote of which the kernel itself says that its workers are locked down."""
        zygote = Zygote(self._plan.settings, self._plan.wrapper, Groups() if self._plan.grouped else None)
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
