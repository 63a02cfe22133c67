"""Every Triton kernel, compiled for an A100 and an H100; by `make soak` in every configuration."""

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import torch

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("triton") is None, reason="Triton has no wheel for this platform"
)

ROOT = Path(__file__).parents[2]
KERNELS = (
    *(f"dlc_lib/{path.name}" for path in sorted(ROOT.glob("dlc_lib/triton_*.py"))),
    "autograder/sandbox/inside/compiling.py",
)
ALIGNED = 4  # so many of the launches have rows that can be copied while the last tile is multiplied
BROKEN = """
import torch, triton
import triton.language as tl

@triton.jit
def uneven(x_ptr):
    tl.store(x_ptr + tl.arange(0, 4), tl.arange(0, 8))

@triton.jit
def huge(x_ptr, M: tl.constexpr, N: tl.constexpr, K: tl.constexpr):
    m, n, k = tl.arange(0, M), tl.arange(0, N), tl.arange(0, K)
    product = tl.dot(tl.load(x_ptr + m[:, None] * K + k), tl.load(x_ptr + k[:, None] * N + n))
    tl.store(x_ptr + m[:, None] * N + n, product.to(tl.float16))

def launch():
    x = torch.empty(16, device="meta", dtype=torch.float16)
    uneven[(1,)](x)
    huge[(1,)](x, M=128, N=128, K=1024, num_warps=8)
"""


def in_process(function: str, *arguments: object, cache: Path, **variables: str) -> Any:
    """What a function of this file returns in a process whose kernels are compiled."""
    script = (
        "import json, runpy, sys; print(json.dumps("
        "runpy.run_path(sys.argv[1])[sys.argv[2]](*json.loads(sys.argv[3]))))"
    )
    environment = {name: value for name, value in os.environ.items() if name != "TRITON_INTERPRET"}
    paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
    environment |= {
        "TRITON_CACHE_DIR": str(cache),
        "OMP_NUM_THREADS": "1",
        "PYTHONPATH": os.pathsep.join(paths),
    }
    done = subprocess.run(
        [sys.executable, "-c", script, __file__, function, json.dumps(arguments)],
        env={**environment, "TRITON_DEFAULT_FP_FUSION": "1", **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


def launches(dtype: str, *, tf32: bool, capability: int) -> list[Callable[[], object]]:
    from dlc_lib import triton_conv_data, triton_conv_forward, triton_conv_weight
    from dlc_lib.triton_matmul import triton_matmul

    def matrix(rows: int, columns: int) -> torch.Tensor:
        return torch.empty(rows, columns, dtype=getattr(torch, dtype), device="meta")

    def images(*shape: int) -> torch.Tensor:
        x = torch.empty(shape, dtype=getattr(torch, dtype), device="meta")
        return x.contiguous(memory_format=torch.channels_last)

    x, w, half_size = images(32, 64, 56, 56), images(128, 64, 3, 3), images(32, 128, 28, 28)
    size = {"stride": 2, "pad": 1, "tf32": tf32}
    kernel = {"kernel_height": 3, "kernel_width": 3}
    calls: list[Callable[[], object]] = [
        lambda: triton_matmul(matrix(2048, 1024), matrix(1024, 512), tf32=tf32),
        lambda: triton_conv_forward.triton_conv2d_forward(x, w, **size),
        lambda: triton_conv_data.triton_conv2d_backward_data(half_size, w, height=56, width=56, **size),
        lambda: triton_conv_weight.triton_conv2d_backward_weight(half_size, x, **kernel, **size),
    ]
    if capability == 90 and (dtype != "float32" or tf32):  # rows that the copy engine cannot read
        calls.append(lambda: triton_matmul(matrix(1001, 515), matrix(515, 777), tf32=tf32))
    if dtype == "float16":  # few channels: their branch differs
        rgb, stem = images(8, 3, 64, 64), images(64, 3, 7, 7)
        calls.append(lambda: triton_conv_forward.triton_conv2d_forward(rgb, stem, stride=2, pad=3))
    return calls


def variants(dtype: str, tf32: bool, capability: int, exhaustive: bool) -> list[dict[str, Any]]:
    from autograder.sandbox.inside.compiling import compile_launches

    found = []
    for number, launch in enumerate(launches(dtype, tf32=tf32, capability=capability)):
        for entry in compile_launches(launch, capability, exhaustive=exhaustive):
            found.append({**entry, "aligned": number < ALIGNED})
    return found


COMBINATIONS = (
    (80, "float32", False),
    (80, "float16", False),
    (90, "float32", True),
    (90, "bfloat16", False),
)


@pytest.fixture(scope="module")
def compiling(
    tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config
) -> Iterator[dict[tuple[int, str, bool], Future[Any]]]:
    """Combination -> what will be its compiled variants; two are compiled at a time."""
    exhaustive = pytestconfig.getoption("--soak")

    def begin(capability: int, dtype: str, tf32: bool) -> Future[Any]:
        cache = tmp_path_factory.mktemp("cache")
        return pool.submit(in_process, "variants", dtype, tf32, capability, exhaustive, cache=cache)

    with ThreadPoolExecutor(2) as pool:
        yield {combination: begin(*combination) for combination in COMBINATIONS}
        pool.shutdown(cancel_futures=True)


@pytest.mark.soak(*KERNELS)
@pytest.mark.parametrize(("capability", "dtype", "tf32"), COMBINATIONS)
def test_every_kernel_compiles_and_has_a_configuration_that_fits(
    capability: int,
    dtype: str,
    tf32: bool,
    compiling: dict[tuple[int, str, bool], Future[Any]],
    rounds: Callable[[int, int], range],
) -> None:
    """Of each kernel a configuration is compiled that fits; under `make soak` each that there is."""
    found = compiling[capability, dtype, tf32].result()
    rounds(len(found), len(found))  # as many as there are; what was compiled is a row's count
    assert [entry["error"] for entry in found if entry["error"]] == []
    fitting = {entry["name"] for entry in found if entry["shared"] <= entry["max_shared"]}
    product = "_descriptor_kernel" if capability == 90 and (dtype != "float32" or tf32) else "_pointer_kernel"
    convolution = {"_forward_kernel", "_backward_data_kernel", "_backward_weight_kernel", "_sum_kernel"}
    assert {product, *convolution} <= fitting
    products = [entry for entry in found if entry["name"] not in ("_sum_kernel", "_copy_kernel")]
    hopper = capability == 90 and (dtype != "float32" or tf32)
    assert {entry["wgmma"] for entry in products} == {hopper}
    assert {entry["tensor_cores"] for entry in products} == {dtype != "float32" or tf32}
    assert all(entry["copies"] for entry in products if entry["aligned"])


def broken(folder: str) -> list[dict[str, Any]]:
    sys.path.insert(0, folder)
    import broken_kernels

    from autograder.sandbox.inside.compiling import compile_launches

    return compile_launches(broken_kernels.launch, 90)


def test_what_does_not_compile_or_fit_is_recorded_and_the_rest_goes_on(tmp_path: Path) -> None:
    (tmp_path / "broken_kernels.py").write_text(BROKEN)
    uneven, huge = in_process("broken", str(tmp_path), cache=tmp_path / "cache")
    assert uneven["name"] == "uneven"
    assert "CompilationError" in uneven["error"]
    assert huge["name"] == "huge"
    assert huge["error"] is None
    assert huge["shared"] > huge["max_shared"]


def repetitions() -> list[list[Any]]:
    from autograder.sandbox.inside.compiling import compile_launches
    from dlc_lib.triton_matmul import triton_matmul

    def launch() -> object:
        return triton_matmul(
            torch.empty(64, 64, device="meta"), torch.empty(64, 64, device="meta"), tf32=True
        )

    runs = [compile_launches(launch, capability, exhaustive=True) for capability in (80, 90, 80)]
    return [[[entry["shared"], entry["wgmma"]] for entry in run] for run in runs]


def test_another_gpu_or_a_second_call_compiles_everything_again(tmp_path: Path) -> None:
    ampere, hopper, again = in_process("repetitions", cache=tmp_path)
    assert len(ampere) == len(hopper) > 1
    assert again == ampere
    assert {wgmma for _, wgmma in ampere} == {False}
    assert {wgmma for _, wgmma in hopper} == {True}


def refusal(capability: int) -> str:
    from autograder.sandbox.inside.compiling import compile_launches

    try:
        compile_launches(lambda: None, capability)
    except (RuntimeError, ValueError) as fault:
        return str(fault)
    return "nothing"


def test_an_interpreting_process_and_an_unknown_gpu_are_refused(tmp_path: Path) -> None:
    said = in_process("refusal", 90, cache=tmp_path, TRITON_INTERPRET="1")
    assert said == "kernels cannot be compiled where TRITON_INTERPRET is set"
    said = in_process("refusal", 70, cache=tmp_path)
    assert said == "kernels are compiled for 80 or 90, not for 70"
