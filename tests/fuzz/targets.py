"""What strangers' bytes reach, as functions that may raise nothing but what is declared.

`python -m tests.fuzz NAME` searches for bytes that make one raise something else, guided by the lines that
they reach (atheris). What it found of use lies in `corpus/` and is tried by every run of the tests.
"""

from __future__ import annotations

import io
import shutil
import socket
import tempfile
from contextlib import suppress
from pathlib import Path

import numpy as np

from autograder.errors import AutograderError, SubmissionError
from autograder.intake import find_hand_ins, read_submission
from autograder.intake.archive import unpack
from autograder.intake.files import Bundle, Caps
from autograder.intake.gradescope import read_metadata
from autograder.intake.names import owner_of
from autograder.intake.notebook import read_notebook
from autograder.intake.paths import clean
from autograder.model import Assignment, Course, Limits, Task
from autograder.sandbox import faults
from autograder.sandbox.callbacks import Callbacks, TooMuch
from autograder.sandbox.channel import Channel, Ended, TooLarge
from autograder.sandbox.clock import Budget
from autograder.sandbox.inside import wire
from autograder.sandbox.remote import flagged

_CAPS = Caps(archive=1 << 20, source=1 << 16, notebook=1 << 18, members=200, total=1 << 20)
_MOST = 1 << 16  # bytes of a payload
_VAST = 64  # times what was sent, that an answer may be


def reply(data: bytes) -> None:
    """A header in JSON up to the first line feed, then the payload."""
    text, _, payload = data.partition(b"\n")
    with suppress(wire.WireError, TooMuch):
        header = wire.parse_header(text)
        if type(header) is not dict:
            return
        if "callback" in header:
            functions = Callbacks()
            functions.add(lambda *args, **_: float(np.sum(args[0])))
            functions.answer(header, bytearray(payload))
        elif "error" in header:
            faults.from_exception(header["error"], "f", tell_text=True)
        else:
            make = {"h": lambda number, name: (number, name), "T": flagged}
            decoder = wire.Decoder(bytearray(payload), make)
            value = decoder.decode(header.get("value"))
            decoder.finish()
            assert _bytes(value) <= _VAST * len(data), "an answer larger than what was sent"


def _bytes(value: object) -> int:
    if isinstance(value, np.ndarray):
        return value.nbytes
    if isinstance(value, dict):
        return sum(map(_bytes, value.values()))
    return sum(map(_bytes, value)) if isinstance(value, tuple | list) else 1


def stream(data: bytes) -> None:
    """What a worker writes into its channel before it closes it."""
    ours, theirs = socket.socketpair()
    prints, written = socket.socketpair()
    with ours, theirs, prints, written:
        channel = Channel(ours, prints.fileno(), 64, lambda _: None)
        theirs.send(data[: 1 << 15])
        theirs.close()
        with suppress(Ended, TooLarge, wire.WireError):
            while True:
                text, payload = channel.receive(Budget(1.0), _MOST)
                assert len(text) + len(payload) <= len(data)


def archive(data: bytes) -> None:
    """A zip or a tar, of whatever compression."""
    bundle = Bundle(_CAPS)
    with suppress(SubmissionError):
        unpack(io.BytesIO(data), "hand-in", bundle)
    assert all(clean(path) == path for path in bundle.files), list(bundle.files)
    assert sum(map(len, bundle.files.values())) <= _CAPS.total


def notebook(data: bytes) -> None:
    """A notebook, of whatever version."""
    with suppress(SubmissionError):
        read_notebook("hw.ipynb", data, 1 << 16)


def names(data: bytes) -> None:
    """Names of files, and the list of them that Gradescope writes."""
    text = data.decode("utf-8", "surrogateescape")
    owner_of(text)
    kept = clean(text)
    assert kept is None or not (Path(kept).is_absolute() or ".." in Path(kept).parts)
    with suppress(AutograderError):
        read_metadata(data)


def hand_in(data: bytes) -> None:
    """Files of a folder: each a line with its name, and its text up to a line of dashes."""
    root = Path(tempfile.mkdtemp(prefix="fuzz-"))
    try:
        for number, part in enumerate(data.split(b"\n---\n")[:5]):
            first, _, text = part.partition(b"\n")
            name = clean(first.decode("utf-8", "replace")) or f"conv{number}.py"
            with suppress(OSError, ValueError):  # names that no disk can hold
                path = root / "hand-in" / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(text)
        if (root / "hand-in").is_dir():
            _read(root)
    finally:
        shutil.rmtree(root)


def _read(root: Path) -> None:
    course = Course(root, "dlc_lib", 1, root / "key", root, "graders/{id}", "mistakes/{id}")
    task = Task("conv", "Convolution", 10, ("dlc_lib.conv:conv_forward", "dlc_lib.conv:Conv.step"))
    assignment = Assignment(
        "a", "A", None, {}, Limits(), ("numpy",), (), (), (), (), (task,), folder=root / "a"
    )
    with suppress(AutograderError):
        for each in find_hand_ins([root / "hand-in"], "dlc_lib"):
            read_submission(course, assignment, each, _CAPS)


TARGETS = {each.__name__: each for each in (reply, stream, archive, notebook, names, hand_in)}
