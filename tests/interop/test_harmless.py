"""Notebooks and comments for tools that render what they find: nothing of a student's is markup there."""

from html.parser import HTMLParser

import nbformat
import pytest

from autograder.export.harmless import defuse, harmless

MARKUP = [
    "<script>alert(1)</script>",
    "<ScRiPt/src=//x>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><animate/></svg>",
    "<!--<img src='--><img src=x onerror=alert(1)//'>",
    "</div></style><iframe srcdoc='&lt;script&gt;alert(1)&lt;/script&gt;'></iframe>",
    "`code` <b>bold</b>\n\n    <script>in a block</script>",
    "<\x00script>alert(1)</script>",
    "<\x1b[0mscript>alert(1)</script>",
    "<\u200bscript><<script>>",
    "<?php x ?><![CDATA[<script>]]>",
]
LINKS = [
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java&#115;cript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "$\\href{javascript:alert(1)}{x}$",
    "<javascript:alert(1)>",
    "[x]: vbscript:msgbox(1)",
]
PROSE = "Is 3 < 4 and a<=b? $a & b$, see data: the digits. *Yes*, `x[i]`, > quoted\n\n1. one\n2. two"


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found.append(tag)

    handle_endtag = handle_comment = handle_decl = handle_pi = unknown_decl = lambda self, *found: (
        self.found.append(found)
    )


@pytest.mark.parametrize("text", MARKUP)
def test_no_tag_is_left(text):
    parser = Tags()
    parser.feed(harmless(text))
    parser.close()
    assert parser.found == []


@pytest.mark.parametrize("text", LINKS)
def test_no_address_runs(text):
    found = harmless(text).lower()
    assert not any(f"{scheme}:" in found for scheme in ("javascript", "vbscript"))
    assert "data:text" not in found
    assert "&#" not in found
    assert "&colon;" not in found


def test_prose_stays_as_it_is():
    assert harmless(PROSE) == PROSE
    assert harmless(harmless("a <b> c")) == harmless("a <b> c") == "a < b> c"


def test_of_a_notebook_nothing_is_live():
    nb = nbformat.v4.new_notebook(
        metadata={"title": MARKUP[0], "widgets": {"application/vnd.jupyter.widget-state+json": MARKUP[0]}},
        cells=[
            nbformat.v4.new_markdown_cell(
                MARKUP[2], metadata={"tags": [MARKUP[1]], "nbgrader": {"grade": 1}}
            ),
            nbformat.v4.new_raw_cell(MARKUP[0], metadata={"raw_mimetype": "text/html"}),
            nbformat.v4.new_code_cell("x = '<b>'"),
        ],
    )
    images = {"image/svg+xml": MARKUP[3], "text/html": MARKUP[0], "image/png": "iVBOR"}
    nb.cells[0]["attachments"] = {"a.png": dict(images)}
    defuse(nb)
    assert not any(text in str(nb) for text in (*MARKUP[:4], "raw_mimetype", "svg"))
    assert nb.cells[0].attachments == {"a.png": {"image/png": "iVBOR"}}
    assert nb.cells[0].metadata == {"nbgrader": {"grade": 1}}
    assert nb.cells[2].source == "x = '<b>'"  # code is no markup
    nbformat.validate(nb)
