"""Reports as JSON: all of it for staff and for grading again, and the short view that commands print."""

from __future__ import annotations

import dataclasses
import json
import math
import types
import typing
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Any

from ..model import SCHEMA_VERSION, Diagnosis, Report, TaskScore


def to_json(report: Report) -> str:
    """Everything a report holds, for staff. `from_json` gives back an equal report."""
    return json.dumps({"schema_version": SCHEMA_VERSION, **_encode(report)}, indent=1, allow_nan=False) + "\n"


def from_json(text: str) -> Report:
    """The report that `to_json` wrote.

    Raises ValueError where the text is not one, or is one of another schema version.
    """
    try:
        return _report(text)
    except (RecursionError, OverflowError) as error:
        raise ValueError(f"no report is like that: {error}") from None


def _report(text: str) -> Report:
    content = json.loads(text)
    if not isinstance(content, dict):
        raise ValueError(f"expected a JSON object; found {type(content).__name__}")  # noqa: TRY004
    version = content.pop("schema_version", None)
    if version != SCHEMA_VERSION:
        raise ValueError(f"expected schema version {SCHEMA_VERSION}; found {version!r}")
    report = _decode(Report, content, "report")
    assert isinstance(report, Report)
    return report


def student_view(reports: Iterable[Report]) -> dict[str, Any]:
    """What `dlc grade --json` prints: scores and verdicts, without messages, details or outputs."""
    return {"reports": [_summary(report) for report in reports]}


def _summary(report: Report) -> dict[str, Any]:
    return {
        "student": report.student,
        "score": report.score,
        "max_score": report.max_score,
        "open_points": report.open_points,
        "tier": report.tier,
        "tasks": [_task_summary(task) for task in report.tasks],
        "status": report.status,
        "reason": report.reason,
        "late_days": report.late_days,
        "penalty": report.penalty,
    }


def _task_summary(task: TaskScore) -> dict[str, Any]:
    return {
        "id": task.task,
        "score": task.score,
        "max_score": task.max_score,
        "verdicts": {test: verdict.value for test, verdict in task.verdicts.items()},
        "follows_from": list(task.follows_from),
        "diagnosis": None if task.diagnosis is None else _diagnosis(task.diagnosis),
    }


def _diagnosis(diagnosis: Diagnosis) -> dict[str, Any]:
    encoded = _encode(diagnosis)
    assert isinstance(encoded, dict)
    return encoded


def _encode(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return {field.name: _encode(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, Mapping):
        return {key: _encode(entry) for key, entry in value.items()}
    if isinstance(value, tuple):
        return [_encode(entry) for entry in value]
    if isinstance(value, float) and not math.isfinite(value):
        return repr(value)  # JSON has no word for it: "inf", "-inf", "nan"
    return value


def _decode(hint: Any, value: Any, place: str) -> Any:
    """`value` as the type that a record's field announces. Raises ValueError naming the place."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return None if value is None else _decode(inner[0], value, place)
    if origin is tuple and isinstance(value, list):
        return tuple(_decode(inner[0], entry, f"{place}[{i}]") for i, entry in enumerate(value))
    if origin is Mapping and isinstance(value, dict):
        return {key: _decode(inner[1], entry, f"{place}.{key}") for key, entry in value.items()}
    if dataclasses.is_dataclass(hint) and isinstance(value, dict):
        return _record(hint, value, place)
    if hint is float and (value in ("inf", "-inf", "nan") or type(value) in (int, float)):
        return float(value)
    if isinstance(hint, type) and issubclass(hint, StrEnum) and isinstance(value, str):
        return hint(value)
    if hint in (str, int, bool) and type(value) is hint:
        return value
    name = hint.__name__ if origin is None else str(hint)
    raise ValueError(f"{place}: expected {name}; found {type(value).__name__}")


def _record(kind: Any, entries: Mapping[str, Any], place: str) -> Any:
    hints = _hints(kind)
    if unknown := entries.keys() - hints.keys():
        raise ValueError(f"{place}: holds {', '.join(sorted(unknown))}, which this version does not know")
    needed = {
        field.name
        for field in dataclasses.fields(kind)
        if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
    }
    if missing := needed - entries.keys():
        raise ValueError(f"{place}: lacks {', '.join(sorted(missing))}")
    return kind(**{name: _decode(hints[name], entry, f"{place}.{name}") for name, entry in entries.items()})


@lru_cache(maxsize=16)
def _hints(kind: Any) -> Mapping[str, Any]:
    return {name: hint for name, hint in typing.get_type_hints(kind).items() if not name.startswith("__")}
