"""Seccomp: a filter that decides about each system call by its number and its arguments.

man 2 seccomp. What it refuses fails with ENOSYS, as if the kernel did not have it.
"""

from __future__ import annotations

import ctypes
import errno
import struct
from collections.abc import Iterable
from dataclasses import dataclass

from .syscalls import MACHINE, PR_SET_SECCOMP, prctl

_FILTER_MODE = 2
_ALLOW, _KILL_PROCESS, _REFUSE = 0x7FFF0000, 0x80000000, 0x00050000 | errno.ENOSYS
_AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_LOAD, _JUMP_EQUAL, _JUMP_GREATER_EQUAL, _RETURN, _AND = 0x20, 0x15, 0x35, 0x06, 0x54
_X32_BIT = 0x40000000
_Instruction = tuple[int, int, int, int]  # code, jump if true, jump if false, constant


@dataclass(frozen=True)
class Test:
    """What an argument of a call must be."""

    argument: int  # index
    values: tuple[int, ...]
    among: bool = True  # it must be one of the values; else none of them
    mask: int = 0xFFFFFFFF  # bits that are looked at
    high: bool = False  # its upper half; the kernel itself reads that of pointers and sizes only


@dataclass(frozen=True)
class Call:
    """A system call, allowed where all tests hold."""

    x86: int | None  # number on x86-64; None where an architecture has no such call
    arm: int | None  # on arm64
    tests: tuple[Test, ...] | None = ()  # None refuses it whatever its arguments


def decide(calls: Iterable[Call]) -> bytes:
    """The part of a filter that decides about these calls, as they say.

    Raises OSError where none can be written for this machine's architecture.
    """
    if MACHINE not in _AUDIT_ARCH:
        raise OSError(errno.ENOSYS, f"no system call filter is written for {MACHINE}")
    instructions: list[_Instruction] = []
    for call in calls:
        number = call.x86 if MACHINE == "x86_64" else call.arm
        if number is not None:
            body = _decide(call.tests)
            instructions += [(_JUMP_EQUAL, 0, len(body), number), *body]
    return _encode(instructions)


def program(decisions: bytes, *, others: bool) -> bytes:
    """A filter of what `decide` made; `others` tells whether a call that was not decided about is allowed."""
    before = _encode(
        [
            (_LOAD, 0, 0, 4),  # seccomp_data.arch
            (_JUMP_EQUAL, 1, 0, _AUDIT_ARCH[MACHINE]),
            (_RETURN, 0, 0, _KILL_PROCESS),
            (_LOAD, 0, 0, 0),  # seccomp_data.nr
            (_JUMP_GREATER_EQUAL, 0, 1, _X32_BIT),
            (_RETURN, 0, 0, _KILL_PROCESS),
        ]
    )
    return before + decisions + _encode([(_RETURN, 0, 0, _ALLOW if others else _REFUSE)])


def _encode(instructions: Iterable[_Instruction]) -> bytes:
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in instructions)


def _decide(tests: tuple[Test, ...] | None) -> list[_Instruction]:
    if tests is None:
        return [(_RETURN, 0, 0, _REFUSE)]
    return [*(instruction for test in tests for instruction in _check(test)), (_RETURN, 0, 0, _ALLOW)]


def _check(test: Test) -> list[_Instruction]:
    """Instructions that refuse the call unless the test holds."""
    offset = 16 + 8 * test.argument + 4 * test.high  # in seccomp_data.args, little-endian
    instructions: list[_Instruction] = [(_LOAD, 0, 0, offset), (_AND, 0, 0, test.mask)]
    for later, value in zip(reversed(range(len(test.values))), test.values, strict=True):
        # A match jumps over the later values, and where it is wanted over the refusal behind them; where it
        # is not, the last value that does not match jumps over the refusal.
        instructions.append((_JUMP_EQUAL, later + test.among, not (later or test.among), value))
    return [*instructions, (_RETURN, 0, 0, _REFUSE)]


def install(filter_bytes: bytes) -> None:
    """Put this thread under the filter for good; needs no_new_privs. Raises OSError."""
    code = ctypes.create_string_buffer(filter_bytes, len(filter_bytes))
    header = struct.pack("=HxxxxxxQ", len(filter_bytes) // 8, ctypes.addressof(code))
    prctl(PR_SET_SECCOMP, _FILTER_MODE, ctypes.create_string_buffer(header, len(header)))
