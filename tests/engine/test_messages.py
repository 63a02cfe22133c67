"""Only our own records are read from a grading process, whatever it sends."""

from __future__ import annotations

import os
import pickle
import socket
import struct
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from autograder.engine import messages
from autograder.model import Report, Submission
from tests.report import factory


@pytest.fixture
def ends():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def crossed(ends, record):
    messages.send(ends[0], record)
    return messages.receive(ends[1])


def test_records_arrive_as_they_were_sent(ends, setup):
    submission = Submission(
        "\ud800 ada", "h1", {"conv": "x = 1"}, origins=((3, "cell 2"),), received_at=datetime.now(UTC)
    )
    for record in (setup, submission, replace(factory.report(), score=float("inf")), messages.Ready()):
        assert crossed(ends, record) == record
    assert all(type(crossed(ends, each)) is Report for each in factory.sample_class())


class Harmful:
    """Unpickled by the standard library it makes a folder."""

    def __init__(self, folder):
        self.folder = folder

    def __reduce__(self):
        return os.mkdir, (str(self.folder),)


def test_what_is_no_record_is_refused_and_runs_nothing(ends, tmp_path):
    harmful = Harmful(tmp_path / "run")
    pickle.loads(pickle.dumps(harmful))
    (tmp_path / "run").rmdir()
    for record in (harmful, replace(factory.report(), notes=harmful), ValueError("x"), print, {1: os.system}):
        with pytest.raises(messages.Ended, match="no record"):
            crossed(ends, record)
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    "bytes_",
    [
        b"",
        b"\x05",
        struct.pack("<Q", 9) + b"four",
        struct.pack("<Q", 1 << 62),
        struct.pack("<Q", 4) + b"\x80\x05x.",
    ],
    ids=["nothing", "half a length", "half a message", "an enormous length", "no pickle"],
)
def test_a_message_that_is_none_ends_the_conversation(ends, bytes_):
    ends[0].sendall(bytes_)
    ends[0].shutdown(socket.SHUT_WR)
    with pytest.raises(messages.Ended):
        messages.receive(ends[1])
