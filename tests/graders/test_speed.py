"""Inputs of races on a GPU tell one arithmetic from a faster one."""

import numpy as np
import pytest
import torch

from tests.course_code import hidden

Matmul = hidden("a8_performance", "speed").Matmul


def tf32(value):
    """Rounded to a mantissa of ten bits."""
    return ((value.view(torch.int32) + (1 << 12)) & ~((1 << 13) - 1)).view(torch.float32)


@pytest.mark.parametrize("seed", range(4))
def test_an_answer_in_tf32_is_accepted_and_one_in_float16_is_not(seed):
    size = Matmul(128, "tf32")
    (a, b), options = size.draw(np.random.default_rng(seed), "cpu")
    assert options == {"tf32": True}
    answer = size.answer((a, b), options)
    size.check(tf32(a) @ tf32(b), answer)
    with pytest.raises(AssertionError, match="relative error"):
        size.check((a.half() @ b.half()).float(), answer)
    with pytest.raises(AssertionError, match="relative error"):
        size.check((a.bfloat16() @ b.bfloat16()).float(), answer)


def test_float16_would_be_taken_for_tf32_without_the_scales():
    size = Matmul(128, "tf32")
    (a, b), options = size.draw(np.random.default_rng(1), "cpu")
    a, b = a / a.std(), b / b.std()
    size.check((a.half().float() @ b.half().float()), size.answer((a, b), options))
