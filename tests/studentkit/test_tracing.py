"""What a call ran is seen however it was called."""

from __future__ import annotations

import sys

import numpy as np
import pytest
import torch

from autograder.studentkit.tracing import traced

X = torch.ones(2, 2)
ARRAY = np.ones((2, 2))
product, there, back = np.matmul, getattr(torch.Tensor, "nu" + "mpy"), torch.from_numpy


def names(function, *args):
    return set(traced(function, args or (X,), {})[1])


@pytest.mark.parametrize(
    ("function", "name"),
    [
        (lambda x: torch.from_numpy(x.numpy() @ x.numpy()), "Tensor.numpy"),
        (lambda x: back(product(there(x), there(x))), "torch.from_numpy"),
        (np.asarray, "asarray"),
        (lambda x: x.__array__(), "Tensor.numpy"),
        (np.from_dlpack, "from_dlpack"),
        (lambda x: np.array(x.tolist()), "array"),
        (lambda x: ARRAY.dot(ARRAY), "ndarray.dot"),
        (lambda x: np.add.reduce(ARRAY), "ufunc.reduce"),
    ],
)
def test_numpy_is_named_whatever_leads_to_it(function, name):
    assert f"numpy::{name}" in names(function)


@pytest.mark.parametrize(
    "function",
    [
        lambda x: (x + x).sum(0),
        lambda x: x.tolist(),
        lambda x: torch.tensor([1.0, 2.0]),
        lambda x: torch.allclose(x, x),
        repr,
        lambda x: torch.nn.functional.pad(x, (1, 1)),
    ],
)
def test_torch_alone_leads_to_no_numpy(function):
    assert not {name for name in names(function) if not name.startswith("aten::")}


def test_who_stops_the_watching_is_named_too():
    assert "sys::setprofile" in names(lambda x: sys.setprofile(None))


def test_whoever_watched_before_watches_again():
    def watch(*_):
        pass

    sys.setprofile(watch)
    try:
        names(lambda x: x + x)
        assert sys.getprofile() is watch
    finally:
        sys.setprofile(None)


def test_a_kernel_in_the_interpreter_is_named_and_what_it_does_inside_is_not():
    pytest.importorskip("triton", reason="Triton has no wheel for this platform")
    from dlc_lib.gpu import interpreted
    from dlc_lib.naive_triton import naive_triton_matmul

    if not interpreted():
        pytest.skip("Triton compiles in this process")
    found = names(naive_triton_matmul, X, X)
    assert {name for name in found if not name.startswith("aten::")} == {"kernel::_entry_kernel"}
    assert not {name for name in names(lambda x: x + x) if name.startswith("kernel::")}
