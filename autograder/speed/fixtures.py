"""Makes the fixtures `race` and `compiler` of hidden tests, for one hand-in after another."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..course import VENDOR, library_modules, modules_of
from ..course.library import module_path
from ..errors import GraderError
from ..frameworks.torch import TORCH
from ..grading import Tools, Workers
from ..model import Assignment, Course
from ..replay import executor_texts
from ..sandbox import LoadPlan, Remote, Sandbox
from .compiler import Compiler
from .contest import Contest
from .cpu_track import TRANSPORT, TRANSPORT_TEXT, CpuTrack
from .race import Race

if TYPE_CHECKING:
    from .gpu_host import GpuHost
    from .gpu_track import GpuTrack

_COMPILER_MB = 2048  # MiB that the compiler needs above what it has when it starts


class SpeedFixtures:
    """The maker of these fixtures. Costly parts start when first needed, and are kept until `close`."""

    def __init__(
        self, course: Course, assignment: Assignment, *, timed: bool, variables: Mapping[str, str]
    ) -> None:
        self._course, self._assignment = course, assignment
        self._timed, self._variables = timed, variables
        self._stays = ExitStack()
        self._compiling: Sandbox | None = None
        self._gpu: GpuHost | None = None

    @property
    def idle(self) -> Tools:
        """A race and a compiler that leave all points open."""
        return Tools({"race": Race(), "compiler": Compiler()})

    def open(self, workers: Workers) -> Tools:
        """The fixtures for one hand-in; the workers that they start end with its `workers`."""
        if not self._timed:
            return self.idle

        def executors() -> tuple[Remote, Remote]:
            return workers.executor(charged=True), workers.executor()

        def rival() -> Remote:
            plan = LoadPlan({**self._references(), TRANSPORT: TRANSPORT_TEXT})
            return workers.begin(plan, "ours")

        compiler = Compiler(
            lambda: self._writer(workers, workers.plan, charged=True),
            lambda: workers.executor(
                charged=True, sandbox=self._compiles(workers.sandbox.tier), memory_mb=_COMPILER_MB
            ),
        )
        track = CpuTrack(
            workers.student,
            rival,
            workers.sandbox.tier,
            tensors=TORCH.name in self._assignment.packages,
            open_executors=executors,
        )
        race = Race(track, lambda: self._gpu_track(workers), secrets.randbits(128), self._check)
        return Tools({"race": race, "compiler": compiler}, race.judged)

    def close(self) -> None:
        """End the sandboxes that were kept."""
        self._stays.close()

    def _check(self, contest: Contest) -> None:
        """Raise GraderError where a contest names what the library does not have."""
        named = [(contest.module, contest.function), *([(VENDOR, contest.vendor)] if contest.vendor else [])]
        for module, function in named:
            if module not in library_modules(self._assignment):
                raise GraderError(f"{contest}: no task lies in {module}, and it is not provided")
            try:
                known = hasattr(modules_of(self._course).library(module), function)
            except ImportError as error:
                raise GraderError(f"{contest}: the module {module} cannot be loaded: {error}") from error
            if not known:
                raise GraderError(f"{contest}: {module}.py defines no {function}")

    def _references(self) -> dict[str, str]:
        """Texts of the complete library, and of the vendor's."""
        names = ["__init__", *library_modules(self._assignment)]
        paths = {name: module_path(self._course, name) for name in names}
        return {name: path.read_text(encoding="utf-8") for name, path in paths.items() if path.is_file()}

    def _writer(
        self, workers: Workers, plan: LoadPlan, *, charged: bool, open_: ExitStack | None = None
    ) -> Remote:
        """Code that launches kernels, where they are written down as for a GPU and not run."""
        sandbox = self._compiles(workers.sandbox.tier)
        return workers.begin(
            plan, "compiler", charged=charged, sandbox=sandbox, open_=open_, memory_mb=_COMPILER_MB
        )

    def _compiles(self, tier: int) -> Sandbox:
        """Where kernels are compiled and not run."""
        if self._compiling is None:
            self._compiling = self._stays.enter_context(self._sandbox(tier, compiles=True))
        return self._compiling

    def _gpu_track(self, workers: Workers) -> GpuTrack:
        """Programs of the student's code, and of ours, on a GPU."""
        if self._gpu is None:
            from .gpu_host import GpuHost  # needs torch, which few assignments have

            def on_gpu(scratch: Path, sockets: bool) -> Sandbox:
                variables = self._variables
                return self._sandbox(
                    workers.sandbox.tier, scratch=scratch, sockets=sockets, variables=variables
                )

            self._gpu = self._stays.enter_context(GpuHost(on_gpu))

        def ours(sandbox: Sandbox, texts: Mapping[str, str], held: ExitStack) -> Remote:
            plan = LoadPlan({**executor_texts(), **texts})
            # With nothing beside it is for programs of the student's.
            return workers.begin(plan, "gpu", charged=not texts, sandbox=sandbox, open_=held)

        def writers(held: ExitStack) -> tuple[Remote, Remote]:
            theirs = self._writer(workers, workers.plan, charged=True, open_=held)
            return theirs, self._writer(workers, LoadPlan(self._references()), charged=False, open_=held)

        vendor = {name: text for name, text in self._references().items() if name == VENDOR}
        return self._gpu.open(ours, writers, vendor, workers.open_)

    def _sandbox(self, tier: int, **options: Any) -> Sandbox:
        return Sandbox(library=self._course.library, packages=self._assignment.packages, tier=tier, **options)
