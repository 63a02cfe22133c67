"""Virtual environments of the other graders, each its own: together they slow each other."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PACKAGES = {
    "nbgrader": ("nbgrader==0.9.5", "numpy==2.4.6", "ipykernel==7.4.0"),
    "otter": ("otter-grader==7.0.0", "numpy==2.4.6", "ipykernel==7.4.0"),
}


def run(commands: Path, folder: Path, *words: str) -> str:
    """Run a command of a grader in `folder`; what it printed. RuntimeError with its complaints."""
    path = f"{commands}:{os.environ.get('PATH', '')}"  # nbgrader calls alembic by its bare name
    done = subprocess.run(
        [str(commands / words[0]), *words[1:]],
        cwd=folder,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(words[:2])} failed:\n{done.stdout[-1500:]}{done.stderr[-3000:]}")
    return done.stdout


def environment(folder: Path, name: str) -> Path:
    """Folder of the commands of a grader, installed at first use."""
    home = folder / name
    if not (home / ".ready").exists():
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
        pip = [str(home / "bin/python"), "-m", "pip", "install", "--quiet", *PACKAGES[name]]
        subprocess.run(pip, check=True)
        (home / ".ready").touch()
    return home / "bin"
