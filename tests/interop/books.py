"""What stands in a gradebook of nbgrader, read by nbgrader."""

from __future__ import annotations

import json
from pathlib import Path

from tests.interop.warm import Warm

_SCRIPT = """
import json, sys
from nbgrader.api import Gradebook
with Gradebook("sqlite:///gradebook.db") as book:
    found = {}
    for submission in book.assignment_submissions(sys.argv[1]):
        (notebook,) = submission.notebooks
        found[submission.student.id] = {grade.name: grade.auto_score for grade in notebook.grades}
    print(json.dumps(found))
"""


def scores_in(folder: Path, assignment: str, nbgrader: Warm) -> dict[str, dict[str, float | None]]:
    """Student -> graded cell -> points given automatically."""
    found: dict[str, dict[str, float | None]] = json.loads(
        nbgrader.run(folder, "python", "-c", _SCRIPT, assignment)
    )
    return found
