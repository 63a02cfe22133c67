"""`dlc audit` tells which known mistake the graders miss, and which right solution they fail."""

from __future__ import annotations

import json

import pytest

from tests.cli.test_grade import dlc
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
def audit(tmp_path):
    def run(*words, wrong="", right=""):
        make_course(tmp_path)
        folder = tmp_path / "mistakes/h1"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "__init__.py").write_text(CATALOGUE.format(wrong=wrong, right=right))
        return dlc("audit", "--jobs", "2", *words, folder=tmp_path)

    return run


def test_sound_graders_are_shown_task_by_task(audit):
    done = audit(wrong=DIES)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 of 3 judged rightly" in done.stdout


@pytest.mark.parametrize(
    ("catalogue", "finding"),
    [
        ({"wrong": SURVIVES}, ("sums-to-ten", "total", "survived")),
        ({"wrong": STRAYS}, ("loads", "double", "strayed")),
        ({"right": FAILS}, ("off", "total", "failed")),
    ],
    ids=["survivor", "stray", "right-one-failed"],
)
def test_what_is_judged_wrongly_is_a_finding(audit, catalogue, finding):
    done = audit("--json", **catalogue)
    assert done.returncode == 1, done.stdout + done.stderr
    (row,) = json.loads(done.stdout)["assignments"]
    (found,) = row["findings"]
    assert (found["id"], found["task"], found["verdict"]) == finding
    assert row["mistakes"]["total"] + row["variants"]["total"] == 3


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
    """release(words, catalogue): what `dlc release` says of the small course."""

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


def test_complete_work_is_written_without_an_audit(release):
    assert release("--solution", wrong=SURVIVES).returncode == 0


def test_quick_audit_asks_of_no_mutants(audit):
    done = audit("--quick", "--json")
    (row,) = json.loads(done.stdout)["assignments"]
    assert row["mutants"]["total"] == row["seeds"] == 0


def test_full_audit_counts_mutants_and_writes_its_page(audit, tmp_path):
    done = audit("--json", "--seeds", "3", "--html", tmp_path / "audit.html")
    assert done.returncode == 0, done.stdout + done.stderr
    (row,) = json.loads(done.stdout)["assignments"]
    assert row["mutants"]["killed"] == row["mutants"]["total"] > 5
    assert (row["seeds"], row["flaky"], row["mutants"]["survived"]) == (3, [], [])
    assert "Would the graders catch it?" in (tmp_path / "audit.html").read_text()
