"""Triton's interpreter is tried before it judges anybody."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SANDBOX = Path(__file__).parents[2] / "autograder/sandbox"
BROKEN = """
from triton.runtime import interpreter
def fail(*_, **__): raise TypeError("only 0-dimensional arrays can be converted to Python scalars")
interpreter.GridExecutor.__call__ = fail
"""


def tried(before: str) -> subprocess.CompletedProcess[str]:
    """The check, in a process of its own after some other code."""
    path = f"import sys; sys.path.insert(0, {str(SANDBOX)!r})"
    code = f"{path}\n{before}\nfrom inside import nothing\nnothing.interpret()"
    environment = {"TRITON_INTERPRET": "1", "OMP_NUM_THREADS": "1"}
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_interpreter_of_this_machine_works():
    done = tried("")
    assert done.returncode == 0, done.stderr


def test_one_that_does_not_is_named_with_the_way_out():
    says = tried(BROKEN).stderr.strip().splitlines()[-1]
    assert says.startswith("RuntimeError: the interpreter of Triton ")
    assert says.endswith("(TypeError); install a newer Triton or an older NumPy")
