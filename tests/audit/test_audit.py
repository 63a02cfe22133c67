"""An audit of a small course: what its graders miss is found, named and counted."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest

from autograder.audit import Auditor, write_audit
from autograder.audit.tests import idle, twins
from autograder.course import load_assignment, load_course
from autograder.engine import Setup
from autograder.errors import SpecError
from tests.tiny_course import make_course

WEAK = """
from autograder.studentkit import task
from tinylib import scaling


@task("double", part="forward")
def test_something(student, rng):
    x = rng.standard_normal(3)
    out, _ = student.scaling.double_forward(x)
    assert out.shape == x.shape


@task("double", part="backward")
def test_never_fails(student):
    assert student is not None
"""
FLAKY = """
from autograder.studentkit import task


@task("total")
def test_by_chance(student, rng):
    assert rng.random() < 0.8


@task("total")
def test_total(student):
    assert student.summing.total(__import__("numpy").arange(4.0)) == 6.0
"""
FOR_GOOD = """
from autograder.author.catalogue import Mistake

WRONG = (Mistake("doubled", "total", "summing", "Twice.", "entries.sum()", "2 * entries.sum()"),)
RIGHT = ()
"""
TIMED = """
from autograder.studentkit import task


@task("double", part="speed")
def test_speed(student, race, rng):
    race.cpu(None, rng)
"""
LOOPS = (
    'from .scaling import Array\n\n\ndef total(x: Array) -> float:\n    """The sum."""\n    i, s = 0, 0.0\n'
)
LOOPS += "    while i < x.size:\n        s += float(x.ravel()[i])\n        i += 1\n    return s\n"


def written(folder, files):
    """The small course with some files replaced."""
    make_course(folder)
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def audited(folder, draws=0, quick=False):
    """The audit of a course, and the steps that it told. One process: each is started anew."""
    course = load_course(folder)
    setup = Setup(course, load_assignment(course, "h1"), 1, b"key of a test")
    steps = []
    return Auditor(setup, quick=quick, draws=draws).run(1, steps.append), steps


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """A course, its audit, and the steps of it."""
    folder = written(tmp_path_factory.mktemp("sound"), {})
    return folder, *audited(folder, draws=5)


@pytest.fixture(scope="module")
def weak(tmp_path_factory):
    """The same with tests that let mutants through."""
    folder = written(tmp_path_factory.mktemp("weak"), {"graders/h1/test_double.py": WEAK})
    return folder, *audited(folder)


@pytest.fixture
def marked(tmp_path):
    """marked(course, text): its audit with these marks; mutants are judged as the earlier one has found."""

    def run(folder, text):
        copy = shutil.copytree(folder, tmp_path / "marked")
        (copy / "mistakes/h1").mkdir(parents=True)
        (copy / "mistakes/h1/equivalent.yaml").write_text(text)
        return audited(copy)[0]

    return run


def yaml_of(folder):
    return (folder / "assignments/h1/assignment.yaml").read_text()


def test_sound_graders_catch_nearly_every_mutant(sound):
    _, audit, steps = sound
    assert audit.complaints == []
    assert len(audit.mutants("killed")) == len(audit.fates) == len(steps) - 1 > 5
    assert audit.killed_share == 1.0
    assert all(killed == total > 0 for killed, total in audit.functions.values())


def test_weak_graders_let_mutants_through_and_have_an_idle_test(weak):
    _, audit, _ = weak
    survived = {each.mutant.function for each in audit.mutants("survived")}
    assert survived == {"double_forward", "double_backward"}
    assert any("of the mutants are caught" in each for each in audit.complaints)
    assert [each.partition("::")[2] for each in audit.idle] == ["test_never_fails"]


def test_threshold_is_the_assignments(weak, tmp_path):
    folder, audit, _ = weak
    relaxed = yaml_of(folder) + "audit: {mutants_killed: 0.1}\n"
    course = load_course(written(tmp_path, {"assignments/h1/assignment.yaml": relaxed}))
    assert audit.complaints
    assert replace(audit, assignment=load_assignment(course, "h1")).complaints == []


def test_marked_mutants_count_neither_way_and_stale_marks_are_told(weak, marked):
    folder, first, _ = weak
    one = first.mutants("survived")[0].mutant.id
    marks = f"- mutant: {one!r}\n  because: it is all the same\n- mutant: gone\n  because: long ago\n"
    audit = marked(folder, marks)
    assert [each.because for each in audit.mutants("equivalent")] == ["it is all the same"]
    assert len(audit.mutants("survived")) == len(first.mutants("survived")) - 1
    assert any("no such mutant: gone" in each for each in audit.complaints)


def test_mark_of_a_mutant_that_is_caught_is_told(sound, marked):
    folder, first, _ = sound
    one = first.mutants("killed")[0].mutant.id
    audit = marked(folder, f"- mutant: {one!r}\n  because: so they say\n")
    assert audit.complaints == [f"marked as equivalent, but caught: {one}"]


def test_marks_that_cannot_be_read_are_named(tmp_path):
    with pytest.raises(SpecError, match=r"equivalent\.yaml: expected a list"):
        audited(written(tmp_path, {"mistakes/h1/equivalent.yaml": "- because: nothing\n"}))


def test_mutant_that_never_ends_is_caught(tmp_path):
    audit, _ = audited(written(tmp_path, {"tinylib/summing.py": LOOPS}))
    endless = [
        each for each in audit.fates if each.mutant.operator == "removed" and "i += 1" in each.mutant.diff
    ]
    assert [each.verdict for each in endless] == ["killed"]


def test_a_test_that_right_code_fails_under_some_draws_is_told(tmp_path):
    audit, _ = audited(written(tmp_path, {"graders/h1/test_total.py": FLAKY}), draws=40)
    (test,) = audit.flaky
    assert test.endswith("test_by_chance")
    assert any(
        f"the reference: passes {test} under " in sentence and "of 40 draws only" in sentence
        for sentence in audit.complaints
    )


def test_what_right_code_never_passes_is_not_called_flaky(tmp_path):
    audit, _ = audited(
        written(tmp_path, {"graders/h1/test_total.py": FLAKY.replace("< 0.8", "< 0")}), draws=5
    )
    assert audit.flaky == []
    assert any("the reference: fails" in told and "under every draw" in told for told in audit.complaints)


def test_a_mistake_with_which_its_module_does_not_load_is_seen_under_every_draw(tmp_path):
    broken = FOR_GOOD.replace('"entries.sum()", "2 * entries.sum()"', '"import Array", "import Nothing"')
    audit, _ = audited(written(tmp_path, {"mistakes/h1/__init__.py": broken}), draws=3)
    assert audit.complaints == []
    assert [drawn.unseen for drawn in audit.drawn] == [0, 0]


def test_a_mistake_that_some_draws_do_not_show_is_told(tmp_path):
    """With these inputs it passes for the whole class."""
    shows = "rng.random() < 0.7 or student.summing.total(__import__('numpy').arange(4.0)) == 6.0"
    sometimes = FLAKY.replace("rng.random() < 0.8", shows).partition('@task("total")\ndef test_total')[0]
    files = {"graders/h1/test_total.py": sometimes, "mistakes/h1/__init__.py": FOR_GOOD}
    audit, _ = audited(written(tmp_path, files), draws=40)
    (drawn,) = [drawn for drawn in audit.drawn if drawn.id == "doubled"]
    assert 5 < drawn.unseen < 40
    assert any("total doubled: passes every test under" in told for told in audit.complaints)
    steady, _ = audited(
        written(tmp_path, {"graders/h1/test_total.py": FLAKY.replace("< 0.8", "< 2")}), draws=40
    )
    assert steady.complaints == []


def test_a_test_of_speed_is_not_run_and_neither_catches_a_mutant_nor_is_it_flaky_or_idle(weak, tmp_path):
    rewarded = yaml_of(weak[0]).replace("backward: 1}", "backward: 1, speed: 1}")
    files = {"assignments/h1/assignment.yaml": rewarded, "graders/h1/test_speed.py": TIMED}
    audit, _ = audited(written(tmp_path, {"graders/h1/test_double.py": WEAK, **files}), draws=3)
    assert {each.mutant.function for each in audit.mutants("survived")} == {
        "double_forward",
        "double_backward",
    }
    assert not audit.flaky
    assert [each.partition("::")[2] for each in audit.idle] == ["test_never_fails"]


def test_quick_audit_asks_nothing_of_mutants_and_draws(tmp_path):
    audit, steps = audited(written(tmp_path, {}), draws=50, quick=True)
    assert (list(audit.fates), audit.draws, steps) == ([], 0, [])


def test_second_audit_grades_nothing_again(sound, monkeypatch):
    folder, first, _ = sound

    def graded(submissions, *_):
        assert list(submissions) == []
        return iter(())

    for module in ("variants", "mutation"):
        monkeypatch.setattr(f"autograder.audit.{module}.grade_class", graded)
    monkeypatch.setattr("autograder.audit.draws.raised", None)
    second, steps = audited(folder, draws=5)
    assert [each.failed for each in second.fates] == [each.failed for each in first.fates]
    assert len(steps) == len(first.fates) + 1
    assert second.drawn == first.drawn


def test_the_page_shows_survivors_and_tests_and_loads_nothing(weak, tmp_path):
    write_audit([weak[1]], tmp_path / "audit.html")
    page = (tmp_path / "audit.html").read_text()
    assert "Mutants that nobody catches" in page
    assert "test_never_fails" in page
    assert "+ return doubled, (x, 4.0)" in page
    assert "<script" not in page
    assert "http" not in page.replace("http-equiv", "")


def test_tests_that_always_fail_together_are_twins():
    failures = [("a", "b[1]"), ("a", "b[2]"), ("c",), ("a", "b[1]", "c")]
    assert twins(failures) == [["a", "b"]]
    assert idle(["a", "b[1]", "d"], failures) == ["d"]


def test_errors_of_right_and_wrong_solutions_are_measured_by_what_is_accepted(sound, tmp_path):
    folder, first, _ = sound
    rough = "def total(x: Array) -> float:\n    return float(x.astype('float32').sum())\n"
    catalogue = (
        "from autograder.author.catalogue import Variant\nWRONG = ()\n"
        f"RIGHT = (Variant('float32', 'total', 'summing', {rough!r}),)\n"
    )
    course = shutil.copytree(folder, tmp_path / "rough")
    (course / "mistakes/h1").mkdir(parents=True)
    (course / "mistakes/h1/__init__.py").write_text(catalogue)
    audit, _ = audited(course)
    right, wrong = audit.tolerance["total"]
    assert 0 < right < 1 < wrong
    assert wrong == first.tolerance["total"][1]  # read again as it was found
    again, _ = audited(course)
    assert again.tolerance == audit.tolerance
