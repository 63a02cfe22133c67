"""The page of a class: how it went, what lost most points, whom to look at, and every student."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from ..model import Report
from . import sections, tally
from .files import write_atomically
from .markup import Html, join, page, tag

# In the order of the page. A section that has nothing to say is left out.
_SECTIONS: Mapping[str, Callable[[Sequence[Report]], Html | None]] = {
    "Scores": sections.scores,
    "Slowest": sections.slowest,
    "Tasks": sections.tasks,
    "To look at": sections.flagged,
    "Likely mistakes": sections.mistakes,
    "Students": sections.students,
    "Tests": sections.tests,
}
_SIDE_BY_SIDE = 2  # the first so many share a row where there is room

# Without scripts the table is what it is: sorted by name, every row there.
_SCRIPT = "\n" + Path(__file__).with_suffix(".js").read_text(encoding="utf-8")


def write_class(reports: Iterable[Report], title: str, folder: Path) -> None:
    """Write `index.html` of a class into `folder`; it links to reports/<slug>.html beside it."""
    write_atomically(folder / "index.html", class_page(tuple(reports), title))


def class_page(reports: Sequence[Report], title: str) -> str:
    """The page of a class as one HTML document."""
    ordered = sorted(reports, key=lambda report: report.student.casefold())
    contents = {name: content for name, make in _SECTIONS.items() if (content := make(ordered)) is not None}
    cards = [_card(name, content) for name, content in contents.items()]
    body = tag(
        "main",
        tag("header", tag("p", "Class report", class_="kicker"), tag("h1", title), _contents(contents)),
        _tier_banner(ordered),
        _facts(ordered),
        tag("div", *cards[:_SIDE_BY_SIDE], class_="pair"),
        *cards[_SIDE_BY_SIDE:],
    )
    return page(f"{title}: class report", join((body, _foot(ordered))), _SCRIPT)


def _anchor(name: str) -> str:
    return name.lower().replace(" ", "-")


def _card(name: str, content: Html) -> Html:
    return tag("section", tag("h2", name), content, class_="card", id=_anchor(name))


def _contents(names: Iterable[str]) -> Html:
    return tag("nav", *(tag("a", name, href=f"#{_anchor(name)}") for name in names), aria_label="Sections")


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


def _foot(reports: Sequence[Report]) -> Html | None:
    graders = sorted({report.environment.get("grader_sha256", "") for report in reports} - {""})
    if not graders:
        return None
    mixed = "Not all reports come from the same graders." if len(graders) > 1 else None
    hashes = join(tag("dd", tag("code", grader)) for grader in graders)
    return tag("footer", mixed, tag("dl", tag("dt", "graders (SHA-256)"), hashes), class_="foot")
