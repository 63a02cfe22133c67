"""What `bench/self_race.py` keeps and leaves out."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "bench/self_race.py"


def raced(file, tasks):
    command = [sys.executable, str(SCRIPT), "--json", "--runs", "1", "--only", tasks, "-o", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=1_800)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_runs_on_file_count_and_are_not_raced_again(tmp_path):
    file = tmp_path / "runs.json"
    assert raced(file, "a4 im2col")["races"]["a4 im2col"]["runs"] == 1
    found = json.loads(file.read_text())
    found["runs"]["a4 im2col"][0]["ratio"] = 7.0
    file.write_text(json.dumps(found))
    assert raced(file, "a4 im2col")["races"]["a4 im2col"]["median_ratio"] == 7.0


def test_a_race_on_a_gpu_that_is_not_there_is_left_out_with_the_reason(tmp_path, monkeypatch):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    found = raced(tmp_path / "runs.json", "a8 triton_matmul")
    assert found["skipped"] == {"a8 triton_matmul": "this machine has no GPU"}
    assert found["races"] == {}
