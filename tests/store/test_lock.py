"""One writer in a folder, and nothing left behind."""

from __future__ import annotations

import subprocess
import sys

import pytest

from autograder.errors import AutograderError
from autograder.store.lock import FolderLock

HOLD = """
import sys
from pathlib import Path
from autograder.store.lock import FolderLock
with FolderLock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path):
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def take(folder):
    with FolderLock(folder):
        return True


def test_a_folder_that_is_written_is_refused_in_a_sentence(holder, tmp_path):
    with pytest.raises(AutograderError, match="another dlc is writing there; wait until it has ended"):
        take(tmp_path)


def test_the_kernel_frees_the_folder_of_a_holder_that_was_killed(holder, tmp_path):
    holder.kill()
    holder.wait()
    assert take(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_holder_that_ends_leaves_no_file_and_hands_on(holder, tmp_path):
    holder.communicate("")
    assert list(tmp_path.iterdir()) == []
    assert take(tmp_path)
    assert take(tmp_path)


def test_a_link_in_its_place_is_not_followed(tmp_path):
    (tmp_path / "victim").write_text("kept")
    (tmp_path / ".lock").symlink_to("victim")
    with pytest.raises(OSError, match="symbolic link"):
        take(tmp_path)
    assert (tmp_path / "victim").read_text() == "kept"
