"""Text and notebooks of students for tools that render Markdown and HTML as it comes, as formgrader does.

Nothing of them may run, load or frame anything in the browser of who reads them. What would be markup stays
readable as text: a space behind its first character takes its meaning away, in code as in prose.
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
    """Markdown without HTML, entities and addresses that run."""
    text = plain(text, _TEXT_CHARS)  # first: what it takes out may stand within markup
    for markup, words in ((_ENTITY, "& "), (_TAG, "< "), (_SCHEME, r"\1 ")):
        text = markup.sub(words, text)
    return text


def defuse(nb: Any) -> None:
    """Make a notebook harmless, in place: texts, what is attached to them, and what it says of itself."""
    nb.metadata.clear()
    nb.metadata.update(_ABOUT)
    for cell in nb.cells:
        _keep(cell.metadata, _CELLS)
        if cell.cell_type != "code":  # code is shown as text by every tool
            cell.source = harmless(cell.source)
        for kinds in cell.get("attachments", {}).values():
            _keep(kinds, _IMAGES)


def _keep(found: MutableMapping[str, Any], names: tuple[str, ...]) -> None:
    for name in [each for each in found if each not in names]:
        del found[name]
