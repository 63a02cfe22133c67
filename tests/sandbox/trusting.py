"""Graders without what stops a student: one in whose process student code runs, one that trusts replies.

Run as a script: probes as JSON on stdin, the names of those that succeeded as JSON on stdout. Each has a
process of its own, so what it breaks stays there.
"""

from __future__ import annotations

import json
import os
import pickle
import select
import signal
import struct
import subprocess
import sys
import time
from dataclasses import asdict

import numpy as np

from autograder.sandbox.probes import PROCESS, Probe, staged
from autograder.sandbox.probes.run import took_effect

EXPECTED_OF_THE_GRADER = 42
_SUCCEEDED, _FAILED, _LEFT = 10, 11, 12
_SECONDS = 1.0


def those_that_succeed(probes):
    """Names of the probes that harm such a grader."""
    text = json.dumps([{**asdict(probe), "limits": None} for probe in probes])
    command = [sys.executable, "-m", "tests.sandbox.trusting", "stage"]
    done = subprocess.run(
        command,
        input=text,
        capture_output=True,
        text=True,
        check=True,
        timeout=1_800,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    return set(json.loads(done.stdout))


def harmed(probe):
    return _shares_its_process(probe) if probe.stopped_by == PROCESS else _believes_replies(probe)


def _shares_its_process(probe):
    with staged() as stage:
        pid = os.fork()
        if pid == 0:
            try:
                succeeded = _grade(probe, stage)
            except BaseException:
                os._exit(_LEFT)
            os._exit(_SUCCEEDED if succeeded else _FAILED)
        # Whoever ends or leaves the grader's run has harmed it, too.
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) != _FAILED


def _grade(probe, stage):
    expected_of_the_grader = {"expected_of_the_grader": [42]}
    results = os.open(stage["results"], os.O_RDONLY)  # open while it grades
    names = {}
    exec(probe.module, names)
    try:
        returned = bool(names["attack"](stage))
    except Exception:
        returned = False
    os.close(results)
    del expected_of_the_grader
    return returned or took_effect(probe, stage)


def _believes_replies(probe):
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.dup2(theirs, 3)
        names = {}
        exec(probe.module, names)
        names["attack"]({})
        os._exit(0)
    os.close(theirs)
    try:
        data = _read(ours)
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(ours)
    try:
        _trust(data)
    except Exception:
        return True  # it ended the grader
    return bool(data)


def _read(descriptor):
    data, end = b"", time.monotonic() + _SECONDS
    while select.select([descriptor], [], [], max(0.0, end - time.monotonic()))[0]:
        chunk = os.read(descriptor, 1 << 16)
        if not chunk:
            break
        data += chunk
    return data


def _trust(data):
    head, size = struct.unpack("<IQ", data[:12])
    if head + size > len(data):
        raise MemoryError("waits for what never comes, with room for all of it")
    header = json.loads(data[12 : 12 + head])
    value, payload = header["value"], data[12 + head :]
    if value[0] == "pickle":
        return pickle.loads(payload)
    return np.frombuffer(payload, value[1]).reshape(value[2])


if __name__ == "__main__":
    print(
        json.dumps([each.name for each in (Probe(**words) for words in json.load(sys.stdin)) if harmed(each)])
    )
