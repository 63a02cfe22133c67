"""The GPU of this machine, used by one hand-in at a time."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path

from ..errors import OpenPoints, TierUnavailable
from ..sandbox import Remote, Sandbox
from . import gpu_check, gpu_info
from .buffers import Buffers
from .contest import STUDENT
from .device_lock import DeviceLock
from .gpu_track import HOUSE, IDLE, IDLE_TEXT, OURS, TIER, GpuTrack

Ours = Callable[[Sandbox, Mapping[str, str], ExitStack], Remote]
"""Starts a worker of ours that runs programs, with these modules beside; it ends with the stack."""
Writers = Callable[[ExitStack], tuple[Remote, Remote]]  # of the student's code and of ours, where none runs


class GpuHost:
    """Gives the GPU to one hand-in after another. A context manager.

    A hand-in has the GPU for itself from its first race until its workers have ended: other work would take
    its memory and time. This holds across all grading processes of this machine; later ones wait.

    `new_sandbox(scratch, sockets)` makes a sandbox whose workers may use the GPU and write into the folder
    `scratch`. They may connect to local sockets only where the driver cannot share memory otherwise.
    """

    def __init__(self, new_sandbox: Callable[[Path, bool], Sandbox], kind: str = "cuda") -> None:
        self._new_sandbox, self._kind = new_sandbox, kind
        self._stays = ExitStack()
        self._ours: tuple[Path, Sandbox] | None = None  # where our workers write, and run
        self._sockets = False  # whether workers have to connect to local ones
        self._unusable = ""  # why no sandbox of this machine reaches its GPU

    def __enter__(self) -> GpuHost:
        return self

    def __exit__(self, *_: object) -> None:
        self._stays.close()

    def open(self, ours: Ours, writers: Writers, library: Mapping[str, str], open_: ExitStack) -> GpuTrack:
        """Wait for the GPU, and open the track for one hand-in.

        Args:
            ours: starts a worker that runs programs, with the texts of the modules that it needs.
            writers: starts the workers that record calls, the student's and ours.
            library: the vendor's library, name of a module -> text.
            open_: everything that the track holds is given back when this is closed.

        Raises:
            OpenPoints: there is no GPU, or no sandbox here can reach it.
        """
        if self._kind == "cuda" and (why := gpu_info.unavailable()):
            raise OpenPoints(why)
        if self._unusable:
            raise OpenPoints(self._unusable)
        held = open_.enter_context(ExitStack())
        try:
            return self._opened(ours, writers, library, held)
        except BaseException:
            held.close()  # or the next race of this hand-in would wait for itself
            raise

    def _opened(self, ours: Ours, writers: Writers, library: Mapping[str, str], held: ExitStack) -> GpuTrack:
        """Entered first, the turn is given up last, and memory given back once the workers have ended."""
        held.enter_context(DeviceLock(gpu_info.identity() if self._kind == "cuda" else "shared-memory"))
        if self._ours is None:
            self._ours = self._start(ours)
        our_folder, our_sandbox = self._ours
        folder = _folder(held)
        folders = {STUDENT: folder, OURS: our_folder, HOUSE: our_folder}
        buffers = held.enter_context(Buffers(self._kind, folders))
        sandbox = held.enter_context(self._isolated(folder))
        return GpuTrack(
            ours(sandbox, {}, held),
            lambda: ours(our_sandbox, {**library, IDLE: IDLE_TEXT}, held),
            buffers,
            tier=min(sandbox.tier, TIER),
            writers=writers(held),
        )

    def _start(self, ours: Ours) -> tuple[Path, Sandbox]:
        """Where our workers write and run, once one of them has shown that it reaches the GPU."""
        try:
            return self._try_to_start(ours)
        except OpenPoints:
            self._sockets = True
        try:
            return self._try_to_start(ours)
        except OpenPoints as why:
            self._unusable = str(why)
            raise

    def _try_to_start(self, ours: Ours) -> tuple[Path, Sandbox]:
        with ExitStack() as tried:
            folder = _folder(tried)
            sandbox = tried.enter_context(self._isolated(folder))
            with Buffers(self._kind, {OURS: folder}) as buffers, ExitStack() as parts:
                worker = ours(sandbox, {gpu_check.MODULE: gpu_check.TEXTS[self._kind]}, parts)
                gpu_check.check_gpu(worker, OURS, buffers)
            self._stays.push(tried.pop_all())
        return folder, sandbox

    def _isolated(self, folder: Path) -> Sandbox:
        try:
            return self._new_sandbox(folder, self._sockets)
        except TierUnavailable as error:
            raise OpenPoints(f"no worker for the GPU could be started: {error}") from error


def _folder(held: ExitStack) -> Path:
    """A new folder, away with what a student left in it when the stack is closed."""
    temporary = tempfile.TemporaryDirectory(prefix="dlc-gpu-", ignore_cleanup_errors=True)
    return Path(held.enter_context(temporary))
