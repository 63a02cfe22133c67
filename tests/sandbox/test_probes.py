"""Every attack fails inside, and succeeds where what stops it is off: so it is an attack."""

from __future__ import annotations

import os
import platform
from dataclasses import replace

import pytest

from autograder.sandbox import Sandbox
from autograder.sandbox.doctor import examine
from autograder.sandbox.inside import landlock
from autograder.sandbox.probes import BORDER, CLOCK, LAYERS, PROBES, PROCESS, run_probes, staged, succeeds
from autograder.sandbox.probes.run import module_of
from autograder.sandbox.tiers import missing
from tests.sandbox.conftest import LIMITS
from tests.sandbox.trusting import those_that_succeed

pytestmark = pytest.mark.usefixtures("patient")
FAMILIES = list(dict.fromkeys(probe.family for probe in PROBES))
IN_A_WORKER = [probe for probe in PROBES if probe.stopped_by in (LAYERS, CLOCK)]
# These need a right that only root has: elsewhere they fail without a layer, too.
FOR_ROOT = {
    *("read-by-the-number-of-a-file", "watch-all-files", "copy-a-tree-of-mounts", "open-a-file-system"),
    *("make-a-mount-namespace", "make-a-network-namespace", "mount", "change-root", "make-a-device"),
    *("open-a-raw-socket", "listen-to-the-wire", "read-kernel-log"),
    *("enter-the-namespaces-of-the-grader",),
}


@pytest.fixture(scope="module", params=["tier 1 without Landlock", "tier 2", "tier 3"])
def locked(request):
    with pytest.MonkeyPatch.context() as patch:
        tier = int(request.param[5])
        if "without" in request.param:
            patch.setattr(landlock, "abi", lambda: 0)
        if lacking := missing(tier):
            pytest.skip(f"no {request.param} here: {lacking[0]}")
        with Sandbox(library="dlc_lib", packages=("numpy",), tier=tier) as sandbox:
            yield sandbox


@pytest.mark.parametrize("family", FAMILIES)
def test_attacks_fail_inside(locked, family):
    probes = [probe for probe in PROBES if probe.family == family and probe.tier <= locked.tier]
    found = run_probes(locked, probes)
    assert len(found) == len(probes)
    assert [name for name, blocked in found.items() if not blocked] == []


@pytest.mark.parametrize("probe", IN_A_WORKER, ids=lambda probe: probe.name)
def test_attack_succeeds_with_every_layer_off(unlocked, probe):
    if probe.name in FOR_ROOT and os.geteuid() != 0:
        pytest.skip("only root has the right that this needs")
    limits = replace(probe.limits, wall_s=30)
    with staged() as stage, unlocked(probe.module, limits, "bool", module_of(probe)) as student:
        assert succeeds(probe, student, stage)


@pytest.mark.parametrize("without", [PROCESS, BORDER])
def test_attack_succeeds_without_the_border_between_processes(without):
    probes = [probe for probe in PROBES if probe.stopped_by == without]
    assert {probe.name for probe in probes} - those_that_succeed(probes) == set()


def test_there_are_at_least_two_hundred_attacks():
    assert len({probe.name for probe in PROBES}) >= 200


def test_attacks_fail_at_tier_1_and_doctor_names_what_is_open_at_tier_0():
    bare = examine(0)
    assert bare.tier == 0
    assert not bare.probes["read-hidden-test"]
    found = examine(1).probes
    assert found.keys() == {probe.name for probe in PROBES if probe.tier <= 1}
    assert [name for name, blocked in found.items() if not blocked] == []


# -- what holds by the order of things, with or without layers

LOOK = """
import gc, os, sys

def descriptors():
    found = []
    for number in range(256):
        try:
            os.fstat(number)
        except OSError:
            continue
        found.append(number)
    return found

def environment():
    return sorted(os.environ), sys.argv

def loaded():
    return sorted(name for name in sys.modules if name.split(".")[0] in ("autograder", "dlc_lib", "pytest"))

def remembered(word):
    return sum(word in each for each in gc.get_objects() if type(each) is dict and isinstance(word, str))

def reference():
    found = []
    for entry in sys.path:
        for place, _, files in os.walk(entry):
            if "dlc_lib" in place or "autograder" in place:
                found.append(place)
    return found
"""


def test_a_worker_inherits_nothing_but_its_channel_and_prints(unlocked, open_student):
    patient = replace(LIMITS, wall_s=60)  # it walks through all packages
    for student in (unlocked(LOOK, patient), open_student({"probe": LOOK}, patient)):
        with student as code:
            found = code.probe
            code.begin("look")
            assert found.descriptors() == [0, 1, 2, 3]
            assert found.environment() == ([], [""])
            assert found.loaded() == ["dlc_lib", "dlc_lib.probe"]
            assert found.reference() == []


@pytest.mark.skipif(platform.machine() != "x86_64", reason="the x32 call numbers exist on x86-64 only")
def test_call_numbers_of_another_convention_end_the_process(open_student):
    code = "import ctypes\ndef f():\n    return ctypes.CDLL(None).syscall(0x40000000 + 39)\n"
    with open_student(code) as student:
        student.begin("x32")
        with pytest.raises(Exception, match="a system call that is refused") as caught:
            student.m.f()
        assert caught.value.verdict == "forbidden"


def test_patching_everything_in_the_process_changes_no_verdict(open_student):
    code = """
import builtins, numpy as np
np.allclose = np.array_equal = lambda *a, **k: True
np.linalg.norm = lambda *a, **k: 0.0
np.ndarray.__class__
builtins.abs = lambda x: 0
def f(x):
    return x + 1
"""
    import numpy as np

    from autograder.studentkit import NotClose, assert_close

    with open_student(code) as student:
        student.begin("patched")
        with pytest.raises(NotClose):
            assert_close(student.m.f(np.ones(3)), np.ones(3))
