from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.interop.tools import tool

BENCH = Path(__file__).parents[2] / "bench"


def run(script: str, *words: str) -> dict[str, object]:
    command = [sys.executable, str(BENCH / script), "--json", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=1_800)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def parts():
    return run("breakdown.py", "--submissions", "3")


def test_every_part_of_a_submission_is_timed(parts):
    names = ("read", "fork", "isolation", "load", "answers", "border", "tests", "pytest", "report")
    assert all(parts[f"{name}_s"] > 0 for name in names)


def test_the_parts_leave_little_time_unexplained(parts):
    assert 0 <= parts["rest_s"] < 0.1 * parts["total_s"]


def test_hostile_hand_ins_leave_nothing_behind():
    found = run("soak.py", "--submissions", "50")
    assert found["faults"] == []
    assert set(found["points"]) > {"right", "dies", "forks", "writes", "loops"}


def test_im2col_beats_the_loops_far_beyond_the_twenty_times_promised():
    assert run("im2col.py")["speedup_ratio"] > 20


@pytest.mark.slow
def test_an_assignment_in_every_format_shows_students_nothing_withheld():
    for name in ("nbgrader", "otter"):
        try:
            tool(name)
        except (subprocess.CalledProcessError, OSError) as error:
            pytest.skip(f"{name} cannot be installed here: {error}")
    # It hands out a module of an assignment that may still be open.
    (row,) = run("exports.py", "a2_optimization")["rows"]
    assert row["leaks"] == []
    assert all(row[f"{form}_s"] > 0 for form in ("nbgrader", "otter", "gradescope", "classroom"))
