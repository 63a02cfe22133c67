"""`dlc export moodle` and `dlc export csv` on files as Moodle writes them."""

from __future__ import annotations

import pytest

from tests.interop.conftest import cells, export, report

PEOPLE = (
    '"First name","Last name",Username,"Email address"\n'
    "Ada,Lovelace,ada,ada@uni.example\n"
    "Béla,Bartók,bela,bela@uni.example\n"
)
SHEET = (
    'Identifier,"Full name","Email address",Status,Grade,"Maximum grade","Grade can be changed",'
    '"Last modified (submission)","Last modified (grade)","Feedback comments"\n'
    '"Participant 501","Ada Lovelace",ada@uni.example,"Submitted for grading",,100.00,Yes,'
    '"Friday, 12 March 2027, 10:00 AM",-,\n'
    '"Participant 502","Béla Bartók",bela@uni.example,"Submitted for grading",55.00,100.00,No,-,-,old\n'
    '"Participant 503","Cyd, Jr",cyd@uni.example,"No submission",,100.00,Yes,-,-,\n'
)


@pytest.fixture
def run(tmp_path, graded):
    def run(*reports, people=None, sheet=None, words=()):
        named = []
        for option, text in (("--participants", people), ("--worksheet", sheet)):
            if text is not None:
                path = tmp_path / f"{option[2:]}.csv"
                path.write_text(text, encoding="utf-8")
                named += [option, path]
        return export("moodle", graded(*reports), *named, "-o", "out.csv", *words, folder=tmp_path)

    return run


def test_an_import_holds_user_address_score_and_feedback(run, tmp_path):
    done = run(report("ada@uni.example"), report("Béla Bartók", 50.0), people=PEOPLE)
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "out.csv").read_bytes().decode()
    header, ada, bela = cells(text)
    title = "Convolutional networks"
    assert header == ["username", "email address", title, f"{title} (feedback)"]
    assert ada[:3] == ["ada", "ada@uni.example", "87.46"]
    assert bela[:3] == ["bela", "bela@uni.example", "50.00"]
    assert ada[3].startswith("Convolution 50/50; Batch norm 37.46/50; Batch norm: You normalise with")
    assert text.endswith("\r\n")
    assert not text.endswith("\r\n\r\n")


def test_one_unknown_user_is_refused_before_moodle_refuses_all(run, tmp_path):
    done = run(report("ada"), report("stranger"), people=PEOPLE)
    assert done.returncode == 2
    assert "participants.csv: has no 'Username' of stranger; Moodle would refuse the whole" in done.stderr
    assert "--skip-unknown" in done.stderr
    assert not (tmp_path / "out.csv").exists()


def test_unknown_users_can_be_left_out_and_are_named(run, tmp_path):
    done = run(report("ada"), report("stranger"), people=PEOPLE, words=["--skip-unknown"])
    assert done.returncode == 1
    assert "stranger (87.46)" in done.stderr
    assert [row[0] for row in cells((tmp_path / "out.csv").read_text())] == ["username", "ada"]


UNKNOWN = PEOPLE.replace("bela,bela@uni.example", ",") + "Cyd,Cole,cyd,\n"


def test_a_user_without_name_and_address_is_refused_before_moodle_refuses_all(run, tmp_path):
    done = run(report("ada"), report("Béla Bartók"), people=UNKNOWN)
    assert done.returncode == 2
    assert "participants.csv: has no 'Username' of Béla Bartók; Moodle would refuse" in done.stderr
    assert not (tmp_path / "out.csv").exists()


def test_a_user_without_name_and_address_can_be_left_out(run, tmp_path):
    done = run(report("Ada Lovelace"), report("Béla Bartók"), people=UNKNOWN, words=["--skip-unknown"])
    assert done.returncode == 1
    assert "Béla Bartók (87.46)" in done.stderr
    assert [row[:2] for row in cells((tmp_path / "out.csv").read_text())][1:] == [["ada", "ada@uni.example"]]


def test_a_column_that_knows_not_everybody_is_not_written(run, tmp_path):
    done = run(report("ada"), report("Cyd Cole"), people=UNKNOWN)
    assert done.returncode == 0, done.stderr
    rows = cells((tmp_path / "out.csv").read_text())
    assert [row[:2] for row in rows[1:]] == [["ada", "87.46"], ["cyd", "87.46"]]
    assert rows[0][:2] == ["username", "Convolutional networks"]


def test_a_score_that_is_not_there_makes_no_row(run, tmp_path):
    done = run(report("ada", None), report("bela"), people=PEOPLE)
    assert [row[0] for row in cells((tmp_path / "out.csv").read_text())] == ["username", "bela"]
    assert "ada: has no score, since grading failed; left out" in done.stderr


REASON = 'work.zip holds "conv.py", conv.txt,\nand no code'
ON_ONE_LINE = REASON.replace("\n", " ")  # as students and staff are told it


def test_feedback_with_commas_quotes_and_lines_stays_one_cell(run, tmp_path):
    done = run(report("ada", status="unreadable", reason=REASON, score=0.0), report("bela"), people=PEOPLE)
    assert done.returncode == 0, done.stderr
    rows = cells((tmp_path / "out.csv").read_bytes().decode())
    assert rows[1] == ["ada", "ada@uni.example", "0.00", f"unreadable: {ON_ONE_LINE}"]
    assert [len(row) for row in rows] == [4, 4, 4]


def test_feedback_that_a_spreadsheet_would_run_is_quoted(run, tmp_path):
    done = run(report("ada", status="=cmd()", reason=REASON, score=0.0), people=PEOPLE)
    assert done.returncode == 0, done.stderr
    assert cells((tmp_path / "out.csv").read_bytes().decode())[1][3] == f"'=cmd(): {ON_ONE_LINE}"


def test_a_worksheet_saved_with_semicolons_gets_the_commas_that_moodle_reads(run, tmp_path):
    sheet = "\n".join(";".join(f'"{cell}"' for cell in row) for row in cells(SHEET)) + "\n"
    done = run(report("Ada Lovelace"), sheet=sheet)
    assert done.returncode == 0, done.stderr
    assert cells((tmp_path / "out.csv").read_text())[0] == cells(SHEET)[0]


def test_the_worksheet_gets_grades_and_feedback_and_keeps_the_rest(run, tmp_path):
    done = run(report("Ada Lovelace"), report("502"), sheet=SHEET)
    assert done.returncode == 0, done.stderr
    header, ada, bela, cyd = cells((tmp_path / "out.csv").read_text())
    expected = cells(SHEET)
    grade = header.index("Grade")
    assert ada[grade] == "87.46"
    assert ada[-1].startswith("Convolution 50/50")
    assert [ada[:grade], ada[grade + 1 : -1]] == [expected[1][:grade], expected[1][grade + 1 : -1]]
    assert [header, bela, cyd] == [expected[0], expected[2], expected[3]]
    assert "line 3: Béla Bartók: Moodle lets nobody change this grade" in done.stderr
    assert "without a report, left as they are: Cyd, Jr" in done.stderr


def test_a_worksheet_with_other_full_marks_is_refused(run):
    done = run(report("Ada Lovelace"), sheet=SHEET.replace("100.00", "10,00").replace(",10,00", ',"10,00"'))
    assert done.returncode == 2
    assert "line 2: the largest grade there is 10.00, of the reports 100" in done.stderr


@pytest.mark.parametrize(
    ("people", "sheet", "says"),
    [
        (
            "a,b\n1,2\n",
            None,
            "line 1: has no column 'email address', only 'a', 'b'; set Moodle's language to English",
        ),
        (PEOPLE + "Eve,Else,ada2,ada@uni.example\n", None, "lines 2 and 4: ada@uni.example may be any"),
        (
            PEOPLE.replace(",bela,", ",ada@uni.example,"),
            None,
            "lines 2 and 3: ada@uni.example may be any of these",
        ),
        ("", None, "participants.csv: is empty"),
        (None, PEOPLE, "line 1: has no column 'Identifier'"),
        (
            None,
            SHEET.replace("Grade,", "Bewertung,"),
            "has no column 'Grade', only 'Identifier', 'Full name'",
        ),
        (
            None,
            SHEET.replace("Last modified (grade)", "Zuletzt"),
            "set Moodle's language to English, download",
        ),
        (PEOPLE, SHEET, "name either --participants FILE or --worksheet FILE"),
        (None, None, "name either --participants FILE or --worksheet FILE"),
    ],
)
def test_what_is_no_file_of_moodle_is_refused_with_the_way_out(run, tmp_path, people, sheet, says):
    done = run(report("ada@uni.example"), people=people, sheet=sheet)
    assert done.returncode == 2
    assert says in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "out.csv").exists()


def test_a_plain_csv_holds_points_per_task(tmp_path, graded):
    done = export("csv", graded(report("ada")), "-o", "deep/out.csv", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    header, row = cells((tmp_path / "deep/out.csv").read_text())
    found = dict(zip(header, row, strict=True))
    assert (found["student"], found["conv"], found["score"]) == ("ada", "50", "87.456")
