"""Verdicts and points of the corpus as they were agreed on: `python tests/corpus/golden.py --write`.

One file for each version of the grading contract. What is timed plays no part, so that the file is the same
on every machine.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent.parent
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from autograder.audit import judge_catalogue  # noqa: E402
from autograder.course import assignment_ids, find_course, load_assignment, load_catalogue  # noqa: E402
from autograder.course.fingerprint import CONTRACT  # noqa: E402
from autograder.engine import Setup, grade_class  # noqa: E402
from autograder.intake import find_hand_ins, read_submission  # noqa: E402
from autograder.model import Report, Submission, Verdict  # noqa: E402
from tests.corpus.make_class import make_class  # noqa: E402

COURSE = find_course(ROOT)
GOLDEN = ROOT / f"tests/corpus/golden/contract_{CONTRACT}.json"
CATALOGUED = [each for each in assignment_ids(COURSE) if each != "a8_performance"]  # which has a corpus
HANDED_IN = {"a4 class": "a4_cnn", "a8 corpus": "a8_performance"}  # part of the corpus -> its assignment
KEY = b"a key of the tests' own"
A8 = ROOT / "tests/corpus/a8_performance"
Records = dict[str, dict[str, Any]]


def setup_of(part: str) -> Setup:
    """Graders with the key of the corpus; what is timed stays open."""
    assignment = load_assignment(COURSE, HANDED_IN.get(part, part))
    return Setup(COURSE, assignment, 1, KEY, diagnosed=False, timed=False)


def record(lost: Mapping[str, float], verdicts: Mapping[str, str]) -> dict[str, Any]:
    """What is kept of one hand-in; what is open costs nothing, and is left out."""
    judged = sorted((test, verdict) for test, verdict in verdicts.items() if verdict != Verdict.OPEN)
    digest = hashlib.sha256(json.dumps(judged).encode()).hexdigest()[:16]
    return {"lost": {task: round(points, 4) for task, points in sorted(lost.items())}, "verdicts": digest}


def record_of(report: Report) -> dict[str, Any]:
    """The same of a report. Of an unreadable hand-in all is lost."""
    lost = {
        each.task: each.max_score - each.open_points - (each.score or 0)
        for each in report.tasks
        if each.max_score - each.open_points - (each.score or 0) > 1e-6
    }
    return record(lost, unbroken({each.id: str(each.verdict) for each in report.results}))


def unbroken(verdicts: Mapping[str, str]) -> Mapping[str, str]:
    """These verdicts. ValueError where one is no verdict, for something of ours broke."""
    if broken := [test for test, verdict in verdicts.items() if verdict == Verdict.INTERNAL]:
        raise ValueError(f"{broken[0]} broke on our side; nothing is agreed on while the machine disturbs it")
    return verdicts


def catalogue_records(assignment_id: str) -> Records:
    """Of every mistake and variant of the catalogue."""
    found = judge_catalogue(
        setup_of(assignment_id), load_catalogue(COURSE, assignment_id), os.cpu_count() or 1
    )
    return {f"{each.task}/{each.id}": record(each.lost, unbroken(each.verdicts)) for each in found}


def submissions_of(part: str) -> dict[str, Submission]:
    """What is handed in, by name: for a4 by the sample class, for a8 honest work and cheats."""
    if part == "a8 corpus":
        names = yaml.safe_load((A8 / "expected.yaml").read_text(encoding="utf-8"))
        return _read(setup_of(part), [A8 / name for name in names])
    with TemporaryDirectory() as folder:
        names = {student: name for name, student in make_class(Path(folder)).items()}
        found = _read(setup_of(part), [Path(folder)])
    return {names.get(student, student): submission for student, submission in found.items()}


def graded(part: str, submissions: Mapping[str, Submission]) -> Records:
    """What is kept of these hand-ins."""
    names = {submission.student: name for name, submission in submissions.items()}
    reports = grade_class(submissions.values(), setup_of(part), os.cpu_count() or 1)
    return {names[report.student]: record_of(report) for report in reports}


def _read(setup: Setup, places: list[Path]) -> dict[str, Submission]:
    hand_ins = find_hand_ins(places, COURSE.library)
    found = [read_submission(COURSE, setup.assignment, each) for each in hand_ins]
    return {each.student: each for each in found}


def read() -> dict[str, Records]:
    """Part of the corpus -> name -> what is kept. FileNotFoundError where a contract has none."""
    return json.loads(GOLDEN.read_text(encoding="utf-8"))


def changed(part: str, found: Mapping[str, Mapping[str, Any]]) -> str:
    """What is not as it was, and what to do; nothing where all is."""
    golden = read()[part]
    lines = [
        f"{part} {name}: {json.dumps(now)}, was {json.dumps(golden.get(name))}"
        for name, now in sorted(found.items())
        if golden.get(name) != now
    ]
    way = (
        f"verdicts or points of the corpus differ from contract {CONTRACT}; if that is meant, raise CONTRACT "
        "in autograder/course/fingerprint.py and run python tests/corpus/golden.py --write"
    )
    return "\n".join([*lines, way]) if lines else ""


def main() -> None:
    """Write the file of this contract."""
    parts: dict[str, Records] = {}
    for part in HANDED_IN:
        parts[part] = graded(part, submissions_of(part))
    for each in CATALOGUED:
        parts[each] = catalogue_records(each)
        print(f"{each}: {len(parts[each])}", flush=True)
    GOLDEN.parent.mkdir(exist_ok=True)
    GOLDEN.write_text(json.dumps(parts, indent=0, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:] != ["--write"]:
        sys.exit("usage: python tests/corpus/golden.py --write")
    for library in ("OMP", "OPENBLAS", "MKL"):
        os.environ[f"{library}_NUM_THREADS"] = "1"
    os.environ["TRITON_INTERPRET"] = "1"
    main()
