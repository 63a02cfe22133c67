"""Makes students' text and notebooks safe for tools that render Markdown and HTML unchecked.

Formgrader is one. Nothing of a student's may run, load or frame anything in the reader's browser. Markup
stays readable as text: a space after its first character takes its meaning away, in code as in prose.
"""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from typing import Any

from ..text import plain

_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_ENTITY = re.compile(r"&(?=#|[A-Za-z][A-Za-z0-9]*;)")  # a link's address may be written with them
_SCHEME = re.compile(r"(javascript|vbscript|data)\s*(?=:\S)", re.IGNORECASE)
_TEXT_CHARS = 1 << 20  # of one cell
_IMAGES = ("image/png", "image/jpeg", "image/gif")
_ABOUT = {  # whatever a notebook says of itself ends up in attributes and scripts of its page
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
_CELLS = ("nbgrader", "deletable", "editable")


def harmless(text: str) -> str:
    """Markdown in which no HTML, no entity and no address such as `javascript:` has an effect."""
    text = plain(text, _TEXT_CHARS)  # first: what it takes out may stand within markup
    for markup, words in ((_ENTITY, "& "), (_TAG, "< "), (_SCHEME, r"\1 ")):
        text = markup.sub(words, text)
    return text


def defuse(nb: Any) -> None:
    """Make a notebook harmless, in place: its texts, their attachments, and its metadata."""
    nb.metadata.clear()
    nb.metadata.update(_ABOUT)
    for cell in nb.cells:
        _keep(cell.metadata, _CELLS)
        if cell.cell_type != "code":  # code is shown as text by every tool
            cell.source = harmless(cell.source)
        for kinds in cell.get("attachments", {}).values():
            _keep(kinds, _IMAGES)


def _keep(entries: MutableMapping[str, Any], names: tuple[str, ...]) -> None:
    for name in [name for name in entries if name not in names]:
        del entries[name]
