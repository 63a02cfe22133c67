"""The kernels that students start from, in Triton's interpreter."""

import importlib.util

import pytest
import torch

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("triton") is None, reason="Triton has no wheel for this platform"
)


@pytest.mark.parametrize("n", [1, 1023, 1024, 2050])
def test_triton_add_adds_every_entry(n):
    from dlc_lib.naive_triton import triton_add

    x, y = torch.randn(n), torch.randn(n)
    torch.testing.assert_close(triton_add(x, y), x + y, rtol=0, atol=0)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16])
@pytest.mark.parametrize("sizes", [(1, 1, 1), (3, 65, 2), (5, 130, 7)])
def test_naive_product_agrees_with_the_library_in_float64(sizes, dtype):
    from dlc_lib.naive_triton import naive_triton_matmul

    M, K, N = sizes
    a, b = torch.randn(K, M).to(dtype).T, torch.randn(K, N).to(dtype)
    want = a.double() @ b.double()
    error = (naive_triton_matmul(a, b).double() - want).norm() / want.norm()
    assert error <= (1e-5 if dtype == torch.float32 else 5e-4)
