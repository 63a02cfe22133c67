"""A real browser on pages from disk, and a strict reader of their markup."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
_QUIET = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage"),
    "--allow-file-access-from-files",  # the frame and the page around it both come from disk
)
_AROUND = """<!DOCTYPE html><meta charset="utf-8"><pre id="found">nothing</pre><script>
const pages = PAGES, found = {};
const look = (frame) => { const document = frame.contentDocument; BODY };
Promise.all(Object.entries(pages).map(([name, address]) => new Promise((done) => {
  const frame = document.createElement("iframe");
  frame.width = WIDTH; frame.height = 700; frame.style.border = "0";
  frame.onload = () => { found[name] = look(frame); done(); };
  frame.src = address; document.body.append(frame);
}))).then(() => { window.found.textContent = JSON.stringify(found); });
</script>"""


def look(folder: Path, pages: dict[str, Path], body: str, width: int = 360) -> dict[str, Any]:
    """What the JavaScript function body returns for each page, opened unchanged in a frame of `width` px."""
    around = folder / "around.html"
    names = {name: path.as_uri() for name, path in pages.items()}
    text = _AROUND.replace("PAGES", json.dumps(names)).replace("WIDTH", str(width)).replace("BODY", body)
    around.write_text(text, encoding="utf-8")
    with tempfile.TemporaryDirectory() as profile:
        command = [str(CHROMIUM), *_QUIET, f"--user-data-dir={profile}", "--virtual-time-budget=20000"]
        done = subprocess.run(
            [*command, "--dump-dom", around.as_uri()], capture_output=True, timeout=1_800, check=True
        )
    match = re.search(r'<pre id="found">(.*?)</pre>', done.stdout.decode(), re.DOTALL)
    assert match, done.stderr.decode()[-2000:]
    found = json.loads(unescape(match[1]))
    assert isinstance(found, dict)
    return found


class Reader(HTMLParser):
    """Elements, attributes and text of a document in which every element is closed in its turn."""

    VOID = frozenset({"meta"})

    def __init__(self, document: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(document)
        self.close()
        assert not self.open, f"never closed: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [key for key, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> repeats an attribute: {names}"
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open[-1] == tag, f"</{tag}> inside {self.open}"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] not in ("style", "script"):
            self.words.append(data)

    @property
    def text(self) -> str:
        """What a person reads, white space folded."""
        return " ".join(" ".join(self.words).split())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """Attributes of each element of one kind."""
        return [attributes for name, attributes in self.elements if name == tag]
