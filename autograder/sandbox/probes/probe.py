"""What an attack is: student code, and how to tell that it succeeded.

A probe has a function `attack(stage)` that returns True when the attack succeeded. Every one is bounded,
and harmless where it succeeds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ...model import Limits

LAYERS = "layers"  # rlimits, Landlock, seccomp, ...: off in a worker without a single one
PROCESS = "process"  # that student code runs in another process: off where it runs in the grader's
BORDER = "border"  # the strict reader of replies: off in one that trusts them
CLOCK = "clock"  # the grader's clock: off where the test has all the time it wants

_PRELUDE = '''
import ctypes, fcntl, gc, json, mmap, os, platform, resource, signal, socket, struct, subprocess
import sys, threading, time

libc = ctypes.CDLL(None, use_errno=True)
ARM = platform.machine() == "aarch64"


def syscall(x86, arm, *args):
    """Result of a system call; OSError where it fails."""
    libc.syscall.restype = ctypes.c_long
    result = libc.syscall(ctypes.c_long(arm if ARM else x86), *args)
    if result < 0:
        raise OSError(ctypes.get_errno(), "refused")
    return result


def number():
    """Of the request that is being answered."""
    frame = sys._getframe()
    while frame and "n" not in (frame.f_locals.get("request") or ()):
        frame = frame.f_back
    return frame.f_locals["request"]["n"] if frame else 1


def forge(header, payload=b"", size=None):
    """A message to the grader."""
    data = struct.pack("<IQ", len(header), len(payload) if size is None else size) + header + payload
    while data:
        data = data[os.write(3, data):]


def answer(value, payload=b""):
    forge(json.dumps({"n": number(), "value": value}).encode(), payload)


def attack(stage):
'''


@dataclass(frozen=True)
class Probe:
    """One attack."""

    name: str
    code: str  # body of attack(stage)
    family: str
    stopped_by: str = LAYERS
    tier: int = 1  # the lowest that stops it
    limits: Limits = field(default_factory=Limits)
    in_gpu: bool = True  # whether a worker for a GPU is kept from it too
    effect: str = ""  # expression that is true in the grader's process after a success, if that tells

    @property
    def module(self) -> str:
        """Text of the student's module."""
        return _PRELUDE + "".join(f"    {line}\n" for line in self.code.strip().splitlines())


def family(name: str, codes: Mapping[str, str], **common: Any) -> tuple[Probe, ...]:
    """Probes of one kind."""
    return tuple(Probe(probe, code, name, **common) for probe, code in codes.items())
