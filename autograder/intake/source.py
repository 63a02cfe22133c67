"""The text of a Python file, whatever editor saved it, and what Python says against it."""

from __future__ import annotations

import codecs
import io
import tokenize
from dataclasses import dataclass

from ..source.parsing import parse
from ..text import shown

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_TRICKS = ("utf-7", "unicode-escape", "raw-unicode-escape")  # what an editor shows is not what would run
_SAID = 160  # characters kept of what Python said


@dataclass(frozen=True, slots=True)
class Source:
    """One text of Python."""

    text: str  # lines end in "\n"; fails to load where `fault` says so
    fault: str | None = None  # one sentence why Python does not take it, with file and line
    note: str | None = None  # what was mended


def read_source(path: str, contents: bytes) -> Source:
    """Decode and check one file. Never raises.

    UTF-8, with or without byte order mark, what a coding line names, and UTF-16 with a mark. A text of
    another encoding is replaced by one that fails to load and says why.
    """
    name = shown(path)
    try:
        text, note = _decoded(contents)
    except UnicodeDecodeError as error:
        line = contents.count(b"\n", 0, error.start) + 1
        fault = (
            f"{name}, line {line}: byte 0x{contents[error.start]:02x} is no {error.encoding}; "
            "save the file as UTF-8"
        )
        return Source(f"raise SyntaxError({fault!r})\n", fault)
    except (SyntaxError, LookupError, UnicodeError) as error:
        fault = f"{name}: unknown encoding ({_said(error)}); save the file as UTF-8"
        return Source(f"raise SyntaxError({fault!r})\n", fault)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return Source(text, syntax_fault(name, text), note and f"{name}: {note}")


def syntax_fault(name: str, text: str) -> str | None:
    """What Python says against a text: file, line and its words; None if nothing."""
    try:
        parse(text)
    except SyntaxError as error:
        line = f", line {error.lineno}" if error.lineno else ""
        return f"{name}{line}: Python says: {_said(error)}"
    return None


def _decoded(contents: bytes) -> tuple[str, str | None]:
    if contents.startswith(_UTF16):
        return contents.decode("utf-16"), "was UTF-16 and read as such; save it as UTF-8"
    encoding, _ = tokenize.detect_encoding(io.BytesIO(contents).readline)
    if codecs.lookup(encoding).name.replace("_", "-") in _TRICKS:
        raise LookupError(encoding)
    return contents.decode(encoding), None


def _said(error: BaseException) -> str:
    words = error.msg if isinstance(error, SyntaxError) else str(error)
    return shown(words)[:_SAID]
