import csv
import io

import pytest

from autograder.report import write_gradebook
from autograder.report.gradebook import gradebook
from tests.report import factory


def rows(*reports):
    return list(csv.DictReader(io.StringIO(gradebook(reports), newline="")))


def test_the_gradebook_has_one_column_per_task_and_all_that_explains_a_score():
    report = factory.report("Ada", late_days=2, penalty=12.5)
    (row,) = rows(report)
    tasks = [task for task, _, _ in factory.TASKS]
    assert list(row) == [
        "student", *tasks, "score", "max_score", "status", "reason", "late_days", "penalty", "tier"
    ]  # fmt: skip
    assert [float(row[task.task]) for task in report.tasks] == [task.score for task in report.tasks]
    assert (row["late_days"], row["penalty"], row["tier"], row["max_score"]) == ("2", "12.5", "1", "100")


def test_an_unreadable_hand_in_has_score_0_and_its_reason():
    (row,) = rows(factory.unreadable("Ada", "a.zip: empty"))
    assert (row["score"], row["status"], row["reason"]) == ("0", "unreadable", "a.zip: empty")


def test_what_we_failed_to_grade_has_an_empty_score():
    (row,) = rows(factory.internal("Ada"))
    assert (row["score"], row["status"], row["net"]) == ("", "internal", "")


@pytest.mark.parametrize("student", ['O"Hara, Kim', "two\nlines", "Łukasz", "a;b\tc", " spaced "])
def test_any_name_comes_back_from_the_csv(student):
    (row,) = rows(factory.report(student))
    assert row["student"] == student


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", " =", "＝"])
def test_a_name_or_reason_that_a_spreadsheet_would_run_is_guarded(start):
    evil = f"{start}1+1"
    (row,) = rows(factory.unreadable(evil, evil))
    assert row["student"] == f"'{evil}"
    assert row["reason"] == f"'{evil}"


def test_the_gradebook_is_written_as_utf_8_without_a_mark(tmp_path):
    write_gradebook(map(factory.hostile, factory.HOSTILE), tmp_path / "gradebook.csv")
    text = (tmp_path / "gradebook.csv").read_bytes().decode("utf-8")
    assert text.startswith("student,conv,")
    assert len(list(csv.reader(io.StringIO(text, newline="")))) == 1 + len(factory.HOSTILE)


def test_reports_with_different_tasks_share_one_table():
    short = factory.report("Bo")
    short = factory.replace(short, tasks=short.tasks[:1])
    first, second = rows(short, factory.report("Ada"))
    assert (first["net"], bool(second["net"])) == ("", True)
