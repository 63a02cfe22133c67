"""What was measured on, without names of hosts or paths."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def on_one_core() -> None:
    """Keep this process and its children on one core, with one thread a library. Before numpy's import."""
    for name in THREADS:
        os.environ[name] = "1"
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def machine(*packages: str) -> dict[str, Any]:
    """Processor, kernel, versions, date."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return {
        "processor": models[0] if models else platform.machine(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.release().split('-')[0]}",
        "python": platform.python_version(),
        "load": round(os.getloadavg()[0], 1),  # last minute; beyond 1, others were at work too
        "real_time": os.sched_getscheduler(0) in (os.SCHED_FIFO, os.SCHED_RR),  # then they had to wait
        **{name: version(name) for name in packages},
        "date": datetime.now(UTC).date().isoformat(),
    }
