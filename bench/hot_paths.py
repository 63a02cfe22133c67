"""Our matrix product and convolution against the vendor's library, and against themselves.

    python bench/hot_paths.py [--json] [--quick] [-o bench/results]

On a GPU: the Triton kernels against cuBLAS, and against cuDNN at its better layout with its benchmark mode
on; the kernel once more as its own rival shows the noise. Every call gets inputs that lie outside the
second-level cache; order at random; the median of paired ratios over rounds. Without a GPU: the torch
functions on one core against the library. Needs numpy, torch and triton alone; writes
`hot_paths_<device>.json` and `.svg` with `-o`.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))
from machine import machine, on_one_core

on_one_core()

import torch  # noqa: E402  # reads the number of threads at its import

from dlc_lib import torch_conv, torch_matmul, vendor  # noqa: E402

ON_GPU = torch.cuda.is_available()
FLUSH_MB = 256
DTYPES = {
    "float16": torch.float16,
    "bfloat16": torch.bfloat16,
    "tf32": torch.float32,
    "float32": torch.float32,
}
EDGES = (2048, 4096, 8192)
# images, channels, edge, filters, window, stride, pad: the layers of a ResNet-50, and two of a VGG
LAYERS = (
    (64, 3, 224, 64, 7, 2, 3), (64, 64, 56, 64, 1, 1, 0), (64, 64, 56, 64, 3, 1, 1),
    (64, 64, 56, 256, 1, 1, 0), (64, 256, 56, 128, 1, 1, 0), (64, 128, 56, 128, 3, 2, 1),
    (64, 128, 28, 128, 3, 1, 1), (64, 256, 56, 512, 1, 2, 0), (64, 256, 28, 256, 3, 2, 1),
    (64, 256, 14, 256, 3, 1, 1), (64, 512, 14, 512, 3, 2, 1), (64, 512, 7, 512, 3, 1, 1),
    (64, 1024, 14, 2048, 1, 2, 0), (32, 64, 112, 128, 3, 1, 1), (32, 256, 56, 256, 3, 1, 1),
)  # fmt: skip
CPU_LAYERS = ((8, 16, 32, 16, 3, 1, 1), (8, 64, 28, 64, 3, 1, 1), (8, 64, 29, 64, 3, 2, 1))
WANTED = {
    "matmul float16": 0.95, "matmul bfloat16": 0.95, "matmul tf32": 0.9, "forward float16": 0.85,
    "backward_data float16": 0.8, "backward_weight float16": 0.7,
}  # fmt: skip
Call = Callable[[], object]


@dataclass(frozen=True)
class Case:
    """One operation at one size: our call and one or more of the vendor's."""

    op: str
    dtype: str
    shape: str
    flops: float
    ours: Call
    theirs: tuple[Call, ...]


def seconds(call: Call, flush: torch.Tensor | None) -> float:
    """One call, from an empty cache."""
    if flush is None:
        start = time.perf_counter()
        call()
        return time.perf_counter() - start
    flush.zero_()
    start_event, end_event = (torch.cuda.Event(enable_timing=True) for _ in range(2))
    start_event.record()
    call()
    end_event.record()
    torch.cuda.synchronize()
    return float(start_event.elapsed_time(end_event)) / 1e3


def measure(case: Case, rounds: int, budget_s: float, flush: torch.Tensor | None) -> dict[str, Any]:
    """Medians, paired ratios, and the spread of our call against itself."""
    calls: dict[str, Call] = {"ours": case.ours, "again": case.ours}
    calls |= {f"vendor{place}": each for place, each in enumerate(case.theirs)}
    for call in calls.values():
        for _ in range(3):  # compiles, tunes, and lets the library choose its algorithm
            call()
    times: dict[str, list[float]] = {name: [] for name in calls}
    chance, begun = random.Random(1), time.perf_counter()
    for done in range(rounds):
        if done >= 10 and time.perf_counter() - begun > budget_s:
            break
        for name in chance.sample(list(calls), len(calls)):
            times[name].append(seconds(calls[name], flush))
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


def matmuls() -> Iterator[Case]:
    """Square products."""
    if not ON_GPU:
        for edge in (256, 384, 512):
            a, b = torch.randn(edge, edge), torch.randn(edge, edge)
            theirs = (lambda a=a, b=b: vendor.matmul(a, b),)
            ours = lambda a=a, b=b: torch_matmul.outer_matmul(a, b)  # noqa: E731
            yield Case("outer_matmul", "float32", f"{edge}^3", 2.0 * edge**3, ours, theirs)
        return
    from dlc_lib.triton_matmul import triton_matmul

    for dtype, edge in ((dtype, edge) for dtype in ("float16", "bfloat16", "tf32") for edge in EDGES):
        tf32 = dtype == "tf32"
        a, b = (torch.randn(edge, edge, device="cuda").to(DTYPES[dtype]) for _ in range(2))
        ours = lambda a=a, b=b, tf32=tf32: triton_matmul(a, b, tf32=tf32)  # noqa: E731
        theirs = (lambda a=a, b=b: vendor.matmul(a, b),)
        yield Case("matmul", dtype, f"{edge}^3", 2.0 * edge**3, ours, theirs)


def convolutions() -> Iterator[Case]:
    """Every pass of every layer."""
    for layer in LAYERS if ON_GPU else CPU_LAYERS:
        n, c, edge, f, window, stride, pad = layer
        outputs = 1 + (edge + 2 * pad - window) // stride
        dtype = torch.float16 if ON_GPU else torch.float32
        shapes = ((n, c, edge, edge), (f, c, window, window), (n, f, outputs, outputs))
        device = "cuda" if ON_GPU else "cpu"
        plain = [torch.randn(shape, device=device).to(dtype) for shape in shapes]
        last = [each.contiguous(memory_format=torch.channels_last) for each in plain]
        flops = 2.0 * n * outputs**2 * f * c * window**2
        for name in ("forward", "backward_data", "backward_weight"):
            layouts = (plain, last) if ON_GPU else (plain,)
            theirs = tuple(_vendor(name, tensors, layer) for tensors in layouts)
            shape = f"{n}x{c}x{edge}^2 {f}x{window}^2 s{stride}"
            kind = str(dtype).removeprefix("torch.")
            yield Case(name, kind, shape, flops, _ours(name, last if ON_GPU else plain, layer), theirs)


def _arguments(name: str, tensors: list[torch.Tensor], layer: tuple[int, ...]) -> tuple[Any, dict[str, int]]:
    x, w, dout = tensors
    window = {"stride": layer[5], "pad": layer[6]}
    if name == "forward":
        return (x, w), window
    if name == "backward_data":
        return (dout, w), {"height": layer[2], "width": layer[2], **window}
    return (dout, x), {"kernel_height": layer[4], "kernel_width": layer[4], **window}


def _vendor(name: str, tensors: list[torch.Tensor], layer: tuple[int, ...]) -> Call:
    args, options = _arguments(name, tensors, layer)
    return lambda: getattr(vendor, f"conv2d_{name}")(*args, **options)


def _ours(name: str, tensors: list[torch.Tensor], layer: tuple[int, ...]) -> Call:
    args, options = _arguments(name, tensors, layer)
    if not ON_GPU:
        return lambda: getattr(torch_conv, f"conv2d_{name}")(*args, **options)
    from dlc_lib import triton_conv_data, triton_conv_forward, triton_conv_weight

    homes = {"forward": triton_conv_forward, "backward_data": triton_conv_data}
    function = getattr(homes.get(name, triton_conv_weight), f"triton_conv2d_{name}")
    return lambda: function(*args, **options)


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


def main() -> None:
    """Measure, print, and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print one JSON object last")
    parser.add_argument("--quick", action="store_true", help="few rounds: shows that everything runs")
    parser.add_argument("-o", "--out", type=Path, help="folder for the results and the picture")
    options = parser.parse_args()
    if options.out:
        options.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(1)
    torch.backends.cudnn.benchmark = True
    torch.backends.cuda.matmul.allow_tf32 = True  # for rows of tf32; others are of half precision
    flush = torch.empty(FLUSH_MB << 18, dtype=torch.float32, device="cuda") if ON_GPU else None
    device = torch.cuda.get_device_name() if ON_GPU else f"one core of {machine()['processor']}"
    rounds, budget_s = (3, 0.0) if options.quick else (100, 3.0)
    rows = []
    for case in (case for cases in (matmuls(), convolutions()) for case in cases):
        row = {**measure(case, rounds, budget_s, flush), "device": device}
        rows.append(row)
        if not options.json:
            print(
                f"{row['op']:16} {row['dtype']:9} {row['shape']:24} {1e3 * row['ours_s']:9.3f} ms  "
                f"{row['vendor_ratio']:.3f} of the library, {row['reference_ratio']:.3f} of itself",
                flush=True,
            )
    packages = [name for name in ("torch", "triton") if name in sys.modules]
    found = {
        "rows": rows,
        "summary": summary(rows),
        "date": datetime.now(UTC).date().isoformat(),
        "machine": {**machine(*packages), "device": device},
    }
    for entry in [] if options.json else found["summary"]:
        wanted = f", wanted {entry['wanted_ratio']}" if entry["wanted_ratio"] else ""
        mean, worst = entry["mean_ratio"], entry["worst_ratio"]
        print(f"{entry['op']} {entry['dtype']}: mean {mean:.3f}, worst {worst:.3f} of the library{wanted}")
    if options.out:
        name = f"hot_paths_{torch.cuda.get_device_name().replace(' ', '_') if ON_GPU else 'cpu'}"
        (options.out / f"{name}.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
        (options.out / f"{name}.svg").write_text(picture(rows, device), encoding="utf-8")
    if options.json:
        print(json.dumps(found))


if __name__ == "__main__":
    main()
