"""The gradebook as Parquet: the columns of the plain CSV, typed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..errors import AutograderError
from ..model import Report
from ..report.files import write_bytes_atomically
from ..report.gradebook import columns

_TEXTS = ("student", "status", "reason")
_WHOLE = ("late_days", "tier")  # every other column holds points


def write_parquet(reports: Sequence[Report], out: Path) -> None:
    """Write one row for each student; what is not known, as a score after a failure of ours, is null.

    Raises AutograderError where pyarrow is not installed, OSError where it cannot be written.
    """
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        raise AutograderError(
            f"Parquet is written by pyarrow, which cannot be imported ({error}); "
            "pip install deep-learning-clinic[parquet]"
        ) from error
    kinds = {**dict.fromkeys(_TEXTS, pyarrow.string()), **dict.fromkeys(_WHOLE, pyarrow.int64())}
    schema = pyarrow.schema([(name, kinds.get(name, pyarrow.float64())) for name in columns(reports)])
    table = pyarrow.Table.from_pylist([_row(report) for report in reports], schema)
    buffer = pyarrow.BufferOutputStream()
    parquet.write_table(table, buffer)
    write_bytes_atomically(out, buffer.getvalue().to_pybytes())


def _row(report: Report) -> dict[str, Any]:
    return {
        **{task.task: task.score for task in report.tasks},
        "student": _text(report.student),
        "score": report.score,
        "max_score": report.max_score,
        "status": report.status,
        "reason": None if report.reason is None else _text(report.reason),
        "late_days": report.late_days,
        "penalty": report.penalty,
        "tier": report.tier,
    }


def _text(text: str) -> str:
    """Text that UTF-8 can hold; half a surrogate pair becomes an escape, as in the CSV."""
    return text.encode("utf-8", "backslashreplace").decode()
