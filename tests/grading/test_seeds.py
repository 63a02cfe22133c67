import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from autograder.errors import AutograderError
from autograder.grading import Seeds, read_key


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


def test_key_is_made_once_and_only_its_owner_reads_it(tmp_path):
    path = tmp_path / "new" / "key"
    key = read_key(path)
    assert read_key(path) == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_processes_that_start_together_share_one_key(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(read_key, [tmp_path / "key"] * 8))) == 1


def test_empty_key_is_refused_with_the_way_out(tmp_path):
    (tmp_path / "key").write_text("")
    with pytest.raises(AutograderError, match="at least 32 bytes; delete it"):
        read_key(tmp_path / "key")


def test_folder_for_a_key_is_refused_in_one_sentence(tmp_path):
    with pytest.raises(AutograderError, match="cannot read the course key"):
        read_key(tmp_path)
