"""Without Landlock root gives workers a root folder of their own, where nothing of others exists."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.model import Limits
from autograder.sandbox import LoadPlan, Sandbox
from autograder.sandbox.inside import landlock

if os.geteuid() != 0:
    pytest.skip("only root gives workers another root folder", allow_module_level=True)

LIMITS = Limits(wall_s=10, memory_mb=128, output_kb=8, reply_mb=4)
CODE = """
import os

def reads(path):
    try:
        os.listdir(path) if os.path.isdir(path) else open(path, "rb").read(1)
    except OSError as error:
        return type(error).__name__
    return "read"

def user():
    return os.getuid()

def imports():
    import bisect, json, html.parser, wave
    import numpy.polynomial
    return True

def silent():
    with open("/dev/null", "w") as nothing:
        nothing.write("x")
    return True

def top():
    return sorted(os.listdir("/"))

def writes(path):
    try:
        os.mkdir(path)
    except OSError as error:
        return type(error).__name__
    return "written"
"""


@pytest.fixture(params=["mounts", "copies"])
def way(request, monkeypatch):
    """How the root comes to be: copies are for containers in which nobody may mount."""
    monkeypatch.setattr(landlock, "abi", lambda: 0)
    if request.param == "copies":
        without = ("bwrap", "--dev-bind", "/", "/", "--cap-drop", "CAP_SYS_ADMIN")
        monkeypatch.setattr(subprocess, "Popen", _behind(without, subprocess.Popen))
    return request.param


def _behind(words, start):
    return lambda command, **options: start([*words, *command], **options)


@pytest.fixture
def student(way):
    with (
        Sandbox(library="dlc_lib", packages=("numpy",), tier=1) as sandbox,
        sandbox.open(LoadPlan({"m": CODE}), LIMITS, lambda *_: "data", 7) as opened,
    ):
        opened.begin("root")
        yield opened


@pytest.fixture
def open_to_all(tmp_path):
    """Results and hand-ins that anybody on this machine may read, beside a temporary folder for everybody."""
    for folder in (tmp_path, *tmp_path.parents[:-2]):
        folder.chmod(0o755)
    results = tmp_path / "results/eve.json"
    results.parent.mkdir()
    results.write_text("{}")
    return results


def test_other_hand_ins_and_results_do_not_exist(student, open_to_all):
    # But for a folder in which what a worker needs lies: there is nothing else in it.
    folders = [
        each for each in ("/proc", "/tmp", "/home", "/run") if not Path(sys.prefix).is_relative_to(each)
    ]
    for path in (open_to_all, open_to_all.parent, __file__, "/etc/passwd", *folders):
        assert student.m.reads(str(path)) == "FileNotFoundError", path


def test_all_that_a_worker_needs_is_there_and_cannot_be_changed(student):
    assert student.m.imports()
    assert student.m.silent()
    assert student.m.user() >= 60_000
    assert student.m.writes("/new") in ("PermissionError", "OSError")
    assert student.m.writes(str(Path(os.__file__).with_name("new"))) in ("PermissionError", "OSError")


def test_nothing_is_left_over(way, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    tmp_path.chmod(0o755)
    with Sandbox(library="dlc_lib", packages=("numpy",), tier=1):
        assert list(tmp_path.iterdir())
    assert list(tmp_path.iterdir()) == []
