"""Hand-ins turned into data: programs that are checked here and run in processes of ours.

A process in which a student's code has run cannot testify about itself. So where points depend on what ran,
the student's worker only writes a program down; this package holds it against a list, and what it computes
and how long that takes is found out where no line of the student's has run.

A program consists of torch's operations and of Triton's kernels, so this package names both throughout.
"""

from .allowance import Allowance
from .programs import Outline, Program, outline
from .replay import Replay, blamed, executor_kind, executor_texts, prepare
from .scribe import Scribe

__all__ = [
    "Allowance",
    "Outline",
    "Program",
    "Replay",
    "Scribe",
    "blamed",
    "executor_kind",
    "executor_texts",
    "outline",
    "prepare",
]
