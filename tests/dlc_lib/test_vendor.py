"""The library's own operations: in the arithmetic that was asked for. Which layout: `tests/gpu/`."""

from __future__ import annotations

import pytest
import torch
from torch.overrides import TorchFunctionMode

from dlc_lib import vendor

ONES = torch.ones(2, 3, 4, 4)
SIZE = {"stride": 1, "pad": 0}
CALLS = {
    "matmul": lambda **tf32: vendor.matmul(ONES[0, 0], ONES[0, 0], **tf32),
    "forward": lambda **tf32: vendor.conv2d_forward(ONES, ONES, **SIZE, **tf32),
    "data": lambda **tf32: vendor.conv2d_backward_data(
        torch.ones(2, 2, 1, 1), ONES, height=4, width=4, **SIZE, **tf32
    ),
    "weight": lambda **tf32: vendor.conv2d_backward_weight(
        torch.ones(2, 2, 1, 1), ONES, kernel_height=4, kernel_width=4, **SIZE, **tf32
    ),
}


def settings():
    cublas, cudnn = torch.backends.cuda.matmul, torch.backends.cudnn
    return cublas.fp32_precision, cudnn.conv.fp32_precision, cudnn.benchmark


class Observed(TorchFunctionMode):
    """What is set while operations run."""

    def __init__(self):
        super().__init__()
        self.seen = set()

    def __torch_function__(self, function, types, args=(), kwargs=None):
        self.seen.add(settings())
        return function(*args, **(kwargs or {}))


@pytest.mark.parametrize("call", CALLS.values(), ids=list(CALLS))
@pytest.mark.parametrize(
    ("options", "precision"), [({}, "ieee"), ({"tf32": False}, "ieee"), ({"tf32": True}, "tf32")]
)
def test_float32_is_rounded_only_where_that_was_allowed(call, options, precision):
    with Observed() as observed:
        call(**options)
    assert (precision, precision, False) in observed.seen


@pytest.mark.parametrize("call", CALLS.values(), ids=list(CALLS))
def test_settings_of_the_library_are_as_before_also_after_a_fault(call):
    before = settings()
    call(tf32=True)
    with pytest.raises(RuntimeError):
        vendor.matmul(ONES[0, 0], torch.ones(3, 3), tf32=True)
    with pytest.raises(RuntimeError):
        vendor.conv2d_forward(ONES, torch.ones(1, 5, 1, 1), **SIZE)
    assert settings() == before
