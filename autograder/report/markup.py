"""HTML that is escaped by construction: text becomes markup only through `tag`."""

from __future__ import annotations

import base64
import hashlib
import html
import re
import unicodedata
from collections.abc import Iterable

from .style import STYLE

_VOID = frozenset({"meta"})
_TEXT_CHARS = 4_000  # of one text on a page; the rest is for the results file
_STACKED = 3  # combining marks on one letter; names that climb over other rows use dozens
_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
# Controls, half surrogate pairs, and what is invisible or turns the reading direction.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)


class Html(str):
    """Text that is markup already."""

    __slots__ = ()


Content = str | Html | None


def clean(text: str, limit: int = _TEXT_CHARS) -> str:
    """`text` that is safe to look at: without terminal codes, direction overrides or hidden characters.

    What is taken out leaves U+FFFD, so that two names that differ only there do not look the same.
    """
    text = _ANSI.sub("", text).replace("\u2028", "\n").replace("\u2029", "\n").replace("\r\n", "\n")
    text = _UNSEEN.sub("\ufffd", text)
    text = text if text.isascii() else _unstacked(text)
    return text if len(text) <= limit else text[:limit] + "…"


def _unstacked(text: str) -> str:
    kept, run = [], 0
    for character in text:
        run = run + 1 if unicodedata.combining(character) else 0
        if run <= _STACKED:
            kept.append(character)
    return "".join(kept)


def escaped(content: Content) -> Html:
    """Markup as it is; text cleaned and escaped; nothing for None."""
    if content is None:
        return Html("")
    return content if isinstance(content, Html) else Html(html.escape(clean(content)))


def join(contents: Iterable[Content]) -> Html:
    """Contents one after the other."""
    return Html("".join(map(escaped, contents)))


def tag(name: str, /, *contents: Content, **attributes: str | int | float | None) -> Html:
    """An element. `class_` and `aria_label` become `class` and `aria-label`; None leaves one out."""
    words = (
        f' {key.rstrip("_").replace("_", "-")}="{html.escape(clean(str(value)))}"'
        for key, value in attributes.items()
        if value is not None
    )
    start = f"<{name}{''.join(words)}>"
    return Html(start if name in _VOID else f"{start}{join(contents)}</{name}>")


def name(student: str) -> Html:
    """A student's name, kept from turning the direction of what stands beside it."""
    return tag("bdi", clean(student, 120).strip() or "(no name)")


def page(title: str, body: Html, script: str = "") -> str:
    """A whole document. It may load nothing, and run nothing but `script`."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    allowed = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    head = join(
        (
            tag("meta", charset="utf-8"),
            tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
            tag("meta", name="color-scheme", content="light dark"),
            tag("meta", name="referrer", content="no-referrer"),
            tag("meta", name="robots", content="noindex"),
            tag(
                "meta",
                http_equiv="Content-Security-Policy",
                content=f"{allowed}; script-src 'sha256-{digest}'" if script else allowed,
            ),
            tag("title", title),
            tag("style", Html(STYLE)),
        )
    )
    end = tag("script", Html(script)) if script else None
    document = tag("html", tag("head", head), tag("body", body, end), lang="en")
    return f"<!DOCTYPE html>\n{document}\n"
