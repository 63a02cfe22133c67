"""What large families found in full is on record, and is about the code as it is now."""

from __future__ import annotations

import pytest

from tests.rounds import digest, families, out_of_date, read, renewing, unmatched


def test_no_row_is_older_than_what_it_covers():
    found = out_of_date(read())
    assert not found, "\n".join([*(f"{name}: {why}" for name, why in found.items()), *renewing(found)])


def test_every_large_family_has_its_row_and_no_row_is_left_over():
    found = unmatched(read(), families())
    lacking = [name for name, why in found.items() if "row out" not in why]
    assert not found, "\n".join([*(f"{name}: {why}" for name, why in found.items()), *renewing(lacking)])


def test_families_without_a_row_rows_without_a_family_and_other_covers_are_told():
    rows = {
        "t.py::left": {"covers": ["a"]},
        "t.py::moved": {"covers": ["a"]},
        "t.py::same": {"covers": ["b", "a"]},
    }
    found = unmatched(rows, {"t.py::new": ["a"], "t.py::moved": ["b"], "t.py::same": ["a", "b"]})
    assert found == {
        "t.py::left": "is in no file of tests any more; take its row out",
        "t.py::moved": "covers other files than when it was run",
        "t.py::new": "has no row",
    }


@pytest.fixture
def checkout(tmp_path):
    """A folder, and the row of a family that covers it."""
    (tmp_path / "part").mkdir()
    (tmp_path / "part/code.py").write_text("one = 1\n")
    row = {"failed": False, "commit": "c0ffee1234", "seed": 3, "covers": ["part"]}
    return tmp_path, {**row, "digest": digest(["part"], tmp_path)}


def test_a_row_stands_until_what_it_covers_changes(checkout):
    root, row = checkout
    (root / "part/__pycache__").mkdir()
    (root / "part/__pycache__/code.pyc").write_bytes(b"\0")
    (root / "beside.py").write_text("two = 2\n")
    assert out_of_date({"t.py::f": row}, root) == {}
    (root / "part/code.py").write_text("one = 2\n")
    assert out_of_date({"t.py::f": row}, root) == {"t.py::f": "part changed after c0ffee1"}


def test_a_row_that_failed_or_covers_nothing_says_nothing(checkout):
    root, row = checkout
    assert out_of_date({"t.py::f": {**row, "failed": True}}, root)["t.py::f"].startswith("failed at c0ffee1")
    (root / "part/code.py").unlink()
    (root / "part").rmdir()
    assert out_of_date({"t.py::f": row}, root).keys() == {"t.py::f"}


def test_the_command_that_renews_names_the_test_and_its_cases():
    assert renewing(["t.py::f[a]", "t.py::f[b]", "t.py::g"]) == [
        "make soak SELECT='t.py::f -k \"a or b\"'",
        "make soak SELECT='t.py::g'",
    ]
