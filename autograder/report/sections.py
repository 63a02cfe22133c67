"""The sections of a class page: each takes the reports and gives its content, None without any."""

from __future__ import annotations

from collections.abc import Sequence

from ..model import Report
from ..text import line
from . import tally
from .files import slug
from .markup import Html, escaped, join, name, tag
from .picture import bar, beside_bar, histogram
from .words import count, percent, points, test_words

_HARDEST = 10  # tests shown before the rest is folded
_FLAGGED = 12  # hand-ins to look at shown before the rest is folded
_SLOWEST = 5
_MISTAKES = 12
_MAKERS = 12  # students named beside a mistake
_FILTER_FROM = 15  # students from which a search field is of use


def scores(reports: Sequence[Report]) -> Html | None:
    """Histogram of scores."""
    shares = tally.shares(reports)
    if not shares:
        return None
    missing = len(reports) - len(shares)
    left_out = f" {count(missing, 'hand-in')} without a score left out." if missing else ""
    return join((_lead(f"Hand-ins by percent of full marks, lateness counted.{left_out}"), histogram(shares)))


def slowest(reports: Sequence[Report]) -> Html | None:
    """The hand-ins that took longest."""
    slow = sorted((r for r in reports if r.duration_s > 0), key=lambda report: -report.duration_s)[:_SLOWEST]
    rows = (
        tag(
            "tr",
            tag(
                "th",
                beside_bar(_link(report.student), bar(report.duration_s / slow[0].duration_s, "time")),
                scope="row",
            ),
            tag("td", f"{report.duration_s:.2f} s", class_="num"),
        )
        for report in slow
    )
    head = _head(("Student", ""), ("Time", "num"))
    lead = _lead("Time to grade one hand-in, all tests together.")
    return join((lead, tag("table", head, tag("tbody", *rows)))) if slow else None


def tasks(reports: Sequence[Report]) -> Html | None:
    """Tasks by the points they cost the class."""
    tallies = sorted(tally.tasks(reports), key=lambda task: -task.lost)
    if not tallies:
        return None
    most = tallies[0].lost or 1.0
    rows = (
        tag(
            "tr",
            tag("th", beside_bar(escaped(task.title), bar(task.lost / most, "loss")), scope="row"),
            tag("td", points(task.lost) if task.graded else "–", class_="num"),
            tag("td", percent(task.share) if task.graded else "–", class_="num"),
            tag("td", percent(task.full) if task.graded else "–", class_="num"),
        )
        for task in tallies
    )
    columns = (("Lost", "num"), ("Mean", "num"), ("Full", "num"))
    head = _head(("Task", ""), *columns)
    lead = _lead(
        "Where the class loses most, first: points lost per hand-in, the mean share of the points earned, "
        "and the share of hand-ins with full points."
    )
    return join((lead, _scroll("Tasks", tag("table", head, tag("tbody", *rows)))))


def flagged(reports: Sequence[Report]) -> Html:
    """Hand-ins that staff should look at."""
    # Where all are at tier 0, the banner says so once.
    tier = any(report.tier for report in reports)
    noted = [(report, words) for report in reports if (words := tally.flags(report, tier=tier))]
    if not noted:
        return _lead("None: no hand-in crashed, ran out of anything, was late or unreadable.")
    lead = _lead(
        f"{count(len(noted), 'hand-in')}: crashed, ran out of time or memory, called what is forbidden, "
        "came late, could not be read, or failed by our fault."
    )
    rows = [_flagged_row(report, words) for report, words in noted]
    return join((lead, _folded(_head(("Student", ""), ("Why", "")), rows, _FLAGGED, "hand-in")))


def _flagged_row(report: Report, words: Sequence[str]) -> Html:
    reason = tag("div", line(report.reason), class_="small soft") if report.reason else None
    return tag("tr", tag("th", _link(report.student), scope="row"), tag("td", _flags(words), reason))


def _flags(words: Sequence[str]) -> Html:
    return tag("span", *(_flag(word) for word in words), class_="flags") if words else Html("")


def _flag(word: str) -> Html:
    look = "alarm" if word in ("our fault", "tier 0") else "" if word.startswith("late") else "bad"
    return tag("span", word, class_=f"badge {look}".strip())


def mistakes(reports: Sequence[Report]) -> Html | None:
    """Likely mistakes by how many made them."""
    tallies = tally.mistakes(reports)[:_MISTAKES]
    rows = (
        tag(
            "tr",
            tag("td", percent(mistake.share), class_="num"),
            tag("td", mistake.says, tag("div", mistake.task, class_="small soft"), _makers(mistake.students)),
        )
        for mistake in tallies
    )
    table = tag(
        "table", _head(("Of the class", "num"), ("Mistake, and who made it", "")), tag("tbody", *rows)
    )
    if not tallies:
        return None
    return join((_lead("What to go through again in class, most frequent first."), table))


def _makers(students: Sequence[str]) -> Html:
    named = [_link(student) for student in students[:_MAKERS]]
    more = f" and {len(students) - _MAKERS} more" if len(students) > _MAKERS else ""
    between = [part for maker in named for part in (maker, ", ")][:-1]
    return tag("div", *between, more, class_="small")


def students(reports: Sequence[Report]) -> Html:
    """Every student, with points per task."""
    if not reports:
        return _lead("There are no reports yet.")
    titles = {task.task: task.title for report in reports for task in report.tasks}
    columns = (
        tag("th", tag("abbr", task, title=title), scope="col", class_="num") for task, title in titles.items()
    )
    head = tag(
        "tr",
        tag("th", "Student", scope="col"),
        tag("th", "Score", scope="col", class_="num"),
        *columns,
        tag("th", "Remarks", scope="col"),
    )
    rows = (_student(report, titles) for report in reports)
    table = tag(
        "table",
        tag("thead", head),
        tag("tbody", *rows),
        class_="sortable",
        data_filter_from=_FILTER_FROM,
    )
    lead = _lead(f"{count(len(reports), 'report')}; a name opens the report.")
    return join((lead, _scroll("Students", table)))


def _student(report: Report, titles: dict[str, str]) -> Html:
    points_of = {scored.task: scored.score for scored in report.tasks}
    return tag(
        "tr",
        tag("th", _link(report.student), scope="row"),
        _score(report.score, strong=True),
        *(_score(points_of.get(task)) for task in titles),
        tag("td", _flags(tally.flags(report, tier=False))),
    )


def _score(value: float | None, *, strong: bool = False) -> Html:
    words = points(value)
    order = -1.0 if value is None else value
    return tag("td", tag("strong", words) if strong else words, class_="num", data_v=f"{order:.6f}")


def tests(reports: Sequence[Report]) -> Html | None:
    """Tests by how many pass, hardest first."""
    tallies = tally.tests(reports)
    if not tallies:
        return None
    titles = {task.task: task.title for report in reports for task in report.tasks}
    head = _head(("Test", ""), ("Pass", "num"))
    rows = [_test_row(test, titles.get(test.task, test.task)) for test in tallies]
    lead = _lead("Share of hand-ins that pass, hardest first.")
    return join((lead, _folded(head, rows, _HARDEST, "test")))


def _test_row(test: tally.TestTally, task: str) -> Html:
    words, case = test_words(test.id)
    code = tag("code", case) if case else None
    title = join((f"{words} ", code, tag("div", task, class_="small soft")))
    return tag(
        "tr",
        tag("th", beside_bar(title, bar(test.share)), scope="row"),
        tag("td", percent(test.share), class_="num"),
    )


def _lead(text: str) -> Html:
    return tag("p", text, class_="lead")


def _head(*columns: tuple[str, str]) -> Html:
    """Header row from (words, look) of each column."""
    cells = (tag("th", words, scope="col", class_=look or None) for words, look in columns)
    return tag("thead", tag("tr", *cells))


def _folded(head: Html, rows: Sequence[Html], shown: int, noun: str) -> Html:
    """A table of the first rows, and the rest folded away."""
    first = tag("table", head, tag("tbody", *rows[:shown]))
    if len(rows) <= shown:
        return first
    rest = tag("table", head, tag("tbody", *rows[shown:]))
    summary = tag("summary", f"The other {count(len(rows) - shown, noun)}")
    return join((first, tag("details", summary, rest)))


def _scroll(label: str, table: Html) -> Html:
    # Focusable, so that a keyboard can scroll what a narrow screen cuts off.
    return tag("div", table, class_="scroll", tabindex=0, role="region", aria_label=label)


def _link(student: str) -> Html:
    return tag("a", name(student), href=f"reports/{slug(student)}.html")
