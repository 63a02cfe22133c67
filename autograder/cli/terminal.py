"""Text that strangers chose, on a terminal: no markup, no codes that move, colour or turn what stands there."""

from __future__ import annotations

import sys

from rich.text import Text

from ..report.markup import clean

_NAME_CHARS, _SAID_CHARS = 200, 20_000


def harmless(text: object) -> str:
    """The text without control codes; its lines stay."""
    return clean(str(text), _SAID_CHARS)


def one_line(text: object) -> str:
    """The text as one line."""
    return " ".join(harmless(text).split())


def plain(text: object) -> Text:
    """A name for rich, which would read markup in a string."""
    return Text(clean(one_line(text), _NAME_CHARS))


def tell(text: object) -> None:
    """Say one line on stderr."""
    print(one_line(text), file=sys.stderr)
