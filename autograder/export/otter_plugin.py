"""What otter loads by its configuration. Imported in otter's process alone."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from nbformat import reads
from otter.plugins import AbstractOtterPlugin

from ..model import Verdict
from ..source.cells import code, to_notebook
from .feedback import notebook_lines
from .grading import grade_notebook
from .otter import VERDICTS

_TESTS = "tests"  # what otter has put beside the notebook
_STUDENT = "student"  # otter does not say whose notebook it is


class Judge(AbstractOtterPlugin):  # type: ignore[misc]
    """Grades a notebook in our sandbox, and lets otter run the verdicts instead of the student's code.

    Otter works in a copy of the folder that was handed in. It would unpickle a log that lies there, use
    templates from there, and start a kernel that imports from there. So all but the notebook is set aside.
    """

    def before_grading(self, _config: Any) -> None:
        """Set aside what was handed in beside the notebook."""
        _set_aside(Path(self.submission_path))

    def during_assign(self, assignment: Any) -> None:
        """Nothing to add."""

    def during_generate(self, otter_config: Any, assignment: Any) -> None:
        """Nothing to add."""

    def after_grading(self, results: Any) -> None:
        """Nothing to change."""

    def before_execution(self, submission: Any) -> Any:
        """Replace the notebook by one that holds only our verdicts, which otter's tests look up.

        Raises:
            NotJudged: a grader of ours failed; otter then gives no grade.
        """
        _set_aside(Path(self.submission_path), script=True)
        assignment = self.plugin_config["assignment"]
        report = grade_notebook(Path(self.plugin_config["course"]), assignment, _STUDENT, submission)
        self._report = report
        passed = {
            result.id: result.verdict is Verdict.PASSED and result.fraction >= 1 for result in report.results
        }
        text = f"from collections import defaultdict\n{VERDICTS} = defaultdict(bool, {passed!r})"
        return reads(to_notebook([code("verdicts", text)]), as_version=4)

    def generate_report(self) -> str:
        """Which tests failed, task by task, for students."""
        tasks = self._report.tasks
        return "\n".join(
            f"{task.title}\n" + "\n".join(notebook_lines(self._report, task.task)) for task in tasks
        )


def _set_aside(handed_in: Path, *, script: bool = False) -> None:
    """Move all beside a notebook but otter's tests into a folder beside theirs; a script too if asked."""
    aside = Path(tempfile.mkdtemp(prefix="set-aside-", dir=handed_in.parent.parent))
    for path in list(handed_in.parent.iterdir()):
        if path.name != _TESTS and (path.name != handed_in.name or (script and path.suffix != ".ipynb")):
            path.rename(aside / path.name)
