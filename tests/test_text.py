"""Text of unknown origin: nothing of it acts on a terminal, a reader's eye or a spreadsheet."""

import csv
import io
import random
import re
import unicodedata

import pytest

from autograder.export.canvas import fill_canvas
from autograder.export.moodle import fill_worksheet, grades_for_moodle
from autograder.export.table import read_table
from autograder.report.gradebook import gradebook
from autograder.text import cell, foreign_cell, line, plain, shown, uncell
from tests.report import factory

CONTROLS = [
    *map(chr, [*range(9), *range(11, 32), *range(127, 160)]),
    *"\u061c\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff",
    *("\ud800", "\udfff", "\u3164", "\xad", "\U000e0041"),
]
ANSI = [
    *("\x1b[31m", "\x1b]0;title\x07", "\x1b]8;;http://x\x1b\\"),
    *("\x9b2J", "\x1bc", "\x1b(B", "\x1bPq~\x1b\\"),
]
FORMULAS = [
    *("=cmd|' /C calc'!A0", "-Ann", "@bob", "+49", "＝1"),
    *(" =1", "\t=1", "\r=1", "\ufeff=1", "a\n=1", "a;=1"),
]
# What a spreadsheet takes for the start of a formula, in any cell that any reader may see.
RUNS = re.compile(r"[\s\u200b\ufeff]*[=+\-@＝＋－＠](?=.*\S)", re.DOTALL)


@pytest.mark.parametrize("char", CONTROLS, ids=ascii)
def test_no_control_or_hidden_character_is_left(char):
    for clean in (plain, line, shown):
        assert char not in clean(f"a{char}b")
    assert plain(f"a{char}b") != "ab"  # what was taken out is seen


@pytest.mark.parametrize("code", ANSI, ids=ascii)
def test_no_terminal_code_is_left(code):
    found = line(f"before {code}after")
    assert found.startswith("before ")
    assert all(unicodedata.category(char) not in ("Cc", "Cf", "Cs") for char in found)
    assert not {"\x1b", "\x9b"} & set(shown(code))


def test_text_is_bounded_and_a_line_is_one_line():
    assert len(plain("x" * 10**7)) == 4_000
    assert len(line("\u200b" * 10**7, 60)) <= 60
    assert line("a\r\nb\u2028c\x85d\te") == "a b c d e"
    assert plain("two\r\nlines\tthere") == "two\nlines\tthere"


def test_names_that_differ_stay_different():
    names = ["a", "a\u200b", "a\u202e", "a\ud800", "a\x1b[0m", "a\x9b0m"]
    assert len(set(map(shown, names))) == len(names)


@pytest.mark.parametrize("name", FORMULAS, ids=ascii)
def test_no_reader_of_a_guarded_cell_sees_a_formula(name):
    for start in re.split(r"[\n\r\t;,|]", cell(name)):
        assert not RUNS.match(start)
    assert not RUNS.match(cell(name))
    assert cell(name)[0] not in "\t\r"


def test_every_text_comes_back_from_its_cell(rounds, seed):
    rng = random.Random(seed)
    for _ in rounds(5_000, 500_000):
        text = "".join(rng.choice("'=+-@ \t\r\n;,|a1＝\ufeff\"") for _ in range(rng.randrange(9)))
        assert uncell(cell(text)) == text
        assert not RUNS.match(cell(text))


@pytest.mark.parametrize("number", ["-5", "+1.5", "-0,25", "-1e-3", "12 %", "-", ""])
def test_numbers_of_another_table_stay_numbers(number):
    assert foreign_cell(number) == number


def test_points_below_nothing_stay_numbers():
    found = factory.report("Ada", score=-2.5, penalty=10.0)
    (row,) = csv.DictReader(io.StringIO(gradebook([found]), newline=""))
    assert float(row["score"]) == -2.5


@pytest.mark.parametrize("name", [*FORMULAS[:5], "a;=1", "'=1"], ids=ascii)
def test_a_name_survives_our_gradebook_and_our_readers(tmp_path, name):
    found = factory.report(name)
    path = tmp_path / "gradebook.csv"
    path.write_text(gradebook([found]), encoding="utf-8", newline="")
    table = read_table(path, "")
    assert table.rows[0].text(0) == name
    path.write_text(table.text(), encoding="utf-8", newline="")  # and once more through another's hands
    assert read_table(path, "").rows[0].text(0) == name


@pytest.mark.parametrize("name", FORMULAS[:5], ids=ascii)
def test_platforms_get_no_formula_and_their_files_name_the_same_student(tmp_path, name):
    found = [factory.report(name)]
    canvas, moodle, sheet = (tmp_path / each for each in ("canvas.csv", "moodle.csv", "sheet.csv"))
    _write(canvas, ["Student", "ID", f"{found[0].title} (7)"], [name, "12", ""])
    _write(moodle, ["username", "email address"], [name, f"{name}@x.edu"])
    head = ["Identifier", "Full name", "Grade", "Last modified (grade)", "Feedback comments"]
    _write(sheet, head, ["Participant 12", name, "", "-", ""])
    for _ in range(2):  # what we wrote is read again
        texts = {
            canvas: fill_canvas(canvas, found, None).table.text(),
            sheet: fill_worksheet(sheet, found).text,
        }
        assert len(grades_for_moodle(moodle, found).matched.pairs) == 1
        for text in (*texts.values(), grades_for_moodle(moodle, found).text):
            for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")):
                assert not any(RUNS.match(each) and each != name == "+49" for each in row)
        for path, text in texts.items():
            path.write_text(text, encoding="utf-8", newline="")


def _write(path, *rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
