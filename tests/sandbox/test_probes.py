"""Every attack fails inside, and succeeds where no layer is on: so it is an attack."""

from __future__ import annotations

import platform

import pytest

from autograder.model import Limits
from autograder.sandbox import LoadPlan, Sandbox
from autograder.sandbox.doctor import examine
from autograder.sandbox.probes import PROBES, staged, succeeds
from autograder.sandbox.tiers import missing

NAMES = [probe.name for probe in PROBES]


@pytest.fixture(scope="module", params=[1, 2], ids=["tier1", "tier2"])
def locked(request):
    if lacking := missing(request.param):
        pytest.skip(f"no tier {request.param} here: {lacking[0]}")
    with Sandbox(library="dlc_lib", packages=("numpy",), tier=request.param) as sandbox:
        yield sandbox


@pytest.mark.parametrize("probe", PROBES, ids=NAMES)
def test_attack_fails_inside(locked, probe):
    plan = LoadPlan({"probe": probe.module})
    with staged() as stage, locked.open(plan, Limits(), lambda *_: "bool", 0) as student:
        assert not succeeds(probe, student, stage)


@pytest.mark.parametrize("probe", PROBES, ids=NAMES)
def test_attack_succeeds_with_every_layer_off(unlocked, probe):
    with staged() as stage, unlocked(probe.module, kind="bool") as student:
        assert succeeds(probe, student, stage)


def test_there_are_at_least_forty_attacks():
    assert len(set(NAMES)) >= 40


def test_doctor_names_what_is_open(unlocked):
    found = examine(0)
    assert found.tier == 0
    assert not found.probes["read-hidden-test"]
    assert all(examine(1).probes.values())


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
    for student, module in ((unlocked(LOOK), "probe"), (open_student({"probe": LOOK}), "probe")):
        with student as code:
            found = getattr(code, module)
            code.begin("look")
            code.allow(30)  # it walks through all packages
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
