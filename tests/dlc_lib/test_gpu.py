"""What kernels ask of a GPU, told by a driver of GPUs that are not here."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("triton") is None, reason="Triton has no wheel for this platform"
)

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What functions of this file return in a process whose kernels are compiled."""
    script = "import json, runpy, sys; print(json.dumps(runpy.run_path(sys.argv[1])['all_told']()))"
    environment = {name: value for name, value in os.environ.items() if name != "TRITON_INTERPRET"}
    paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
    cache = tmp_path_factory.mktemp("cache")
    environment |= {"TRITON_CACHE_DIR": str(cache), "PYTHONPATH": os.pathsep.join(paths)}
    done = subprocess.run(
        [sys.executable, "-c", script, __file__],
        env={**environment, "TRITON_DEFAULT_FP_FUSION": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


def all_told() -> dict[str, Any]:
    return {"questions": questions(), "launched": launched()}


def launched() -> dict[str, list[Any]]:
    """Kernels and shared memory of a large product, on Hopper and on a Blackwell with little of it."""
    import torch

    from autograder.sandbox.inside import compiling
    from dlc_lib.triton_matmul import triton_matmul

    compiling._PROPERTIES[120] = {"max_shared_mem": 101_376, "multiprocessor_count": 170}
    a = torch.empty(1024, 1024, dtype=torch.float16, device="meta")
    found = {}
    for capability in (90, 120):
        exhaustive = capability == 90  # on the other, what fits is the last that is compiled
        entries = compiling.compile_launches(lambda: triton_matmul(a, a), capability, exhaustive=exhaustive)
        found[str(capability)] = [[each["name"], each["shared"]] for each in entries]
    return found


def test_the_persistent_kernel_is_left_to_gpus_that_have_room_for_it(told: dict[str, Any]) -> None:
    from dlc_lib.triton_matmul import _LEAST_SHARED

    found = told["launched"]
    names, shared = zip(*found["90"], strict=True)
    assert set(names) == {"_descriptor_kernel"}
    assert min(shared) <= _LEAST_SHARED
    names, shared = zip(*found["120"], strict=True)
    assert set(names) == {"_pointer_kernel"}
    assert min(shared) <= 101_376


def questions() -> list[int]:
    """How often the driver is asked about a GPU that launches many kernels, and what it is said to be."""
    from autograder.sandbox.inside import compiling
    from dlc_lib import gpu

    asked = []

    class Driver(compiling._AbsentGPU):
        def get_current_target(self) -> Any:
            asked.append("target")
            return super().get_current_target()

    driver = Driver(90, compiling._PROPERTIES[90])
    tell = driver.utils.get_device_properties
    driver.utils.get_device_properties = lambda device: asked.append("properties") or tell(device)
    with compiling._driver(driver):
        for _ in range(3):
            told = [gpu.compute_capability(), gpu.multiprocessor_count(), gpu.shared_memory()]
    return [*told, len(asked)]


def test_a_driver_is_asked_about_its_gpu_once(told: dict[str, Any]) -> None:
    assert told["questions"] == [90, 132, 232448, 2]
