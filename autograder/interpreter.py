"""How every Python interpreter of ours is started, and its first steps.

Whoever calls us stands in folders that strangers have filled, and Python by itself imports from the working
directory, from the user's own packages and from whatever a variable names. A child of ours is isolated
(`-I`: none of these), works in `/`, knows the variables listed here and no other, and finds the package
`autograder` where this very file lies: installed, in a checkout or in a bundle.

    subprocess.Popen(command("autograder.engine.assembly"), env=environment(), cwd=FOLDER, ...)

This file is what such a child runs first, so it imports the standard library alone.
"""

from __future__ import annotations

import os
import resource
import runpy
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType

FOLDER = "/"  # where children work: nothing of a stranger lies there
FLAGS = ("-I", "-X", "utf8")  # the same text in every locale

_HERE = Path(__file__).resolve()
# What a person's terminal is like, where a GPU's driver and compiler lie, how many threads a library starts.
_VALUES = (
    *("USER", "LOGNAME", "TZ", "TERM", "COLORTERM", "COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR"),
    *("CUDA_VISIBLE_DEVICES", "CUDA_DEVICE_ORDER", "NVIDIA_VISIBLE_DEVICES"),
    *("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"),
)
# Of `Kernels` in `frameworks`, which is not asked here: it imports more than the standard library.
_INTERPRETED = ("TRITON_INTERPRET",)
_DRIVERS = ("TRITON_LIBCUDA_PATH",)
# Of these only absolute folders are kept: an empty or relative one means the working directory.
_PATHS = ("PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "CUDA_HOME", "CC", *_DRIVERS)
_NAMES = ("CC",)  # may name a program without its folder


def command(module: str, *words: str) -> list[str]:
    """Command line that runs a module of ours, as `python -m` would, in a clean interpreter."""
    cached = () if not sys.dont_write_bytecode else ("-B",)  # compiled files, as whoever calls wants it
    return [sys.executable, *FLAGS, *cached, str(_HERE), module, *words]


def environment(**more: str) -> dict[str, str]:
    """Variables of a child: the listed ones of this process, and `more`."""
    return {**listed(os.environ), **more}


def listed(variables: Mapping[str, str]) -> dict[str, str]:
    """Those of some variables that may be handed on."""
    found = {name: variables[name] for name in (*_VALUES, *_INTERPRETED) if name in variables}
    paths = {name: _absolute(name, variables[name]) for name in _PATHS if name in variables}
    return found | {name: value for name, value in paths.items() if value}


def isolate(module: str) -> None:
    """Go on as a clean interpreter: this process becomes one that runs `module`, unless it is one.

    Ctrl-C waits meanwhile, for an interpreter that is starting answers it with a traceback.
    """
    kept = environment()
    if not sys.flags.isolated:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        os.execve(sys.executable, command(module, *sys.argv[1:]), kept)
    os.environ.clear()
    os.environ.update(kept)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def find_package(name: str, folder: Path) -> None:
    """Make one package in `folder` importable, before any other of that name, and nothing beside it."""
    finder = _Finder(name, str(folder))
    if finder not in sys.meta_path:
        sys.meta_path.insert(0, finder)


@dataclass(frozen=True)
class _Finder:
    name: str
    folder: str

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None = None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        return PathFinder.find_spec(fullname, [self.folder]) if fullname == self.name else None


def _absolute(name: str, value: str) -> str:
    parts = value.split(os.pathsep)
    return os.pathsep.join(
        part for part in parts if Path(part).is_absolute() or (name in _NAMES and "/" not in part)
    )


if __name__ == "__main__":
    # A bound that the process which starts us has put around a test of its own is none of ours.
    resource.setrlimit(resource.RLIMIT_DATA, (resource.getrlimit(resource.RLIMIT_DATA)[1],) * 2)
    find_package("autograder", _HERE.parents[1])
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
