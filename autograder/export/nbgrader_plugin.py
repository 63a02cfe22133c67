"""What nbgrader loads by its configuration. Imported in nbgrader's process alone."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nbformat import NotebookNode, from_dict, v4
from nbgrader.api import Gradebook
from nbgrader.preprocessors import Execute, OverwriteCells
from traitlets import Unicode

from ..model import Report, Task
from .feedback import notebook_lines
from .grading import NotJudged, grade_hand_in, tasks_of
from .harmless import defuse
from .nbgrader import OUTSIDE, TEST


class Judge(Execute):  # type: ignore[misc]
    """Grades a hand-in in our sandbox and writes each task's points as the output of its test cell.

    Of a notebook of ours no cell is run in a kernel: what a student's notebook does to its process cannot
    reach the verdict. Other notebooks are executed as nbgrader does it.
    """

    course = Unicode(help="Folder with the course.yaml that holds the hidden tests.").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Fill in the outputs of the test cells.

        Which cells are graded is looked up in the gradebook, since students can change, delete and add cells.

        Raises:
            NotJudged: a grader of ours failed; nbgrader then records no grade.
        """
        about = resources["nbgrader"]
        course = Path(self.course)
        with Gradebook(about["db_url"]) as book:
            notebook = book.find_notebook(about["notebook"], about["assignment"])
            ours = any(map(_is_ours, notebook.source_cells))
            if ours:
                _refuse_others(notebook, about["assignment"], tasks_of(course, about["assignment"]))
                restore(nb, notebook)
        if not ours:
            return super().preprocess(nb, resources)  # type: ignore[no-any-return]
        report = grade_hand_in(course, about["assignment"], about["student"], self._handed_in(about))
        fill_in(nb, report)
        return nb, resources

    def _handed_in(self, about: Mapping[str, str]) -> Path:
        """The folder as the student left it; over files beside this notebook nbgrader copied its own."""
        directory = self.parent.parent.coursedir  # of the converter that owns the exporter
        student, assignment = about["student"], about["assignment"]
        return Path(directory.format_path(directory.submitted_directory, student, assignment))


def restore(nb: NotebookNode, notebook: Any) -> None:
    """Append those test cells of the gradebook's notebook that the student deleted.

    Nbgrader's own OverwriteCells.add_missing_cells fails on the whole submission if the cell above a deleted
    one was deleted as well.
    """
    there = {cell.metadata.get("nbgrader", {}).get("grade_id") for cell in nb.cells}
    points = {cell.name: cell.max_score for cell in notebook.grade_cells}
    for source in notebook.source_cells:
        if _is_ours(source) and source.name not in there:
            made = OverwriteCells().missing_cell_transform(source, points[source.name])
            cell = v4.new_code_cell(made.source, metadata=made.metadata)
            if (nb.nbformat, nb.nbformat_minor) < (4, 5):
                del cell["id"]
            nb.cells.append(cell)


def fill_in(nb: NotebookNode, report: Report) -> None:
    """Write into each test cell the points of its task, and which hidden tests failed.

    Who grades by hand reads the rest in formgrader, which runs what it finds there.
    """
    defuse(nb)
    scores = {f"{TEST}{task.task}": (task.task, task.score or 0.0) for task in report.tasks}
    for cell in nb.cells:
        about = cell.metadata.get("nbgrader", {})
        if about.get("grade") and not about.get("solution") and about.get("grade_id") in scores:
            task, points = scores[about["grade_id"]]
            cell.outputs = _outputs("\n".join(notebook_lines(report, task)), points)


def _is_ours(source: Any) -> bool:
    return source.name.startswith(TEST) and OUTSIDE in source.source


def _refuse_others(notebook: Any, assignment: str, tasks: tuple[Task, ...]) -> None:
    """Raise NotJudged where other cells are graded, or for other points, than the assignment says.

    To a graded cell without output nbgrader gives full marks.
    """
    ours = {source.name for source in notebook.source_cells if _is_ours(source)}
    answers = {cell.name for cell in notebook.solution_cells}  # graded by hand, if at all
    expected = {f"{TEST}{task.id}": task.points for task in tasks if task.kind == "code"}
    graded = {cell.name: cell.max_score for cell in notebook.grade_cells if cell.name not in answers}
    odd = {name for name, points in graded.items() if name not in ours or expected.get(name) != points}
    wrong = sorted(odd | expected.keys() - graded.keys())
    if wrong:
        raise NotJudged(
            f"{assignment}: nothing of ours runs the graded cell {wrong[0]} as the gradebook knows it; "
            "make it one that is graded by hand or export again, then `nbgrader generate_assignment`"
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
