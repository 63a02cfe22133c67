"""HTML that is escaped by construction: text becomes markup only through `tag`."""

from __future__ import annotations

import base64
import hashlib
import html
from collections.abc import Iterable

from ..text import line, plain
from .style import STYLE

_VOID = frozenset({"meta"})


class Html(str):
    """Text that is markup already."""

    __slots__ = ()


Content = str | Html | None


def escaped(content: Content) -> Html:
    """Markup as it is; text made plain and escaped; nothing for None."""
    if content is None:
        return Html("")
    return content if isinstance(content, Html) else Html(html.escape(plain(content)))


def join(contents: Iterable[Content]) -> Html:
    """Contents one after the other."""
    return Html("".join(map(escaped, contents)))


def tag(name: str, /, *contents: Content, **attributes: str | int | float | None) -> Html:
    """An element. `class_` and `aria_label` become `class` and `aria-label`; None leaves one out."""
    words = (
        f' {key.rstrip("_").replace("_", "-")}="{html.escape(plain(str(value)))}"'
        for key, value in attributes.items()
        if value is not None
    )
    start = f"<{name}{''.join(words)}>"
    return Html(start if name in _VOID else f"{start}{join(contents)}</{name}>")


def name(student: str) -> Html:
    """A student's name, isolated so that right-to-left letters in it do not reorder the text beside it."""
    return tag("bdi", line(student, 120) or "(no name)")


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
