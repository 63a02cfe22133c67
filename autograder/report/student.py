"""The page of one student: points, what does not hold, where, and the likely mistake.

Nothing of a hidden test's inputs is on it: `TestResult.detail` and `.output` are never read here.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..model import Diagnosis, Report, TaskScore, TestResult, Verdict
from .disclosed import for_students
from .files import write_atomically
from .markup import Html, join, name, page, tag
from .picture import bar, beside_bar, error_map, step_curve
from .speed import speeds
from .words import badge_words, count, listing, percent, points, sentence, test_words

_CERTAIN, _LIKELY = 0.9, 0.6  # confidence from which a mistake is called so


def write_student(report: Report, path: Path) -> None:
    """Write a student's page, which needs no other file and no network."""
    write_atomically(path, student_page(report))


def student_page(report: Report) -> str:
    """A student's page as one HTML document; of a full report it shows what students may have."""
    report = for_students(report)
    sections = [_task(task, report, i) for i, task in enumerate(report.tasks) if task.verdicts]
    body = tag(
        "main",
        tag(
            "header",
            tag("p", f"{report.title} · {report.assignment}", class_="kicker"),
            tag("h1", name(report.student)),
            _score(report),
        ),
        *_banners(report),
        _notes(report.notes),
        _overview(report),
        *sections,
    )
    return page(f"{report.title}: report", join((body, _foot(report))))


def _score(report: Report) -> Html:
    passed = sum(result.verdict is Verdict.PASSED for result in report.results)
    tests = f"{passed} of {count(len(report.results), 'test')} passed" if report.results else None
    beside = tag("span", tests, class_="soft") if tests else None
    if report.score is None:
        return tag("p", tag("span", "No score yet", class_="big"), beside, class_="score")
    of = tag("span", f" / {points(report.max_score)} points", class_="of")
    line = tag("p", tag("span", points(report.score), of, class_="big"), beside, class_="score")
    return join((line, bar(report.score / report.max_score if report.max_score else 0.0, "thick")))


def _banners(report: Report) -> list[Html]:
    banners = []
    if report.tier == 0:
        banners.append(_banner("alarm", "Not a grade of record", _TIER_0))
    if report.status == "unreadable":
        banners.append(
            _banner("alarm", "Your hand-in could not be read", report.reason or "No reason is known.")
        )
    if report.status == "internal":
        banners.append(_banner("alarm", "Grading failed on our side", _INTERNAL))
    if report.open_points:
        amount = count(1, "point") if report.open_points == 1 else f"{points(report.open_points)} points"
        banners.append(_banner("", f"{amount} still open", _OPEN))
    return banners


_TIER_0 = (
    "This is a local check: the code ran without isolation (tier 0). Only the grading server's report counts."
)
_INTERNAL = (
    "The reason is ours, not yours. Staff have been told and will grade this hand-in again; nothing is lost, "
    "and you need not do anything."
)
_OPEN = "They are graded by hand, or need a machine with other hardware. They are not counted as lost."


def _banner(look: str, title: str, text: str) -> Html:
    return tag("div", tag("strong", title), text, class_=f"banner {look}".strip(), role="note")


def _notes(notes: Sequence[str]) -> Html | None:
    if not notes:
        return None
    items = (tag("li", note) for note in notes)
    return tag(
        "div", tag("strong", "About your files"), tag("ul", *items, class_="plain"), class_="banner hint"
    )


def _overview(report: Report) -> Html:
    rows = (_overview_row(task, report, i) for i, task in enumerate(report.tasks))
    head = tag("tr", tag("th", "Task", scope="col"), tag("th", "Points", scope="col", class_="num"))
    table = tag("table", tag("thead", head), tag("tbody", *rows), _totals(report))
    return tag("section", tag("h2", "Points per task"), table, class_="card")


def _overview_row(task: TaskScore, report: Report, index: int) -> Html:
    title = tag("a", task.title, href=f"#task-{index + 1}") if task.verdicts else tag("span", task.title)
    if task.score is None:
        drawn = tag("span", _ungraded(report), class_="small soft")
    else:
        drawn = bar(task.score / task.max_score if task.max_score else 0.0)
    follows = _follows(task, report, "small soft")
    return tag(
        "tr",
        tag("th", beside_bar(join((title, follows)), drawn), scope="row"),
        tag("td", f"{points(task.score)} / {points(task.max_score)}", _still_open(task), class_="num"),
    )


def _still_open(task: TaskScore) -> Html | None:
    if task.score is None or not task.open_points:
        return None
    return tag("div", f"{points(task.open_points)} still open", class_="small soft")


def _ungraded(report: Report) -> str:
    return "no score yet" if report.status == "internal" else "graded by hand"


def _totals(report: Report) -> Html | None:
    if report.score is None or not report.late_days:
        return None
    late = f"Late by {count(report.late_days, 'day')}"
    rows = (
        ("", late, f"−{points(report.penalty)}"),
        ("sum", "Score", f"{points(report.score)} / {points(report.max_score)}"),
    )
    return tag(
        "tfoot",
        *(
            tag(
                "tr",
                tag("th", words, scope="row"),
                tag("td", value, class_="num"),
                class_=look or None,
            )
            for look, words, value in rows
        ),
    )


def _follows(task: TaskScore, report: Report, look: str) -> Html | None:
    if not task.follows_from:
        return None
    titles = {scored.task: scored.title for scored in report.tasks}
    needed = listing(tuple(titles.get(need, need) for need in task.follows_from))
    return tag("div", f"follows from {needed}", class_=look)


def _task(task: TaskScore, report: Report, index: int) -> Html:
    results = [result for result in report.results if result.task == task.task]
    lost = [result for result in results if result.verdict is not Verdict.PASSED or result.idle]
    passed = [result for result in results if result.verdict is Verdict.PASSED]
    head = tag(
        "div",
        tag("h2", task.title),
        tag("span", f"{points(task.score)} / {points(task.max_score)}", class_="num"),
        class_="head",
    )
    return tag(
        "section",
        head,
        tag("p", f"{len(passed)} of {count(len(results), 'test')} passed", class_="small soft")
        if lost
        else None,
        _diagnosis(task.diagnosis),
        _advice(task, report),
        _lost_tests(lost),
        speeds(results),
        _passed_tests([result for result in passed if not result.idle], "" if lost else "All "),
        class_="card task",
        id=f"task-{index + 1}",
    )


def _diagnosis(diagnosis: Diagnosis | None) -> Html | None:
    if diagnosis is None:
        return None
    sure = diagnosis.confidence
    words = "Almost certainly" if sure >= _CERTAIN else "Likely" if sure >= _LIKELY else "Possibly"
    return tag(
        "aside",
        tag("h3", "The likely mistake", tag("span", f"{words} ({percent(sure)})")),
        tag("p", diagnosis.says),
        tag("p", diagnosis.evidence, class_="evidence") if diagnosis.evidence else None,
        tag("p", f"Read again: {diagnosis.read}", class_="evidence") if diagnosis.read else None,
        step_curve(diagnosis.curve),
        class_="note",
    )


def _advice(task: TaskScore, report: Report) -> Html | None:
    if not task.follows_from:
        return None
    titles = {scored.task: scored.title for scored in report.tasks}
    needed = listing(tuple(titles.get(need, need) for need in task.follows_from))
    text = f"Follows from {needed}: this task is built on it and lost points with it. Mend that first; "
    text += "more may be wrong here."
    return tag("p", text, class_="follows")


def _lost_tests(results: Sequence[TestResult]) -> Html | None:
    if not results:
        return None
    groups: dict[object, list[TestResult]] = {}
    for result in results:
        same = result.id if result.mismatch else (result.verdict, sentence(result.verdict, result.message))
        groups.setdefault(same, []).append(result)
    shown, items = False, []
    for group in groups.values():
        picture = error_map(group[0].mismatch) if group[0].mismatch else None
        items.append(_lost(group, picture, unfolded=not shown))
        shown = shown or picture is not None
    return tag("ul", *items, class_="tests")


def _lost(group: Sequence[TestResult], picture: Html | None, *, unfolded: bool) -> Html:
    """Tests that were lost in the same way; only the first picture of a task is unfolded."""
    first = group[0]
    folded = tag("details", tag("summary", "Show where"), picture) if picture and not unfolded else picture
    if len(group) == 1:
        heading: tuple[Html, ...] = (_test(first),)
        rest = None
    else:
        heading = (tag("strong", count(len(group), "test")),)
        rest = tag("details", tag("summary", "Which tests"), _plain(group))
    return tag(
        "li",
        tag("div", _badge(first.verdict), *heading, class_="what"),
        tag("p", sentence(first.verdict, first.message), class_="says"),
        folded,
        rest,
    )


def _passed_tests(results: Sequence[TestResult], all_of_them: str) -> Html | None:
    if not results:
        return None
    summary = f"{all_of_them}{count(len(results), 'test')} passed"
    return tag("details", tag("summary", summary), _plain(results))


def _plain(results: Sequence[TestResult]) -> Html:
    return tag("ul", *(tag("li", _test(result)) for result in results), class_="plain")


def _test(result: TestResult) -> Html:
    words, case = test_words(result.id)
    return join(
        (
            tag("strong", words),
            " ",
            tag("code", case) if case else None,
            " ",
            tag("span", result.part, class_="small soft"),
        )
    )


def _badge(verdict: Verdict) -> Html:
    words, look = badge_words(verdict)
    return tag("span", words, class_=f"badge {look}".strip())


def _foot(report: Report) -> Html:
    facts = {
        "graded": report.graded_at,
        "isolation": f"tier {report.tier}",
        "hand-in (SHA-256)": report.submission_sha256,
        **report.environment,
    }
    rows = (join((tag("dt", key), tag("dd", tag("code", value)))) for key, value in facts.items() if value)
    return tag(
        "footer",
        "The same hand-in and the same graders give the same verdict. This report was made by",
        tag("dl", *rows),
        class_="foot",
    )
