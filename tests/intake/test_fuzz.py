"""Whatever a stranger hands in, it becomes a submission: with code, or with a sentence."""

import io
import json
import tarfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.errors import AutograderError
from autograder.intake import find_hand_ins, read_submission
from autograder.source.parsing import parse

QUIET = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
PYTHON = (
    "def conv_forward(x):\n    return x\n",
    "def pool_forward(:",
    "from .a import b\n",
    "%magic\n",
    "\0",
    "\ufeff",
)
NAMES = st.sampled_from(
    [
        *(
            "conv.py",
            "dlc_lib/conv.py",
            "pool.py",
            "../conv.py",
            "/conv.py",
            "a/b/c.py",
            "hw.ipynb",
            "x.zip",
            "y.tar.gz",
        ),
        *(
            "essay.md",
            "",
            ".",
            "..",
            "a/",
            "dlc_lib/",
            "conv.py/",
            "__MACOSX/._conv.py",
            "a_1_2_conv.py",
            "é\u0301.py",
        ),
        *(
            "submission_metadata.yml",
            "dlc_lib/layers.py",
            "con.py.txt",
            "\ud800.py",
            "a\nb.py",
            "dlc_lib/__init__.py",
        ),
    ]
) | st.text(min_size=1, max_size=12)
TEXTS = st.lists(st.sampled_from(PYTHON) | st.text(max_size=30), max_size=5).map("".join)
CODE = TEXTS.map(lambda text: text.encode("utf-8", "replace")) | st.binary(max_size=60)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["cells", "metadata", "source", "tags", "input", "worksheets"]), inner
        )
    ),
    max_leaves=12,
)
CELLS = st.fixed_dictionaries(
    {"cell_type": st.sampled_from(["code", "markdown", "raw"]) | JSON, "source": TEXTS | JSON},
    optional={"metadata": st.fixed_dictionaries({"tags": st.lists(st.just("task:conv") | TEXTS)}) | JSON},
)
NOTEBOOKS = (JSON | st.fixed_dictionaries({"cells": st.lists(CELLS, max_size=4) | JSON})).map(
    lambda document: json.dumps(document).encode()
)


def zipped(files):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, contents in files:
            archive.writestr(zipfile.ZipInfo(name.encode("utf-8", "replace").decode()), contents)
    return stream.getvalue()


def tarred(files, mode):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode) as archive:
        for (name, contents), kind in files:
            info = tarfile.TarInfo(name.encode("utf-8", "replace").decode())
            info.type, info.linkname = kind, "dlc_lib/conv.py"
            info.size = len(contents) if kind == tarfile.REGTYPE else 0
            archive.addfile(info, io.BytesIO(contents))
    return stream.getvalue()


@st.composite
def damaged(draw, contents):
    data = bytearray(draw(contents))
    for at, byte in draw(
        st.lists(st.tuples(st.integers(0, max(0, len(data) - 1)), st.integers(0, 255)), max_size=4)
    ):
        data[at : at + 1] = bytes([byte])
    return bytes(data[: draw(st.none() | st.integers(0, len(data)))])


FILES = st.lists(st.tuples(NAMES, CODE | NOTEBOOKS), max_size=5)
ZIPS = FILES.map(zipped)
KINDS = st.sampled_from(
    [tarfile.REGTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE]
)
TARS = st.builds(
    tarred,
    st.lists(st.tuples(st.tuples(NAMES, CODE), KINDS), max_size=5),
    st.sampled_from(["w", "w:gz", "w:xz"]),
)


@pytest.fixture
def reads(course, assignment, tmp_path):
    """Whether a file of some contents is read, with a sentence for whatever is wrong."""

    def check(name, contents):
        path = tmp_path / "in" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(contents)
        try:
            found = find_hand_ins([path], course.library)
        finally:
            names = sorted(each.name for each in path.parent.iterdir())
        for hand_in in found:
            submission = read_submission(course, assignment, hand_in)
            something = submission.modules or submission.script or submission.answers
            assert bool(something) != bool(submission.reason)
            for text in (submission.student, *submission.notes, submission.reason or "x"):
                assert text
                assert text.isprintable()
            for text in (*submission.modules.values(), submission.script or ""):
                text.encode()
            parse(submission.script or "")
        assert names == [name]
        path.unlink()

    return check


@pytest.mark.filterwarnings("ignore:Duplicate name")
@given(contents=ZIPS | damaged(ZIPS) | st.binary().map(lambda tail: b"PK\3\4" + tail))
@QUIET
def test_any_zip_becomes_submissions(reads, contents):
    reads("ada.zip", contents)


@given(contents=TARS | damaged(TARS) | st.binary(max_size=600))
@QUIET
def test_any_tar_becomes_submissions(reads, contents):
    reads("ada.tar.gz", contents)


@given(contents=NOTEBOOKS | damaged(NOTEBOOKS) | CODE)
@QUIET
def test_any_notebook_becomes_a_submission(reads, contents):
    reads("ada.ipynb", contents)


@given(name=st.sampled_from(["ada.py", "conv.py"]), contents=CODE)
@QUIET
def test_any_file_becomes_a_submission(reads, name, contents):
    reads(name, contents)


@given(
    name=st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=40)
)
@QUIET
def test_any_name_becomes_a_submission(reads, name):
    if name not in (".", ".."):
        reads(name, b"def conv_forward(x):\n    return x\n")


@given(path=st.text(min_size=1, max_size=30))
@settings(max_examples=50, deadline=None)
def test_a_path_that_is_not_there_is_said_in_a_sentence(path):
    with pytest.raises(AutograderError):
        find_hand_ins([Path("/nowhere") / path.replace("/", "x")], "dlc_lib")
