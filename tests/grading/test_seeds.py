"""Hidden inputs are drawn for an assignment, not for a student."""

import pytest

from autograder.errors import AutograderError
from autograder.grading import Seeds, assignment_key, packed_key
from autograder.model import Draw

KEY = b"k" * 32


def seeds(key=KEY, assignment="a1", draw=Draw.RECORD):
    return Seeds(assignment_key(key, assignment), draw)


def test_same_key_assignment_draw_and_test_give_the_same_seed():
    assert seeds()("t[1]") == seeds()("t[1]")
    assert seeds().id == seeds().id


@pytest.mark.parametrize(
    "other",
    [seeds(b"K" * 32), seeds(assignment="a2"), seeds(draw=Draw.PRACTICE)],
    ids=["key", "assignment", "draw"],
)
def test_seed_and_id_depend_on(other):
    assert seeds()("t") != other("t")
    assert seeds().id != other.id


def test_seeds_of_two_tests_differ_and_say_nothing_of_their_order():
    assert seeds()("t") != seeds()("u")
    assert seeds().rank("t")[:16] != seeds()("t").to_bytes(16)


def test_parts_of_a_seed_cannot_run_into_each_other():
    assert assignment_key(KEY, "a") != assignment_key(KEY + b"a", "")


def test_key_is_not_shown_in_a_repr():
    assert "k" * 32 not in repr(Seeds(KEY))


def test_a_bundle_draws_what_the_course_draws_and_does_not_hold_its_key():
    packed = packed_key(KEY, "a1")
    assert seeds(packed)("t") == seeds()("t")
    assert packed_key(packed, "a1") == packed
    assert KEY not in packed
    assert KEY.hex().encode() not in packed


def test_the_key_of_a_bundle_is_of_no_use_for_another_assignment():
    with pytest.raises(AutograderError, match=r"holds the key of a1 alone, and a2 is to be graded"):
        assignment_key(packed_key(KEY, "a1"), "a2")
