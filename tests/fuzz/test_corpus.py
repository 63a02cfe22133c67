"""Whatever bytes a stranger sends, they are read, or refused in a declared way."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from autograder.intake import archive as archives
from autograder.sandbox.inside import wire
from tests.fuzz.targets import TARGETS

HERE = Path(__file__).parent
READERS = {  # target -> what reads its bytes
    "reply": ("autograder/sandbox/inside/wire.py", "autograder/sandbox/callbacks.py"),
    "stream": ("autograder/sandbox/inside/wire.py", "autograder/sandbox/channel.py"),
    "archive": ("autograder/intake/archive.py", "autograder/intake/paths.py", "autograder/intake/files.py"),
    "notebook": ("autograder/intake/notebook.py",),
    "names": ("autograder/intake/names.py", "autograder/intake/gradescope.py"),
    "hand_in": ("autograder/intake/find.py", "autograder/intake/gather.py", "autograder/intake/read.py"),
}
_SEARCH_S = 60  # for each target, under `make soak`


def try_all(name):
    """How many there were."""
    kept = [path.read_bytes() for path in sorted((HERE / "corpus" / name).iterdir())]
    for data in kept:
        TARGETS[name](data)
    return len(kept)


@pytest.mark.parametrize("name", TARGETS)
def test_what_was_found_before_is_read_or_refused(name):
    assert try_all(name) >= 10


def test_the_corpus_finds_a_reader_that_forgets_to_check(monkeypatch):
    def trusting(self, rest):
        return np.frombuffer(self._payload, rest[0]).reshape(rest[1])

    monkeypatch.setattr(wire.Decoder, "_array", trusting)
    with pytest.raises((TypeError, ValueError)):
        try_all("reply")


def test_the_corpus_finds_an_archive_that_leaves_its_folder(monkeypatch):
    monkeypatch.setattr(archives, "_placed", lambda name, inside: name)
    with pytest.raises(AssertionError):
        try_all("archive")


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.soak(*READERS[name])) for name in TARGETS]
)
def test_a_search_finds_nothing_new(name, rounds, tmp_path):
    seconds = len(rounds(0, _SEARCH_S))
    if not seconds:
        pytest.skip("the search takes minutes; make soak makes it")
    if importlib.util.find_spec("atheris") is None:
        pytest.skip("atheris is not installed; pip install -e '.[fuzz]'")
    command = [sys.executable, "-m", "tests.fuzz", name, str(seconds), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=4 * seconds + 120)
    assert done.returncode == 0, done.stderr[-3000:]
