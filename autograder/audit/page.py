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
    sound = sum(not each.complaints for each in audits)
    body = tag(
        "main",
        tag("header", tag("p", "Audit", class_="kicker"), tag("h1", "Would the graders catch it?")),
        tag("p", f"{sound} of {len(audits)} assignments are sound."),
        _overview(audits),
        *(_card(each) for each in audits),
    )
    write_atomically(path, page("Audit", body))


def _table(head: Sequence[str], rows: Iterable[Sequence[Content]]) -> Html:
    cells = [tag("tr", *(tag("td", cell) for cell in row)) for row in rows]
    heads = tag("tr", *(tag("th", each, scope="col") for each in head))
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
    for each in audits:
        wrong, right = _split(each.judged)
        killed, total = len(each.mutants("killed")), len(each.fates) - len(each.mutants("equivalent"))
        rows.append(
            (
                tag("a", each.assignment.id, href=f"#{each.assignment.id}"),
                _of(sum(one.sound for one in wrong), len(wrong)),
                str(sum(one.named_first for one in wrong)),
                _of(sum(one.sound for one in right), len(right)),
                _of(killed, total) if each.fates else "not asked",
                str(len(each.mutants("equivalent"))) if each.fates else "",
                str(len(each.flaky)) if each.seeds else "not asked",
            )
        )
    return tag("section", tag("h2", "Overview"), _table(head, rows), class_="card")


def _of(part: int, whole: int) -> str:
    return f"{part} of {whole}"


def _split(judged: Sequence[Judged]) -> tuple[list[Judged], list[Judged]]:
    return [each for each in judged if not each.right], [each for each in judged if each.right]


def _card(audit: Audit) -> Html:
    parts: list[Content] = [tag("h2", f"{audit.assignment.id}: {audit.assignment.title}")]
    if audit.complaints:
        parts += [tag("h3", "To mend"), tag("ul", *(tag("li", each) for each in audit.complaints))]
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
    for each in audit.judged:
        by_task[each.task].append(each)
    rows = []
    for task in audit.assignment.tasks:
        wrong, right = _split(by_task[task.id])
        least = min((each.lost.get(task.id, 0.0) for each in wrong), default=0.0)
        rows.append(
            (
                task.id,
                _of(sum(each.sound for each in wrong), len(wrong)),
                str(sum(each.named_first for each in wrong)),
                f"{least:g} of {task.points:g}",
                _of(sum(each.sound for each in right), len(right)),
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
            tag("summary", f"{each.mutant.module}.{each.mutant.function}: {each.mutant.operator}"),
            tag("pre", each.mutant.diff),
            tag("p", each.because) if each.because else None,
            open="open" if not each.because else None,
        )
        for each in fates
    ]
    return [tag("h3", f"{title} ({len(fates)})"), join(shown)]


def _tests(title: str, tests: Sequence[str]) -> list[Content]:
    if not tests:
        return []
    return [tag("h3", f"{title} ({len(tests)})"), tag("ul", *(tag("li", each) for each in tests))]
