"""Commands of another grader without its start, which costs more processor time than most of them.

Each is a fork of one process that has imported the grader. Where the start of a process matters, as for
what it imports, `tools.run` makes a fresh one.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.interop.commands import Done

NBGRADER = """
import nbgrader.api, nbgrader.apps, nbgrader.converters, sqlalchemy.orm
sqlalchemy.orm.configure_mappers()
"""
OTTER = "import otter.cli"
_SERVING = Path(__file__).with_name("serving.py")


class Warm:
    """A process of a grader's environment that runs one command at a time, with every warning of Python.

    `prepared` is Python that it executes once.
    """

    def __init__(self, commands: Path, prepared: str) -> None:
        path = f"{commands}:{os.environ.get('PATH', '')}"  # nbgrader calls alembic by its bare name
        self._process = subprocess.Popen(
            [str(commands / "python"), str(_SERVING), prepared],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PATH": path, "PYTHONWARNINGS": "default"},
            text=True,
        )

    def __enter__(self) -> Warm:
        return self

    def __exit__(self, *about: object) -> None:
        self._process.__exit__(*about)

    def done(self, folder: Path, *words: object) -> Done:
        """How a command ended."""
        with TemporaryDirectory() as scratch:
            out, err = Path(scratch, "out"), Path(scratch, "err")
            request = {"folder": str(folder), "words": [str(word) for word in words]}
            line = json.dumps({**request, "out": str(out), "err": str(err)})
            print(line, file=self._process.stdin, flush=True)
            code = self._process.stdout.readline()
            assert code, f"the process for {words} has died"
            return Done(int(code), out.read_text("utf-8"), err.read_text("utf-8"))

    def dlc(self, folder: Path, *words: object) -> Done:
        """How `dlc …` ended. `python -m autograder` would begin with a fresh interpreter."""
        return self.done(folder, "python", "-c", "from autograder.cli import main; main()", *words)

    def run(self, folder: Path, *words: object) -> str:
        """What a command printed. RuntimeError with its complaints."""
        done = self.done(folder, *words)
        if done.returncode:
            raise RuntimeError(f"{words[:2]} failed:\n{done.stdout[-1500:]}{done.stderr[-3000:]}")
        return done.stdout

    def said(self, folder: Path, *words: object) -> str:
        """All that a command printed, its complaints last."""
        done = self.done(folder, *words)
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout + done.stderr
