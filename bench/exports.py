"""Every assignment in every format: seconds, and whether anything withheld can be read by students.

    python bench/exports.py [--json] [ID ...]

Seconds are those of `dlc export`. What students would open is then made by the tool itself, with
`nbgrader generate_assignment` and `otter assign`, and searched for solutions and hidden tests.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from machine import machine  # noqa: E402
from typer.main import get_group  # noqa: E402

from autograder.cli.export import app  # noqa: E402
from autograder.course import assignment_ids, find_course, load_assignment  # noqa: E402
from autograder.model import Assignment, Course  # noqa: E402
from autograder.release.audit import folder_leaks  # noqa: E402
from autograder.release.withheld import withheld_from  # noqa: E402
from tests.interop.tools import run, tool  # noqa: E402

FORMATS = ("nbgrader", "otter", "gradescope", "classroom")


def given_away(assignment: Assignment, form: str) -> list[str]:
    """Options without which a format refuses modules that another assignment, still open, withholds."""
    options = {name for each in get_group(app).commands[form].params for name in each.opts}
    if "--give-away" not in options:
        return []
    still_open = dict.fromkeys(each.after for each in assignment.provided if each.after)
    return [word for each in still_open for word in ("--give-away", each)]


def exported(assignment: Assignment, form: str, out: Path) -> float:
    """Seconds of one `dlc export`."""
    words = [assignment.id, "-o", str(out), *given_away(assignment, form)]
    command = [sys.executable, "-m", "autograder", "export", form, *words]
    start = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return time.perf_counter() - start


def opened_by_students(name: str, form: str, out: Path) -> Path | None:
    """The folder that students get, made by the tool itself; None where they get nothing."""
    if form == "nbgrader":
        run(tool("nbgrader"), out, "nbgrader", "generate_assignment", name)
        return out / "release" / name
    if form == "otter":
        run(tool("otter"), out, "otter", "assign", f"{name}.ipynb", "dist", "--no-pdfs", "--no-run-tests")
        return out / "dist/student"
    return out if form == "classroom" else None


def row(course: Course, name: str, folder: Path) -> dict[str, Any]:
    """Seconds by format, and what leaks."""
    assignment = load_assignment(course, name)
    withheld = withheld_from(course, assignment)
    found: dict[str, Any] = {"assignment": name, "leaks": []}
    for form in FORMATS:
        out = folder / f"{name}-{form}{'.zip' if form == 'gradescope' else ''}"
        found[f"{form}_s"] = round(exported(assignment, form, out), 2)
        students = opened_by_students(name, form, out)
        if students is not None:
            leaks = folder_leaks(students, course, assignment, withheld)
            found["leaks"] += [f"{form}: {each}" for each in leaks]
    return found


def main() -> int:
    """Export, search and print; 1 where something leaks."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("ids", nargs="*", metavar="ID", help="assignments (all)")
    parser.add_argument("--json", action="store_true", help="print one JSON object last")
    options = parser.parse_args()
    course = find_course(ROOT)
    with tempfile.TemporaryDirectory() as folder:
        rows = [row(course, name, Path(folder)) for name in options.ids or assignment_ids(course)]
    seconds = round(sum(each[f"{form}_s"] for each in rows for form in FORMATS), 1)
    leaks = [leak for each in rows for leak in each["leaks"]]
    if options.json:
        print(json.dumps({"rows": rows, "total_s": seconds, "machine": machine("numpy")}))
        return bool(leaks)
    for each in rows:
        times = "".join(f"{form:>12} {each[f'{form}_s']:5.2f} s" for form in FORMATS)
        print(f"{each['assignment']:18}{times}  {len(each['leaks'])} leaks")
    print("\n".join([*leaks, f"{seconds} s in all"]))
    return bool(leaks)


if __name__ == "__main__":
    raise SystemExit(main())
