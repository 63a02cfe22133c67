"""What is found out of a known mistake is found out once, and nobody else's word is taken for it."""

from __future__ import annotations

import stat

import numpy as np
import pytest

from autograder.diagnosis.outcomes import Outcomes, outcome_of
from autograder.kept import file_of
from autograder.studentkit import NotClose, StudentError, assert_close


def wrong(actual=(1.0, 2.5), name="dx"):
    with pytest.raises(NotClose) as caught:
        assert_close(np.array(actual), np.array([1.0, 2.0]), name=name)
    return caught.value


def never():
    raise AssertionError("it was known already")


@pytest.fixture
def file(tmp_path):
    return file_of(tmp_path / "outcomes", "a1", "graders 1", "draw record")


@pytest.mark.parametrize("error", [wrong(), StudentError("f raised ValueError"), KeyError("x"), None])
def test_an_outcome_is_found_out_once_and_known_to_whoever_comes_later(file, error):
    first = Outcomes(file)
    told = first.of("tripled", "t[1]", lambda: error)
    assert first.of("tripled", "t[1]", never) is told
    later = Outcomes(file).of("tripled", "t[1]", never)
    if error is None:
        assert later is None
        return
    assert (later.kind, later.complaint, later.name) == (told.kind, told.complaint, told.name)
    np.testing.assert_array_equal(later.actual, told.actual)
    assert later.complaint == outcome_of(error).complaint


def test_another_test_suspect_draw_or_edition_of_the_graders_is_found_out_anew(file, tmp_path):
    Outcomes(file).of("tripled", "t[1]", wrong)
    asked = []
    for other, suspect, test in (
        (file, "halved", "t[1]"),
        (file, "tripled", "t[2]"),
        (file_of(file.parent, "a1", "graders 2", "draw record"), "tripled", "t[1]"),
        (file_of(file.parent, "a1", "graders 1", "draw practice"), "tripled", "t[1]"),
    ):
        Outcomes(other).of(suspect, test, lambda: asked.append(1))
    assert len(asked) == 4


def test_what_is_kept_is_for_its_owner_alone(file):
    Outcomes(file).of("tripled", "t", wrong)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in file.parent.iterdir()}
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_few_files_of_an_assignment_are_kept(tmp_path):
    folder = tmp_path / "outcomes"
    for number in range(10):
        Outcomes(file_of(folder, "a1", str(number))).close()
    Outcomes(file_of(folder, "a2", "0")).close()
    assert len(list(folder.glob("a1.*.sqlite"))) <= 5
    assert len(list(folder.glob("a2.*.sqlite"))) == 1


@pytest.mark.parametrize("spoil", ["no database", "open to others", "a link", "a folder", "no folder"])
def test_a_file_that_cannot_be_used_costs_nothing_but_time(file, tmp_path, spoil):
    if spoil == "no database":
        file.write_bytes(b"no database at all" * 100)
        file.chmod(0o600)
    elif spoil == "open to others":
        Outcomes(file).of("tripled", "t", lambda: None)
        file.chmod(0o666)
    elif spoil == "a link":
        (tmp_path / "elsewhere").write_bytes(b"")
        file.symlink_to(tmp_path / "elsewhere")
    elif spoil == "a folder":
        file.mkdir()
    else:
        file.parent.rmdir()
    outcomes = Outcomes(file)
    assert outcomes.of("tripled", "t", wrong).name == "dx"
    assert outcomes.of("tripled", "t", never).name == "dx"
    assert not (tmp_path / "elsewhere").exists() or not (tmp_path / "elsewhere").read_bytes()


def test_where_no_folder_can_be_made_nothing_is_kept(tmp_path):
    (tmp_path / "file").write_text("")
    assert file_of(tmp_path / "file/outcomes", "a1") is None
    assert file_of(tmp_path / "nowhere/outcomes", "a1") is None
