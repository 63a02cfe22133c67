"""`dlc export parquet`, read back by pyarrow."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.interop.conftest import cells, export, report

parquet = pytest.importorskip("pyarrow.parquet")


@pytest.fixture
def written(graded, tmp_path):
    def write(*reports):
        done = export("parquet", graded(*reports), "-o", "grades.parquet", folder=tmp_path)
        assert done.returncode == 0, done.stderr
        return parquet.read_table(tmp_path / "grades.parquet")

    return write


def test_columns_are_those_of_the_plain_csv_with_their_types(written, tmp_path):
    table = written(report("ada"))
    export("csv", "graded", "-o", "grades.csv", folder=tmp_path)
    assert table.column_names == cells((tmp_path / "grades.csv").read_text())[0]
    kinds = {"student": "string", "status": "string", "reason": "string", "late_days": "int64"}
    kinds["tier"] = "int64"
    assert {field.name: str(field.type) for field in table.schema} == {
        name: kinds.get(name, "double") for name in table.column_names
    }


def test_each_student_has_a_row_and_what_is_not_known_is_null(written):
    late = report('=bob, "B"\n', 0.0, status="unreadable", reason="no code", late_days=2, penalty=12.5)
    rows = {row["student"]: row for row in written(report("ada"), late, report("cyd", None)).to_pylist()}
    assert (rows["ada"]["conv"], rows["ada"]["score"], rows["ada"]["reason"]) == (50.0, 87.456, None)
    bob = rows['=bob, "B"\n']
    assert (bob["status"], bob["reason"], bob["late_days"], bob["penalty"]) == (
        "unreadable",
        "no code",
        2,
        12.5,
    )
    assert (rows["cyd"]["conv"], rows["cyd"]["score"], rows["cyd"]["status"]) == (None, None, "internal")


def test_a_name_that_is_no_text_is_written_as_the_csv_does(written):
    assert written(report("b\udcffb")).column("student").to_pylist() == ["b\\udcffb"]


def test_where_pyarrow_is_absent_one_sentence_says_what_to_install(graded, tmp_path):
    graded(report("ada"))
    hide = "import sys; sys.modules['pyarrow'] = None; from autograder.cli import main; main()"
    command = [sys.executable, "-c", hide, "export", "parquet", "graded", "-o", "grades.parquet"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "pip install deep-learning-clinic[parquet]" in done.stderr
    assert not (tmp_path / "grades.parquet").exists()


def test_a_place_that_cannot_be_written_is_said(graded, tmp_path):
    (tmp_path / "out").mkdir()
    done = export("parquet", graded(report("ada")), "-o", "out", folder=tmp_path)
    assert done.returncode == 2
    assert "out: cannot write there" in done.stderr
