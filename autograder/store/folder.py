"""The folder that `dlc grade` writes: the first store of results."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from stat import S_ISREG

from ..course.fingerprint import JUDGING, differing
from ..errors import AutograderError
from ..model import Assignment, Report, Submission
from ..report import for_students, hide, to_json
from ..report.files import remove_drafts, write_atomically
from . import pages
from .lock import FolderLock
from .results import PARTS, Results, read_result
from .writing import stops_everybody, write_or_remove

_KEPT = "what is finished is kept; mend that and run the same command again"
_UNWRITTEN = "this result could not be written; staff have been told"
_EXPECTED = "expected a folder that `dlc grade -o` wrote"
_IN_THE_WAY = "move away what lies there and run the same command again"
_NAMED = 3  # students in a sentence
_UNREADABLE = "this result cannot be read; delete it and grade this hand-in again"


class Folder:
    """Results, pages and notes of one assignment: results/, reports/, staff/, gradebook.csv, index.html.

    What lies in results/ and reports/ may be given to students; full figures, and hints that they are not to
    see yet, lie in staff/ beside details and prints. Of each student the result is written last, so one that
    is there has its page and notes; each file is there whole or not at all. A context manager: nobody else
    writes there meanwhile. Raises AutograderError where it cannot be written.
    """

    def __init__(
        self,
        path: Path,
        assignment: Assignment | None = None,  # whose rules for hints hold; None: only to write pages again
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.path, self._assignment, self._now = path, assignment, now
        self._files = Results(path)
        self.reports: list[Report] = []
        self.faults: list[str] = []  # a sentence for each thing that could not be made
        self._faulty: set[str] = set()  # students of whom a file could not be written
        self.differences: set[str] = set()  # versions that graded kept results, where others run now
        self._parts = ExitStack()

    def __enter__(self) -> Folder:
        if self._assignment is None and not (self.path / "results").is_dir():
            raise AutograderError(f"{self.path}: no results there; {_EXPECTED}")
        with _writing(self.path, "name another folder with -o"):
            for part in PARTS:
                (self.path / part).mkdir(parents=True, exist_ok=True)
            self._parts.enter_context(FolderLock(self.path))
            for part in ("", *PARTS):
                remove_drafts(self.path / part)
        return self

    def __exit__(self, *_: object) -> None:
        self._parts.close()

    def finished(self, submission: Submission, environment: Mapping[str, str], tier: int) -> Report | None:
        """The report of this very submission by these very graders, if it is there and final.

        What is to be graded again is not final: our own failures, and points that noise left open.
        """
        report = read_result(self._files.result(submission.student))
        same = (
            report is not None
            and report.student == submission.student
            and report.submission_sha256 == submission.sha256
            and report.status != "internal"
            and not report.again
            and all(report.environment.get(name) == environment.get(name) for name in JUDGING)
            and report.tier >= tier > 0
        )
        if report is None or not same:
            return None
        self.differences |= differing(report.environment, environment)
        return report

    def add(self, report: Report) -> None:
        """Write one report at once, so that an interruption loses nothing that is finished."""
        report = replace(report, attempt=self._attempt(report))
        with _writing(self.path, _KEPT):
            try:
                self._add(report)
            except OSError:  # of everybody, for those of one file are told by `_put`
                raise
            except Exception as error:
                self._add(pages.stand_in(report, _UNWRITTEN))
                self._tell_staff(report.student, pages.told("result", error))

    def keep(self, report: Report) -> None:
        """Count a report that was found `finished`; write what is missing, or what may be seen by now."""
        full = self._full(report)
        with _writing(self.path, _KEPT):
            if self._shown(full) == report and self._has_page(report.student):
                self.reports.append(full)
            else:
                self._write(full)

    def write_pages_again(self) -> None:
        """Count every result that is there, and write its page. Raises AutograderError without any."""
        paths = self._files.all()
        reports = {path: read_result(path) for path in paths}
        read = [report for report in reports.values() if report is not None]
        if not read:
            raise AutograderError(f"{self.path}: no results/*.json there that can be read; {_EXPECTED}")
        with _writing(self.path, _KEPT):
            for path, report in reports.items():
                if report is None:
                    self.faults.append(f"{path}: {_UNREADABLE}")
                    self._faulty.add(path.stem)
                    self.reports.append(pages.stand_in(replace(read[0], student=path.stem), _UNREADABLE))
                else:
                    self._write_page(report)
                    self.reports.append(self._full(report))

    def close(self, title: str) -> None:
        """Write what speaks of the whole class, and see that what speaks of each student is still there."""
        self.reports.sort(key=lambda report: report.student)
        self._miss()
        with _writing(self.path, _KEPT):
            write_atomically(self.path / "gradebook.csv", pages.gradebook_of(self.reports))
            write_atomically(self.path / "index.html", pages.class_page_of(self.reports, title))

    def _attempt(self, report: Report) -> int:
        """Which hand-in of its student this is, counted by what lies here."""
        before = read_result(self._files.result(report.student))
        if before is None:
            return 1
        known = before.submission_sha256 and report.submission_sha256
        return before.attempt + bool(known and before.submission_sha256 != report.submission_sha256)

    def _add(self, report: Report) -> None:
        notes, why = pages.notes_of(report)
        self._put(report.student, self._files.notes(report.student), notes or None)
        self._tell_staff(report.student, why)
        self._write(report)

    def _write(self, full: Report) -> None:
        """Write all that belongs to a student, the result last: without it the rest does not count."""
        shown = self._shown(full)
        result = to_json(shown)
        self._put(full.student, self._files.hidden(full.student), None if shown == full else to_json(full))
        self._write_page(shown)
        self._put(full.student, self._files.result(full.student), result)
        self.reports.append(full)

    def _write_page(self, shown: Report) -> None:
        page, why = pages.page_of(shown)
        self._tell_staff(shown.student, why)
        self._put(shown.student, self._files.page(shown.student), page)

    def _put(self, student: str, path: Path, text: str | None) -> None:
        """Write or remove one file of a student's. What is in the way of that file alone costs that file."""
        try:
            write_or_remove(path, text)
        except OSError as error:
            if stops_everybody(error, path):
                raise
            self._faulty.add(student)
            self._tell_staff(student, f"{path}: cannot write there ({error.strerror}); {_IN_THE_WAY}")

    def _miss(self) -> None:
        """Say whose result or page is not there, though it was written; somebody has removed it."""
        missing = [
            report.student
            for report in self.reports
            if report.student not in self._faulty and not self._is_there(report.student)
        ]
        if missing:
            names = ", ".join(missing[:_NAMED]) + (", ..." if missing[_NAMED:] else "")
            self.faults.append(
                f"{self.path}: results or pages of {len(missing)} were removed while this ran ({names}); "
                "the same command makes them again"
            )

    def _is_there(self, student: str) -> bool:
        return self._files.result(student).is_file() and self._files.page(student).is_file()

    def _tell_staff(self, student: str, why: str) -> None:
        """Say in the notes, and to whoever runs this, what could not be made."""
        if not why:
            return
        notes, told = self._files.notes(student), f"{student}: {why.splitlines()[0]}"
        with suppress(OSError):
            why = f"{notes.read_text(encoding='utf-8', errors='replace')}\n{why}"
        try:
            write_or_remove(notes, why)
            told += f"; see {notes}"
        except OSError as error:  # then it is told in the terminal alone
            if stops_everybody(error, notes):
                raise
        self.faults.append(told)

    def _has_page(self, student: str) -> bool:
        """Whether the page is there, and not of a later run that was killed before its result."""
        try:
            page, result = self._files.page(student).stat(), self._files.result(student).stat()
        except OSError:
            return False
        return S_ISREG(page.st_mode) and page.st_size > 0 and page.st_mtime_ns <= result.st_mtime_ns

    def _shown(self, full: Report) -> Report:
        return for_students(hide(full, self._assignment, self._now()) if self._assignment else full)

    def _full(self, report: Report) -> Report:
        """The report with full figures, and with the hints that its student is not to see."""
        full = read_result(self._files.hidden(report.student))
        same = full is not None and for_students(_without_hints(full)) == for_students(_without_hints(report))
        return full if full is not None and same else report


def _without_hints(report: Report) -> Report:
    return replace(report, tasks=tuple(replace(task, diagnosis=None) for task in report.tasks))


@contextmanager
def _writing(folder: Path, way_out: str) -> Iterator[None]:
    """What the system refuses, in one sentence."""
    try:
        yield
    except OSError as error:
        path = error.filename2 or error.filename or folder  # the second, of a draft that cannot be put there
        raise AutograderError(f"{path}: cannot write there ({error.strerror}); {way_out}") from error
