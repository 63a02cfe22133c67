"""What is for staff only: tracebacks, values, prints. They may hold hidden inputs."""

from __future__ import annotations

from dataclasses import replace

from ..model import Report, TestResult


def for_students(report: Report) -> Report:
    """The report without details, prints and margins: what a student may be given."""
    results = tuple(replace(result, detail="", output="", margin=None) for result in report.results)
    return replace(report, results=results)


def staff_notes(report: Report) -> str:
    """Details and prints of every test that has some, as text; empty where there are none."""
    parts = [_notes(result) for result in report.results if result.detail or result.output]
    return "\n".join([f"{report.student}, {report.assignment}: for staff only\n", *parts]) if parts else ""


def _notes(result: TestResult) -> str:
    text = f"{result.id}: {result.verdict}\n{result.message}\n"
    for name, content in (("detail", result.detail), ("printed", result.output)):
        if content:
            text += f"  {name}:\n" + "".join(f"    {line}\n" for line in content.splitlines())
    return text
