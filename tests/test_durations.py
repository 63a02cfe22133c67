"""The quick part of the suite is chosen by what was measured, and new tests belong to it."""

from __future__ import annotations

import json

import pytest

from tests import durations

pytest_plugins = ["pytester"]
COSTS = {"cheap.py": 1.0, "dear.py": 60.0, "middle.py": 30.0, "dearest.py": 90.0}


def test_the_cheapest_files_within_the_budget_are_quick():
    assert durations.quick(COSTS, 100) == {"cheap.py", "dear.py", "middle.py"}
    assert durations.quick(COSTS, 0.5) == set()


def test_every_file_that_was_measured_is_there_and_most_are_quick():
    known = durations.read()
    assert [name for name in known if not (durations.ROOT / name).is_file()] == []
    assert len(durations.quick(known)) > len(known) / 2


def test_the_dearest_file_is_run_first(pytester, monkeypatch):
    monkeypatch.setattr(durations, "DURATIONS", pytester.path / "durations.json")
    (pytester.path / "durations.json").write_text(json.dumps({"test_b.py": 5.0, "test_c.py": 9.0}))
    pytester.makepyfile(**dict.fromkeys(("test_a", "test_b", "test_c"), "def test_it(): pass"))
    passed, _, _ = pytester.inline_run("-p", "tests.durations").listoutcomes()
    assert [report.nodeid[:6] for report in passed] == ["test_c", "test_b", "test_a"]


@pytest.mark.parametrize("words", [[], ["--quick"]])
def test_a_dear_file_is_left_out_and_one_that_was_never_measured_is_not(pytester, monkeypatch, words):
    monkeypatch.setattr(durations, "ROOT", pytester.path)
    monkeypatch.setattr(durations, "DURATIONS", pytester.path / "durations.json")
    (pytester.path / "durations.json").write_text(json.dumps({"test_dear.py": 500, "test_cheap.py": 1}))
    pytester.makepyfile(**dict.fromkeys(("test_dear", "test_cheap", "test_new"), "def test_it(): pass"))
    done = pytester.inline_run("-p", "tests.durations", *words)
    done.assertoutcome(passed=2 if words else 3)


def test_a_test_is_charged_for_itself_and_the_programs_that_it_starts(pytester, monkeypatch):
    monkeypatch.setattr(durations, "ROOT", pytester.path)
    monkeypatch.setattr(durations, "DURATIONS", pytester.path / "durations.json")
    pytester.makepyfile(
        spin="import time\nwhile time.process_time() < 0.5: pass",
        test_busy="import subprocess, sys\ndef test_it(): subprocess.run([sys.executable, 'spin.py'])",
        test_asleep="import time\ndef test_it(): time.sleep(0.6)",
    )
    pytester.inline_run("-p", "tests.durations", "--measure")
    found = durations.read()
    assert found["test_busy.py"] >= 0.5
    assert found["test_asleep.py"] <= 0.3
