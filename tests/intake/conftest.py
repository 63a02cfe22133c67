import io
import json
import tarfile
import zipfile
from pathlib import Path

import pytest

from autograder.intake import find_hand_ins, read_submission
from autograder.model import Assignment, Course, Limits, Provided, Task
from autograder.studentkit.gate import undeclared_open

CONV = """\
import numpy as np


def conv_forward(x, w):
    return x * w, (x, w)


def conv_backward(dout, cache):
    return dout * cache[1]
"""
POOL = """\
def pool_forward(x):
    return x.max()
"""
STUB = '''\
def conv_forward(x, w):
    """What to do."""
    raise NotImplementedError("a/conv_forward")


def conv_backward(dout, cache):
    """What to do."""
    raise NotImplementedError("a/conv_backward")
'''
LAYERS = "def relu(x):\n    return x\n"


@pytest.fixture
def course(tmp_path):
    root = tmp_path / "course"
    (root / "dlc_lib").mkdir(parents=True)
    (root / "dlc_lib" / "layers.py").write_text(LAYERS)
    return Course(
        root=root,
        library="dlc_lib",
        tier=1,
        key_file=root / "key",
        assignments=root / "assignments",
        graders="graders/{id}",
        mistakes="mistakes/{id}",
    )


@pytest.fixture
def assignment(course):
    tasks = (
        Task("conv", "Convolution", 60, ("dlc_lib.conv:conv_forward", "dlc_lib.conv:conv_backward")),
        Task("pool", "Pooling", 40, ("dlc_lib.pool:pool_forward",)),
        Task("essay", "Why", 10, (), kind="written"),
    )
    return Assignment(
        id="a",
        title="A",
        due=None,
        late_policy={},
        limits=Limits(),
        packages=("numpy",),
        topics=(),
        provided=(Provided("layers"),),
        omit=(),
        forbidden=(),
        tasks=tasks,
        folder=course.root / "assignments" / "a",
    )


@pytest.fixture
def read(course, assignment):
    """Read the one hand-in at a path."""

    def read_one(path, caps=None):
        (hand_in,) = find_hand_ins([path], course.library)
        return read_submission(course, assignment, hand_in, caps)

    return read_one


@pytest.fixture
def read_class(course, assignment):
    """Read a class: student -> submission."""

    def read_all(*paths):
        found = [read_submission(course, assignment, each) for each in find_hand_ins(paths, course.library)]
        assert len({each.student for each in found}) == len(found)
        return {each.student: each for each in found}

    return read_all


class Writer:
    """Makes real hand-ins."""

    conv, pool, stub, layers = CONV, POOL, STUB, LAYERS

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def tree(self, name: str, files: dict[str, str | bytes]) -> Path:
        root = self.folder / name
        root.mkdir(parents=True, exist_ok=True)
        for path, contents in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(contents.encode() if isinstance(contents, str) else contents)
        return root

    def zip(self, name: str, files: dict[str, str | bytes]) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self.zipped(files))
        return path

    @staticmethod
    def zipped(files: dict[str, str | bytes]) -> bytes:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for member, contents in files.items():
                archive.writestr(member, contents)
        return stream.getvalue()

    def tar(self, name: str, files: dict[str, str | bytes], mode: str = "w:gz", mtime: int = 0) -> Path:
        path = self.folder / name
        with tarfile.open(path, mode) as archive:
            for member, contents in files.items():
                data = contents.encode() if isinstance(contents, str) else contents
                info = tarfile.TarInfo(member)
                info.size, info.mtime = len(data), mtime
                archive.addfile(info, io.BytesIO(data))
        return path

    def notebook(self, name: str, *cells: str | tuple[str, dict], **metadata: object) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.notebook_text(*cells, **metadata))
        return path

    @staticmethod
    def notebook_text(*cells: str | tuple[str, dict], **metadata: object) -> str:
        def cell(content):
            source, extra = content if isinstance(content, tuple) else (content, {})
            code = {"cell_type": "code", "metadata": {}, "source": source, "outputs": [{"data": "x"}]}
            return code | extra

        document = {
            "nbformat": 4,
            "nbformat_minor": 5,
            "metadata": metadata,
            "cells": [cell(c) for c in cells],
        }
        return json.dumps(document)


@pytest.fixture
def make(tmp_path):
    folder = tmp_path / "handed in"
    folder.mkdir()
    return Writer(folder)


@pytest.fixture(autouse=True)
def undeclared():
    """These tests are about isolation: what nothing declares comes as plain data."""
    with undeclared_open():
        yield
