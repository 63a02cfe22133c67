from __future__ import annotations

from contextlib import contextmanager

import pytest

from autograder.model import Limits
from autograder.sandbox import LoadPlan, Remote, Sandbox, clock
from autograder.sandbox.process import Process
from autograder.sandbox.tiers import isolation_for
from autograder.sandbox.zygote import Zygote
from autograder.studentkit.gate import undeclared_open

LIMITS = Limits(wall_s=1, memory_mb=128, output_kb=8, reply_mb=4)


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox(library="dlc_lib", packages=("numpy",), tier=1) as warm:
        yield warm


@pytest.fixture
def patient(monkeypatch):
    """A machine that is busy with others is waited for: how a worker ends is asked here, and not how soon."""
    monkeypatch.setattr(clock, "_PATIENCE", 1000)


@pytest.fixture
def open_student(sandbox, patient):
    """open_student(text or {module: text}) as a context: the code in a worker."""

    def open_(code, limits=LIMITS, kind="data", **isolation):
        modules = code if isinstance(code, dict) else {"m": code}
        return sandbox.open(LoadPlan(modules, **isolation), limits, lambda *_: kind, 7)

    return open_


@pytest.fixture(scope="module")
def unlocked():
    """open(text) as a context: the code in a worker without a single layer."""
    isolation = isolation_for(0, "dlc_lib", ("numpy",))
    zygote = Zygote({**isolation.settings, "layers": []})

    @contextmanager
    def open_(text, limits=LIMITS, kind="data", module="probe"):
        isolation = LoadPlan({module: text})
        student = Remote(lambda: Process(zygote, limits), "dlc_lib", isolation, limits, lambda *_: kind, 7)
        try:
            yield student
        finally:
            student.close()

    yield open_
    zygote.close()


@pytest.fixture(autouse=True)
def undeclared():
    """These tests are about isolation: what nothing declares comes as plain data."""
    with undeclared_open():
        yield
