"""What hidden tests may use beside the student's code: races and a compiler, put together here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from ..grading import Seeds, Tools
from ..model import Limits
from ..sandbox import Budget, LoadPlan, Remote, Sandbox
from ..studentkit.kinds import Kind
from ..timing import TRANSPORT, TRANSPORT_TEXT, VENDOR, Compiler, CpuTrack, Race

if TYPE_CHECKING:
    from ..timing.gpu import GpuTrack
    from .gpu import GpuTracks
    from .grade import Setup

_REPLY_MB = 256  # what our own workers may send back
_OURS_S = 100_000  # that they may take in all: never too much
_COMPILER_MB = 2048  # MiB that the compiler needs above what it has when it starts


class Workshop:
    """Tools for one hand-in after another. What is costly starts when it is first needed, and stays."""

    def __init__(
        self,
        setup: Setup,
        sandbox: Sandbox,
        projection: Mapping[str, str],
        kind: Callable[[str, str], Kind],
    ) -> None:
        self._setup, self._sandbox, self._kind = setup, sandbox, kind
        self._course, self._assignment = setup.course, setup.assignment
        self._modules = [PurePath(path).stem for path in projection]
        self._stays = ExitStack()
        self._compiling: Sandbox | None = None
        self._gpu: GpuTracks | None = None

    def __enter__(self) -> Workshop:
        return self

    def __exit__(self, *_: object) -> None:
        self._stays.close()

    def open(self, plan: LoadPlan, student: Remote, seeds: Seeds, open_: ExitStack) -> Tools:
        """The tools for one hand-in; what they start ends with `open_`."""
        if not self._setup.timed:
            return Tools()
        compiler = Compiler(lambda: self._compiler(plan, student.clock, seeds, open_))

        def rival() -> Remote:
            return self._ours(self._sandbox, TRANSPORT, TRANSPORT_TEXT, seeds, open_)

        tensors = "torch" in self._assignment.packages
        track = CpuTrack(student, rival, self._sandbox.tier, tensors=tensors)
        return Tools(
            Race(track, lambda: self._gpu_track(plan, student.clock, seeds, open_), seeds("race")), compiler
        )

    def _ours(self, sandbox: Sandbox, module: str, text: str, seeds: Seeds, open_: ExitStack) -> Remote:
        """A worker with the reference, the vendor's library, and a module of the race's own."""
        limits = replace(self._assignment.limits, reply_mb=_REPLY_MB, total_s=_OURS_S)
        names = [*self._modules, *([VENDOR] if self._path(VENDOR).is_file() else [])]
        texts = {name: self._path(name).read_text(encoding="utf-8") for name in names}
        return self._begun(sandbox, LoadPlan({**texts, module: text}), limits, seeds("ours"), open_)

    def _begun(
        self,
        sandbox: Sandbox,
        plan: LoadPlan,
        limits: Limits,
        seed: int,
        open_: ExitStack,
        clock: Budget | None = None,
    ) -> Remote:
        remote = open_.enter_context(sandbox.open(plan, limits, self._kind, seed, clock))
        remote.begin("tools")
        return remote

    def _path(self, module: str) -> Path:
        return self._course.root / self._course.library / f"{module}.py"

    def _compiler(self, plan: LoadPlan, clock: Budget, seeds: Seeds, open_: ExitStack) -> Remote:
        """The student's code where kernels are compiled and not run."""
        if self._compiling is None:
            self._compiling = self._stays.enter_context(self._new_sandbox(compiles=True))
        limits = replace(self._assignment.limits, memory_mb=_COMPILER_MB)
        return self._begun(self._compiling, plan, limits, seeds("compiler"), open_, clock)

    def _gpu_track(self, plan: LoadPlan, clock: Budget, seeds: Seeds, open_: ExitStack) -> GpuTrack:
        """The student's code where a GPU can be used."""
        if self._gpu is None:
            from .gpu import GpuTracks  # needs torch, which few assignments have

            self._gpu = self._stays.enter_context(GpuTracks(self._gpu_sandbox))

        def student(sandbox: Sandbox, held: ExitStack) -> Remote:
            return self._begun(sandbox, plan, self._assignment.limits, seeds("gpu"), held, clock)

        def ours(sandbox: Sandbox, module: str, text: str, held: ExitStack) -> Remote:
            return self._ours(sandbox, module, text, seeds, held)

        return self._gpu.open(student, ours, open_)

    def _gpu_sandbox(self, scratch: Path, sockets: bool) -> Sandbox:
        return self._new_sandbox(scratch=scratch, sockets=sockets, variables=self._setup.variables)

    def _new_sandbox(self, **options: Any) -> Sandbox:
        packages, tier = self._assignment.packages, self._sandbox.tier
        return Sandbox(library=self._course.library, packages=packages, tier=tier, **options)
