import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.report.files import slug, write_atomically
from tests.report import factory


@pytest.mark.parametrize("student", ["ann", "a.b@c".replace("@", "_"), "s123456", "ann-lee", "dlc-2024"])
def test_a_plain_name_is_its_own_file_name(student):
    assert slug(student) == student


@given(st.text(max_size=80))
def test_a_file_name_is_safe_everywhere(student):
    found = slug(student)
    assert re.fullmatch(r"[a-z0-9][a-z0-9._-]*", found)
    assert not found.endswith(".")
    assert len(found) <= 64


@pytest.mark.parametrize("student", factory.HOSTILE)
def test_a_hostile_name_is_a_safe_file_name(student):
    assert re.fullmatch(r"[a-z0-9-]+", slug(student))


@pytest.mark.parametrize("student", ["con", "nul.txt", "com1", ".hidden", "..", "", "a.", "-x", "a/b"])
def test_a_name_that_some_file_system_reserves_is_changed(student):
    assert slug(student) != student


def test_names_that_a_file_system_could_confuse_get_different_files():
    names = ["ann", "Ann", "ANN", "a/nn", "a nn", "änn", "ann ", "an\u0308n", "", "\u200b", "ann\u200b"]
    assert len({slug(each).casefold() for each in names}) == len(names)


def test_no_student_can_take_the_file_of_another_by_name():
    assert slug(slug("Ann")) != slug("Ann")


def test_writing_makes_folders_and_leaves_no_draft(tmp_path):
    path = tmp_path / "a" / "b" / "report.json"
    write_atomically(path, "first")
    write_atomically(path, "zweite Fassung: Łódź\n")
    assert path.read_text(encoding="utf-8") == "zweite Fassung: Łódź\n"
    assert [each.name for each in path.parent.iterdir()] == ["report.json"]


def test_text_that_utf_8_cannot_hold_is_written_escaped(tmp_path):
    write_atomically(tmp_path / "x", "a\udcffb")
    assert (tmp_path / "x").read_bytes() == b"a\\udcffb"


def test_a_write_that_fails_leaves_the_old_file_and_no_draft(tmp_path):
    folder = tmp_path / "taken"
    (folder / "inside").mkdir(parents=True)
    with pytest.raises(OSError, match="taken"):
        write_atomically(folder, "new")
    assert [each.name for each in tmp_path.iterdir()] == ["taken"]


def test_a_written_file_can_be_read_by_others(tmp_path):
    write_atomically(tmp_path / "x", "text")
    assert Path(tmp_path / "x").stat().st_mode & 0o777 == 0o644
