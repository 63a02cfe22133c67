"""The page of a class: how it went, what lost most points, whom to look at, and every student."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from ..model import Report
from . import tally
from .files import slug, write_atomically
from .markup import Html, join, name, page, tag
from .picture import bar, histogram
from .words import count, percent, points, test_words

_HARDEST = 10  # tests shown before the rest is folded
_SLOWEST = 8
_MISTAKES = 12
_FILTER_FROM = 15  # students from which a search field is of use

# Without scripts the table is what it is: sorted by name, every row there.
_SCRIPT = """
for (const table of document.querySelectorAll("table.sortable")) {
  const body = table.tBodies[0], order = new Intl.Collator(undefined, {numeric: true});
  const value = (row, i) => row.cells[i].dataset.v ?? row.cells[i].textContent;
  table.querySelectorAll("thead th").forEach((head, i) => {
    const button = document.createElement("button");
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const other of head.parentNode.cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const rows = [...body.rows].sort((a, b) => order.compare(value(a, i), value(b, i)));
      body.append(...(down ? rows.reverse() : rows));
    });
  });
  if (body.rows.length < Number(table.dataset.filterFrom)) continue;
  const field = document.createElement("input");
  field.type = "search";
  field.placeholder = "Find a student";
  field.setAttribute("aria-label", "Find a student");
  field.addEventListener("input", () => {
    for (const row of body.rows)
      row.hidden = !row.cells[0].textContent.toLowerCase().includes(field.value.toLowerCase());
  });
  table.parentNode.before(field);
}
"""


def write_class(reports: Iterable[Report], title: str, folder: Path) -> None:
    """Write `index.html` of a class into `folder`; it links to reports/<slug>.html beside it."""
    write_atomically(folder / "index.html", class_page(tuple(reports), title))


def class_page(reports: Sequence[Report], title: str) -> str:
    """The page of a class as one HTML document."""
    ordered = sorted(reports, key=lambda report: report.student.casefold())
    body = tag(
        "main",
        tag("header", tag("p", "Class report", class_="kicker"), tag("h1", title)),
        _tier_banner(ordered),
        _facts(ordered),
        _distribution(ordered),
        _tasks(ordered),
        _mistakes(ordered),
        _tests(ordered),
        _flagged(ordered),
        _slowest(ordered),
        _students(ordered),
    )
    return page(f"{title}: class report", join((body, _foot(ordered))), _SCRIPT)


def _section(title: str, lead: str, *contents: Html | None) -> Html:
    return tag("section", tag("h2", title), tag("p", lead, class_="lead"), *contents, class_="card")


def _head(*columns: tuple[str, str]) -> Html:
    """Header row from (words, look) of each column."""
    cells = (
        tag(
            "th",
            tag("span", words, class_="hidden") if look == "wide" else words,
            scope="col",
            class_=look or None,
        )
        for words, look in columns
    )
    return tag("thead", tag("tr", *cells))


def _link(report: Report) -> Html:
    return tag("a", name(report.student), href=f"reports/{slug(report.student)}.html")


def _all_tier_0(reports: Sequence[Report]) -> bool:
    return bool(reports) and all(report.tier == 0 for report in reports)


def _tier_banner(reports: Sequence[Report]) -> Html | None:
    unsafe = sum(report.tier == 0 for report in reports)
    if not unsafe:
        return None
    who = "All" if unsafe == len(reports) else f"{unsafe} of {len(reports)}"
    text = f"{who} were graded at tier 0: student code ran without isolation and could have cheated."
    return tag("div", tag("strong", "Not grades of record"), text, class_="banner alarm", role="note")


def _facts(reports: Sequence[Report]) -> Html:
    mean, median = tally.middle(reports)
    known = {
        "hand-ins": str(len(reports)),
        "mean": "–" if mean is None else f"{mean:.1f}",
        "median": "–" if median is None else f"{median:.1f}",
        "unreadable": str(sum(report.status == "unreadable" for report in reports)),
        "our fault": str(sum(report.status == "internal" for report in reports)),
        "late": str(sum(report.late_days > 0 for report in reports)),
    }
    cells = (tag("div", tag("dt", words), tag("dd", value)) for words, value in known.items())
    return tag("dl", *cells, class_="facts")


def _distribution(reports: Sequence[Report]) -> Html | None:
    found = tally.shares(reports)
    if not found:
        return None
    missing = len(reports) - len(found)
    left_out = f"; {count(missing, 'hand-in')} without a score left out" if missing else ""
    lead = f"{count(len(found), 'hand-in')} by percent of full marks, lateness counted{left_out}."
    return _section("Scores", lead, histogram(found))


def _tasks(reports: Sequence[Report]) -> Html | None:
    found = tally.tasks(reports)
    if not found:
        return None
    most = max((each.lost for each in found), default=0.0)
    rows = (
        tag(
            "tr",
            tag("th", each.title, scope="row"),
            tag("td", bar(each.lost / most if most else 0.0, "loss")),
            _number(f"{points(each.lost)}" if each.graded else "–", each.lost),
            _number(percent(each.share) if each.graded else "–", each.share),
            _number(percent(each.full) if each.graded else "–", each.full),
        )
        for each in sorted(found, key=lambda each: -each.lost)
    )
    head = _head(
        ("Task", ""),
        ("Points lost, as a bar", "wide"),
        ("Points lost", "num"),
        ("Mean share", "num"),
        ("Full points", "num"),
    )
    lead = "Where the class loses most, first. Points lost and share are means over hand-ins with a score."
    return _section("Tasks", lead, _scroll("Tasks", tag("table", head, tag("tbody", *rows))))


def _number(words: str, value: float) -> Html:
    return tag("td", words, class_="num", data_v=f"{value:.6f}")


def _scroll(label: str, table: Html) -> Html:
    # Focusable, so that a keyboard can scroll what a narrow screen cuts off.
    return tag("div", table, class_="scroll", tabindex=0, role="region", aria_label=label)


def _mistakes(reports: Sequence[Report]) -> Html | None:
    found = tally.mistakes(reports)[:_MISTAKES]
    if not found:
        return None
    rows = (
        tag(
            "tr",
            tag("td", str(each.students), class_="num"),
            tag("td", each.says, tag("div", each.task, class_="small soft")),
        )
        for each in found
    )
    table = tag("table", _head(("Students", "num"), ("Mistake", "")), tag("tbody", *rows))
    return _section("Likely mistakes", "What to go through again in class, most frequent first.", table)


def _tests(reports: Sequence[Report]) -> Html | None:
    found = tally.tests(reports)
    if not found:
        return None
    titles = {task.task: task.title for report in reports for task in report.tasks}
    hardest, rest = found[:_HARDEST], found[_HARDEST:]
    folded = (
        tag("details", tag("summary", f"The other {count(len(rest), 'test')}"), _test_table(rest, titles))
        if rest
        else None
    )
    return _section(
        "Tests", "Share of hand-ins that pass, hardest first.", _test_table(hardest, titles), folded
    )


def _test_table(found: Sequence[tally.TestTally], titles: dict[str, str]) -> Html:
    rows = []
    for each in found:
        words, case = test_words(each.id)
        what = join((words, " ", tag("code", case) if case else None))
        task = tag("div", titles.get(each.task, each.task), class_="small soft")
        rows.append(
            tag(
                "tr",
                tag("th", what, task, scope="row"),
                tag("td", bar(each.share)),
                tag("td", percent(each.share), class_="num"),
            )
        )
    return tag(
        "table", _head(("Test", ""), ("Pass rate, as a bar", "wide"), ("Pass", "num")), tag("tbody", *rows)
    )


def _flagged(reports: Sequence[Report]) -> Html:
    tier = not _all_tier_0(reports)
    found = [(report, words) for report in reports if (words := tally.flags(report, tier=tier))]
    if not found:
        return _section("To look at", "No hand-in crashed, ran out of anything, was late or unreadable.")
    rows = (
        tag(
            "tr",
            tag("th", _link(report), scope="row"),
            tag(
                "td",
                join(join((_flag(word), " ")) for word in words),
                tag("div", report.reason, class_="small soft") if report.reason else None,
            ),
        )
        for report, words in found
    )
    lead = f"{count(len(found), 'hand-in')} crashed, ran out of time or memory, called what is forbidden, "
    lead += "came late, could not be read, or failed by our fault."
    return _section(
        "To look at", lead, tag("table", _head(("Student", ""), ("Why", "")), tag("tbody", *rows))
    )


def _flag(word: str) -> Html:
    look = "alarm" if word in ("our fault", "tier 0") else "" if word.startswith("late") else "bad"
    return tag("span", word, class_=f"badge {look}".strip())


def _slowest(reports: Sequence[Report]) -> Html | None:
    found = sorted((r for r in reports if r.duration_s > 0), key=lambda report: -report.duration_s)[:_SLOWEST]
    if not found:
        return None
    most = found[0].duration_s
    rows = (
        tag(
            "tr",
            tag("th", _link(report), scope="row"),
            tag("td", bar(report.duration_s / most)),
            tag("td", f"{report.duration_s:.2f} s", class_="num"),
        )
        for report in found
    )
    table = tag(
        "table", _head(("Student", ""), ("Time, as a bar", "wide"), ("Time", "num")), tag("tbody", *rows)
    )
    return _section("Slowest", "Time to grade one hand-in, all tests together.", table)


def _students(reports: Sequence[Report]) -> Html | None:
    if not reports:
        return _section("Students", "There are no reports yet.")
    tasks = tally.tasks(reports)
    head = _head(
        ("Student", ""), ("Score", "num"), *((each.title, "num task") for each in tasks), ("Remarks", "")
    )
    rows = (_student(report, [each.task for each in tasks]) for report in reports)
    table = tag("table", head, tag("tbody", *rows), class_="sortable", data_filter_from=_FILTER_FROM)
    return _section(
        "Students", f"{count(len(reports), 'report')}; a name opens the report.", _scroll("Students", table)
    )


def _student(report: Report, tasks: Sequence[str]) -> Html:
    scores = {each.task: each.score for each in report.tasks}
    return tag(
        "tr",
        tag("th", _link(report), scope="row"),
        _score(report.score, strong=True),
        *(_score(scores.get(task)) for task in tasks),
        tag("td", join(join((_flag(word), " ")) for word in tally.flags(report, tier=False))),
    )


def _score(value: float | None, *, strong: bool = False) -> Html:
    words = points(value)
    return tag(
        "td",
        tag("strong", words) if strong else words,
        class_="num",
        data_v=f"{-1.0 if value is None else value:.6f}",
    )


def _foot(reports: Sequence[Report]) -> Html | None:
    graders = sorted({report.environment.get("grader_sha256", "") for report in reports} - {""})
    if not graders:
        return None
    mixed = " Not all reports come from the same graders." if len(graders) > 1 else ""
    hashes = join(tag("dd", tag("code", each)) for each in graders)
    return tag("footer", mixed or None, tag("dl", tag("dt", "graders (SHA-256)"), hashes), class_="foot")
