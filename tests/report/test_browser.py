"""The pages as a browser shows them: narrow, hostile, sorted."""

import pytest

from autograder.report import write_class, write_student
from tests.report import factory
from tests.report.browser import CHROMIUM, look

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no chromium on this machine; tests/setup.sh installs it"
)

SHEET = factory.sample_class()


def test_no_page_scrolls_sideways_on_a_phone(tmp_path):
    pages = {}
    everyone = [*SHEET, *map(factory.hostile, factory.HOSTILE), factory.report("t0", tier=0, open_points=5)]
    write_class(everyone, "Convolutional networks", tmp_path)
    pages["class"] = tmp_path / "index.html"
    for i, report in enumerate(everyone):
        pages[f"{i}"] = tmp_path / f"{i}.html"
        write_student(report, pages[f"{i}"])
    unfold = "for (const each of document.querySelectorAll('details')) each.open = true;"
    found = look(tmp_path, pages, unfold + "return document.documentElement.scrollWidth")
    assert len(found) == len(pages)
    assert {name: width for name, width in found.items() if width > 360} == {}


def test_a_column_is_sorted_by_a_click_as_numbers_are_and_a_name_is_found(tmp_path):
    write_class(SHEET, "Class", tmp_path)
    found = look(
        tmp_path,
        {"class": tmp_path / "index.html"},
        """
        const table = document.querySelector("table.sortable"), buttons = table.querySelectorAll("th button");
        const column = (i) => [...table.tBodies[0].rows].map((row) => row.cells[i].textContent);
        buttons[1].click(); const up = column(1);
        const order = table.querySelectorAll("thead th")[1].getAttribute("aria-sort");
        buttons[1].click(); const down = column(1);
        buttons[0].click(); const names = column(0);
        const field = document.querySelector("input[type=search]");
        field.value = "lovelace"; field.dispatchEvent(new Event("input"));
        const rows = [...table.tBodies[0].rows].filter((row) => !row.hidden);
        const left = rows.map((row) => row.cells[0].textContent);
        return {up, down, order, names, left};
        """,
    )["class"]
    numbers = [-1.0 if score == "–" else float(score) for score in found["up"]]
    assert numbers == sorted(numbers)
    assert found["down"] == found["up"][::-1] or sorted(found["down"]) == sorted(found["up"])
    assert found["order"] == "ascending"
    assert found["names"][0] == "Ada Lovelace"
    assert found["left"] == ["Ada Lovelace"]


def test_nothing_that_a_student_wrote_runs(tmp_path):
    pages = {}
    for i, text in enumerate(factory.HOSTILE):
        pages[f"{i}"] = tmp_path / f"{i}.html"
        write_student(factory.hostile(text), pages[f"{i}"])
    write_class(list(map(factory.hostile, factory.HOSTILE)), factory.HOSTILE[0], tmp_path)
    pages["class"] = tmp_path / "index.html"
    found = look(
        tmp_path, pages, "return document.querySelectorAll('script, img, [onload], [onerror]').length"
    )
    assert found.pop("class") == 1  # its own
    assert set(found.values()) == {0}


def test_dark_and_light_pages_differ_where_the_reader_asks_for_them(tmp_path):
    write_student(SHEET[0], tmp_path / "a.html")
    found = look(
        tmp_path,
        {"a": tmp_path / "a.html"},
        """
        const rules = [...document.styleSheets[0].cssRules];
        return rules.some((rule) => rule.conditionText?.includes("prefers-color-scheme: dark"));
        """,
    )
    assert found == {"a": True}
