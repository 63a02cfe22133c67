"""Text that strangers chose, on a terminal: square brackets in it are no markup."""

from __future__ import annotations

import sys

from rich.text import Text

from ..text import line


def named(text: object) -> Text:
    """A name or sentence for rich, which would read markup in a string."""
    return Text(line(str(text)))


def tell(text: object) -> None:
    """Say one line on stderr."""
    print(line(str(text)), file=sys.stderr)
