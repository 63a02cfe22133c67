"""What a worker for a GPU may do that other workers may not.

- It reads the GPU's driver, a C compiler and Python's headers: Triton asks ldconfig where the driver lies,
  and compiles a piece of C for each kernel in order to launch it.
- It starts programs and threads.
- It writes into one folder, into shared memory and to the GPU's devices.
- It keeps the grader's user, because the driver lets only processes of the same user share memory.
- It has a network of its own, in which it can connect to nobody. On some machines CUDA shares memory only
  by sending a file descriptor over the abstract socket `@cuda-uvmfd-…`. There it has the grader's network,
  and may connect to local sockets alone.

So it is isolated less than another worker of tier 1: it can reach no file of the course, no other process's
memory and no host on the network, but it can use up the GPU and, below tier 3, the memory.
"""

from __future__ import annotations

import sysconfig
from collections.abc import Iterable, Mapping
from pathlib import Path

from ..frameworks import KERNELS

_DRIVERS = tuple(kernels.driver for kernels in KERNELS.values())
GPU_VARIABLES = ("PATH", "LD_LIBRARY_PATH", "CUDA_VISIBLE_DEVICES", "CUDA_HOME", "CC", *_DRIVERS)
_NAME_FOLDERS = ("LD_LIBRARY_PATH", "CUDA_HOME", *_DRIVERS)
_CACHES = tuple(kernels.cache for kernels in KERNELS.values())
_READS = (
    *("/proc", "/sys", "/usr/include", "/opt/cuda", "/run/nvidia-persistenced"),
    *(f"/etc/{name}" for name in ("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "alternatives", "nvidia")),
)
_RUNS = (
    *("/bin", "/sbin", "/lib", "/lib64"),
    *(f"/usr/{name}" for name in ("bin", "sbin", "lib", "lib64", "libexec", "local/cuda", "local/nvidia")),
)


def readable(variables: Mapping[str, str], hidden: Iterable[str]) -> list[str]:
    """Paths that the worker may read.

    Args:
        variables: of the environment; some of them name folders of libraries.
        hidden: folders with hidden tests and references: what holds one of them is left out.
    """
    named = [folder for name in _NAME_FOLDERS for folder in variables.get(name, "").split(":")]
    headers = [sysconfig.get_path(name) for name in ("include", "platinclude")]
    return _without(hidden, [*_READS, *headers, *named])


def executable(packages: Mapping[str, str], hidden: Iterable[str]) -> list[str]:
    """Paths from which the worker may run programs.

    Args:
        packages: name of a module -> folder that it is installed in; a framework with kernels has its
            assembler there.
        hidden: folders with hidden tests and references: what holds one of them is left out.
    """
    own = [f"{packages[name]}/{kernels.programs}" for name, kernels in KERNELS.items() if name in packages]
    return _without(hidden, [*_RUNS, *own])


def environment(variables: Mapping[str, str], scratch: Path) -> dict[str, str]:
    """The worker's own variables.

    Args:
        variables: of the environment; those that name driver and compiler are passed on. LD_LIBRARY_PATH
            must be, since the dynamic linker reads it only when a program starts.
        scratch: folder for everything that is written.
    """
    own = dict.fromkeys(("HOME", "TMPDIR", "CUDA_CACHE_PATH", *_CACHES), str(scratch))
    given = {name: variables[name] for name in GPU_VARIABLES if name in variables}
    return {**own, **given, "CUBLAS_WORKSPACE_CONFIG": ":4096:8"}


def _without(hidden: Iterable[str], paths: Iterable[str]) -> list[str]:
    """Those that exist and do not hold a hidden folder, wherever the course is installed."""
    secret = [Path(folder).resolve() for folder in hidden]
    existing = dict.fromkeys(path for path in paths if Path(path).is_absolute() and Path(path).exists())
    return [
        path for path in existing if not any(folder.is_relative_to(Path(path).resolve()) for folder in secret)
    ]
