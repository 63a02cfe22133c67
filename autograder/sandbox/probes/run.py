"""Runs attacks against a sandbox."""

from __future__ import annotations

import gc
import json
import os
import random
import signal
import sys
import time
import warnings
from collections.abc import Iterable
from itertools import groupby
from typing import Any

import numpy as np

from ...model import Limits
from ...studentkit.kinds import StudentError
from ..plan import LoadPlan
from ..remote import Remote
from ..sandbox import Sandbox
from .probe import PROCESS, Probe
from .stage import staged

# What an effect may speak of.
_NAMES = {module.__name__: module for module in (gc, json, os, random, signal, sys, time, warnings)} | {
    "np": np
}


def succeeds(probe: Probe, student: Remote, stage: dict[str, Any]) -> bool:
    """Whether the attack succeeds on its worker; an exception or a death is a failure of the attack."""
    student.begin(probe.name)
    try:
        returned = bool(getattr(student, module_of(probe)).attack(stage))
    except StudentError:
        returned = False
    return returned or took_effect(probe, stage)


def took_effect(probe: Probe, stage: dict[str, Any]) -> bool:
    """Whether the attack changed this process."""
    return bool(probe.effect and eval(probe.effect, {**_NAMES, "stage": stage}))


def module_of(probe: Probe) -> str:
    """Name of the module that holds its code."""
    return probe.name.replace("-", "_")


def run_probes(sandbox: Sandbox, probes: Iterable[Probe]) -> dict[str, bool]:
    """Name of each probe -> whether it is blocked. Those of a family share a worker, and a stage."""
    blocked = {}
    for (_, limits, _), group in groupby(probes, _together):
        together = list(group)
        plan = LoadPlan({module_of(probe): probe.module for probe in together})
        with staged() as stage, sandbox.open(plan, limits, lambda *_: "bool", 0) as student:
            for probe in together:
                blocked[probe.name] = not succeeds(probe, student, stage)
    return blocked


def _together(probe: Probe) -> tuple[str, Limits, str]:
    """What probes of one worker have in common; one that changes its process is alone there."""
    return probe.family, probe.limits, probe.name if probe.stopped_by == PROCESS else ""
