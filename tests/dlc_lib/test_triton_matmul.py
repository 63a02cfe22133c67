"""The Triton matrix product in Triton's interpreter; bfloat16 is left out, which it multiplies wrongly."""

import importlib.util
from typing import Any

import pytest
import torch

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("triton") is None, reason="Triton has no wheel for this platform"
)

LIMITS = {"float32": 1e-5, "float16": 5e-4}
SIZES = [(1, 1, 1), (7, 13, 5), (97, 101, 103), (128, 64, 96), (1, 128, 17), (65, 1, 33)]


def matrix(rows: int, columns: int, dtype: str, layout: str) -> torch.Tensor:
    if layout == "transposed":
        return torch.randn(columns, rows).to(getattr(torch, dtype)).t()
    if layout == "strided":
        return torch.randn(2 * rows, 3 * columns).to(getattr(torch, dtype))[::2, ::3]
    return torch.randn(rows, columns).to(getattr(torch, dtype))


def distance(got: torch.Tensor, wanted: torch.Tensor) -> float:
    return float((got.double() - wanted).norm() / wanted.norm())


def check_all(errors: dict[str, dict[str, float]]) -> None:
    for dtype, limit in LIMITS.items():
        for case, error in errors[dtype].items():
            assert error <= limit, f"{dtype} {case}: {error}"


def errors_of_layouts() -> dict[str, dict[str, float]]:
    from dlc_lib.triton_matmul import triton_matmul

    torch.manual_seed(1)
    errors: dict[str, dict[str, float]] = {dtype: {} for dtype in LIMITS}
    layouts = ("plain", "transposed", "strided")
    for dtype in LIMITS:
        for M, N, K in SIZES:
            for first, second in [(a, b) for a in layouts for b in layouts]:
                a, b = matrix(M, K, dtype, first), matrix(K, N, dtype, second)
                got = triton_matmul(a, b, tf32=second == "plain")
                assert got.dtype == a.dtype
                assert got.is_contiguous()
                errors[dtype][f"{M}x{K}x{N} {first} {second}"] = distance(got, a.double() @ b.double())
    return errors


def test_products_are_right_for_odd_sizes_and_all_layouts() -> None:
    check_all(errors_of_layouts())


def errors_of_the_persistent_kernel() -> dict[str, dict[str, float]]:
    from dlc_lib.triton_matmul import _launch_descriptors

    torch.manual_seed(2)
    errors: dict[str, dict[str, float]] = {dtype: {} for dtype in LIMITS}
    layouts = ("plain", "transposed")
    for dtype, kind in (("float32", "tf32"), ("float16", "half")):
        for M, N, K in [(128, 128, 128), (264, 136, 72), (8, 16, 200), (520, 384, 40)]:
            for first, second in [(a, b) for a in layouts for b in layouts]:
                a, b = matrix(M, K, dtype, first), matrix(K, N, dtype, second)
                c = torch.full((M, N), torch.nan, dtype=a.dtype)
                _launch_descriptors(a, b, c, kind)
                errors[dtype][f"{M}x{K}x{N} {first} {second}"] = distance(c, a.double() @ b.double())
    return errors


def test_the_persistent_kernel_writes_every_tile_of_every_round() -> None:
    check_all(errors_of_the_persistent_kernel())


def copies_by_rows() -> list[list[bool]]:
    from dlc_lib.triton_matmul import _by_rows

    torch.manual_seed(3)
    found = []
    for rows, columns in [(1, 1), (64, 128), (65, 3), (2, 130)]:
        for layout in ("plain", "transposed", "strided"):
            x = matrix(rows, columns, "float32", layout)
            y = _by_rows(x)
            found.append([torch.equal(x, y), y.stride(1) == 1, (y is x) == (x.stride(1) == 1)])
    return found


def test_only_what_does_not_lie_row_by_row_is_copied() -> None:
    assert {each for found in copies_by_rows() for each in found} == {True}


def readable_views() -> list[bool]:
    from dlc_lib.triton_matmul import _with_aligned_rows

    x = torch.zeros(64, 64)
    views = [x, x.t(), x[:, 4:], x[:, 1:], torch.zeros(64, 63), x[:1].expand(64, 64), x[::2, ::2]]
    return [_with_aligned_rows(view) is not None for view in views]


def test_only_rows_at_multiples_of_16_bytes_go_to_the_copy_engine() -> None:
    assert readable_views() == [True, True, True, False, False, False, False]


def long_sum() -> float:
    from dlc_lib.triton_matmul import triton_matmul

    ones = torch.ones(1, 5000, dtype=torch.float16)
    return triton_matmul(ones, ones.t()).item()


def test_half_precision_products_are_summed_in_float32() -> None:
    # a sum of ones in float16 stops at 2048
    assert long_sum() == 5000


def empty_products() -> list[Any]:
    from dlc_lib.triton_matmul import triton_matmul

    shapes = [(0, 3, 4), (3, 0, 4), (3, 4, 0)]
    return [triton_matmul(torch.ones(M, K), torch.ones(K, N)).tolist() for M, N, K in shapes]


def test_empty_sums_are_zero() -> None:
    assert empty_products() == [[], [[], [], []], [[0.0] * 4] * 3]


def refusals() -> list[str]:
    from dlc_lib.triton_matmul import triton_matmul

    ones = torch.ones
    pairs = [
        (ones(2, 3), ones(2, 3)),
        (ones(3), ones(3, 2)),
        (ones(2, 3), ones(3, 2).half()),
        (ones(2, 3).double(), ones(3, 2).double()),
        (ones(2, 3), ones(3, 2, device="meta")),
    ]
    said = []
    for a, b in pairs:
        try:
            triton_matmul(a, b)
        except ValueError as fault:
            said.append(str(fault))
    return said


def test_matrices_that_do_not_match_are_refused() -> None:
    assert refusals() == [
        "a has 3 columns, but b has 2 rows",
        "a and b must be matrices, but they have 1 and 2 axes",
        "both inputs must have the same dtype, these are float16 and float32",
        "inputs must be float32, float16 or bfloat16, not float64",
        "both inputs must be on the same device",
    ]


def changes_of_inputs() -> list[bool]:
    from dlc_lib.triton_matmul import triton_matmul

    a, b = torch.randn(40, 50), torch.randn(50, 70)
    before = a.clone(), b.clone()
    first, second = triton_matmul(a, b), triton_matmul(a, b)
    return [
        torch.equal(a, before[0]) and torch.equal(b, before[1]),
        torch.equal(first, second),
        first.data_ptr() != second.data_ptr(),
    ]


def test_a_product_is_new_and_leaves_its_factors_alone() -> None:
    assert changes_of_inputs() == [True, True, True]
