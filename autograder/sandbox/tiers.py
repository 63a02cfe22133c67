"""The tiers of isolation: what each one consists of, and whether this machine can provide it.

Tier 0 only limits resources, tier 3 is the strongest. A tier consists of layers, which `inside/lockdown.py`
applies in each worker; from tier 2 on the workers also live in namespaces that bubblewrap makes.
"""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from .. import frameworks
from ..errors import SandboxError, TierUnavailable
from ..frameworks import FRAMEWORKS, KERNELS
from ..installed import installed, installed_with, is_installed
from ..studentkit import recording
from . import gpu_access
from .groups import find_parents
from .inside import filters, landlock

HIGHEST = 3
_LAYERS = {
    0: ("rlimits",),
    1: ("rlimits", "capabilities", "landlock", "seccomp"),
    2: ("rlimits", "capabilities", "landlock", "seccomp"),
    3: ("rlimits", "own_uid", "capabilities", "landlock", "seccomp"),
}
_WITHOUT_LANDLOCK = ("rlimits", "own_root", "own_uid", "capabilities", "seccomp")
# It has the grader's uid, for its driver shares memory within one user only.
_FOR_GPU = ("rlimits", "own_root", "capabilities", "landlock", "seccomp")
_TO_CHANGE_USER = ("CAP_SETUID", "CAP_SETGID", "CAP_KILL")  # the zygote, and end whom it has changed
_TESTS = ("test", "tests", "testing", "conftest")
_NOT_STANDARD = ("site-packages", "dist-packages", "__pycache__")
_RECORDING = Path(recording.__file__)  # as text, for no package of ours is on a worker's search path
_FRAMEWORKS = Path(frameworks.__file__).parent


@dataclass(frozen=True)
class Isolation:
    """What it takes to start a zygote, the process from which isolated workers are forked."""

    settings: dict[str, Any]
    wrapper: tuple[str, ...]  # a command that runs it in namespaces
    grouped: bool  # whether each worker has a control group


def missing(tier: int, *, for_gpu: bool = False) -> list[str]:
    """What this machine lacks for a tier.

    Args:
        tier: 0 to `HIGHEST`.
        for_gpu: whether workers are to use a GPU; they need Landlock, for they keep the grader's user.

    Returns:
        A sentence for each thing that is missing, with what to do about it; empty where nothing is.
    """
    if tier > HIGHEST:
        return [f"tier {tier} is not built; the highest is {HIGHEST}"]
    lacking = []
    if not sys.platform.startswith("linux"):
        return [f"student code runs under Linux only, not under {sys.platform}; use a container"]
    if tier >= 1:
        if not landlock.abi() and (for_gpu or os.geteuid() != 0 or tier > 1):
            lacking.append(
                "the kernel has no Landlock; use Linux 5.13 or newer, with landlock among its LSMs"
                # A uid of its own is no way for a GPU: its driver shares memory within one user only.
                + ("" if for_gpu else ", or root")
            )
        try:
            filters.listed(os.getpid())
        except OSError as error:
            lacking.append(f"{error.strerror}; use x86-64 or arm64")
    if tier >= 2 and shutil.which("bwrap") is None:
        lacking.append("there is no bwrap; install the package bubblewrap")
    if tier >= 3:
        lacking += _missing_for_groups()
    return lacking


def _missing_for_groups() -> list[str]:
    lacking = [] if os.geteuid() == 0 else ["only root gives each worker a user of its own; run as root"]
    try:
        find_parents()
    except SandboxError as error:
        lacking.append(str(error))
    return lacking


def isolation_for(
    tier: int,
    library: str,
    packages: tuple[str, ...],
    *,
    compiles: bool = False,
    scratch: Path | None = None,
    sockets: bool = False,
    variables: Mapping[str, str] | None = None,
) -> Isolation:
    """Everything needed to start isolated workers at a tier.

    Args:
        tier: 0 to `HIGHEST`.
        library: name of the course's library package, which workers must not be able to import.
        packages: what student code may import; numpy is added.
        compiles: whether kernels are compiled, for GPUs that need not be here, and not run. Otherwise they
            are interpreted.
        scratch: a folder that the worker may write into. It makes the worker one for a GPU
            (`gpu_access.py`), in which kernels are compiled and run.
        sockets: whether a worker for a GPU may connect to local sockets.
        variables: variables of the environment that tell where the GPU's driver and compiler lie.

    Raises:
        TierUnavailable: something is missing; the message names it and the way out.
    """
    if lacking := missing(tier, for_gpu=scratch is not None):
        raise TierUnavailable(
            f"this machine cannot isolate student code at tier {tier}, so nothing is graded: "
            + "; ".join(lacking)
        )
    packages = tuple(dict.fromkeys(("numpy", *packages)))  # in whose arrays everything crosses
    if absent := [name for name in packages if not is_installed(name)]:
        raise TierUnavailable(
            f"student code may import {absent[0]}, which is not installed here, so nothing is graded; "
            f"run `pip install {absent[0]}`"
        )
    brought = list(installed_with(packages))
    folders = {module: folder for package in brought for module, folder in package.modules.items()}
    readable = [*_standard_library(), *sorted({path for package in brought for path in package.paths})]
    hidden, given = _hidden(library), variables or {}
    settings = {
        "layers": list(_layers(tier, for_gpu=scratch is not None)),
        "packages": folders,
        "preload": [module for name in packages for module in _preloaded(name)],
        "parts": [part for name in packages if name not in FRAMEWORKS for part in _parts(name)],
        "frameworks": str(_FRAMEWORKS),
        "readable": [*readable, *gpu_access.readable(given, hidden)] if scratch else readable,
        "executable": gpu_access.executable(folders, hidden) if scratch else [],
        "scratch": str(scratch or ""),
        "sockets": sockets,
        "environment": _environment(packages, given, compiles=compiles, scratch=scratch),
        "interprets": any(name in KERNELS for name in packages) and not (compiles or scratch),
        "compiles": compiles,
        "recording": _RECORDING.read_text(encoding="utf-8"),
        "absent": [library, "autograder"],
    }
    # A worker for a GPU takes a root of its own, with the devices in it; see `inside/lockdown.py`.
    wrapper = _bubblewrap(readable, own_uids=tier >= 3) if tier >= 2 and not scratch else ()
    return Isolation(settings, wrapper, grouped=tier >= 3)


def _layers(tier: int, *, for_gpu: bool) -> tuple[str, ...]:
    """Layers of a tier; without Landlock, as in older containers, root gives workers another root and uid."""
    if for_gpu and tier >= 1:
        return _FOR_GPU
    return _WITHOUT_LANDLOCK if tier >= 1 and not landlock.abi() else _LAYERS[tier]


def _hidden(library: str) -> list[str]:
    """Folders that hold hidden tests and references."""
    spec = find_spec(library)
    places = [Path(__file__).parents[2], *([Path(spec.origin).parents[1]] if spec and spec.origin else [])]
    return sorted({str(place.resolve()) for place in places})


def _environment(
    packages: tuple[str, ...], variables: Mapping[str, str], *, compiles: bool, scratch: Path | None
) -> dict[str, str]:
    """Variables of the zygote and its workers."""
    environment: dict[str, str] = {}
    for framework in frameworks.known(packages):
        environment |= framework.environment
        if kernels := framework.kernels:
            environment |= kernels.compiled if compiles or scratch else kernels.interpreted
            environment |= gpu_access.environment(variables, scratch) if scratch else {}
    return environment


def _parts(package: str) -> list[str]:
    """Packages inside one of which nothing is known. A worker that loads one pays for it with its memory."""
    own = installed(package)
    folders = {name: Path(folder) / name for name, folder in own.modules.items()} if own else {}
    inside = [(name, path.parent.name) for name, at in folders.items() for path in at.glob("*/__init__.py")]
    return sorted(f"{name}.{part}" for name, part in inside if part[0] != "_" and part not in _TESTS)


def _preloaded(package: str) -> list[str]:
    """Modules of a package that every worker has from its start."""
    if known := FRAMEWORKS.get(package):
        return [known.name, *known.preload]
    own = installed(package)
    public = [name for name in own.modules if not name.startswith("_")] if own else []
    return [package] if package in public else public


def _standard_library() -> list[str]:
    """Paths of the standard library, without what is installed beside it."""
    folders = {Path(sysconfig.get_path(name)).resolve() for name in ("stdlib", "platstdlib")}
    return sorted(
        str(child) for folder in folders for child in folder.iterdir() if child.name not in _NOT_STANDARD
    )


def _bubblewrap(readable: list[str], *, own_uids: bool) -> tuple[str, ...]:
    """Namespaces of its own, a root that holds only what a worker may read, no /proc but its own.

    Where workers have `own_uids`, there is no namespace of users, for it would know one only.
    """
    python = Path(sys.executable)
    system = ["/lib", "/lib64", "/usr/lib", "/usr/lib64"]
    own = [*{python, python.resolve()}, python.parent.parent / "pyvenv.cfg"]
    own += [Path(__file__).parent / "inside", _FRAMEWORKS]
    shown = [path for path in (*system, *map(str, own), *readable) if Path(path).exists()]
    # Made for a file, its folders would be closed to a worker's own uid, and nothing be found in them.
    above = sorted({str(parent) for path in shown for parent in Path(path).parents} - {"/"})
    binds = [word for path in above for word in ("--dir", path)]
    binds += [word for path in shown for word in ("--ro-bind", path, path)]
    spaces = [f"--unshare-{space}" for space in ("pid", "net", "ipc", "uts", "cgroup-try")]
    kept = [word for name in _TO_CHANGE_USER for word in ("--cap-add", name)]
    return (
        *("bwrap", *(spaces if own_uids else ["--unshare-all"]), "--die-with-parent", "--new-session"),
        *("--cap-drop", "ALL", *(kept if own_uids else [])),
        *(*binds, "--dev", "/dev", "--proc", "/proc", "--chdir", "/"),
    )
