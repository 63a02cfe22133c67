"""The whole journey of one submission, from its code to its report."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path, PurePath

from ..course import Fingerprint, fingerprint, load_catalogue, modules_of
from ..diagnosis import Diagnostician, Found, Outcomes
from ..errors import GraderError, SandboxError
from ..grading import Answers, Extra, GraderSession, Tools, Watch, Workers, score
from ..grading.forbidden import refuse_forbidden
from ..grading.score import broken, unreadable
from ..intake import load_plan
from ..kept import file_of
from ..model import Report, Submission
from ..release import project
from ..replay import Replay
from ..sandbox import Sandbox
from ..studentkit import Local
from ..studentkit.kinds import kinds_of
from .setup import Setup

_KNOWN = "outcomes"  # folder


class Grader:
    """An assignment's graders and a sandbox, kept warm for many submissions. A context manager.

    `extra` gives hidden tests fixtures of its own; see `assembly.py`. Raises GraderError for a hidden test
    written wrongly, TierUnavailable where this machine cannot isolate as required.
    """

    def __init__(
        self,
        setup: Setup,
        extra: Extra | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.setup = setup
        self._extra, self._now = extra, now
        course, assignment = setup.course, setup.assignment
        with ExitStack() as parts:
            modules = parts.enter_context(modules_of(course))
            self._projection = project(course, assignment)
            self._kind = kinds_of(modules.library)
            self._fingerprint: Fingerprint = fingerprint(course, assignment)
            catalogue = load_catalogue(course, assignment.id)
            known = _file_of_the_known(setup, self._fingerprint)
            answers, outcomes = Answers(known), Outcomes(known)
            parts.callback(answers.close)
            parts.callback(outcomes.close)
            self._session = parts.enter_context(
                GraderSession(
                    course.graders_of(assignment.id),
                    assignment.tasks,
                    setup.seeds.rank,
                    load=modules.load,
                    ours=Local(modules.library, self._kind, wrap=True),
                    limits=assignment.limits,
                    tools=Tools().and_those_of(extra.idle) if extra else Tools(),
                    answers=answers,
                )
            )
            self._sandbox = parts.enter_context(
                Sandbox(library=course.library, packages=assignment.packages, tier=setup.tier)
            )
            mistakes = catalogue.wrong if setup.diagnosed else ()
            self._diagnostician = Diagnostician(
                modules, assignment, mistakes, self._session, self._kind, outcomes
            )
            if extra is not None:
                parts.callback(extra.close)
            self._parts = parts.pop_all()

    def __enter__(self) -> Grader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the sandbox and the pytest session."""
        self._parts.close()

    @property
    def tests(self) -> Mapping[str, tuple[str, str]]:
        """Id of each hidden test -> its task and part, in the order in which they run."""
        return self._session.tests

    def grade(self, submission: Submission, watch: Watch | None = None) -> Report:
        """The report. What breaks on our side is tried once more, then reported without a score.

        `watch` is told the results so far after each test. Raises GraderError for a hidden test written
        wrongly, where that shows only when it runs.
        """
        report = self._attempt(submission, watch)
        return self._attempt(submission, watch) if report.status == "internal" else report

    def _attempt(self, submission: Submission, watch: Watch | None) -> Report:
        assignment, tier, start = self.setup.assignment, self._sandbox.tier, time.perf_counter()
        graded_at = self._now().isoformat(timespec="seconds")
        environment = self.setup.environment(self._fingerprint)
        if submission.reason:
            report = unreadable(assignment, submission, tier=tier)
        else:
            try:
                report = self._run(submission, watch)
            except GraderError:  # no hand-in can be judged by it
                raise
            except SandboxError as error:
                report = broken(assignment, submission, str(error), tier=tier)
            except Exception as error:  # a fault of ours over one hand-in stops no other
                report = broken(assignment, submission, _our_fault(error), tier=tier)
        return replace(
            report,
            graded_at=graded_at,
            duration_s=time.perf_counter() - start,
            environment=environment,
        )

    def _run(self, submission: Submission, watch: Watch | None) -> Report:
        assignment, seeds = self.setup.assignment, self.setup.seeds
        plan = load_plan(self.setup.course, assignment, submission, self._projection)
        failures: dict[str, BaseException] = {}
        with (
            ExitStack() as open_,
            self._sandbox.open(plan, assignment.limits, self._kind, seeds("worker")) as student,
        ):
            workers = Workers(plan, student, self._sandbox, assignment.limits, self._kind, seeds, open_)
            results = self._session.run(student, seeds, failures.__setitem__, self._tools(workers), watch)
            loading = student.loading_notes()
        results = refuse_forbidden(results, assignment, submission)
        report = score(assignment, submission, results, tier=self._sandbox.tier)
        report = replace(report, notes=(*report.notes, *loading))
        if not self.setup.diagnosed:
            return report
        return _with_diagnoses(report, self._diagnostician.diagnose(failures, seeds))

    def _tools(self, workers: Workers) -> Tools:
        """Fixtures for one hand-in."""
        replay = Replay(lambda: workers.executor(charged=True), self.setup.assignment.limits.wall_s)
        own = Tools({"replay": replay})
        return own.and_those_of(self._extra.open(workers)) if self._extra else own


def _file_of_the_known(setup: Setup, graders: Fingerprint) -> Path | None:
    """Where right answers and outcomes are kept: beside the key, which the questions come from."""
    folder = setup.course.key_file.parent / _KNOWN
    environment = setup.environment(graders)
    return file_of(
        folder, setup.assignment.id, *(f"{name} {environment[name]}" for name in sorted(environment))
    )


def _our_fault(error: Exception) -> str:
    """What went wrong and where, without the words of an exception, which may hold a student's."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" in {PurePath(frames[-1].filename).name}, line {frames[-1].lineno}" if frames else ""
    return f"the grader failed: {type(error).__name__}{where}"


def _with_diagnoses(report: Report, found: Found) -> Report:
    """The report with what was found; a task with a mistake of its own does not follow from another."""
    tasks = (
        replace(
            task,
            diagnosis=found.diagnoses.get(task.task),
            follows_from=() if task.task in found.own else task.follows_from,
        )
        for task in report.tasks
    )
    return replace(report, tasks=tuple(tasks))
