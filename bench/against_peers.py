"""Seconds a submission: this project, nbgrader, otter, and the same tests called bare, in one run.

    python bench/against_peers.py [--json] [--submissions N] [--rounds N]

Right hand-ins of the four-question numpy assignment in bench/course, on one core. Ours: read, graded in
isolation (tier 1), JSON and HTML report written, by a process that is warm. ours_batch: the whole command
`dlc grade` on the class, its start included. nbgrader: `nbgrader autograde` on the class, its start
included; nbgrader_warm: what each submission after the first adds. otter: `otter run` on each. Rounds are
interleaved; figures are medians over rounds.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from statistics import median

from machine import machine, on_one_core

on_one_core()

from batch import Batch  # noqa: E402  # numpy reads the number of threads at its import
from ours import Floor, Ours, four_questions  # noqa: E402
from peers.nbgrader import Nbgrader  # noqa: E402
from peers.otter import Otter  # noqa: E402
from peers.venvs import PACKAGES, environment  # noqa: E402

BUILD = Path(__file__).parent.parent / "build/peers"
WARM = 20  # submissions before the first that counts
NAMES = ("floor", "ours", "ours_batch", "nbgrader", "nbgrader_warm", "otter")
OTTER_EACH = 4  # submissions a round; each is a process of its own


def measure(submissions: int, rounds: int) -> dict[str, list[float]]:
    """Seconds a submission, for every grader and round."""
    BUILD.mkdir(parents=True, exist_ok=True)
    setup = four_questions()
    nbgrader = Nbgrader(environment(BUILD, "nbgrader"), BUILD, submissions)
    otter = Otter(environment(BUILD, "otter"), BUILD)
    ours, batch, floor = Ours(setup, BUILD), Batch(setup, BUILD, submissions), Floor(setup)
    for _ in range(WARM):
        ours.grade()
        floor.grade()
    found: dict[str, list[float]] = {name: [] for name in NAMES}
    for _ in range(rounds):
        pairs = [(ours.grade(), floor.grade()) for _ in range(5 * submissions)]
        found["ours"].append(median(isolated for isolated, _ in pairs))
        found["floor"].append(median(bare for _, bare in pairs))
        found["ours_batch"].append(batch.grade())
        together, warm = nbgrader.grade()
        found["nbgrader"].append(together)
        found["nbgrader_warm"].append(warm)
        found["otter"].append(median(otter.grade() for _ in range(OTTER_EACH)))
    ours.close()
    return found


def summary(found: dict[str, list[float]]) -> dict[str, object]:
    """Medians over rounds, of seconds and of each round's ratios."""

    def ratio(over: str, under: str) -> float:
        return round(median(a / b for a, b in zip(found[over], found[under], strict=True)), 2)

    peers = {name: words[0] for name, words in PACKAGES.items()}
    return {
        **{f"{name}_s": round(median(values), 5) for name, values in found.items()},
        "nbgrader_ratio": ratio("nbgrader", "ours"),
        "nbgrader_warm_ratio": ratio("nbgrader_warm", "ours"),
        "nbgrader_batch_ratio": ratio("nbgrader", "ours_batch"),
        "otter_ratio": ratio("otter", "ours"),
        "floor_ratio": ratio("ours", "floor"),
        "rounds": len(found["ours"]),
        "machine": {**machine("numpy", "pytest"), **peers},
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print one JSON object last")
    parser.add_argument("--submissions", type=int, default=12, help="size of the class, at least 2 (12)")
    parser.add_argument("--rounds", type=int, default=3, help="interleaved rounds (3)")
    options = parser.parse_args()
    result = summary(measure(options.submissions, options.rounds))
    if options.json:
        print(json.dumps(result))
        return
    print(f"seconds a submission, one core, median of {result['rounds']} rounds")
    for name in NAMES:
        print(f"  {name:15}{result[f'{name}_s']:>10.4f}")
    print(f"nbgrader / ours {result['nbgrader_ratio']}, ", end="")
    print(f"both warm {result['nbgrader_warm_ratio']}, both cold {result['nbgrader_batch_ratio']}")
    print(f"otter / ours {result['otter_ratio']}, ours / floor {result['floor_ratio']}")


if __name__ == "__main__":
    main()
