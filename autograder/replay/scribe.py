"""Records calls of a student's function as programs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Protocol

from ..errors import OpenPoints
from ..studentkit.recording import REASONS
from .allowance import Allowance
from .programs import Outline, Program, outline, read_program


class Recordable(Protocol):
    """The proxy of a function in a worker."""

    def record(
        self, outlines: tuple[Outline, ...], options: dict[str, Any], gpu: dict[str, int] | None = None
    ) -> bytes:
        """The program of one call, as text that is not checked yet."""


class Scribe:
    """Records calls of one function. Calls whose arguments have the same outlines share one program.

    Args:
        function: proxy of the function in a worker.
        name: what it is called in messages.
        allowed: what it may run.
        gpu: properties of the GPU that kernels are recorded for; None where they are interpreted.
    """

    def __init__(
        self, function: Recordable, name: str, allowed: Allowance, gpu: dict[str, int] | None = None
    ) -> None:
        self._function, self._name, self._allowed, self._gpu = function, name, allowed, gpu
        self._programs: dict[Any, Program] = {}

    def program(self, args: tuple[Any, ...], options: Mapping[str, Any]) -> Program:
        """The program of a call.

        The worker learns shapes, strides and dtypes of the arguments and none of their numbers. Raises
        StudentError for what is not allowed, AssertionError for too many operations or no kernel, and
        OpenPoints where the call cannot be said as a program.
        """
        outlines = tuple(map(outline, args))
        key = (outlines, tuple(sorted(options.items())))
        if key not in self._programs:
            self._programs[key] = self._written(outlines, dict(options))
        return self._programs[key]

    def _written(self, outlines: tuple[Outline, ...], options: dict[str, Any]) -> Program:
        data = self._function.record(outlines, options, self._gpu)
        if (reason := _reason(data)) == "steps":
            raise AssertionError(f"{self._name} {REASONS[reason]} in one call, the most that is allowed")
        if reason is not None:
            says = f"{self._name} {REASONS[reason]}, so the grader cannot run it by itself"
            raise OpenPoints(f"{says}; a person will look at it")
        program = read_program(data, len(outlines), self._allowed, self._name)
        if self._allowed.launches and not program.launches:
            raise AssertionError(f"{self._name} launches no Triton kernel; one is to do the work")
        return program


def _reason(data: bytes) -> str | None:
    """Why there is no program, by one of our names; None where there may be one."""
    return next((reason for reason in REASONS if data == json.dumps({"unrecordable": reason}).encode()), None)
