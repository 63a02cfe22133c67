"""What hidden tests may use beside the student's code: races and a compiler, put together here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from ..grading import Seeds, Tools
from ..replay import Replay, executor_kind, executor_texts
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

        def executors() -> tuple[Remote, Remote]:
            theirs = self._executor(self._sandbox, seeds, open_, student.clock)
            return theirs, self._executor(self._sandbox, seeds, open_)

        replay = Replay(
            lambda: self._executor(self._sandbox, seeds, open_, student.clock), self._assignment.limits.wall_s
        )
        if not self._setup.timed:
            return Tools(replay=replay)
        compiler = Compiler(
            lambda: self._writer(plan, seeds, open_, student.clock),
            lambda: self._executor(self._compiles(), seeds, open_, student.clock, memory_mb=_COMPILER_MB),
        )

        def rival() -> Remote:
            return self._ours(self._sandbox, TRANSPORT, TRANSPORT_TEXT, seeds, open_)

        tensors = "torch" in self._assignment.packages
        track = CpuTrack(student, rival, self._sandbox.tier, tensors=tensors, open_executors=executors)
        race = Race(track, lambda: self._gpu_track(plan, student.clock, seeds, open_), seeds("race"))
        return Tools(race, compiler, replay)

    def _ours(self, sandbox: Sandbox, module: str, text: str, seeds: Seeds, open_: ExitStack) -> Remote:
        """A worker with the reference, the vendor's library, and a module of the race's own."""
        return self._begun(sandbox, LoadPlan({**self._references(), module: text}), seeds("ours"), open_)

    def _references(self) -> dict[str, str]:
        """Texts of the complete library, and of the vendor's."""
        names = [*self._modules, *([VENDOR] if self._path(VENDOR).is_file() else [])]
        return {name: self._path(name).read_text(encoding="utf-8") for name in names}

    def _executor(
        self, sandbox: Sandbox, seeds: Seeds, open_: ExitStack, clock: Budget | None = None, **limits: int
    ) -> Remote:
        """A worker of ours that knows nothing but how to run programs; `clock` is of whose they are."""
        return self._begun(
            sandbox, LoadPlan(executor_texts()), seeds("executor"), open_, clock, executor_kind, **limits
        )

    def _writer(self, plan: LoadPlan, seeds: Seeds, open_: ExitStack, clock: Budget | None = None) -> Remote:
        """Code that launches kernels, where they are written down as for a GPU and not run."""
        return self._begun(self._compiles(), plan, seeds("compiler"), open_, clock, memory_mb=_COMPILER_MB)

    def _begun(
        self,
        sandbox: Sandbox,
        plan: LoadPlan,
        seed: int,
        open_: ExitStack,
        clock: Budget | None = None,
        kind: Callable[[str, str], Kind] | None = None,
        **changes: Any,
    ) -> Remote:
        """A worker; without the clock of a hand-in it is for code of our own, which may use more."""
        changes = {**({} if clock else {"reply_mb": _REPLY_MB, "total_s": _OURS_S}), **changes}
        limits = replace(self._assignment.limits, **changes)
        remote = open_.enter_context(sandbox.open(plan, limits, kind or self._kind, seed, clock))
        remote.begin("tools")
        return remote

    def _path(self, module: str) -> Path:
        return self._course.root / self._course.library / f"{module}.py"

    def _compiles(self) -> Sandbox:
        """Where kernels are compiled and not run."""
        if self._compiling is None:
            self._compiling = self._stays.enter_context(self._new_sandbox(compiles=True))
        return self._compiling

    def _gpu_track(self, plan: LoadPlan, clock: Budget, seeds: Seeds, open_: ExitStack) -> GpuTrack:
        """Programs of the student's code, and of ours, on a GPU."""
        if self._gpu is None:
            from .gpu import GpuTracks  # needs torch, which few assignments have

            self._gpu = self._stays.enter_context(GpuTracks(self._gpu_sandbox))

        def ours(sandbox: Sandbox, texts: Mapping[str, str], held: ExitStack) -> Remote:
            own = None if texts else clock  # with nothing beside it is for programs of the student's
            return self._begun(sandbox, LoadPlan({**executor_texts(), **texts}), seeds("gpu"), held, own)

        def writers(held: ExitStack) -> tuple[Remote, Remote]:
            reference = LoadPlan(self._references())
            return self._writer(plan, seeds, held, clock), self._writer(reference, seeds, held)

        library = {VENDOR: self._path(VENDOR).read_text(encoding="utf-8")}
        return self._gpu.open(ours, writers, library, open_)

    def _gpu_sandbox(self, scratch: Path, sockets: bool) -> Sandbox:
        return self._new_sandbox(scratch=scratch, sockets=sockets, variables=self._setup.variables)

    def _new_sandbox(self, **options: Any) -> Sandbox:
        packages, tier = self._assignment.packages, self._sandbox.tier
        return Sandbox(library=self._course.library, packages=packages, tier=tier, **options)
