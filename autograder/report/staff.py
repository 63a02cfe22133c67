"""What is for staff only: tracebacks, values, prints. They may hold hidden inputs.

Most of it is text that a student chose: bounded, and without what acts on a terminal or an eye.
"""

from __future__ import annotations

from ..model import Report, TestResult
from ..text import line, plain

_TESTS = 500  # of which notes are kept


def staff_notes(report: Report) -> str:
    """Details and prints of every test that has some, as text; empty where there are none."""
    parts = [_notes(result) for result in report.results[:_TESTS] if result.detail or result.output]
    head = f"{line(report.student)}, {line(report.assignment)}: for staff only\n"
    return "\n".join([head, *parts]) if parts else ""


def _notes(result: TestResult) -> str:
    text = f"{line(result.id)}: {result.verdict}\n{line(result.message)}\n"
    for name, content, limit in (("detail", result.detail, 4_000), ("printed", result.output, 1 << 16)):
        if content:
            text += f"  {name}:\n" + "".join(f"    {line}\n" for line in plain(content, limit).split("\n"))
    return text
