"""What SECURITY.md says of the tests is so."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from autograder.report import disclosed
from autograder.sandbox.inside import filters
from autograder.sandbox.probes import BORDER, CLOCK, LAYERS, PROBES, PROCESS
from tests.sandbox.test_filters import SIGNALS

ROOT = Path(__file__).parents[1]
TEXT = " ".join((ROOT / "SECURITY.md").read_text(encoding="utf-8").split())


def test_the_attacks_are_as_many_as_it_says():
    assert f"**{len(PROBES)} attacks**" in TEXT
    for name, count in Counter(probe.family for probe in PROBES).items():
        assert f"{name} {count}" in TEXT
    off = Counter(probe.stopped_by for probe in PROBES)
    assert f"{off[LAYERS]} with no layer on, {off[PROCESS]} in the grader's own process" in TEXT
    assert f"{off[BORDER]} against a reader that trusts replies, {off[CLOCK]} without a clock" in TEXT
    assert sum(probe.tier > 1 for probe in PROBES) == 3
    on_gpu = sum(probe.in_gpu and probe.stopped_by == LAYERS for probe in PROBES)
    assert f"{on_gpu} are run against a worker for a GPU too" in TEXT
    assert f"{len(SIGNALS)} ways to send a signal" in TEXT


def test_the_bounds_are_as_it_says():
    assert disclosed.TEST_BITS < 17
    assert f"{disclosed.TASK_BITS:g} for each task, {disclosed.RACE_BITS:g} for each race" in TEXT
    assert f"and {disclosed.bits(tests=0, tasks=0):g} for each attempt" in TEXT
    assert disclosed.bits(tests=124, tasks=7) < 2800


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`((?:autograder|tests|bench)/[\w/.]+)`", TEXT))))
def test_what_it_names_is_there(path):
    assert (ROOT / path).exists()


def test_what_can_signal_is_refused_by_the_file_that_it_names():
    for name in ("rt_sigqueueinfo", "rt_tgsigqueueinfo", "pidfd_send_signal"):
        assert name in filters._NEVER
        assert name in TEXT
