"""What `bench/hot_paths.py` keeps of a run that was cut off, and compiles before it measures."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "bench/hot_paths.py"
FILE = "hot_paths_cpu.json"


def measure(folder, *words):
    command = [sys.executable, str(SCRIPT), "--json", "--quick", "-o", str(folder), *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=1_800)
    assert done.returncode == 0, done.stderr
    rows = json.loads((folder / FILE).read_text())["rows"]
    assert json.loads(done.stdout.splitlines()[-1])["rows"] == rows
    return {(row["op"], row["shape"]): row for row in rows}


def changed(folder, change):
    path = folder / FILE
    found = json.loads(path.read_text())
    change(found)
    path.write_text(json.dumps(found))


def test_rows_on_file_of_this_version_stay_and_are_measured_again_only_if_asked(tmp_path):
    whole = measure(tmp_path)
    assert {op for op, _ in whole} == {"outer_matmul", "forward", "backward_data", "backward_weight"}
    about = {"op", "dtype", "shape", "reference_ratio", "vendor_ratio", "device"}
    assert all(about <= set(row) for row in whole.values())
    first = next(iter(whole))
    assert first[0] == "outer_matmul"

    def cut_off(found):
        found["rows"] = [{**row, "ours_s": 123.0} for row in found["rows"] if row["op"] != "forward"]

    changed(tmp_path, cut_off)
    resumed = measure(tmp_path, "--only", "outer_matmul,forward", "--resume")
    assert resumed[first]["ours_s"] == 123.0
    assert resumed.keys() == whole.keys()
    anew = measure(tmp_path, "--only", "outer_matmul")
    assert anew[first]["ours_s"] < 1
    assert anew.keys() == whole.keys()
    assert (tmp_path / "hot_paths_cpu.svg").read_text().count("<rect") == len(anew)
    changed(tmp_path, lambda found: found["machine"].update(torch="0.1"))
    assert {op for op, _ in measure(tmp_path, "--only", "outer_matmul", "--resume")} == {"outer_matmul"}


def test_a_run_that_is_killed_leaves_the_rows_it_measured(tmp_path):
    command = [sys.executable, str(SCRIPT), "-o", str(tmp_path), "--only", "outer_matmul"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as running:
        deadline = time.monotonic() + 60
        while not (tmp_path / FILE).is_file() and time.monotonic() < deadline:
            time.sleep(0.02)
        running.kill()
    found = json.loads((tmp_path / FILE).read_text())
    assert found["rows"]
    assert found["summary"][0]["shapes"] == len(found["rows"])


def test_an_unknown_operation_is_answered_by_those_there_are(tmp_path):
    command = [sys.executable, str(SCRIPT), "--only", "forward,sideways", "-o", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=1_800)
    assert done.returncode == 2
    assert "unknown: sideways; there are outer_matmul, forward, backward_data" in done.stderr
    assert list(tmp_path.iterdir()) == []


AHEAD = """
import sys
sys.path[:0] = sys.argv[1:]
import torch
from autograder.sandbox.inside import compiling
from dlc_lib.triton_matmul import POINTER_KERNELS, triton_matmul
from stopwatch import compile_ahead

a = torch.empty(96, 80, device="meta")
with compiling._driver(compiling._AbsentGPU(80, compiling._PROPERTIES[80])):
    compile_ahead([lambda: triton_matmul(a, a.t()), lambda: triton_matmul(a, a.t())])
print(len(POINTER_KERNELS["ieee"].configs))
"""


@pytest.mark.skipif(
    importlib.util.find_spec("triton") is None, reason="Triton has no wheel for this platform"
)
def test_every_configuration_of_a_kernel_is_compiled_once_before_any_runs(tmp_path):
    environment = {name: value for name, value in os.environ.items() if name != "TRITON_INTERPRET"}
    environment |= {"TRITON_CACHE_DIR": str(tmp_path), "TRITON_DEFAULT_FP_FUSION": "1"}
    command = [sys.executable, "-c", AHEAD, str(ROOT), str(ROOT / "bench")]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, timeout=1_800
    )
    assert done.returncode == 0, done.stderr
    assert len(list(tmp_path.rglob("*.cubin"))) == int(done.stdout)
