"""The key to the names of the witness: what a diagnosis may say of each wrong hand-in, right or in part.

`witness/{first,second}/names.yaml` holds, for each hand-in with a mistake:

- `right`: ids of the catalogue whose sentence, shown to the student, is true of this code and points at the
  mistake; empty where the catalogue does not have it,
- `partly`: ids that name a part of it, a wider or a narrower one, or its kind in the wrong place,
- `right_relations`, `partly_relations`: the same for relations (`autograder/diagnosis/relations.py`); a name
  that ends in `*` stands for all that begin so. What is right is looked up first.

Any other name is wrong. The key was written by reading the hand-ins and the catalogue, not by running the
diagnosis.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
import yaml

from autograder.course.catalogue import load_catalogue
from tests.corpus.witness import COURSE, FOLDER, HALVES, witnesses

IDS = ("right", "partly")
RELATIONS = ("right_relations", "partly_relations")


@pytest.mark.parametrize("half", HALVES)
def test_every_wrong_hand_in_has_an_entry_and_no_other(half):
    assert list(_names(half)) == [each.id for each in witnesses(half) if each.loses]


@pytest.mark.parametrize("half", HALVES)
def test_every_id_is_in_the_catalogue_of_its_assignment(half):
    for hand_in, entry in _names(half).items():
        unknown = {*entry["right"], *entry.get("partly", [])} - _known(hand_in.partition("/")[0])
        assert not unknown, hand_in


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("fields", [IDS, RELATIONS], ids=["ids", "relations"])
def test_no_name_is_both_right_and_partly(half, fields):
    for hand_in, entry in _names(half).items():
        listed = [each for field in fields for each in entry.get(field, [])]
        assert len(set(listed)) == len(listed), hand_in


@pytest.mark.parametrize("half", HALVES)
def test_entries_hold_names_and_nothing_else(half):
    for hand_in, entry in _names(half).items():
        assert entry.keys() <= {*IDS, *RELATIONS}, hand_in
        assert all(isinstance(each, str) for names in entry.values() for each in names), hand_in
        assert not any("*" in each[:-1] for names in entry.values() for each in names), hand_in


@cache
def _names(half: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load(
        (FOLDER / half / "names.yaml").read_text(encoding="utf-8")
    )
    return found


@cache
def _known(assignment: str) -> set[str]:
    """Ids of the mistakes in the catalogue of an assignment."""
    return {each.id for each in load_catalogue(COURSE, assignment).wrong}
