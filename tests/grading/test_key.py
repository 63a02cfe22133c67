"""The course key: made once, read where nobody else can, and never by mistake."""

from __future__ import annotations

import os
import shlex
import stat
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from autograder.errors import AutograderError
from autograder.grading import course_key, read_key, unpacked_key
from tests.tiny_course import make_course

KEY = b"k" * 32


@pytest.fixture
def course(tmp_path):
    return make_course(tmp_path / "course")


@pytest.fixture
def key_file(tmp_path):
    """key_file(mode) is a file with a good key."""

    def write(mode=0o600, contents=KEY):
        path = tmp_path / "key"
        path.write_bytes(contents)
        path.chmod(mode)
        return path

    return write


def test_the_key_of_a_course_is_made_once_and_only_its_owner_reads_it(course):
    before = os.umask(0)
    try:
        key = course_key(course)
    finally:
        os.umask(before)
    assert course_key(course) == key
    assert stat.S_IMODE(course.key_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(course.key_file.parent.stat().st_mode) == 0o700
    assert [path.name for path in course.key_file.parent.iterdir()] == ["key"]


def test_processes_that_start_together_share_one_key(course):
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(course_key, [course] * 8))) == 1


def test_a_key_that_was_named_is_never_made_and_the_way_out_makes_one(tmp_path):
    path = tmp_path / "my keys" / "typo"
    path.parent.mkdir()
    with pytest.raises(AutograderError, match="no such key file") as caught:
        read_key(path)
    assert not path.exists()
    way_out = str(caught.value).split("`")[1]
    assert shlex.quote(str(path)) in way_out
    subprocess.run(["sh", "-c", way_out], check=True)
    assert len(read_key(path)) > 32


def test_a_key_outside_the_course_is_never_made(course, tmp_path):
    elsewhere = tmp_path / "secrets/key"  # a disk that is not mounted, say
    with pytest.raises(AutograderError, match="no such key file"):
        course_key(replace(course, key_file=elsewhere))
    assert not elsewhere.parent.exists()


@pytest.mark.parametrize("mode", [0o666, 0o644, 0o640, 0o660, 0o604, 0o602, 0o620], ids=oct)
def test_a_key_that_others_can_read_or_write_is_refused_and_the_way_out_mends_it(key_file, mode):
    path = key_file(mode)
    with pytest.raises(AutograderError, match="others may read or write") as caught:
        read_key(path)
    assert f"{mode:04o}" in str(caught.value)
    subprocess.run(["sh", "-c", str(caught.value).split("`")[1]], check=True)
    assert read_key(path) == KEY


@pytest.mark.parametrize("mode", [0o600, 0o400, 0o700], ids=oct)
def test_a_key_of_its_owner_alone_is_read(key_file, mode):
    assert read_key(key_file(mode)) == KEY


def test_the_mode_of_a_key_that_another_grader_unpacked_is_mended(key_file):
    path = key_file(0o666)
    assert unpacked_key(path) == KEY
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("read", [read_key, unpacked_key])
def test_what_is_no_plain_small_file_is_refused_in_one_sentence(read, key_file, tmp_path):
    os.mkfifo(tmp_path / "pipe", 0o600)
    (tmp_path / "link").symlink_to(key_file())
    (tmp_path / "folder").mkdir()
    (tmp_path / "huge").touch(0o600)
    os.truncate(tmp_path / "huge", 1 << 40)
    (tmp_path / "empty").touch(0o600)
    (tmp_path / "short").touch(0o600)
    (tmp_path / "short").write_bytes(b"k" * 31 + b"\n" * 40)
    for name in ("pipe", "link", "folder", "huge", "empty", "short", "key/under"):
        with pytest.raises(AutograderError, match="--key-file") as caught:
            read(tmp_path / name)
        assert str(tmp_path / name) in str(caught.value)
        assert "\n" not in str(caught.value)


def test_a_course_key_that_points_nowhere_is_not_made_through_the_link(course, tmp_path):
    course.key_file.parent.mkdir()
    course.key_file.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(AutograderError, match="cannot read the course key"):
        course_key(course)
    assert not (tmp_path / "elsewhere").exists()


def test_an_empty_key_of_the_course_is_not_replaced(course):
    course.key_file.parent.mkdir()
    course.key_file.touch(0o600)
    with pytest.raises(AutograderError, match="at least 32 bytes"):
        course_key(course)
    assert course.key_file.read_bytes() == b""
