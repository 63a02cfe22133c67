"""`dlc export canvas` on exports as Canvas writes them."""

from __future__ import annotations

import pytest

from tests.interop.conftest import cells, export, report

TITLE = "Convolutional networks (4711)"
HEADER = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Warm-up (12),Convolutional networks (4711),Final Score\r\n"
)
POINTS = "    Points Possible,,,,,10.00,100.00,(read only)\r\n"
ROWS = (
    '"Lovelace, Ada",101,u1,ada@uni.example,"Deep, very deep",9.50,,95.00\r\n'
    '"Bartók, Béla",102,u2,bela@uni.example,"Deep, very deep",,12.00,1\r\n'
    '"O\'Brien, ""Quin""",103,u3,quin@uni.example,S,,EX,\r\n'
    '"Haddad, Dalia",104,u4,dalia@uni.example,S,,N/A,\r\n'
    '"Student, Test",105,,e1b2c3,S,,,\r\n'
)
EXPORT = "\ufeff" + HEADER + POINTS + ROWS


@pytest.fixture
def gradebook(tmp_path):
    def write(text: str = EXPORT, encoding: str = "utf-8"):
        path = tmp_path / "export.csv"
        path.write_bytes(text.encode(encoding))
        return path

    return write


@pytest.fixture
def fill(tmp_path, gradebook, graded):
    def run(*reports, text=EXPORT, words=()):
        folder = graded(*reports)
        book = gradebook(text)
        return export("canvas", folder, "--gradebook", book, "-o", "out.csv", *words, folder=tmp_path)

    return run


def column(path) -> dict[str, str]:
    header, *rows = cells(path.read_text(encoding="utf-8-sig"))
    at = header.index(TITLE)
    return {row[0]: row[at] for row in rows}


def test_one_column_is_filled_and_every_other_byte_stays(fill, tmp_path):
    done = fill(report("102", 80.0))
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out.csv").read_bytes() == EXPORT.replace("12.00", "80.00").encode()
    assert done.stdout == f"out.csv: 1 scores in the column {TITLE}\n"


@pytest.mark.parametrize(
    "identity",
    [
        *("101", "u1", "ada@uni.example", "ADA@uni.example", "Lovelace, Ada", "Ada Lovelace"),
        *("lovelaceada", "lovelaceada 101", "Ada  Lovelace"),
    ],
)
def test_a_student_is_known_by_id_login_or_name(fill, tmp_path, identity):
    done = fill(report(identity))
    assert done.returncode == 0, done.stderr
    assert column(tmp_path / "out.csv")["Lovelace, Ada"] == "87.46"


def test_excused_students_and_scores_without_a_verdict_keep_their_cell(fill, tmp_path):
    done = fill(report("u3", 50.0), report("u2", None))
    assert done.returncode == 0
    found = column(tmp_path / "out.csv")
    assert found['O\'Brien, "Quin"'] == "EX"
    assert found["Bartók, Béla"] == "12.00"
    assert 'line 5: O\'Brien, "Quin": is excused (EX); left so' in done.stderr
    assert "line 4: Bartók, Béla: has no score, since grading failed" in done.stderr


def test_who_is_not_matched_is_named_on_both_sides(fill, tmp_path):
    done = fill(report("u1"), report("stranger", 12.0))
    assert done.returncode == 1
    assert column(tmp_path / "out.csv")["Lovelace, Ada"] == "87.46"
    assert "1 graded but not in the gradebook: stranger (12.00)" in done.stderr
    assert "3 in the gradebook without a report" in done.stderr
    assert "Haddad, Dalia" in done.stderr
    assert "Student, Test" not in done.stderr


def test_semicolons_line_ends_and_an_absent_mark_are_kept(fill, tmp_path):
    text = (HEADER + POINTS + ROWS).replace('"Deep, very deep"', "S").replace("\r\n", "\n")
    text = "\n".join(";".join(row) for row in cells(text)) + "\n"
    text = text.replace('O\'Brien, "Quin"', '"O\'Brien, ""Quin"""')
    done = fill(report("u2"), text=text)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out.csv").read_bytes() == text.replace("12.00", "87.46").encode()


@pytest.mark.parametrize("end", ["\n", "\r"], ids=["Unix", "Macintosh"])
def test_line_ends_of_another_system_are_read_and_kept(fill, tmp_path, end):
    text = EXPORT.replace("\r\n", end).replace('"Deep, very deep"', '"a\nline"', 1)
    text = text.replace("Deep, very deep", "a\rline")
    done = fill(report("u2"), text=text)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out.csv").read_bytes() == text.replace("12.00", "87.46").encode()


def test_a_cell_longer_than_any_is_told_with_its_line(fill):
    done = fill(report("u1"), text="Student,ID," + "x" * 200_000)
    assert done.returncode == 2
    assert "line 1: is no CSV (field larger than field limit" in done.stderr


def test_a_header_of_many_columns_is_read(fill, tmp_path):
    more = [f"Task {number} ({number})" for number in range(20_000)]
    rows = [[*row, *([""] * len(more))] for row in cells(EXPORT)]
    rows[0][-len(more) :] = more
    text = "".join(",".join(f'"{cell}"' if "," in cell else cell for cell in row) + "\n" for row in rows[:4])
    done = fill(report("u2"), text=text)
    assert done.returncode == 0, done.stderr
    assert column(tmp_path / "out.csv")["Bartók, Béla"] == "87.46"


@pytest.mark.parametrize("wanted", [TITLE, "Convolutional networks"])
def test_the_column_can_be_named(fill, tmp_path, wanted):
    text = EXPORT.replace("Warm-up (12)", "a4_cnn (12)")
    refused = fill(report("u1"), text=text)
    assert refused.returncode == 2
    assert "line 1: has more than one column" in refused.stderr
    assert "--assignment from: 'a4_cnn (12)', 'Convolutional networks (4711)'" in refused.stderr
    book = tmp_path / "export.csv"
    done = export(
        *("canvas", "graded", "--gradebook", book, "-o", "out.csv", "--assignment", wanted), folder=tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert column(tmp_path / "out.csv")["Lovelace, Ada"] == "87.46"


def test_a_difference_in_full_marks_is_said(fill):
    done = fill(report("u1"), text=EXPORT.replace("10.00,100.00", "10.00,20.00"))
    assert "Canvas counts this assignment with 20 points, the reports with 100" in done.stderr


def test_a_manual_posting_row_and_empty_lines_are_no_students(fill, tmp_path):
    text = EXPORT.replace(POINTS, ",,,,,,Manual Posting,\r\n" + POINTS + "\r\n")
    done = fill(report("u1"), text=text)
    assert done.returncode == 0, done.stderr
    assert column(tmp_path / "out.csv")["Lovelace, Ada"] == "87.46"


TWO_ADAS = EXPORT + '"Lovelace, Ada",106,u6,ada6@uni.example,S,,,\r\n'


@pytest.mark.parametrize(
    ("text", "students", "says"),
    [
        (TWO_ADAS, ["Ada Lovelace"], "lines 3 and 8: Ada Lovelace may be any of these"),
        (EXPORT.replace(",102,u2,", ",102,101,"), ["101"], "lines 3 and 4: 101 may be any of these"),
        (EXPORT.replace("quin@uni.example", "dalia haddad"), ["Dalia Haddad"], "lines 5 and 6: Dalia"),
        (EXPORT, ["u1", "Ada Lovelace"], "line 3: Lovelace, Ada is both"),
        (EXPORT + '"X, Y",101,u9,x,S,,,\r\n', ["u1"], "line 8: ID 101 stands on line 3 too"),
        (EXPORT.replace("Convolutional", "Other"), ["u1"], "line 1: has no column of an assignment named"),
        (EXPORT.replace("Student,ID,", "Student,Id number,"), ["u1"], "line 1: has no column 'ID'"),
        (EXPORT.replace("Student,ID", "Name,ID"), ["u1"], "line 1: starts with 'Name', not with 'Student'"),
        (EXPORT.replace("103,u3,", "103,"), ["u1"], "line 5: has 7 columns, the header 8"),
        (EXPORT.replace(',"Deep, very deep",9.50', ',"Deep"x,9.50'), ["u1"], "line 3: is no CSV"),
        (EXPORT.replace("\r\n", "\r") + '"Deep"x\r', ["u1"], "line 8: is no CSV"),
        ("", ["u1"], "is empty; export the gradebook from Canvas"),
        ("\ufeff\r\n", ["u1"], "is empty"),
    ],
)
def test_what_is_no_gradebook_is_refused_with_file_line_and_way_out(fill, tmp_path, text, students, says):
    done = fill(*(report(each) for each in students), text=text)
    assert done.returncode == 2
    assert says in done.stderr
    assert done.stderr.startswith("dlc: ")
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "out.csv").exists()


def test_two_students_of_one_name_are_told_apart_by_the_number_of_the_platform(fill, tmp_path):
    done = fill(report("lovelaceada 101", 10.0), report("lovelaceada 106", 20.0), text=TWO_ADAS)
    assert done.returncode == 0, done.stderr
    rows = cells((tmp_path / "out.csv").read_text(encoding="utf-8-sig"))
    assert {row[1]: row[6] for row in rows if row[0] == "Lovelace, Ada"} == {"101": "10.00", "106": "20.00"}


def test_another_encoding_is_named_with_its_line(tmp_path, gradebook, graded):
    book = gradebook(HEADER + POINTS + ROWS, "latin-1")
    done = export("canvas", graded(report("u1")), "--gradebook", book, "-o", "out.csv", folder=tmp_path)
    assert done.returncode == 2
    assert "export.csv, line 4: byte 0xf3 is no utf-8; save the file as CSV in UTF-8" in done.stderr
    book = gradebook((HEADER + POINTS + ROWS).replace("\r\n", "\r"), "latin-1")
    done = export("canvas", "graded", "--gradebook", book, "-o", "out.csv", folder=tmp_path)
    assert "export.csv, line 4: byte 0xf3" in done.stderr


def test_utf_16_with_a_mark_is_read(tmp_path, gradebook, graded):
    book = gradebook(HEADER + POINTS + ROWS, "utf-16")
    done = export("canvas", graded(report("u1")), "--gradebook", book, "-o", "out.csv", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert column(tmp_path / "out.csv")["Lovelace, Ada"] == "87.46"


@pytest.mark.parametrize("kind", ["absent", "no results", "damaged", "two assignments"])
def test_a_folder_that_is_no_graded_one_is_refused(tmp_path, gradebook, graded, kind):
    folder = tmp_path / "graded"
    if kind == "no results":
        folder.mkdir()
    if kind == "damaged":
        (graded(report("u1")) / "results/0.json").write_text("{}")
    if kind == "two assignments":
        graded(report("u1"), report("u2", assignment="a5_lstm"))
    done = export("canvas", folder, "--gradebook", gradebook(), "-o", "out.csv", folder=tmp_path)
    assert done.returncode == 2
    says = {
        "damaged": "0.json: not a result of `dlc grade`",
        "two assignments": "1.json: is a result of a5_lstm, but 0.json is one of a4_cnn",
    }.get(kind, "graded: no results/*.json there; name the folder that `dlc grade -o` wrote")
    assert says in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_place_that_cannot_be_written_is_said_and_nothing_is_left_behind(tmp_path, gradebook, graded):
    (tmp_path / "out.csv").mkdir()
    before = sorted(tmp_path.iterdir())
    folder, book = graded(report("u1")), gradebook()
    done = export("canvas", folder, "--gradebook", book, "-o", "out.csv", folder=tmp_path)
    assert done.returncode == 2
    assert "out.csv: cannot write there" in done.stderr
    assert sorted(tmp_path.iterdir()) == sorted([*before, folder, book])
