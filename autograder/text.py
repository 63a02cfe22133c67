"""Text of unknown origin, made safe for terminals, pages, text files and tables.

Names, file names, notes and what an exception says may be a student's to choose. `plain` and `line` are for
whatever people look at, `shown` for names that have to stay apart, `cell` for tables.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

_TEXT_CHARS = 4_000
_STACKED = 3  # combining marks on one letter; names that climb over other rows use dozens
# Codes of a terminal: with their parameters, strings to their end, single letters; eight-bit forms too.
_ANSI = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"
    r"|\x1b[ -/]*[0-~]"
)
# Controls, half surrogate pairs, and what is invisible, fills a place unseen, or turns the reading direction.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_BREAKS = re.compile("\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)*(?:[eE][+-]?\d+)?\s*%?")
# Spreadsheets run a cell that starts so as a formula, some after trimming spaces; the wide forms are
# normalised to the narrow ones in East Asian settings. A lone sign, as for "no grade", is none.
_SIGNS = r"[=+@＝＋－＠﹢﹣﹦﹫-](?=.*\S)"
_FORMULA = re.compile(rf"'*[\s\x00-\x1f\u200b-\u200f\u2060\ufeff]*{_SIGNS}|'*[\t\r\n]", re.DOTALL)
# Where a reader of another dialect than the writer's, or one that ignores quotes, begins a new cell.
_SEPARATORS = re.compile(r"([\n\r\t;,|]+)")


def plain(text: str, limit: int = _TEXT_CHARS) -> str:
    """`text` that is safe to look at: no terminal codes, direction overrides or hidden characters.

    What is taken out leaves U+FFFD, so that two names that differ only there do not look the same. Line
    feeds and tabs stay. Cut after `limit` characters.
    """
    text = text[: 16 * limit]  # hidden characters may be many, and looking for them takes time
    text = _UNSEEN.sub("\ufffd", _BREAKS.sub("\n", _ANSI.sub("", text)))
    text = text if text.isascii() else _unstacked(text)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def line(text: str, limit: int = 300) -> str:
    """`plain` text on one line, for terminals, log lines and sentences."""
    return " ".join(plain(text, limit).split())


def shown(text: str) -> str:
    """A name as it can be printed, whatever characters it has; what cannot be printed becomes an escape.

    Unlike `plain` it takes nothing away: different names stay different.
    """
    text = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return "".join(char if _printable(char) else char.encode("unicode_escape").decode() for char in text)


def _printable(char: str) -> bool:
    return char.isprintable() and not _UNSEEN.match(char)


def _unstacked(text: str) -> str:
    kept, run = [], 0
    for character in text:
        run = run + 1 if unicodedata.combining(character) else 0
        if run <= _STACKED:
            kept.append(character)
    return "".join(kept)


def cell(text: str) -> str:
    """Text for a cell of a table that no spreadsheet runs as a formula; `uncell` gives it back.

    An apostrophe goes in front of what could start one, at the start and wherever another reader could
    see the start of a cell: after a line break, a tab, a comma, a semicolon, a bar.
    """
    return _guarded(_by_parts(text.replace("\0", ""), _guarded))


def uncell(text: str) -> str:
    """The text that `cell` was given."""
    return _by_parts(_bare(text), _bare)


def foreign_cell(text: str) -> str:
    """A cell of another tool's table, to be written again: numbers and what is guarded already stay."""
    return text if _NUMBER.fullmatch(text.strip()) else cell(uncell(text))


def _guarded(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) else text


def _bare(text: str) -> str:
    return text[1:] if text[:1] == "'" and _FORMULA.match(text[1:]) else text


def _by_parts(text: str, change: Callable[[str], str]) -> str:
    """`text` with what stands behind each separator changed."""
    parts = _SEPARATORS.split(text)
    parts[2::2] = map(change, parts[2::2])
    return "".join(parts)
