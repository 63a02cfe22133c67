"""The loop of a locked-down process: take a request, run the student's code, send what it returned.

A request is {"n": number, "epoch": test, "seed": seed, "op": name, ...}; the reply
{"n": number, "value": ...} or {"n": number, "error": {...}} or {"n": number, "refused": why}. While a
call runs, {"callback": ...} may go the other way.
"""

from __future__ import annotations

import ast
import contextlib
import operator
import random
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from . import wire
from .channel import Gone, read_message, write_message
from .faults import describe
from .loading import Library, imports_kept, install
from .objects import Objects
from .script import SCRIPT, STATEMENTS, run_script
from .statements import bound

OPERATORS = frozenset(
    [
        "add",
        "sub",
        "mul",
        "truediv",
        "floordiv",
        "mod",
        "pow",
        "matmul",
        "neg",
        "pos",
        "abs",
        "lt",
        "le",
        "gt",
        "ge",
        "eq",
        "ne",
        "getitem",
        "setitem",
    ]
)
Request = dict[str, Any]
_SEEDS = 1 << 32  # that every framework takes


class Refused(Exception):
    """A request for something that the student's code does not have."""


class Worker:
    """One student's code, and the objects it returned in the present test."""

    def __init__(self, record: Callable[..., bytes], frameworks: Any) -> None:
        self._recorded = record  # a call as a program
        self._frameworks = frameworks.loaded()
        self._library = Library("", {})
        self._files: frozenset[str] = frozenset()
        self._objects = Objects(frameworks)
        self._epoch: int | None = None  # of the loading before all tests it is -1
        self._device: Any = None  # buffers of the grader, where speed is measured on a GPU
        self._operations: dict[str, Callable[[Request, wire.Decoder], Any]] = {
            "plan": self._plan,
            "load": self._load,
            "call": self._call,
            "watch": self._watch,
            "record": self._record,
            "compile": self._compile,
            "attach": self._attach,
            "run": self._run,
            "getattr": lambda request, _: getattr(self._target(request), request["name"]),
            "setattr": self._setattr,
            "method": self._method,
            "len": lambda request, _: len(self._target(request)),
            "operator": self._operator,
        }

    def serve(self) -> None:
        """Answer requests until the grader closes the channel."""
        with contextlib.suppress(Gone):
            while True:
                write_message(*self._answer(*read_message()))

    def _answer(self, request: Request, payload: bytearray) -> tuple[Any, list[memoryview | bytes]]:
        decoder = wire.Decoder(payload, self._objects.makers, repeats=True)
        encoder = wire.Encoder(self._objects.header)
        header: dict[str, Any] = {"n": request["n"]}
        try:
            self._start_test(request)
            header["value"] = encoder.encode(self._value(request, decoder))
        except Gone:
            raise
        except Refused as error:
            header["refused"] = str(error)
        except BaseException as error:
            # Also SystemExit and KeyboardInterrupt: the student's code cannot end this loop by raising.
            header["error"] = self._describe(error)
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(BaseException):
                stream.flush()
        return header, encoder.payload if "value" in header else []

    def _value(self, request: Request, decoder: wire.Decoder) -> Any:
        """What was asked for, as plain data."""
        if request["op"] == "map":
            return self._map(request, decoder)
        value = self._operations[request["op"]](request, decoder)
        return self._objects.crossing().cross(value, request.get("kind", "data"))

    def _start_test(self, request: Request) -> None:
        if request["epoch"] == self._epoch:
            return
        self._epoch = request["epoch"]
        self._objects.clear()
        seed = request["seed"] % _SEEDS
        random.seed(seed)
        for framework in self._frameworks:
            framework.seed(seed)

    def _plan(self, request: Request, _: wire.Decoder) -> None:
        self._library = Library(request["package"], request["modules"])
        self._files = frozenset(f"{name}.py" for name in (*request["modules"], SCRIPT))
        install(self._library)

    def _load(self, request: Request, _: wire.Decoder) -> dict[str, Any]:
        """Load modules, and the script by the name ""; what was raised by module and by statement."""
        failures: dict[str, Any] = {}
        statements: list[Any] = []
        asked_for = {name for names in request["adopt"].values() for name in names}

        def failed(statement: ast.stmt, error: BaseException) -> None:
            if len(statements) < STATEMENTS:
                names = sorted(bound(statement) & asked_for)
                statements.append([statement.lineno, names, self._describe(error)])

        for name in request["modules"]:
            try:
                if name:
                    with imports_kept():
                        self._library.load(name)
                else:
                    self._library.complete(run_script(request["script"], failed), request["adopt"])
            except BaseException as error:
                failures[name] = self._describe(error)
        return {"modules": failures, "statements": statements}

    def _describe(self, error: BaseException) -> dict[str, Any]:
        return describe(error, self._files, self._frameworks)

    def _target(self, request: Request) -> Any:
        kind, *where = request["target"]
        if kind == "h":
            return self._objects.get(where[0])
        module, name = where
        try:
            return getattr(self._library.load(module), name)
        except AttributeError:
            raise Refused(name) from None

    def _call(self, request: Request, decoder: wire.Decoder) -> Any:
        return self._target(request)(*decoder.decode(request["args"]), **decoder.decode(request["options"]))

    def _map(self, request: Request, decoder: wire.Decoder) -> list[Any]:
        function = self._target(request)
        calls, options = decoder.decode(request["args"]), decoder.decode(request["options"])
        # Each as it is when it is returned: the next call may write into the same array.
        crossing, asked = self._objects.crossing(own=True), zip(calls, request["kind"], strict=True)
        return [crossing.cross(function(*args, **options), kind) for args, kind in asked]

    def _watch(self, request: Request, decoder: wire.Decoder) -> tuple[Any, Any]:
        args, options = decoder.decode(request["args"]), decoder.decode(request["options"])
        return self._target(request)(*args, **options), args

    def _record(self, request: Request, decoder: wire.Decoder) -> np.ndarray[Any, Any]:
        outlines, gpu = decoder.decode(request["args"])
        function, options = self._target(request), decoder.decode(request["options"])
        if gpu is None:
            return np.frombuffer(self._recorded(function, outlines, options), np.uint8)
        from .compiling import absent  # needs torch and Triton, which few assignments have

        with absent(gpu):
            return np.frombuffer(self._recorded(function, outlines, options, "meta"), np.uint8)

    def _compile(self, request: Request, decoder: wire.Decoder) -> list[dict[str, Any]]:
        from .compiling import compile_launches  # needs torch and Triton, which few assignments have

        (capability, *args), options = decoder.decode(request["args"]), decoder.decode(request["options"])
        function = self._target(request)
        return compile_launches(lambda: function(*args, **options), capability)

    def _attach(self, request: Request, _: wire.Decoder) -> None:
        if self._device is None:
            from .device import Device  # needs torch, which few assignments have

            self._device = Device()
        self._device.attach(request["name"], request["share"])

    def _run(self, request: Request, decoder: wire.Decoder) -> float:
        inputs, options, output = decoder.decode(request["args"])
        seconds: float = self._device.run(self._target(request), inputs, options, output)
        return seconds

    def _setattr(self, request: Request, decoder: wire.Decoder) -> None:
        setattr(self._target(request), request["name"], *decoder.decode(request["args"]))

    def _method(self, request: Request, decoder: wire.Decoder) -> Any:
        args, options = decoder.decode(request["args"]), decoder.decode(request["options"])
        return getattr(self._target(request), request["name"])(*args, **options)

    def _operator(self, request: Request, decoder: wire.Decoder) -> Any:
        if request["name"] not in OPERATORS:
            raise Refused(request["name"])
        return getattr(operator, request["name"])(*decoder.decode(request["args"]))
