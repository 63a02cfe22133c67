"""Memory shared with workers is used again within a hand-in, and nothing of it is left after one."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from autograder.speed.buffers import Buffers


@pytest.fixture
def folders(tmp_path):
    places = {side: tmp_path / side for side in ("student", "ours")}
    for place in places.values():
        place.mkdir()
    return places


def mapped(folder: Path) -> int:
    """How many files below a folder this process has in its memory."""
    return Path("/proc/self/maps").read_text().count(str(folder))


def race(buffers: Buffers) -> set[str]:
    """Names of the buffers that two races of one hand-in use."""
    inputs = [torch.randn(4, 3), torch.randn(3, 5).T, torch.randn(6).half()]
    for _ in range(2):
        taken = [buffers.like(side, "in", each) for side in ("student", "ours") for each in inputs]
        for buffer, value in zip(taken, inputs * 2, strict=True):
            buffer.tensor.copy_(value)
    return {buffer.name for buffer in taken}


def test_a_second_race_takes_the_memory_of_the_first(folders):
    with Buffers("cpu", folders) as buffers:
        assert len(race(buffers)) == 6
        assert len([path for place in folders.values() for path in place.iterdir()]) == 6


def test_what_one_side_holds_the_other_cannot_open(folders):
    value = torch.randn(4, 3)
    with Buffers("cpu", folders) as buffers:
        student, ours = (buffers.like(side, "in", value) for side in ("student", "ours"))
        ours.tensor.copy_(value)
        assert student.share["path"] != ours.share["path"]
        assert not torch.equal(student.tensor, value)


def test_two_hand_ins_in_a_row_hold_no_more_memory_than_one(folders, tmp_path):
    for _ in range(2):
        with Buffers("cpu", folders) as buffers:
            assert len(race(buffers)) == 6
            assert mapped(tmp_path) == 6
        assert mapped(tmp_path) == 0
        assert not [path for place in folders.values() for path in place.iterdir()]


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
def test_new_memory_holds_no_number(folders, dtype):
    value = torch.ones(3, 2, dtype=dtype).T
    with Buffers("cpu", folders) as buffers:
        found = buffers.like("student", "out", value).tensor
        assert found.isnan().all()
        assert (found.shape, found.stride(), found.dtype) == (value.shape, value.stride(), dtype)
