"""One page that shows an instructor what their graders catch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from ..report.files import write_atomically
from ..report.markup import Content, Html, join, page, tag
from .audit import Audit
from .mutation import Fate
from .variants import Judged


def write_audit(audits: Sequence[Audit], path: Path) -> None:
    """Write the page of some audits, one HTML document without any other file."""
    sound = sum(not audit.complaints for audit in audits)
    body = tag(
        "main",
        tag("header", tag("p", "Audit", class_="kicker"), tag("h1", "Would the graders catch it?")),
        tag("p", f"{sound} of {len(audits)} assignments are sound."),
        _overview(audits),
        *(_card(audit) for audit in audits),
    )
    write_atomically(path, page("Audit", body))


def _table(head: Sequence[str], rows: Iterable[Sequence[Content]]) -> Html:
    cells = [tag("tr", *(tag("td", cell) for cell in row)) for row in rows]
    heads = tag("tr", *(tag("th", title, scope="col") for title in head))
    return tag("div", tag("table", tag("thead", heads), tag("tbody", *cells)), class_="scroll")


def _overview(audits: Sequence[Audit]) -> Html:
    head = (
        "assignment",
        "mistakes caught",
        "named",
        "right ones kept",
        "mutants caught",
        "equivalent",
        "flaky",
    )
    rows = []
    for audit in audits:
        wrong, right = _split(audit.judged)
        killed, total = len(audit.mutants("killed")), len(audit.fates) - len(audit.mutants("equivalent"))
        rows.append(
            (
                tag("a", audit.assignment.id, href=f"#{audit.assignment.id}"),
                _of(sum(one.sound for one in wrong), len(wrong)),
                str(sum(one.named_first for one in wrong)),
                _of(sum(one.sound for one in right), len(right)),
                _of(killed, total) if audit.fates else "not asked",
                str(len(audit.mutants("equivalent"))) if audit.fates else "",
                str(len(audit.flaky)) if audit.draws else "not asked",
            )
        )
    return tag("section", tag("h2", "Overview"), _table(head, rows), class_="card")


def _of(part: int, whole: int) -> str:
    return f"{part} of {whole}"


def _split(judged: Sequence[Judged]) -> tuple[list[Judged], list[Judged]]:
    wrong = [solution for solution in judged if not solution.right]
    return wrong, [solution for solution in judged if solution.right]


def _card(audit: Audit) -> Html:
    parts: list[Content] = [tag("h2", f"{audit.assignment.id}: {audit.assignment.title}")]
    if audit.complaints:
        parts += [tag("h3", "To mend"), tag("ul", *(tag("li", complaint) for complaint in audit.complaints))]
    else:
        parts.append(tag("p", "Nothing to mend."))
    parts += [tag("h3", "Catalogued solutions, task by task"), _catalogue(audit)]
    if audit.fates:
        parts += [tag("h3", "Mutants, function by function"), _functions(audit)]
        parts += [tag("h3", "Errors, measured by what is accepted"), _tolerance(audit)]
        parts += _mutants("Mutants that nobody catches", audit.mutants("survived"))
        parts += _mutants("Mutants that are no mistake", audit.mutants("equivalent"))
        parts += _tests("Tests that nothing wrong fails", audit.idle)
        parts += _tests("Tests that always fail together", [", ".join(group) for group in audit.twins])
    return tag("section", *parts, class_="card audit", id=audit.assignment.id)


def _catalogue(audit: Audit) -> Html:
    by_task: dict[str, list[Judged]] = defaultdict(list)
    for judged in audit.judged:
        by_task[judged.task].append(judged)
    rows = []
    for task in audit.assignment.tasks:
        wrong, right = _split(by_task[task.id])
        least = min((judged.lost.get(task.id, 0.0) for judged in wrong), default=0.0)
        rows.append(
            (
                task.id,
                _of(sum(judged.sound for judged in wrong), len(wrong)),
                str(sum(judged.named_first for judged in wrong)),
                f"{least:g} of {task.points:g}",
                _of(sum(judged.sound for judged in right), len(right)),
            )
        )
    return _table(("task", "caught", "named", "least points lost", "right ones kept"), rows)


def _functions(audit: Audit) -> Html:
    rows = [(name, _of(killed, total)) for name, (killed, total) in audit.functions.items()]
    return _table(("function", "caught"), rows)


def _tolerance(audit: Audit) -> Html:
    rows = [(task, f"{right:.2g}", f"{wrong:.2g}") for task, (right, wrong) in audit.tolerance.items()]
    return _table(("task", "largest of a right variant", "smallest of a mutant"), rows)


def _mutants(title: str, fates: Sequence[Fate]) -> list[Content]:
    if not fates:
        return []
    shown = [
        tag(
            "details",
            tag("summary", f"{fate.mutant.module}.{fate.mutant.function}: {fate.mutant.operator}"),
            tag("pre", fate.mutant.diff),
            tag("p", fate.because) if fate.because else None,
            open="open" if not fate.because else None,
        )
        for fate in fates
    ]
    return [tag("h3", f"{title} ({len(fates)})"), join(shown)]


def _tests(title: str, tests: Sequence[str]) -> list[Content]:
    if not tests:
        return []
    return [tag("h3", f"{title} ({len(tests)})"), tag("ul", *(tag("li", test) for test in tests))]
