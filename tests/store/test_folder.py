"""What lies in a results folder, whoever dies while it is written and whatever a report does."""

from __future__ import annotations

import csv
import errno
import json
import os
import re
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from autograder.errors import AutograderError
from autograder.model import Hints, Submission
from autograder.report import from_json, slug, to_json
from autograder.store import Folder, folder, writing
from tests.report import factory
from tests.tiny_course import make_assignment, make_course

ENVIRONMENT = factory.ENVIRONMENT
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def everyone():
    return [
        replace(each, submission_sha256=f"sha of {each.student}", environment=ENVIRONMENT)
        for each in factory.sample_class()
        if each.status == "graded" and each.tier
    ][:4]


@pytest.fixture
def open_folder(tmp_path):
    """open_folder(now) of an assignment that tells no mistakes before noon."""
    assignment = make_assignment(make_course(tmp_path / "course"))
    assignment = replace(assignment, due=NOON, hints=Hints(after_due=True))
    return lambda now=NOON: Folder(tmp_path / "out", assignment, lambda: now)


def submission(report):
    return Submission(report.student, report.assignment, {}, sha256=report.submission_sha256)


def found(opened, report):
    return opened.finished(submission(report), ENVIRONMENT, 1)


def tree(path):
    return {str(each.relative_to(path)): each.read_bytes() for each in path.rglob("*") if each.is_file()}


def rows(path):
    with (path / "gradebook.csv").open(newline="", encoding="utf-8") as book:
        return {row["student"]: row for row in csv.DictReader(book)}


def graded(open_folder, reports, now=NOON):
    """What a run does with a class: keep what is finished, add the rest."""
    with open_folder(now) as opened:
        for report in reports:
            if (saved := found(opened, report)) is None:
                opened.add(report)
            else:
                opened.keep(saved)
        opened.close("Convolutional networks")
        return opened


class Killed(BaseException):
    pass


def test_killed_at_any_write_the_next_run_leaves_what_an_undisturbed_one_does(
    open_folder, everyone, tmp_path, monkeypatch
):
    opened = graded(open_folder, everyone[:2])
    expected, writes = tree(opened.path), 0
    write = writing.write_atomically

    def counted(path, text):
        nonlocal writes
        if writes == 0:
            (path.parent / ".dlc-half.tmp").write_text(text[:9])  # as a killed writer leaves it
            raise Killed
        writes -= 1
        write(path, text)

    for module in (folder, writing):
        monkeypatch.setattr(module, "write_atomically", counted)
    for point in range(100):
        (tmp_path / "out").rename(tmp_path / f"before{point}")
        writes = point
        try:
            graded(open_folder, everyone[:2])
        except Killed:
            for result in (opened.path / "results").glob("*.json"):
                assert (opened.path / "reports" / f"{result.stem}.html").is_file()
            writes = 1000
            graded(open_folder, everyone[:2])
            assert tree(opened.path) == expected
        else:
            break
    assert 3 * 2 + 2 <= point < 100


def test_a_result_without_its_page_gets_one(open_folder, everyone):
    opened = graded(open_folder, everyone)
    expected = tree(opened.path)
    for page in (opened.path / "reports").iterdir():
        page.unlink()
    graded(open_folder, everyone)
    assert tree(opened.path) == expected


def test_a_page_of_a_run_that_was_killed_before_its_result_is_written_again(open_folder, everyone):
    opened = graded(open_folder, everyone[:1])
    expected = tree(opened.path)
    (page,) = (opened.path / "reports").iterdir()
    page.write_text("of a later run")
    later = page.stat().st_mtime_ns + 10**9
    os.utime(page, ns=(later, later))
    graded(open_folder, everyone[:1])
    assert tree(opened.path) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("", "[]", "nonsense", '{"schema_version": 1}', '{"schema_version": 99}', "\0"),
        "[" * 200_000,
        '{"a":' * 100_000,
        '{"schema_version": 1, "student": "a", "score": 1' + "0" * 400 + "}",
        '{"schema_version": 1' + "0" * 9_000 + "}",
    ],
    ids=lambda text: text[:24],
)
def test_a_result_that_cannot_be_read_is_graded_again_and_stops_nobody(open_folder, everyone, text):
    opened = graded(open_folder, everyone)
    expected = tree(opened.path)
    damaged = sorted((opened.path / "results").iterdir())[0]
    damaged.write_text(text)
    with open_folder() as again:
        assert [found(again, each) is None for each in everyone].count(True) == 1
        again.write_pages_again()
        again.close("Convolutional networks")
    assert any(str(damaged) in fault for fault in again.faults)
    assert len(rows(opened.path)) == len(everyone)
    graded(open_folder, everyone)
    assert tree(opened.path) == expected


BAD = {
    "page": {"environment": {"python": 7}},
    "page and class page": {"duration_s": "long", "title": 7},
    "class page": {"tasks": (7,)},
    "gradebook": {"late_days": None, "penalty": "much"},
    "result": {"notes": ({1, 2},)},
    "mean": {"max_score": "many"},
    "notes": {"results": "detail"},
}


@pytest.mark.parametrize("bad", BAD.values(), ids=list(BAD))
def test_a_report_over_which_writing_raises_costs_its_own_student_alone(open_folder, everyone, bad):
    """No such report can be made: the fields are of the wrong kind, so that whatever reads them raises."""
    expected = tree(graded(open_folder, everyone).path)
    broken = replace(everyone[2], **bad)
    if bad.get("results"):
        broken = replace(everyone[2], results=(replace(everyone[2].results[0], detail=7),))
    with open_folder() as opened:
        for each in [*everyone[:2], broken, *everyone[3:]]:
            opened.add(each)
        opened.close("Convolutional networks")
    after = tree(opened.path)
    own = {name for name in expected if slug(broken.student) in name} | {"gradebook.csv", "index.html"}
    assert {name for name in expected if after.get(name) != expected[name]} <= own
    assert rows(opened.path).keys() == {each.student for each in everyone}
    assert all(each.student in after["index.html"].decode() for each in everyone)
    page = next(text for name, text in after.items() if slug(broken.student) in name and "reports" in name)
    assert broken.student in page.decode()


def test_a_page_that_raises_is_short_and_staff_are_told_why(open_folder, everyone):
    with open_folder() as opened:
        opened.add(replace(everyone[0], environment={"python": 7}))
        opened.add(everyone[1])
    notes = (opened.path / "staff" / f"{slug(everyone[0].student)}.txt").read_text()
    assert "the page could not be made (TypeError)" in notes
    assert "Traceback" in notes
    page = (opened.path / "reports" / f"{slug(everyone[0].student)}.html").read_text()
    assert "This page could not be made in full" in page
    assert [fault.partition(";")[0] for fault in opened.faults] == [
        f"{everyone[0].student}: the page could not be made (TypeError)"
    ]


def test_what_is_to_be_graded_again_is_not_finished(open_folder, everyone):
    noisy = replace(everyone[0], results=(replace(everyone[0].results[0], again=True),))
    with open_folder() as opened:
        opened.add(noisy)
        assert found(opened, noisy) is None
        opened.add(replace(everyone[0], status="internal"))
        assert found(opened, everyone[0]) is None
        opened.add(everyone[0])
        assert found(opened, everyone[0]) is not None


def test_a_clock_that_is_an_hour_off_changes_nothing_but_what_may_be_seen(open_folder, everyone):
    reports = [each for each in factory.sample_class() if any(task.diagnosis for task in each.tasks)][:2]
    reports = [
        replace(each, submission_sha256=each.student, environment=ENVIRONMENT, tier=1, status="graded")
        for each in reports
    ]
    opened = graded(open_folder, reports, NOON + HOUR)
    told = tree(opened.path)
    graded(open_folder, reports, NOON - HOUR)
    hidden = tree(opened.path)
    assert {name for name in hidden if name.startswith("staff/") and name.endswith(".json")}
    graded(open_folder, reports, NOON + HOUR)
    assert tree(opened.path) == told
    assert len(rows(opened.path)) == 2


def test_hand_ins_are_counted_by_what_was_graded_and_failures_of_ours_are_none(open_folder, everyone):
    with open_folder() as opened:
        for sha in ("a", "a", "", "a", "b", "", "b", "c"):
            opened.add(replace(everyone[0], submission_sha256=sha))
        (result,) = (opened.path / "results").iterdir()
        assert json.loads(result.read_text())["attempt"] == 3


def test_a_folder_that_is_a_file_is_refused_in_a_sentence(open_folder, tmp_path):
    (tmp_path / "out").write_text("mine")
    with pytest.raises(AutograderError, match="cannot write there"), open_folder():
        pass


SHOWN, NOTES = ["reports/{}.html", "results/{}.json"], ["staff/{}.txt", "staff/{}.json"]


@pytest.mark.parametrize(
    ("name", "again"),
    [*((name, False) for name in SHOWN + NOTES), *((name, True) for name in SHOWN)],
)
def test_something_else_in_the_place_of_one_file_costs_that_file_alone(open_folder, everyone, name, again):
    expected = tree(graded(open_folder, everyone).path)
    with open_folder() as opened:
        taken = opened.path / name.format(slug(everyone[1].student))
        taken.unlink(missing_ok=True)
        (taken / "mine").mkdir(parents=True)
        for report in everyone:
            if again and found(opened, report):
                opened.keep(report)
            else:
                opened.add(report)
        opened.close("Convolutional networks")
    assert 1 <= len(opened.faults) <= 2
    assert all(each.startswith(f"{everyone[1].student}: ") for each in opened.faults)
    assert any(f"{taken}: cannot write there (" in each for each in opened.faults)
    after = tree(opened.path)
    differ = {each for each in expected if after.get(each) != expected[each]}
    assert differ <= {name.format(slug(everyone[1].student)), f"staff/{slug(everyone[1].student)}.txt"}
    assert (taken / "mine").is_dir()
    (taken / "mine").rmdir()
    taken.rmdir()
    graded(open_folder, everyone)
    with open_folder() as opened:
        for report in everyone:
            opened.add(report)
        opened.close("Convolutional networks")
    assert (opened.faults, tree(opened.path)) == ([], expected)


def test_what_is_removed_in_mid_run_is_named_and_made_again(open_folder, everyone):
    expected = tree(graded(open_folder, everyone).path)
    with open_folder() as opened:
        for report in everyone[:2]:
            opened.add(report)
        shutil.rmtree(opened.path)
        for report in everyone[2:]:
            opened.add(report)
        opened.close("Convolutional networks")
    [fault] = opened.faults
    assert "results or pages of 2 were removed while this ran" in fault
    assert all(each.student in fault for each in everyone[:2])
    again = graded(open_folder, everyone)
    assert (again.faults, tree(opened.path)) == ([], expected)


@pytest.mark.parametrize("part", ["", "results", "reports"])
def test_a_file_in_the_place_of_the_folder_in_mid_run_is_a_sentence(open_folder, everyone, part):
    with open_folder() as opened:
        opened.add(everyone[0])
        shutil.rmtree(opened.path / part)
        (opened.path / part).write_text("mine")
        with pytest.raises(AutograderError, match="cannot write there"):
            opened.add(everyone[1])


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EMFILE, errno.EIO])
def test_a_disk_that_fails_for_everybody_stops_the_class(open_folder, everyone, monkeypatch, number):
    def full(path, text):
        raise OSError(number, os.strerror(number), str(path))

    with open_folder() as opened:
        monkeypatch.setattr(writing, "write_atomically", full)
        with pytest.raises(AutograderError, match=re.escape(os.strerror(number))):
            opened.add(everyone[0])


def test_a_folder_that_holds_no_results_stays_as_it_is(tmp_path):
    with (
        pytest.raises(AutograderError, match="expected a folder that `dlc grade -o` wrote"),
        Folder(tmp_path),
    ):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_deeply_nested_result_is_no_report():
    deep = to_json(factory.sample_class()[0]).replace('"notes": [', '"notes": [' + "[" * 100_000, 1)
    with pytest.raises(ValueError, match="no report"):
        from_json(deep)
