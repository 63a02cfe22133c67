"""A container laid out as Gradescope does it, by bubblewrap: /autograder, the system, nothing else."""

from __future__ import annotations

import errno
import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.interop.memory import Peak

# Gradescope's smallest machine.
MEMORY_MB, CPUS = 768, 0.5
_USAGE = "usage of all processes: "
# Only a parent inside the container is told what its children used.
_MEASURED = f"""
import resource, subprocess
done = subprocess.run(["/autograder/run_autograder"])
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print("{_USAGE}", used.ru_utime + used.ru_stime, flush=True)
raise SystemExit(done.returncode)
"""
_SYSTEM = ("/usr", "/bin", "/lib", "/lib64", "/sbin", "/etc/ld.so.cache", "/etc/alternatives")


@dataclass(frozen=True)
class Ran:
    """How `run_autograder` ended."""

    returncode: int
    printed: str
    results: dict[str, Any] | None
    cpu_s: float  # of all its processes
    peak_mb: float  # of all its processes together


def why_not() -> str:
    """Why there can be no such container here; empty where there can."""
    if shutil.which("bwrap") is None:
        return "there is no bwrap"
    command = ["bwrap", *_system(), "--proc", "/proc", "--dev", "/dev", "/usr/bin/env", "true"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else f"bwrap cannot make one: {done.stderr.strip()}"


def pack(archive: Path, files: dict[str, bytes]) -> None:
    """A zip of these files."""
    with zipfile.ZipFile(archive, "w") as packed:
        for name, contents in files.items():
            packed.writestr(name, contents)


def lay_out(root: Path, archive: Path, submission: dict[str, bytes], metadata: dict[str, Any]) -> Path:
    """/autograder for one submission."""
    for part in ("source", "submission", "results"):
        (root / part).mkdir(parents=True)
    with zipfile.ZipFile(archive) as source:
        source.extractall(root / "source")
    shutil.copy(root / "source/run_autograder", root / "run_autograder")
    (root / "run_autograder").chmod(0o755)
    for name, contents in submission.items():
        path = root / "submission" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(contents)
    (root / "submission_metadata.json").write_text(json.dumps(metadata))
    return root


def set_up(source: Path, venv: Path) -> subprocess.CompletedProcess[str]:
    """Run the `setup.sh` of an unpacked zip as when the image is made; the folder `venv` is its /opt/dlc.

    Unlike a submission it reaches the network, and what pip is told of on this machine: its settings lie
    under /etc, packages perhaps under /opt.
    """
    venv.mkdir()
    shown = [path for path in (Path("/etc"), *Path("/opt").glob("*")) if path.name != "dlc"]
    command = ["bwrap", *_system(), *(word for path in shown for word in ("--ro-bind", str(path), str(path)))]
    command += ["--bind", str(source), "/autograder/source", "--bind", str(venv), "/opt/dlc"]
    command += ["--unshare-pid", "--die-with-parent", "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"]
    command += ["--setenv", "PATH", f"{_python()}/bin:/usr/bin:/bin", "bash", "/autograder/source/setup.sh"]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=1_800)


def run_autograder(
    root: Path,
    *words: str,
    landlock: bool = True,
    uid: int | None = None,
    kill_when: str = "",
    venv: Path | None = None,
) -> Ran:
    """Run it in the container: no network, no other files; optionally as a user, or without Landlock.

    It is killed once its results, so far, hold the text `kill_when`.

    /opt/dlc is `venv`, or this environment in place of one that `setup.sh` has made.
    """
    venv = venv or Path(sys.executable).parents[1]
    command = [
        "bwrap",
        *_system(),
        "--ro-bind",
        str(venv),
        "/opt/dlc",
        "--bind",
        str(root),
        "/autograder",
        "--chdir",
        "/autograder",
    ]
    command += ["--unshare-net", "--unshare-pid", "--die-with-parent", "--proc", "/proc", "--dev", "/dev"]
    command += ["--tmpfs", "/tmp", "--clearenv", "--setenv", "PATH", "/usr/bin:/bin"]
    if uid is not None:
        command += ["--unshare-user", "--uid", str(uid), "--gid", str(uid)]
    handles = []
    if not landlock:
        handles.append(_filter())
        command += ["--seccomp", str(handles[0])]
    process = subprocess.Popen(
        [*command, *words, "/opt/dlc/bin/python", "-I", "-c", _MEASURED],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        pass_fds=handles,
    )
    with Peak(process.pid) as peak:
        try:
            if kill_when:
                _wait_for(kill_when, root / "results/results.json")
                process.kill()
            printed, _ = process.communicate(timeout=1_800)
        except subprocess.TimeoutExpired:
            process.kill()
            printed, _ = process.communicate()
    for handle in handles:
        os.close(handle)
    printed, _, usage = printed.rpartition(_USAGE)
    path = root / "results/results.json"
    found = json.loads(path.read_text()) if path.exists() else None
    return Ran(process.returncode, printed, found, float(usage or 0.0), peak.mb)


def _wait_for(text: str, path: Path) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and not (path.exists() and text in path.read_text()):
        time.sleep(0.1)


def _system() -> list[str]:
    """What a container has before anything is installed."""
    shown = [*_SYSTEM, *([] if str(_python()).startswith("/usr") else [str(_python())])]
    return [word for path in shown if Path(path).exists() for word in ("--ro-bind", path, path)]


def _python() -> Path:
    return Path(sys.executable).resolve().parents[1]


def _filter() -> int:
    """A seccomp filter in a file: Landlock's calls fail as in a container that does not know them."""
    calls = (444, 445, 446)
    program = [struct.pack("=HBBI", 0x20, 0, 0, 0)]
    for at, number in enumerate(calls):
        program.append(struct.pack("=HBBI", 0x15, len(calls) - at, 0, number))
    program.append(struct.pack("=HBBI", 0x06, 0, 0, 0x7FFF0000))
    program.append(struct.pack("=HBBI", 0x06, 0, 0, 0x00050000 | errno.ENOSYS))
    with tempfile.TemporaryFile() as file:
        file.write(b"".join(program))
        file.flush()
        handle = os.dup(file.fileno())
    os.lseek(handle, 0, os.SEEK_SET)
    return handle
