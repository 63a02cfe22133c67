"""The HTML that a student reads on Gradescope, which shows no style sheet of ours."""

from __future__ import annotations

import base64
import html
from collections.abc import Sequence

from ...model import Diagnosis, Mismatch, Report, TaskScore, TestResult, Verdict
from ...report.markup import Html, join, tag
from ...report.picture import has_map, where
from ...report.style import LIGHT
from ...report.words import badge_words, count, listing, percent, points, sentence, test_words
from ...text import plain
from .png import heat_map

_GROUPS = 12  # ways of failing that are shown; the rest is counted
_PICTURES = 2  # of one task
_COLOURS = tuple(LIGHT[f"level-{level}"] for level in range(8))


def task_html(task: TaskScore, report: Report) -> str:
    """What failed, by how much, where, and the likely mistake."""
    results = [result for result in report.results if result.task == task.task]
    lost = [result for result in results if result.verdict is not Verdict.PASSED or result.idle]
    parts = [
        tag("p", _summary(task, results, lost)),
        _diagnosis(task.diagnosis),
        _follows(task, report),
        *_lost(lost),
        *(_speed(result) for result in results if result.timing is not None),
    ]
    return str(join(parts))


def head_html(report: Report) -> str:
    """The text above all tasks: whether the hand-in could be read, how late it is, what was ignored."""
    parts: list[Html] = []
    if report.status == "unreadable":
        parts.append(tag("p", tag("strong", "Your hand-in could not be read: "), report.reason or ""))
    if report.late_days:
        late = f"Late by {count(report.late_days, 'day')}: −{points(report.penalty)} points."
        parts.append(tag("p", late))
    if report.open_points:
        parts.append(tag("p", f"{points(report.open_points)} points are still open: not judged here."))
    if report.notes:
        parts.append(tag("p", "What was noticed while reading your hand-in:"))
        parts.append(tag("ul", *(tag("li", note) for note in report.notes)))
    return str(join(parts))


def _summary(task: TaskScore, results: Sequence[TestResult], lost: Sequence[TestResult]) -> str:
    if not results:
        return "Read by people." if task.score is None else "No test ran."
    passed = len(results) - len(lost)
    words = f"{passed} of {count(len(results), 'test')} passed."
    return words if not task.open_points else f"{words} {points(task.open_points)} points still open."


def _diagnosis(diagnosis: Diagnosis | None) -> Html | None:
    if diagnosis is None:
        return None
    sure = f"The likely mistake ({percent(diagnosis.confidence)}): "
    read = f" Read again: {diagnosis.read}" if diagnosis.read else ""
    evidence = tag("em", f" {diagnosis.evidence}") if diagnosis.evidence else None
    return tag("p", tag("strong", sure), diagnosis.says, evidence, read)


def _follows(task: TaskScore, report: Report) -> Html | None:
    if not task.follows_from:
        return None
    titles = {scored.task: scored.title for scored in report.tasks}
    needed = listing(tuple(titles.get(need, need) for need in task.follows_from))
    return tag("p", f"Follows from {needed}: mend that first.")


def _lost(results: Sequence[TestResult]) -> list[Html]:
    """Tests that did not pass, those that failed alike told once."""
    groups: dict[tuple[Verdict, str], list[TestResult]] = {}
    for result in results:
        groups.setdefault((result.verdict, sentence(result.verdict, result.message)), []).append(result)
    items, pictures = [], 0
    for (verdict, says), group in list(groups.items())[:_GROUPS]:
        mismatch = group[0].mismatch if pictures < _PICTURES else None
        picture = _picture(mismatch) if mismatch else None
        pictures += picture is not None
        items.append(tag("li", *_heading(group), f" — {badge_words(verdict)[0]}: {says}", picture))
    rest = len(groups) - _GROUPS
    more = [tag("p", f"{rest} more ways in which tests failed.")] if rest > 0 else []
    return [tag("ul", *items), *more] if items else []


def _heading(group: Sequence[TestResult]) -> tuple[Html, ...]:
    words, case = test_words(group[0].id)
    if len(group) > 1:
        return (tag("strong", f"{words} and {count(len(group) - 1, 'more test')}"),)
    return (tag("strong", words), join((" ", tag("code", case))) if case else Html(""))


def _picture(mismatch: Mismatch) -> Html | None:
    """The error map as an image that carries its colours; its words where images are not shown."""
    if not has_map(mismatch):
        return None
    data = base64.b64encode(heat_map(mismatch.levels, _COLOURS)).decode()
    place = f"Where {mismatch.name} is wrong (dark: furthest off): {where(mismatch.levels)}"
    alt = html.escape(plain(place))
    # Not by `tag`, which cuts long texts.
    image = Html(f'<br><img alt="{alt}" src="data:image/png;base64,{data}"><br>')
    return join((image, tag("em", place)))


def _speed(result: TestResult) -> Html:
    words, case = test_words(result.id)
    share = percent(min(result.fraction, 1.0))
    title = f"{words} {case}".strip()
    return tag("p", tag("strong", f"{title}:"), f" {result.message}. {share} of the points for speed.")
