"""nbgrader and otter, each in a virtual environment of its own with this project, made once under build/."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT / "bench"))

from peers.venvs import environment, run  # noqa: E402

BUILD = ROOT / "build/interop"
NEEDED = ("pytest>=9.0", "pyyaml>=6.0", "typer>=0.29", "rich>=13")  # torch left out: no test here needs it


def tool(name: str) -> Path:
    """Folder of the commands of "nbgrader" or "otter". CalledProcessError where it cannot be installed."""
    BUILD.mkdir(parents=True, exist_ok=True)
    commands = environment(BUILD, name)
    done = BUILD / name / ".with-ours"
    if not done.exists():
        pip = [str(commands / "python"), "-m", "pip", "install", "--quiet"]
        subprocess.run([*pip, *NEEDED], check=True)
        subprocess.run([*pip, "--no-deps", "-e", str(ROOT)], check=True)
        done.touch()
    return commands


__all__ = ["ROOT", "run", "tool"]

if __name__ == "__main__":
    for each in ("nbgrader", "otter"):
        tool(each)
