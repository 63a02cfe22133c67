"""A worker for a GPU finds what driver and compiler need, and nothing of the course's; no GPU is needed."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
from pathlib import Path

import pytest

from autograder.errors import TierUnavailable
from autograder.model import Limits
from autograder.sandbox import GPU_VARIABLES, LoadPlan, Sandbox
from autograder.sandbox.inside import landlock
from autograder.sandbox.probes import LAYERS, PROBES, run_probes
from autograder.sandbox.tiers import missing
from autograder.studentkit import StudentError

pytest.importorskip("triton", reason="Triton has no wheel for this platform")
if LACKING := missing(1, for_gpu=True):
    pytest.skip(f"no worker for a GPU can be isolated here: {LACKING[0]}", allow_module_level=True)

LIMITS = Limits(wall_s=60, memory_mb=1024, threads=False)
PACKAGES = ("numpy", "torch", "triton")
LIBRARY = "int answer(void) { return 42; }\n"
CODE = '''
import ctypes, os, socket, subprocess, threading

threading.excepthook = lambda *_: None

EXTENSION = """
#include <Python.h>
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "launcher", NULL, -1, NULL};
PyMODINIT_FUNC PyInit_launcher(void) {
    PyObject *made = PyModule_Create(&module);
    PyModule_AddIntConstant(made, "answer", 42);
    return made;
}
"""

def knows(library):
    return library in subprocess.check_output(["/sbin/ldconfig", "-p"]).decode()

def launcher():
    from triton.runtime.build import compile_module_from_src
    return compile_module_from_src(src=EXTENSION, name="launcher").answer

def named(path, mode="r+"):
    found = []
    def name():
        with open(path.format(threading.get_native_id()), mode) as file:
            file.write("1")
        found.append(threading.get_native_id())
    thread = threading.Thread(target=name)
    thread.start()
    thread.join()
    return len(found)

def loaded(name):
    return ctypes.CDLL(name).answer()

def attempt(path):
    try:
        os.close(os.open(path, os.O_RDONLY))
    except OSError as error:
        return type(error).__name__
    return "opened"

def connected(name):
    with socket.socket(socket.AF_UNIX) as own:
        own.connect("\\0" + name)
    return "connected"

def user():
    return os.getuid()
'''


@pytest.fixture(scope="module")
def libraries(tmp_path_factory):
    """A folder with a library that no other place has."""
    folder = tmp_path_factory.mktemp("driver")
    (folder / "only.c").write_text(LIBRARY)
    subprocess.run(["cc", "-shared", "-o", folder / "libonlyhere.so", folder / "only.c"], check=True)
    return folder


@pytest.fixture(scope="module")
def student(tmp_path_factory, libraries):
    variables = {name: os.environ[name] for name in GPU_VARIABLES if name in os.environ}
    variables["LD_LIBRARY_PATH"] = str(libraries)
    scratch = tmp_path_factory.mktemp("scratch")
    with (
        Sandbox(
            library="dlc_lib", packages=PACKAGES, tier=1, scratch=scratch, variables=variables
        ) as sandbox,
        sandbox.open(LoadPlan({"m": CODE}), LIMITS, lambda *_: "data", 7) as opened,
    ):
        opened.begin("profile")
        yield opened


def test_triton_can_ask_where_the_driver_lies(student):
    assert student.m.knows("libc.so.6")


def test_triton_can_build_and_load_what_launches_a_kernel(student):
    assert student.m.launcher() == 42


def test_the_loader_of_libraries_searches_where_the_grader_says(student, libraries):
    assert student.m.loaded("libonlyhere.so") == 42


def test_the_driver_can_name_its_threads_and_nothing_else_in_proc(student):
    assert student.m.named("/proc/self/task/{}/comm") == 1
    assert student.m.named("/proc/self/task/{}/comm", "w") == 1
    assert student.m.named("/proc/self/comm") == 0
    assert student.m.named("/proc/self/oom_score_adj") == 0


def test_neither_the_course_nor_a_disk_can_be_read(student):
    for path in (__file__, Path(__file__).parents[2] / "autograder/model.py", "/etc/shadow"):
        assert student.m.attempt(str(path)) == "FileNotFoundError"
    disks = [path for path in Path("/dev").iterdir() if stat.S_ISBLK(path.stat().st_mode)]
    assert {student.m.attempt(str(path)) for path in disks} <= {"FileNotFoundError"}


@pytest.fixture(scope="module")
def other(tmp_path_factory):
    """A worker that may use sockets, with a folder of libraries that holds the course."""
    variables = {"LD_LIBRARY_PATH": str(Path(__file__).parents[3])}
    scratch = tmp_path_factory.mktemp("scratch")
    options = {"scratch": scratch, "sockets": True, "variables": variables}
    with (
        Sandbox(library="dlc_lib", packages=("numpy", "torch"), tier=1, **options) as sandbox,
        sandbox.open(LoadPlan({"m": CODE}), LIMITS, lambda *_: "data", 7) as opened,
    ):
        opened.begin("other")
        yield opened


def test_a_folder_of_libraries_that_holds_the_course_is_left_out(other):
    assert other.m.attempt(__file__) == "FileNotFoundError"


def test_local_sockets_are_reached_only_where_the_driver_needs_them(student, other):
    with socket.socket(socket.AF_UNIX) as listener:  # as CUDA's driver listens for peers
        listener.bind(f"\0peer-{os.getpid()}")
        listener.listen()
        assert other.m.connected(f"peer-{os.getpid()}") == "connected"
        assert other.m.user() == os.getuid()  # the driver compares users
        with pytest.raises(StudentError, match="which is refused while grading"):
            student.m.connected(f"peer-{os.getpid()}")
    student.begin("after")


def test_run_time_and_temporary_folders_of_others_do_not_exist(student, tmp_path):
    (tmp_path / "note").write_text("of another")
    for path in (tmp_path / "note", tmp_path, "/run", "/var", "/home"):
        assert student.m.attempt(str(path)) == "FileNotFoundError", path


def test_where_nobody_may_mount_the_tier_is_0(monkeypatch, tmp_path):
    """And a grade of tier 0 is no grade of record."""
    without = ["bwrap", "--unshare-user", "--disable-userns", "--cap-drop", "ALL", "--dev-bind", "/", "/"]
    start = subprocess.Popen
    monkeypatch.setattr(
        subprocess, "Popen", lambda command, **options: start([*without, *command], **options)
    )
    with Sandbox(library="dlc_lib", packages=("numpy", "torch"), tier=1, scratch=tmp_path) as sandbox:
        assert sandbox.tier == 0


def test_attacks_on_others_fail_there_too(tmp_path):
    probes = [probe for probe in PROBES if probe.in_gpu and probe.stopped_by == LAYERS]
    with Sandbox(library="dlc_lib", packages=PACKAGES, tier=1, scratch=tmp_path) as sandbox:
        found = run_probes(sandbox, probes)
    assert len(found) > 90
    assert [name for name, blocked in found.items() if not blocked] == []


def test_without_landlock_there_is_none_and_the_way_out_is_said(monkeypatch, tmp_path):
    monkeypatch.setattr(landlock, "abi", lambda: 0)
    monkeypatch.setattr("os.geteuid", lambda: 0)
    assert missing(1) == []  # root has another way, but not for a GPU
    with pytest.raises(TierUnavailable, match=r"with landlock among its LSMs$"):
        Sandbox(library="dlc_lib", packages=PACKAGES, tier=1, scratch=tmp_path)
