"""Commands that carry grades into the gradebooks of learning platforms."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ..errors import AutograderError
from ..export.autolab import feedback as autolab_feedback
from ..export.canvas import fill_canvas
from ..export.moodle import fill_worksheet, grades_for_moodle
from ..export.parquet import write_parquet
from ..export.people import Matched
from ..export.prairielearn import result as prairielearn_result
from ..model import Report
from ..release.folder import write_folder
from ..report import slug, write_gradebook
from ..report.files import write_atomically
from ..store import read_graded
from ..text import line

GradedArgument = Annotated[Path, typer.Argument(help="Folder that `dlc grade -o` wrote.")]
FileOption = Annotated[Path, typer.Option("--out", "-o", help="File to write.")]
FolderOption = Annotated[Path, typer.Option("--out", "-o", help="New folder to write.")]
_SAID_CHARS = 4_000
_NAMED = 20  # people named in a list; more are counted


def canvas(
    graded: GradedArgument,
    gradebook: Annotated[Path, typer.Option("--gradebook", help="Canvas's own export of the gradebook.")],
    out: FileOption,
    assignment: Annotated[
        str | None,
        typer.Option(
            "--assignment", metavar="TITLE", help="Its column.", show_default="the one named like it"
        ),
    ] = None,
) -> None:
    """Fill one column of a Canvas gradebook; exit 1 where somebody graded is not in it."""
    reports = read_graded(graded)
    filled = fill_canvas(gradebook, reports, assignment)
    _write(out, filled.table.text())
    written = len(filled.matched.pairs) - len(filled.kept)
    print(f"{out}: {written} scores in the column {filled.column}")
    _tell(filled.matched, [*filled.remarks, *filled.kept])


def moodle(
    graded: GradedArgument,
    out: FileOption,
    participants: Annotated[
        Path | None, typer.Option("--participants", help="Moodle's users as CSV: write an import for them.")
    ] = None,
    worksheet: Annotated[
        Path | None, typer.Option("--worksheet", help="Moodle's offline grading worksheet: fill it.")
    ] = None,
    skip_unknown: Annotated[
        bool, typer.Option("--skip-unknown", help="Leave out whom Moodle does not know.")
    ] = False,
) -> None:
    """Write grades to import into Moodle, or fill its worksheet; exit 1 where somebody is left out."""
    reports = read_graded(graded)
    if participants is not None and worksheet is None:
        written = grades_for_moodle(participants, reports, skip_unknown=skip_unknown)
    elif worksheet is not None and participants is None:
        written = fill_worksheet(worksheet, reports)
    else:
        raise AutograderError("name either --participants FILE or --worksheet FILE, both from Moodle")
    _write(out, written.text)
    print(f"{out}: {len(written.matched.pairs) - len(written.kept)} grades of {reports[0].title}")
    _tell(written.matched, written.kept)


def plain_csv(graded: GradedArgument, out: FileOption) -> None:
    """Write the gradebook as plain CSV: points of each task, score, lateness."""
    _write_all(graded, out, write_gradebook)


def parquet(graded: GradedArgument, out: FileOption) -> None:
    """Write the gradebook as Parquet: the columns of the plain CSV, typed."""
    _write_all(graded, out, write_parquet)


def prairielearn(graded: GradedArgument, out: FolderOption) -> None:
    """Write each report as PrairieLearn's results.json, named after its student."""
    reports = read_graded(graded)
    documents = {f"{slug(report.student)}.json": prairielearn_result(report) for report in reports}
    write_folder(out, {name: _json(document) for name, document in documents.items()})
    print(f"{out}: {len(reports)} results of {reports[0].title}")


def autolab(graded: GradedArgument, out: FolderOption) -> None:
    """Write each report as a grader's output for Autolab; exit 1 where somebody has no score."""
    reports = read_graded(graded)
    scored = [report for report in reports if report.score is not None]
    files = {f"{slug(report.student)}.txt": autolab_feedback(report).encode() for report in scored}
    write_folder(out, files)
    print(f"{out}: {len(files)} results of {reports[0].title}")
    if len(scored) < len(reports):
        names = _some([report.student for report in reports if report.score is None])
        print(f"left out, since grading failed; grade them again: {names}", file=sys.stderr)
        raise typer.Exit(1)


def _json(document: Mapping[str, object]) -> bytes:
    return f"{json.dumps(document, indent=1)}\n".encode()


def _write_all(graded: Path, out: Path, write: Callable[[list[Report], Path], None]) -> None:
    reports = read_graded(graded)
    try:
        write(reports, out)
    except OSError as error:
        raise _unwritable(out, error) from error
    print(f"{out}: {len(reports)} reports of {reports[0].title}")


def _write(out: Path, text: str) -> None:
    try:
        write_atomically(out, text)
    except OSError as error:
        raise _unwritable(out, error) from error


def _unwritable(out: Path, error: OSError) -> AutograderError:
    return AutograderError(f"{out}: cannot write there ({error.strerror}); name another file with -o")


def _tell(matched: Matched, remarks: Sequence[str]) -> None:
    console = Console(stderr=True, soft_wrap=True, highlight=False, markup=False)
    for remark in remarks:
        console.print(line(remark))
    if matched.without_report:
        names = [person.name for person in matched.without_report]
        console.print(f"{len(names)} in the gradebook without a report, left as they are: {_some(names)}")
    if matched.without_row:
        console.print(f"{len(matched.without_row)} graded but not in the gradebook: {_students(matched)}")
        raise typer.Exit(1)


def _students(matched: Matched) -> str:
    return _some([_student(report) for report in matched.without_row])


def _student(report: Report) -> str:
    score = "no score" if report.score is None else f"{report.score:.2f}"
    return f"{report.student} ({score})"


def _some(names: Sequence[str]) -> str:
    rest = len(names) - _NAMED
    return line(", ".join(names[:_NAMED]), _SAID_CHARS) + (f" and {rest} more" if rest > 0 else "")
