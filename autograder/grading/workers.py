"""The worker of one hand-in, and workers of ours beside it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any

from ..model import Limits
from ..replay import executor_kind, executor_texts
from ..sandbox import LoadPlan, Remote, Sandbox
from ..studentkit.kinds import Kind

_OWN_LIMITS = {"reply_mb": 256, "total_s": 100_000}  # of code of our own: never too little


@dataclass(frozen=True)
class Workers:
    """Where the code of one hand-in runs, and what starts workers of ours, which end with `open_`."""

    plan: LoadPlan  # the code
    student: Remote  # its worker
    sandbox: Sandbox  # where that runs, and others can
    limits: Limits  # of the assignment
    kind: Callable[[str, str], Kind]  # what each function is to return
    seeds: Callable[[str], int]
    open_: ExitStack

    def begin(
        self,
        plan: LoadPlan,
        purpose: str,
        *,
        charged: bool = False,
        sandbox: Sandbox | None = None,
        kind: Callable[[str, str], Kind] | None = None,
        open_: ExitStack | None = None,
        **changes: Any,
    ) -> Remote:
        """A worker of ours, begun.

        Args:
            plan: what it loads.
            purpose: its seed belongs to.
            charged: whether it works for the hand-in and is paid from its clock; otherwise it is for code of
                our own, which may use more.
            sandbox: where it starts, if not where the hand-in's does.
            kind: what its functions return, if not what those of the library do.
            open_: it ends with, if not with the hand-in.
            changes: to the limits of the assignment.
        """
        clock = self.student.clock if charged else None
        limits = replace(self.limits, **{**({} if charged else _OWN_LIMITS), **changes})
        opened = (sandbox or self.sandbox).open(plan, limits, kind or self.kind, self.seeds(purpose), clock)
        remote = (open_ or self.open_).enter_context(opened)
        remote.begin("tools")
        return remote

    def executor(self, *, charged: bool = False, sandbox: Sandbox | None = None, **changes: Any) -> Remote:
        """A worker of ours that knows nothing but how to run programs; see `begin`."""
        plan = LoadPlan(executor_texts())
        return self.begin(plan, "executor", charged=charged, sandbox=sandbox, kind=executor_kind, **changes)
