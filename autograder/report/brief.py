"""The shortest page of a student, where the whole one cannot be made."""

from __future__ import annotations

from ..model import Report
from .markup import name, page, tag

_SAYS = (
    "This page could not be made in full. The reason is ours, not yours: what is written here counts, staff "
    "have been told and will make the page again."
)


def brief_page(report: Report) -> str:
    """Who, what, and how many points, as one HTML document."""
    known = "No score yet" if report.score is None else f"{report.score:.4g} of {report.max_score:.4g} points"
    body = tag(
        "main",
        tag(
            "header",
            tag("p", report.title, class_="kicker"),
            tag("h1", name(report.student)),
            tag("p", known),
        ),
        tag("div", tag("strong", "Your report is short"), _SAYS, class_="banner alarm", role="note"),
    )
    return page(f"{report.title}: report", body)
