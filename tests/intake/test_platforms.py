from datetime import UTC, datetime

import pytest

from autograder.intake.gradescope import read_metadata
from autograder.intake.names import owner_of

METADATA = """\
---
submission_123456:
  :submitters:
  - :name: Ada Lovelace
    :sid: '1815'
    :email: ada@example.edu
  :created_at: 2026-02-03 12:00:00.5
  :score: 0.0
  :results:
    :tests: []
submission_123457:
  :submitters:
  - :name: Bob
    :sid:
    :email:
  - :name: Cyd
    :sid: '77'
  :created_at: !ruby/object:ActiveSupport::TimeWithZone
    utc: 2026-02-03 13:00:00 Z
    zone: !ruby/object:ActiveSupport::TimeZone
      name: Etc/UTC
"""


@pytest.fixture
def export(make):
    return {
        "submission_metadata.yml": METADATA,
        "submission_123456/conv.py": make.conv,
        "submission_123457/dlc_lib/pool.py": make.pool,
        "submission_123458/conv.py": make.conv,
    }


@pytest.mark.parametrize("wrapper", ["", "assignment_99_export/"])
@pytest.mark.parametrize("packed", [False, True])
def test_an_export_of_gradescope_names_students_and_times(make, read_class, export, wrapper, packed):
    files = {wrapper + name: text for name, text in export.items()}
    found = read_class(make.zip("class.zip", files) if packed else make.tree("class", files))
    assert list(found) == ["77", "Bob", "ada@example.edu", "submission_123458"]
    assert found["ada@example.edu"].modules == {"conv": make.conv}
    assert found["ada@example.edu"].received_at == datetime(2026, 2, 3, 12, 0, 0, 500_000, UTC)
    assert found["Bob"].received_at == datetime(2026, 2, 3, 13, tzinfo=UTC)
    assert found["submission_123458"].received_at is None


def test_a_group_of_gradescope_is_graded_for_each_member(make, read_class, export):
    found = read_class(make.tree("class", export))
    assert found["Bob"].modules == found["77"].modules == {"pool": make.pool}


@pytest.mark.parametrize(
    "text",
    [
        *("", "[1, 2]", "a: [", "submission_123456: 3", "\0", "a: 2026-99-99", "? [a]\n: b", "&a [*a]"),
        *("submission_123456: {submitters: x, created_at: y}", "!!python/object/apply:os.system ['false']"),
        "submission_123456: {':submitters': [3, {':name': [x]}]}",
    ],
)
def test_metadata_that_cannot_be_read_leaves_the_names_of_folders(make, read_class, export, text):
    found = read_class(make.tree("class", {**export, "submission_metadata.yml": text}))
    assert len(found) == 3
    assert found["submission_123457"].modules == {"pool": make.pool}


def test_metadata_cannot_run_code(tmp_path):
    mark = tmp_path / "ran"
    assert read_metadata(f"!!python/object/apply:os.mkdir ['{mark}']".encode()) == {}
    assert not mark.exists()


@pytest.mark.parametrize(
    ("name", "student", "number", "original", "late"),
    [
        ("lovelaceada_123_456_hw.zip", "lovelaceada", "123", "hw.zip", False),
        ("lovelaceada_LATE_123_456_hw4.ipynb", "lovelaceada", "123", "hw4.ipynb", True),
        ("lovelaceada_123_456_my_conv_layer-2.py", "lovelaceada", "123", "my_conv_layer.py", False),
        ("lovelaceada_123_456_hw-1.tar.gz", "lovelaceada", "123", "hw.tar.gz", False),
        ("müllerzoë_9_8_hw.zip", "müllerzoë", "9", "hw.zip", False),
        ("Ada Lovelace_123_assignsubmission_file_hw.zip", "Ada Lovelace", "123", "hw.zip", False),
        ("Ada Lovelace_123_assignsubmission_file_", "Ada Lovelace", "123", "", False),
        ("Ada Lovelace_123_assignsubmission_file", "Ada Lovelace", "123", "", False),
        ("ada.zip", "ada", "", "", False),
        ("ada (1).zip", "ada", "", "", False),
        ("ada_hw4_final.zip", "ada_hw4_final", "", "", False),
        ("ada", "ada", "", "", False),
    ],
)
def test_names_of_downloads_tell_the_owner(name, student, number, original, late):
    owner = owner_of(name)
    assert (owner.student, owner.id, owner.original, owner.late) == (student, number, original, late)


@pytest.mark.parametrize("packed", [False, True])
def test_a_download_of_canvas_is_a_class(make, read_class, packed):
    files = {
        "lovelaceada_12_456_hw.zip": make.zipped({"dlc_lib/conv.py": make.conv}),
        "hoppergrace_LATE_13_457_conv.py": make.conv,
        "hoppergrace_LATE_13_458_pool-1.py": make.pool,
        "turingalan_14_459_hw4.ipynb": make.notebook_text(make.pool),
    }
    found = read_class(make.zip("submissions.zip", files) if packed else make.tree("submissions", files))
    assert list(found) == ["hoppergrace", "lovelaceada", "turingalan"]
    assert found["hoppergrace"].modules == {"conv": make.conv, "pool": make.pool}
    assert "handed in late, says Canvas" in found["hoppergrace"].notes
    assert found["lovelaceada"].modules == {"conv": make.conv}
    assert "pool_forward" in found["turingalan"].script


def test_one_file_of_a_download_of_canvas_keeps_its_owner(make, read):
    found = read(
        make.tree("x", {"lovelaceada_LATE_12_456_conv.py": make.conv}) / "lovelaceada_LATE_12_456_conv.py"
    )
    assert found.student == "lovelaceada"
    assert found.modules == {"conv": make.conv}
    assert found.notes == ("handed in late, says Canvas",)


def test_students_of_one_name_on_a_platform_keep_its_number(make, read_class):
    found = read_class(make.tree("c", {"leekim_1_9_conv.py": make.conv, "leekim_2_8_conv.py": make.pool}))
    assert list(found) == ["leekim 1", "leekim 2"]


def test_a_download_of_moodle_is_a_class(make, read_class):
    files = {
        "Ada Lovelace_12_assignsubmission_file_/conv.py": make.conv,
        "Ada Lovelace_12_assignsubmission_file_/pool.py": make.pool,
        "Alan Turing_14_assignsubmission_file_/hw.zip": make.zipped({"conv.py": make.conv}),
    }
    found = read_class(make.tree("class", files))
    assert list(found) == ["Ada Lovelace", "Alan Turing"]
    assert found["Ada Lovelace"].modules.keys() == {"conv", "pool"}
    assert found["Alan Turing"].modules.keys() == {"conv"}
