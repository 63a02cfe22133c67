"""What nbgrader loads by its configuration. Imported in nbgrader's process alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbformat import NotebookNode, from_dict
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Unicode

from .feedback import lines
from .nbgrader import TEST
from .sources import grade_notebook


class Judge(NbGraderPreprocessor):  # type: ignore[misc]
    """Grades a notebook in our sandbox and writes each task's points as the output of its test cell.

    No cell is run in a kernel: what a student's notebook does to its process cannot reach the verdict.
    """

    course = Unicode(help="Folder with the course.yaml that holds the hidden tests.").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Fill in the outputs of the graded cells. Raises NotJudged: then nbgrader keeps no grade."""
        about = resources["nbgrader"]
        tested = {cell.metadata.nbgrader.grade_id: cell for cell in nb.cells if _is_test(cell)}
        own = dict(nb, cells=[cell for cell in nb.cells if not _is_test(cell)])
        report = grade_notebook(Path(self.course), about["assignment"], about["student"], own)
        scores = {task.task: task.score for task in report.tasks}
        for grade_id, cell in tested.items():
            task_id = grade_id.removeprefix(TEST)
            cell.outputs = _outputs("\n".join(lines(report, task_id)), scores[task_id] or 0.0)
        return nb, resources


def _is_test(cell: NotebookNode) -> bool:
    found = cell.metadata.get("nbgrader", {})
    return bool(
        found.get("grade") and not found.get("solution") and found.get("grade_id", "").startswith(TEST)
    )


def _outputs(text: str, points: float) -> list[NotebookNode]:
    value = {"data": {"text/plain": repr(float(points))}, "metadata": {}, "execution_count": None}
    outputs: list[NotebookNode] = from_dict(
        [
            {"output_type": "stream", "name": "stdout", "text": f"{text}\n"},
            {"output_type": "execute_result", **value},
        ]
    )
    return outputs
