"""Seconds a submission: this project, nbgrader, otter, and the same tests called bare, in one run.

    python bench/against_peers.py [--json] [--submissions N] [--rounds N]

Right hand-ins of the four-question numpy assignment in bench/course, on one core. Ours: read, graded in
isolation (tier 1), JSON and HTML report written, by a process that is warm. ours_batch: the whole command
`dlc grade` on the class, its start included. nbgrader: `nbgrader autograde` on the class, its start
included. otter: `otter run` on each. Rounds are interleaved; figures are medians over rounds.
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
    found: dict[str, list[float]] = {
        name: [] for name in ("floor", "ours", "ours_batch", "nbgrader", "otter")
    }
    for _ in range(rounds):
        found["ours"].append(median(ours.grade() for _ in range(5 * submissions)))
        found["floor"].append(median(floor.grade() for _ in range(5 * submissions)))
        found["ours_batch"].append(batch.grade())
        found["nbgrader"].append(nbgrader.grade())
        found["otter"].append(median(otter.grade() for _ in range(OTTER_EACH)))
    ours.close()
    return found


def summary(found: dict[str, list[float]]) -> dict[str, object]:
    """Medians and ratios."""
    seconds = {name: median(values) for name, values in found.items()}
    peers = {name: words[0] for name, words in PACKAGES.items()}
    return {
        **{f"{name}_s": round(value, 5) for name, value in seconds.items()},
        "nbgrader_batch_ratio": round(seconds["nbgrader"] / seconds["ours_batch"], 1),
        "nbgrader_ratio": round(seconds["nbgrader"] / seconds["ours"], 1),
        "otter_ratio": round(seconds["otter"] / seconds["ours"], 1),
        "floor_ratio": round(seconds["ours"] / seconds["floor"], 2),
        "rounds": len(found["ours"]),
        "machine": {**machine("numpy", "pytest"), **peers},
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print one JSON object last")
    parser.add_argument("--submissions", type=int, default=12, help="size of the class (12)")
    parser.add_argument("--rounds", type=int, default=3, help="interleaved rounds (3)")
    options = parser.parse_args()
    result = summary(measure(options.submissions, options.rounds))
    if options.json:
        print(json.dumps(result))
        return
    print(f"seconds a submission, one core, median of {result['rounds']} rounds")
    for name in ("floor", "ours", "ours_batch", "nbgrader", "otter"):
        print(f"  {name:12}{result[f'{name}_s']:>10.4f}")
    print(
        f"nbgrader / ours {result['nbgrader_ratio']}, both from a cold start {result['nbgrader_batch_ratio']}"
    )
    print(f"otter / ours {result['otter_ratio']}, ours / floor {result['floor_ratio']}")


if __name__ == "__main__":
    main()
