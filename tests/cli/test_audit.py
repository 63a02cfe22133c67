"""`dlc audit` tells which known mistake the graders miss, and which right solution they fail."""

from __future__ import annotations

import json

import pytest

from tests.cli.command import dlc
from tests.tiny_course import make_course

CATALOGUE = '''
from autograder.author.catalogue import Mistake, Variant

WRONG = (
    Mistake("half", "double", "scaling", "Half.", "2.0 * np.asarray(x)", "0.5 * np.asarray(x)"),
    {wrong}
)
RIGHT = (
    Variant("loop", "total", "summing", """
def total(x: Array) -> float:
    return float(sum(x.ravel().tolist()))
"""),
    {right}
)
'''
SURVIVES = (
    'Mistake("sums-to-ten", "total", "summing", "At most ten.", "entries.sum()", "entries[:12].sum()"),'
)
STRAYS = """Mistake("loads", "double", "scaling", "Breaks the other.", "Array = npt", "Array = npt.none"),"""
FAILS = 'Variant("off", "total", "summing", "def total(x: Array) -> float:\\n    return 1.0"),'
DIES = 'Mistake("leaves", "total", "summing", "Leaves.", "entries = x.ravel()", "import os; os._exit(0)"),'


@pytest.fixture
def course(tmp_path):
    """course(wrong, right): the small course with these in its catalogue."""

    def make(wrong="", right=""):
        make_course(tmp_path)
        folder = tmp_path / "mistakes/h1"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "__init__.py").write_text(CATALOGUE.format(wrong=wrong, right=right))
        return tmp_path

    return make


@pytest.fixture
def audit(course):
    """audit(words, catalogue): what `dlc audit` says of the small course."""

    def run(*words, **catalogue):
        return dlc("audit", "--jobs", "1", *words, folder=course(**catalogue))

    return run


def test_sound_graders_are_shown_task_by_task(audit):
    done = audit("--quick", wrong=DIES)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 of 3 judged rightly" in done.stdout


def test_what_is_judged_wrongly_is_a_finding_and_a_complaint(audit):
    done = audit("--quick", "--json", wrong=SURVIVES + STRAYS, right=FAILS)
    assert done.returncode == 1, done.stdout + done.stderr
    (row,) = json.loads(done.stdout)["assignments"]
    found = {(each["id"], each["task"], each["verdict"]) for each in row["findings"]}
    assert found == {
        ("sums-to-ten", "total", "survived"),
        ("loads", "double", "strayed"),
        ("off", "total", "failed"),
    }
    assert {each.partition(";")[0] for each in row["complaints"]} == {
        f"{task} {solution}: {verdict}" for solution, task, verdict in found
    }
    assert row["mistakes"]["total"] + row["variants"]["total"] == 5
    assert row["mutants"]["total"] == row["draws"] == 0  # which a quick audit does not ask of


def test_mistake_that_does_not_apply_is_named(audit):
    done = audit(wrong=SURVIVES.replace("entries.sum()", "entries.product()"))
    assert done.returncode == 2
    assert "sums-to-ten: old text occurs 0 times in summing.py" in done.stderr


def test_catalogue_that_does_not_load_is_named(audit):
    done = audit(wrong="1 / 0,")
    assert done.returncode == 2
    assert "__init__.py: does not load: ZeroDivisionError" in done.stderr


@pytest.fixture
def release(audit, tmp_path):
    """release(words, catalogue): what `dlc release` says of the small course, once that has been audited."""

    def run(*words, **catalogue):
        audit("--quick", **catalogue)
        return dlc("release", "h1", "-o", tmp_path / "out", *words, folder=tmp_path)

    return run


def test_release_refuses_graders_that_miss_a_known_mistake(release, tmp_path):
    done = release(wrong=SURVIVES)
    assert done.returncode == 1
    assert "total sums-to-ten: survived" in done.stderr
    assert "--allow sums-to-ten" in done.stderr
    assert not (tmp_path / "out").exists()


def test_release_goes_on_when_the_mistake_is_allowed_by_name(release, tmp_path):
    assert release("--allow", "other", wrong=SURVIVES).returncode == 1
    done = release("--allow", "sums-to-ten", wrong=SURVIVES)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out/tinylib/summing.py").is_file()


def test_complete_work_is_written_without_an_audit(course):
    folder = course(wrong=SURVIVES)
    done = dlc("release", "h1", "-o", folder / "out", "--solution", folder=folder)
    assert done.returncode == 0, done.stderr
    assert not (folder / ".dlc/audit").exists()


def test_full_audit_counts_mutants_and_writes_its_page(audit, tmp_path):
    words = ("--draws", "3", "--html", tmp_path / "audit.html")
    done = audit(*words)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "mutants caught (100.0%)" in done.stdout
    (row,) = json.loads(audit("--json", *words).stdout)["assignments"]  # of what the first has found
    assert row["mutants"]["killed"] == row["mutants"]["total"] > 5
    assert (row["draws"], row["flaky"], row["mutants"]["survived"]) == (3, [], [])
    assert "Would the graders catch it?" in (tmp_path / "audit.html").read_text()
