"""Who handed in what, and when, by the file that comes with Gradescope's bulk export."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import yaml

METADATA = "submission_metadata.yml"


class _Loader(yaml.SafeLoader):
    """Plain data; an object of Ruby's is read as the mapping it is written as."""


def _ruby(loader: _Loader, _: str, node: yaml.Node) -> Any:
    fields = loader.construct_mapping(node, deep=True) if isinstance(node, yaml.MappingNode) else {}
    return fields.get("utc")  # ActiveSupport::TimeWithZone


_Loader.add_multi_constructor("!ruby/", _ruby)


@dataclass(frozen=True, slots=True)
class Upload:
    """One submission of the export; a group's has several students."""

    students: tuple[str, ...]  # e-mail, else the student id, else the name
    received_at: datetime | None


def read_metadata(text: bytes) -> dict[str, Upload]:
    """Folder of the export ("submission_456") -> upload. Empty where the text is not what it should be."""
    try:
        document = yaml.load(text, Loader=_Loader)
    except (yaml.YAMLError, ValueError, RecursionError):
        return {}
    if not isinstance(document, dict):
        return {}
    return {str(folder): _upload(entry) for folder, entry in document.items() if isinstance(entry, dict)}


def _upload(entry: Mapping[Any, Any]) -> Upload:
    submitters = _get(entry, "submitters")
    people = [
        submitter
        for submitter in (submitters if isinstance(submitters, list) else [])
        if isinstance(submitter, dict)
    ]
    students = [_identity(person) for person in people]
    created = _get(entry, "created_at")
    received = created if isinstance(created, datetime) else None
    if received is not None and received.tzinfo is None:
        received = received.replace(tzinfo=UTC)
    return Upload(tuple(student for student in students if student), received)


def _identity(person: Mapping[Any, Any]) -> str:
    return next((str(value) for key in ("email", "sid", "name") if (value := _get(person, key))), "")


def _get(entry: Mapping[Any, Any], key: str) -> Any:
    # The export is written by Ruby, whose symbols keep their colon.
    return entry.get(f":{key}", entry.get(key))
