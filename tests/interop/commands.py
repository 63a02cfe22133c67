"""Runs `dlc`, with this environment or another grader's."""

from __future__ import annotations

import subprocess
import sys


def dlc(folder, *words, python=sys.executable):
    """The finished process."""
    command = [str(python), "-m", "autograder", *map(str, words)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def dlc_says(folder, *words, python=sys.executable):
    """What it printed; fails the test where it did not succeed."""
    done = dlc(folder, *words, python=python)
    assert done.returncode == 0, done.stderr
    return done.stdout
