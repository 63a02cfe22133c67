"""What was judged is remembered, for as long as it holds."""

from __future__ import annotations

from autograder.audit.ledger import Ledger, state_of


def test_what_was_written_is_read_again(tmp_path):
    path = tmp_path / "deep/h1.jsonl"
    first = Ledger(path, "state")
    assert first.read() == {}
    first.write("one", {"failed": ["a"]})
    first.write("two", {"failed": []})
    again = Ledger(path, "state")
    assert again.read() == {"one": {"failed": ["a"]}, "two": {"failed": []}}
    again.write("three", {"failed": []})
    assert set(Ledger(path, "state").read()) == {"one", "two", "three"}


def test_another_state_begins_anew(tmp_path):
    path = tmp_path / "h1.jsonl"
    old = Ledger(path, "old")
    old.read()
    old.write("one", {})
    new = Ledger(path, "new")
    assert new.read() == {}
    new.write("two", {})
    assert set(Ledger(path, "new").read()) == {"two"}
    assert Ledger(path, "old").read() == {}


def test_a_line_that_was_cut_off_costs_only_itself(tmp_path):
    path = tmp_path / "h1.jsonl"
    ledger = Ledger(path, "state")
    ledger.read()
    ledger.write("one", {})
    with path.open("a") as file:
        file.write('{"key": "two", "fou')
    assert set(Ledger(path, "state").read()) == {"one"}


def test_a_file_that_is_no_ledger_is_begun_anew(tmp_path):
    path = tmp_path / "h1.jsonl"
    path.write_bytes(b"\xff\xfe")
    assert Ledger(path, "state").read() == {}


def test_the_state_follows_the_code(tmp_path):
    (tmp_path / "a.py").write_text("1")
    before = state_of("sha", [tmp_path])
    assert before == state_of("sha", [tmp_path])
    (tmp_path / "a.py").write_text("2")
    assert before != state_of("sha", [tmp_path])
    assert state_of("sha") != state_of("other")
