"""Ctrl-C is answered by a sentence, whenever it comes."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

LAUNCHER = Path(__file__).parents[2] / "autograder/cli/dlc"


@pytest.fixture(scope="module")
def dlc(tmp_path_factory):
    """The command as it is installed, beside an interpreter that finds its packages."""
    folder = tmp_path_factory.mktemp("bin")
    shutil.copy(LAUNCHER, folder / "dlc")
    (folder / "python").write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    (folder / "python").chmod(0o755)
    return folder / "dlc"


@pytest.mark.parametrize("after_s", [0.0, 0.02, 0.05, 0.1, 0.2, 0.4, 0.7, 1.0])
def test_while_the_command_starts(dlc, after_s, tmp_path):
    process = subprocess.Popen(
        [dlc, "list"], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    time.sleep(after_s)
    process.send_signal(signal.SIGINT)
    _, says = process.communicate(timeout=1_800)
    # Before there is a Python, the shell is ended by it; late, it is too late: there is no course here.
    assert says in ("", "dlc: interrupted\n") or "course.yaml" in says
    assert process.returncode in (-signal.SIGINT, 130, 2)


def test_in_a_command_that_does_not_ask_for_it(tmp_path):
    run = """
import typer
from autograder import cli

def interrupt():
    exec("raise KeyboardInterrupt")

app = typer.Typer()
app.command()(interrupt)
cli.build_app = lambda: app
cli.main()
"""
    (tmp_path / "running.py").write_text(run)
    done = subprocess.run(
        [sys.executable, "-m", "running"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (130, "dlc: interrupted\n")
