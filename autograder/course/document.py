"""A YAML file read so that every fault can be told with its line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import yaml

from ..errors import SpecError

T = TypeVar("T")
Reader = Callable[["Value"], T]


class Faults:
    """Faults of one file, collected so that the author sees all of them at once."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._found: list[tuple[int, str]] = []

    def add(self, line: int, what: str) -> None:
        """Note a fault: what was expected, what is there, the way out."""
        self._found.append((line, what))

    def refuse(self) -> None:
        """Raise SpecError if there is any fault."""
        if self._found:
            raise SpecError([f"{self.path}:{line}: {what}" for line, what in sorted(set(self._found))])


class Unreadable(Exception):
    """A value is not of the kind that its key needs; the fault is already noted."""


class Value:
    """A node of the file, with its line and a name for messages."""

    def __init__(self, node: yaml.Node, faults: Faults, name: str) -> None:
        self._node = node
        self._faults = faults
        self.name = name

    @property
    def line(self) -> int:
        """Line in the file, from 1."""
        return int(self._node.start_mark.line) + 1

    @property
    def plain(self) -> Any:
        """The value as Python data."""
        loader = yaml.SafeLoader("")
        try:
            return loader.construct_document(self._node)
        except (yaml.YAMLError, ValueError) as error:
            raise self.fault(f"cannot be read: {error}") from None
        finally:
            loader.dispose()

    def fault(self, what: str) -> Unreadable:
        """Note that this value `what`, and return the exception to raise."""
        self._faults.add(self.line, f"{self.name} {what}")
        return Unreadable()

    def items(self) -> Iterator[Value]:
        """The values of a list."""
        if not isinstance(self._node, yaml.SequenceNode):
            raise self.fault(f"must be a list, not {self._described()}")
        for number, node in enumerate(self._node.value, 1):
            yield Value(node, self._faults, f"{self.name}, entry {number},")

    def fields(self, known: tuple[str, ...] | None) -> dict[str, Value]:
        """The values of a mapping by key; a key that is not known or comes twice is a fault."""
        if not isinstance(self._node, yaml.MappingNode):
            raise self.fault(f"must be a mapping of keys to values, not {self._described()}")
        values: dict[str, Value] = {}
        for key_node, node in self._node.value:
            key = str(key_node.value)
            line = int(key_node.start_mark.line) + 1
            if key in values:
                self._faults.add(line, f"{self.name} has `{key}` twice; keep one")
            elif known is not None and key not in known:
                self._faults.add(line, f"{self.name} has no `{key}`; it takes {', '.join(known)}")
            values[key] = Value(node, self._faults, f"`{key}`")
        return values

    def _described(self) -> str:
        if isinstance(self._node, yaml.ScalarNode):
            return repr(self._node.value)
        return "a list" if isinstance(self._node, yaml.SequenceNode) else "a mapping"


class Mapping:
    """The fields of one mapping, taken one by one; faults are noted and the default stands in."""

    def __init__(self, value: Value, known: tuple[str, ...], faults: Faults) -> None:
        self._value = value
        self._faults = faults
        self.line = value.line
        try:
            self._fields = value.fields(known)
        except Unreadable:
            self._fields = {}

    def need(self, key: str, read: Reader[T], default: T) -> T:
        """The field, which must be there; `default` after a fault."""
        if key not in self._fields:
            self._faults.add(self.line, f"{self._value.name} lacks `{key}`; add it")
            return default
        return self.take(key, read, default)

    def take(self, key: str, read: Reader[T], default: T) -> T:
        """The field if it is there; `default` where it is not, or after a fault."""
        if key not in self._fields:
            return default
        try:
            return read(self._fields[key])
        except Unreadable:
            return default

    def line_of(self, key: str) -> int:
        """Line of a field, or of the mapping where the field is missing."""
        return self._fields[key].line if key in self._fields else self.line


def open_document(path: Path, known: tuple[str, ...]) -> tuple[Mapping, Faults]:
    """The mapping at the top of a YAML file. Raises SpecError where there is none."""
    faults = Faults(path)
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except FileNotFoundError:
        raise SpecError([f"{path}:1: there is no such file; create it"]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise SpecError([f"{path}:1: cannot be read as UTF-8 text: {error}"]) from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise SpecError([f"{path}:{line}: is not YAML: {error.problem}"]) from None
    except yaml.YAMLError as error:
        raise SpecError([f"{path}:1: is not YAML: {error}"]) from None
    if not isinstance(node, yaml.MappingNode):
        raise SpecError([f"{path}:1: must hold `key: value` lines; it takes {', '.join(known)}"])
    return Mapping(Value(node, faults, path.stem), known, faults), faults


def text(value: Value) -> str:
    """A string that is not empty; a bare number or date is taken as it is written."""
    content = value.plain
    if isinstance(content, str) and content.strip():
        return content.strip()
    raise value.fault(f"must be text, not {content!r}; put it in quotes")


def number(low: float, high: float) -> Reader[float]:
    """A reader of numbers from `low` to `high`."""

    def read(value: Value) -> float:
        content = value.plain
        if type(content) not in (int, float) or not low <= content <= high:
            raise value.fault(f"must be a number from {low:g} to {high:g}, not {content!r}")
        return float(content)

    return read


def whole(low: int, high: int) -> Reader[int]:
    """A reader of whole numbers from `low` to `high`."""

    def read(value: Value) -> int:
        content = value.plain
        if type(content) is not int or not low <= content <= high:
            raise value.fault(f"must be a whole number from {low} to {high}, not {content!r}")
        return content

    return read


def flag(value: Value) -> bool:
    """True or false."""
    if type(value.plain) is not bool:
        raise value.fault(f"must be true or false, not {value.plain!r}")
    return value.plain


def moment(value: Value) -> datetime:
    """A date and time with its zone."""
    content = value.plain
    if isinstance(content, str):
        try:
            content = datetime.fromisoformat(content)
        except ValueError:
            content = None
    if not isinstance(content, datetime) or content.tzinfo is None:
        raise value.fault("must be a date and time with a zone, like 2027-03-12T23:59:00+01:00")
    return content


def each(read: Reader[T]) -> Reader[tuple[T, ...]]:
    """A reader of lists; entries with faults are left out."""

    def read_all(value: Value) -> tuple[T, ...]:
        items = []
        for item in value.items():
            try:
                items.append(read(item))
            except Unreadable:
                continue
        return tuple(items)

    return read_all


def shares(value: Value) -> dict[str, float]:
    """A mapping of names to numbers above 0."""
    numbers = {}
    for key, item in value.fields(None).items():
        numbers[key] = number(0, 1e6)(item)
        if not numbers[key]:
            raise item.fault("must be above 0; leave it out instead")
    if not numbers:
        raise value.fault("must not be empty; leave it out instead")
    return numbers
