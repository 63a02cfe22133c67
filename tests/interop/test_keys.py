"""Whatever holds a course key can be read by its owner alone; a key that was named must be there."""

from __future__ import annotations

import os
import stat
import zipfile

import pytest

from tests.interop.conftest import export
from tests.tiny_course import make_course


@pytest.fixture
def course(tmp_path):
    before = os.umask(0)  # the most careless of all
    yield make_course(tmp_path / "course").root
    os.umask(before)


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_the_key_of_an_export_for_otter(course, tmp_path):
    assert export("otter", "h1", "-o", tmp_path / "out", folder=course).returncode == 0
    assert mode(tmp_path / "out/dlc_course/key") == 0o600
    assert mode(course / ".dlc/key") == 0o600


def test_the_zip_for_gradescope_and_the_key_in_it(course, tmp_path):
    assert export("gradescope", "h1", "-o", tmp_path / "a.zip", folder=course).returncode == 0
    assert mode(tmp_path / "a.zip") == 0o600
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert archive.getinfo("key").external_attr >> 16 == stat.S_IFREG | 0o600


@pytest.mark.parametrize("form", ["otter", "gradescope"])
def test_a_mistyped_key_file_stops_an_export_and_makes_nothing(course, tmp_path, form):
    done = export(form, "h1", "-o", tmp_path / "out", "--key-file", tmp_path / "typo", folder=course)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["course"]
    assert not (course / ".dlc").exists()


def test_a_key_that_others_read_stops_an_export(course, tmp_path):
    (tmp_path / "key").write_bytes(b"k" * 32)
    done = export("otter", "h1", "-o", tmp_path / "out", "--key-file", tmp_path / "key", folder=course)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert f"run `chmod 600 {tmp_path}/key`" in done.stderr
