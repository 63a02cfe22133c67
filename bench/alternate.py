"""A measurement taken of two checkouts in turn, so that both meet the machine in the same state."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from statistics import median
from typing import Any

_HERE = Path(__file__).resolve().parents[1]
Figures = dict[str, float]


def add_options(parser: ArgumentParser) -> None:
    """The other checkout, and how often."""
    parser.add_argument("--against", type=Path, metavar="CHECKOUT", help="measure that one too, in turn")
    parser.add_argument("--rounds", type=int, default=5, help="how often each of the two (5)")


def alternate(script: str, options: Namespace, *words: str) -> dict[str, Any]:
    """Medians over the rounds for the other checkout and for this one, and how often."""
    found: dict[str, list[Figures]] = {"before": [], "now": []}
    order = [("before", options.against.resolve()), ("now", _HERE)]
    for _ in range(options.rounds):
        for name, root in order:
            found[name].append(_measured(script, root, words))
        order.reverse()  # a machine that gets slower costs both alike
    medians = {
        name: {key: round(median(each[key] for each in rounds), 7) for key in rounds[0] if key.endswith("_s")}
        for name, rounds in found.items()
    }
    return {**medians, "rounds": options.rounds}


def print_both(found: dict[str, Any], unit_s: float) -> None:
    """A line for each figure."""
    print(f"{'':12}{'before':>10}{'now':>10}")
    for name, value in found["now"].items():
        before = found["before"].get(name, float("nan"))
        print(f"{name.removesuffix('_s'):12}{before / unit_s:10.2f}{value / unit_s:10.2f}")


def _measured(script: str, root: Path, words: tuple[str, ...]) -> Figures:
    """What a script of this folder prints when it runs with the code of a checkout."""
    command = [sys.executable, str(Path(__file__).with_name(script)), "--json", *words]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    return figures
