"""nbgrader's folders: whose hand-in of which assignment it is, and when it came."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from autograder.errors import AutograderError
from autograder.intake import find_hand_ins

FIRST, LAST = "2026-02-01 10:00:00.000000 UTC", "2026-03-01 13:00:00.000000 UTC"
UNKNOWN = "is no time with an offset (+0100) or UTC; whether it is late is not known"

RELEASED = '{"cells": [{"cell_type": "code", "source": "a = 1", "metadata": {"nbgrader": {}}}]}'


@pytest.fixture
def find(make, course):
    """find(files, folder) -> student -> hand-in of h1."""

    def found(files, name="class"):
        folder = make.tree(
            name, {path: text or make.notebook_text(make.pool) for path, text in files.items()}
        )
        return {each.student: each for each in find_hand_ins([folder], course.library, "h1")}

    return found


@pytest.mark.parametrize(
    ("stamp", "when"),
    [
        ("2026-03-01 12:00:00.5 UTC", datetime(2026, 3, 1, 12, 0, 0, 500_000, UTC)),
        ("2026-03-01 12:00:00 GMT\n", datetime(2026, 3, 1, 12, tzinfo=UTC)),
        ("2026-03-01 12:00:00.0", datetime(2026, 3, 1, 12, tzinfo=UTC)),
        ("2026-03-01T12:00:00Z", datetime(2026, 3, 1, 12, tzinfo=UTC)),
        ("2026-03-01 12:00:00.0 -0800", datetime(2026, 3, 1, 12, tzinfo=timezone(timedelta(hours=-8)))),
        ("2026-03-01 12:00:00+05:30", datetime(2026, 3, 1, 6, 30, tzinfo=UTC)),
        ("2026-03-01 12:00:00 UTC+01:00", datetime(2026, 3, 1, 11, tzinfo=UTC)),
    ],
)
def test_a_time_stamp_with_its_offset_is_read(find, stamp, when):
    (ann,) = find({"ann/h1/h1.ipynb": "", "ann/h1/timestamp.txt": stamp}).values()
    assert (ann.received_at, ann.notes) == (when, ())


@pytest.mark.parametrize("stamp", ["2026-03-01 12:00:00 PST", "yesterday, I think", "\0", "99"])
def test_a_time_stamp_that_cannot_be_read_is_noted(find, stamp):
    (ann,) = find({"ann/h1/h1.ipynb": "", "ann/h1/timestamp.txt": stamp}).values()
    assert ann.received_at is None
    (note,) = ann.notes
    assert note.startswith("timestamp.txt: ")
    assert note.endswith(UNKNOWN)
    assert note.isprintable()


def test_without_a_time_stamp_nothing_is_said(find):
    (ann,) = find({"ann/h1/h1.ipynb": ""}).values()
    assert (ann.received_at, ann.notes) == (None, ())


def test_a_folder_of_the_exchange_tells_the_time_where_its_file_does_not(find):
    found = find(
        {
            f"ann+h1+{FIRST}+ab_Z-0123456/h1.ipynb": "",
            f"bo+h1+{FIRST}/h1.ipynb": "",
            f"bo+h1+{FIRST}/timestamp.txt": "2026-03-01 12:00:00 PST",
            "cy+h1+2026-02-01 10:00:00 PST+1234/h1.ipynb": "",
            "di+h1+2026-02-01 10:00:00 +0100+1234/h1.ipynb": "",
        }
    )
    assert {name: each.received_at and each.received_at.hour for name, each in found.items()} == {
        "ann": 10,
        "bo": 10,
        "cy": None,
        "di": 10,
    }
    assert [name for name, each in found.items() if each.notes] == ["cy"]
    assert found["di"].received_at == datetime(2026, 2, 1, 9, tzinfo=UTC)


def test_of_several_hand_ins_one_with_a_time_counts_before_one_without(find):
    found = find({f"ann+h1+{FIRST}+a/h1.ipynb": "", "ann+h1+2026-03-01 10:00:00 PST+b/h1.ipynb": ""})
    assert found["ann"].path.name.endswith("UTC+a")


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("submitted", {"ann/h0/h0.ipynb": RELEASED, "bo/h2/h2.ipynb": RELEASED}),
        ("class", {"ann/h0/h0.ipynb": "", "ann/h0/timestamp.txt": FIRST, "bo/h2/timestamp.txt": LAST}),
        ("inbound", {f"ann+h0+{FIRST}+a/h0.ipynb": "", f"bo+h2+{LAST}+a/h2.ipynb": ""}),
    ],
)
def test_hand_ins_of_other_assignments_are_refused_by_their_names(find, name, files):
    with pytest.raises(AutograderError, match=rf"{name}: holds hand-ins of h0, h2 .* and none of h1; name"):
        find(files, name)


@pytest.mark.parametrize("name", ["class", "submitted"])
def test_a_class_in_plain_folders_is_none_of_nbgrader(find, name):
    assert list(find({"ann/hw/h0.ipynb": "", "bo/work/h0.ipynb": ""}, name)) == ["ann", "bo"]
