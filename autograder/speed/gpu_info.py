"""What is known of the GPU of this machine: whether there is one, its name, properties and clock rates."""

from __future__ import annotations

import shutil
import subprocess

import torch

from ..interpreter import FOLDER, environment


def clocks() -> str:
    """Clock rates and reasons for throttling, as nvidia-smi tells them; empty where it is absent."""
    variables = environment()
    program = shutil.which("nvidia-smi", path=variables.get("PATH", ""))
    if program is None:
        return ""
    fields = "clocks.sm,clocks.max.sm,clocks_throttle_reasons.active,temperature.gpu,power.draw"
    command = [program, f"--query-gpu={fields}", "--format=csv,noheader,nounits"]
    try:
        done = subprocess.run(
            command, env=variables, cwd=FOLDER, capture_output=True, text=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    values = [part.strip() for part in done.stdout.partition("\n")[0].split(",")]
    if len(values) != 5:
        return ""
    now, most, reasons, celsius, watts = values
    return f"SM clock {now} of {most} MHz, throttling {reasons}, {celsius} °C, {watts} W"


def properties() -> dict[str, int] | None:
    """All that Triton asks of a GPU to compile for it, for the one of this machine; None without one."""
    if not torch.cuda.is_available():
        return None
    device = torch.cuda.get_device_properties(0)
    return {
        "capability": 10 * device.major + device.minor,
        "max_shared_mem": int(
            getattr(device, "shared_memory_per_block_optin", device.shared_memory_per_block)
        ),
        "multiprocessor_count": device.multi_processor_count,
    }


def unavailable() -> str:
    """Why no race can be held on a GPU of this machine; empty where one can. Starts nothing on the GPU."""
    return "" if torch.cuda.is_available() else "this machine has no GPU"


def identity() -> str:
    """A name of the current GPU that no other one has, and that does not depend on how GPUs are numbered."""
    return f"gpu-{torch.cuda.get_device_properties(0).uuid}"
