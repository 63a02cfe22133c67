"""Our matrix product and convolution against the vendor's library, and against themselves.

    python bench/hot_paths.py [--json] [--quick] [-o bench/results] [--only OP[,OP]] [--resume]

On a GPU: the Triton kernels against cuBLAS, and against cuDNN at its better layout with its benchmark mode
on; the kernel once more as its own rival shows the noise. Times are those of the kernels alone, from an
empty cache: they wait in the GPU's queue until all of a call's are launched, so what Python does before is
not in them. Order at random; the median of paired ratios over rounds. Without a GPU: the torch functions on
one core against the library. Needs numpy, torch and triton alone.

With `-o`, `hot_paths_<device>.json` and `.svg` are written after every row. Rows of the same device and
versions that are there already stay until they are measured again; with `--resume` they are not measured.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import sys
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))
from machine import machine, on_one_core

CORES = os.sched_getaffinity(0)
on_one_core()  # before torch reads the number of threads at its import

import torch  # noqa: E402
from hot_cases import ON_GPU, OPERATIONS, Call, Case, cases  # noqa: E402
from stopwatch import Stopwatch, compile_ahead  # noqa: E402

WANTED = {
    "matmul float16": 0.95, "matmul bfloat16": 0.95, "matmul tf32": 0.9, "forward float16": 0.85,
    "backward_data float16": 0.8, "backward_weight float16": 0.7,
}  # fmt: skip
_PASSING = {"load", "date"}  # what may differ between rows of one machine


def measure(case: Case, rounds: int, budget_s: float) -> dict[str, Any]:
    """Medians, paired ratios, and the spread of our call against itself."""
    calls: dict[str, Call] = {"ours": case.ours, "again": case.ours}
    calls |= {f"vendor{place}": each for place, each in enumerate(case.theirs)}
    for call in calls.values():
        for _ in range(3):  # tunes, and lets the library choose its algorithm
            call()
    watches = {name: Stopwatch(call, on_gpu=ON_GPU) for name, call in calls.items()}
    times: dict[str, list[float]] = {name: [] for name in calls}
    chance, begun = random.Random(1), time.perf_counter()
    for done in range(rounds):
        if done >= 10 and time.perf_counter() - begun > budget_s:
            break
        for name in chance.sample(list(calls), len(calls)):
            times[name].append(watches[name].seconds())
    best = min((name for name in calls if name.startswith("vendor")), key=lambda name: median(times[name]))
    own = [b / a for a, b in zip(times["ours"], times["again"], strict=True)]
    return {
        "op": case.op,
        "dtype": case.dtype,
        "shape": case.shape,
        "ours_s": median(times["ours"]),
        "vendor_s": median(times[best]),
        "vendor_ratio": round(median(b / a for a, b in zip(times["ours"], times[best], strict=True)), 4),
        "reference_ratio": round(median(own), 4),
        "within_2_percent_ratio": round(sum(abs(each - 1) <= 0.02 for each in own) / len(own), 3),
        "within_5_percent_ratio": round(sum(abs(each - 1) <= 0.05 for each in own) / len(own), 3),
        "tflops_per_s": round(case.flops / median(times["ours"]) / 1e12, 4),
        "rounds": len(own),
    }


def summary(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Geometric mean and worst of each operation and dtype, beside what is wanted on an H200."""
    found = []
    for op, dtype in dict.fromkeys((row["op"], row["dtype"]) for row in rows):
        ratios = [row["vendor_ratio"] for row in rows if (row["op"], row["dtype"]) == (op, dtype)]
        mean = math.exp(sum(map(math.log, ratios)) / len(ratios))
        wanted = WANTED.get(f"{op} {dtype}") if ON_GPU else None
        entry = {"op": op, "dtype": dtype, "shapes": len(ratios), "mean_ratio": round(mean, 4)}
        found.append({**entry, "worst_ratio": min(ratios), "wanted_ratio": wanted})
    return found


def picture(rows: list[dict[str, Any]], device: str) -> str:
    """Bars of the ratio to the vendor's library, as SVG."""
    width, height, left = 900, 22 * len(rows) + 60, 330
    scale = (width - left - 90) / max(1.2, *(row["vendor_ratio"] for row in rows))
    bars = []
    for place, row in enumerate(rows):
        y, long = 44 + 22 * place, scale * row["vendor_ratio"]
        label = f"{row['op']} {row['dtype']} {row['shape']}"
        bars.append(f'<text x="{left - 8}" y="{y + 12}" text-anchor="end">{label}</text>')
        bars.append(f'<rect x="{left}" y="{y}" width="{long:.1f}" height="16" fill="#2f6db5"/>')
        bars.append(f'<text x="{left + long + 6:.1f}" y="{y + 12}">{row["vendor_ratio"]:.2f}</text>')
    one = f'<path d="M{left + scale:.1f} 34V{height - 8}" stroke="#444" stroke-dasharray="4 3"/>'
    head = f'<text x="{left}" y="22">speed / speed of the library, {device}; dashed: the same</text>'
    style = 'font-family="sans-serif" font-size="12"'
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} {style}>{head}{"".join(bars)}{one}</svg>\n'


class Results:
    """Rows by what they are about, in a file that is whole after every one of them."""

    def __init__(self, folder: Path | None, *, quick: bool) -> None:
        self.device = torch.cuda.get_device_name() if ON_GPU else f"one core of {machine()['processor']}"
        self._machine = {**machine("torch"), "device": self.device, "quick": quick}
        if ON_GPU:
            libraries = {"cuda": torch.version.cuda, "cudnn": torch.backends.cudnn.version()}
            self._machine |= {"triton": version("triton"), **libraries}
        name = torch.cuda.get_device_name().replace(" ", "_") if ON_GPU else "cpu"
        self._path = folder / f"hot_paths_{name}.json" if folder else None
        self.rows = self._kept()

    def _kept(self) -> dict[tuple[str, str, str], dict[str, Any]]:
        """What the file holds of the same device and versions."""
        if self._path is None or not self._path.is_file():
            return {}
        found = json.loads(self._path.read_text(encoding="utf-8"))
        if any(found["machine"].get(key) != self._machine[key] for key in self._machine.keys() - _PASSING):
            return {}
        return {(row["op"], row["dtype"], row["shape"]): row for row in found["rows"]}

    def add(self, row: dict[str, Any]) -> None:
        """Keep a row, in place of an older one."""
        self.rows[row["op"], row["dtype"], row["shape"]] = {**row, "device": self.device}
        if self._path is not None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            _write(self._path, json.dumps(self.found(), indent=1) + "\n")
            _write(self._path.with_suffix(".svg"), picture(list(self.rows.values()), self.device))

    def found(self) -> dict[str, Any]:
        """All there is to tell."""
        rows = list(self.rows.values())
        date = datetime.now(UTC).date().isoformat()
        return {"rows": rows, "summary": summary(rows), "date": date, "machine": self._machine}


def _write(path: Path, text: str) -> None:
    """All or nothing."""
    new = path.with_suffix(f"{path.suffix}.new")
    new.write_text(text, encoding="utf-8")
    new.replace(path)


def _operations(text: str) -> tuple[str, ...]:
    names = tuple(text.split(","))
    if unknown := [name for name in names if name not in OPERATIONS]:
        raise argparse.ArgumentTypeError(f"unknown: {', '.join(unknown)}; there are {', '.join(OPERATIONS)}")
    return names


def main() -> None:
    """Measure, print, and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print one JSON object last")
    parser.add_argument("--quick", action="store_true", help="few rounds: shows that everything runs")
    parser.add_argument("-o", "--out", type=Path, help="folder for the results and the picture")
    parser.add_argument("--only", type=_operations, default=OPERATIONS, metavar="OP[,OP]", help="of these")
    parser.add_argument("--resume", action="store_true", help="measure only what the file does not hold yet")
    options = parser.parse_args()
    torch.manual_seed(1)
    results = Results(options.out, quick=options.quick)
    known = set(results.rows) if options.resume else set()
    if ON_GPU:
        os.sched_setaffinity(0, CORES)  # kernels are compiled on all of them
        compile_ahead(case.ours for case in cases(options.only) if case.key not in known)
    rounds, budget_s = (3, 0.0) if options.quick else (100, 3.0)
    for case in cases(options.only):
        if case.key in known:
            continue
        row = measure(case, rounds, budget_s)
        results.add(row)
        if not options.json:
            print(
                f"{row['op']:16} {row['dtype']:9} {row['shape']:24} {1e3 * row['ours_s']:9.3f} ms  "
                f"{row['vendor_ratio']:.3f} of the library, {row['reference_ratio']:.3f} of itself",
                flush=True,
            )
    found = results.found()
    for entry in [] if options.json else found["summary"]:
        wanted = f", wanted {entry['wanted_ratio']}" if entry["wanted_ratio"] else ""
        mean, worst = entry["mean_ratio"], entry["worst_ratio"]
        print(f"{entry['op']} {entry['dtype']}: mean {mean:.3f}, worst {worst:.3f} of the library{wanted}")
    if options.json:
        print(json.dumps(found))


if __name__ == "__main__":
    main()
