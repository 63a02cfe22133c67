"""What Gradescope's specification asks of results.json."""

from __future__ import annotations

from html.parser import HTMLParser


def check_document(document, visibility: str = "visible") -> None:
    """What Gradescope's specification asks of results.json."""
    assert document.keys() <= {
        *("score", "execution_time", "output", "output_format", "visibility", "stdout_visibility"),
        *("extra_data", "tests", "leaderboard"),
    }
    assert type(document["score"]) in (int, float)
    assert (document["visibility"], document["stdout_visibility"]) == (visibility, "hidden")
    for number, test in enumerate(document["tests"], start=1):
        assert test["number"] == str(number)
        assert test["status"] in ("passed", "failed")
        assert 0 <= test["score"] <= test["max_score"]
        assert test["visibility"] == visibility
        assert test["output_format"] == "html"
        well_formed(test["output"])


def well_formed(text: str) -> None:
    stack = []

    class Parser(HTMLParser):
        def handle_starttag(self, tag, attrs):
            assert tag in ("p", "ul", "li", "strong", "em", "code", "img", "br", "span"), tag
            if tag not in ("img", "br"):
                stack.append(tag)

        def handle_endtag(self, tag):
            assert stack.pop() == tag

    Parser().feed(text)
    assert not stack
