"""What a worker for a GPU may do beside what others may.

Beside its packages it reads the driver, and a compiler with Python's headers: Triton asks ldconfig where
the driver lies, and compiles a piece of C for each kernel, to launch it. It starts programs and threads,
and writes into one folder, shared memory and the GPU's devices. It has mounts and a network of its own, and
can connect to nobody. Where memory is shared with it only over an abstract socket, `@cuda-uvmfd-…`, by which
CUDA hands a descriptor over, it has the grader's network and may connect to local sockets. And it keeps the
grader's uid, since the driver lets only processes of one user share memory. So it is isolated less than
another worker of tier 1: no file of the course's, no other process's memory and no network can be reached,
but GPU and, below tier 3, memory can be used up.
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
    """Paths that it may read; the variables name folders of libraries among them."""
    named = [folder for name in _NAME_FOLDERS for folder in variables.get(name, "").split(":")]
    headers = [sysconfig.get_path(name) for name in ("include", "platinclude")]
    return _without(hidden, [*_READS, *headers, *named])


def executable(packages: Mapping[str, str], hidden: Iterable[str]) -> list[str]:
    """Paths that it may run programs from; a framework with kernels brings an assembler of its own."""
    own = [f"{packages[name]}/{kernels.programs}" for name, kernels in KERNELS.items() if name in packages]
    return _without(hidden, [*_RUNS, *own])


def environment(variables: Mapping[str, str], scratch: Path) -> dict[str, str]:
    """Its variables. The loader reads LD_LIBRARY_PATH only where a program starts."""
    own = dict.fromkeys(("HOME", "TMPDIR", "CUDA_CACHE_PATH", *_CACHES), str(scratch))
    given = {name: variables[name] for name in GPU_VARIABLES if name in variables}
    return {**own, **given, "CUBLAS_WORKSPACE_CONFIG": ":4096:8"}


def _without(hidden: Iterable[str], paths: Iterable[str]) -> list[str]:
    """Those that exist and do not hold a hidden folder, wherever the course is installed."""
    secret = [Path(folder).resolve() for folder in hidden]
    found = dict.fromkeys(path for path in paths if Path(path).is_absolute() and Path(path).exists())
    return [path for path in found if not any(each.is_relative_to(Path(path).resolve()) for each in secret)]
