import pytest

from autograder.grading import Seeds


def test_same_key_student_and_test_give_the_same_seed():
    assert Seeds(b"k" * 32, "a1", "ada")("t[1]") == Seeds(b"k" * 32, "a1", "ada")("t[1]")


@pytest.mark.parametrize(
    "other",
    [Seeds(b"K" * 32, "a1", "ada"), Seeds(b"k" * 32, "a2", "ada"), Seeds(b"k" * 32, "a1", "eve")],
    ids=["key", "assignment", "student"],
)
def test_seed_depends_on(other):
    assert Seeds(b"k" * 32, "a1", "ada")("t") != other("t")


def test_parts_of_a_seed_cannot_run_into_each_other():
    assert Seeds(b"k" * 32, "a", "1ada")("t") != Seeds(b"k" * 32, "a1", "ada")("t")


def test_key_is_not_shown_in_a_repr():
    assert "k" * 32 not in repr(Seeds(b"k" * 32, "a1", "ada"))
