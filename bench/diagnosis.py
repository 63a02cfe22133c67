"""How often the true name of a mistake is said, on work that was written without sight of the catalogue.

    python bench/diagnosis.py [--json] [--half first] [--names]

Grades the wrong hand-ins of the witness (`tests/corpus/witness`) and compares what is said of the task that
loses points with the key to their names, `names.yaml`: right, partly, none, wrong, and the same by the
confidence with which it was said. Mistakes that cost no point are counted apart: they need a test, not a
name. The second half is kept for figures: try changes on the first.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

for _library in ("OMP", "OPENBLAS", "MKL"):
    os.environ[f"{_library}_NUM_THREADS"] = "1"
ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

import yaml  # noqa: E402
from machine import machine  # noqa: E402

from autograder.course import load_catalogue  # noqa: E402
from autograder.engine import grade_class  # noqa: E402
from autograder.model import Diagnosis  # noqa: E402
from tests.corpus import golden  # noqa: E402
from tests.corpus.witness import COURSE, FOLDER, HALVES, Witness, submission, witnesses  # noqa: E402

VERDICTS = ("right", "partly", "none", "wrong")
STEPS = (0.9, 0.6, 0.3, 0.0)  # confidences are told apart from each of these on
_AND = " And: "


def said(half: str) -> Iterator[tuple[Witness, bool, Diagnosis | None]]:
    """Each wrong hand-in, whether it loses points, and what is said of the task where it should."""
    for assignment_id in golden.CATALOGUED:
        wrong = {
            f"{each.half}/{each.id}": each
            for each in witnesses(half)
            if each.assignment == assignment_id and each.loses
        }
        setup = replace(golden.setup_of(assignment_id), diagnosed=True)
        for report in grade_class(map(submission, wrong.values()), setup, os.cpu_count() or 1):
            hand_in = wrong[report.student]
            task = next(task for task in report.tasks if task.task == hand_in.loses)
            loses = task.max_score - task.open_points - (task.score or 0) > 1e-6
            yield hand_in, loses, task.diagnosis


def ids_of(diagnosis: Diagnosis, assignment_id: str) -> list[str]:
    """The names that are said: a mistake, two of the catalogue, or a relation."""
    sentences = {mistake.says: mistake.id for mistake in load_catalogue(COURSE, assignment_id).wrong}
    others = diagnosis.says.split(_AND)[1:]
    return [diagnosis.mistake, *(sentences.get(sentence, sentence) for sentence in others)]


def verdict(hand_in: Witness, diagnosis: Diagnosis | None, key: Mapping[str, Any]) -> str:
    """What a fair teaching assistant says of the name. Of two, both have to be true."""
    if diagnosis is None:
        return "none"
    found = [_one(name, key) for name in ids_of(diagnosis, hand_in.assignment)]
    if len(set(found)) == 1:
        return found[0]
    return "partly" if {"right", "partly"} & set(found) else "wrong"


def _one(name: str, key: Mapping[str, Any]) -> str:
    for answer in ("right", "partly"):
        if name in key.get(answer, ()) or any(
            name == relation or (relation.endswith("*") and name.startswith(relation[:-1]))
            for relation in key.get(f"{answer}_relations", ())
        ):
            return answer
    return "wrong"


def measure(half: str) -> dict[str, Any]:
    """The table of one half."""
    key = yaml.safe_load((FOLDER / half / "names.yaml").read_text("utf-8"))
    rows = [
        {
            "id": hand_in.id,
            "expected": hand_in.mistake,
            "said": diagnosis.mistake if diagnosis else None,
            "confidence": diagnosis.confidence if diagnosis else None,
            "verdict": verdict(hand_in, diagnosis, key[hand_in.id]) if loses else "no points lost",
        }
        for hand_in, loses, diagnosis in said(half)
    ]
    counted = [row for row in rows if row["verdict"] in VERDICTS]
    steps = {}
    for low, high in zip(STEPS, (1.01, *STEPS), strict=False):
        told = [row for row in counted if row["said"] and low <= row["confidence"] < high]
        steps[f"{low:g}"] = Counter(row["verdict"] for row in told)
    return {
        "half": half,
        "hand_ins": len(rows),
        "no_points_lost": len(rows) - len(counted),
        "shares": {name: sum(r["verdict"] == name for r in counted) / len(counted) for name in VERDICTS},
        "by_confidence": steps,
        "rows": sorted(rows, key=lambda row: row["id"]),
    }


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--half", choices=HALVES, default="first")
    parser.add_argument("--names", action="store_true", help="print each hand-in that is not named rightly")
    chosen = parser.parse_args()
    found = measure(chosen.half) | {"machine": machine()}
    if chosen.json:
        print(json.dumps(found))
        return
    print(f"{found['hand_ins']} wrong hand-ins, {found['no_points_lost']} of them lose no points")
    print(", ".join(f"{name} {share:.0%}" for name, share in found["shares"].items()))
    for low, counts in found["by_confidence"].items():
        told = ", ".join(f"{count} {name}" for name, count in counts.items())
        print(f"said from {low} on: {told or 'nothing'}")
    for row in found["rows"]:
        if chosen.names and row["verdict"] != "right":
            print(f"{row['verdict']:>7} {row['id']}: {row['expected']}")
            print(f"        {row['said']}, {row['confidence']}")


if __name__ == "__main__":
    main()
