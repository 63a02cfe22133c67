from itertools import product
from math import comb

import pytest

from autograder.studentkit.earning import ALONE, GUESSED, SEPARATED, Fact, basis, separation, unearned

ANSWERS = ["right"] * 5 + ["wrong"] * 9
PARTS = ("forward", "edge", "purity")


def judged(answers, says):
    """Facts of judgements with these right answers, of one who `says` an answer to each."""
    return [Fact("forward", answer == said, answer) for answer, said in zip(answers, says, strict=True)]


@pytest.mark.parametrize("answer", ["right", "wrong", "neither"])
def test_the_same_answer_every_time_separates_nothing(answer):
    found = separation(judged(ANSWERS, [answer] * len(ANSWERS)))
    assert found <= 0
    assert set(unearned(judged(ANSWERS, [answer] * len(ANSWERS)), {})) <= {"", GUESSED}


def test_right_answers_separate_fully_and_answers_turned_round_by_less_than_nothing():
    assert separation(judged(ANSWERS, ANSWERS)) == 1
    turned = [{"right": "wrong", "wrong": "right"}[each] for each in ANSWERS]
    assert separation(judged(ANSWERS, turned)) == -1


def test_for_two_answers_it_is_both_rates_less_one():
    said = ["right"] * 4 + ["wrong"] * 10  # 4 of 5, and 9 of 9
    assert separation(judged(ANSWERS, said)) == pytest.approx(4 / 5 + 9 / 9 - 1)


@pytest.mark.parametrize("chance", [0.0, 0.2, 0.5, 0.9, 1.0])
def test_whoever_does_not_look_has_nothing_in_the_mean(chance):
    answers = ["yes"] * 2 + ["no"] * 3
    mean = 0.0
    for said in product(["yes", "no"], repeat=5):
        yes = said.count("yes")
        mean += chance**yes * (1 - chance) ** (5 - yes) * separation(judged(answers, said))
    assert mean == pytest.approx(0)


def test_a_coin_seldom_separates():
    lucky = sum(
        comb(5, a) * comb(9, b) for a in range(6) for b in range(10) if a / 5 + b / 9 - 1 >= SEPARATED
    )
    assert lucky / 2**14 < 0.05


def test_judgements_with_one_right_answer_never_earn():
    assert unearned(judged(["yes"], ["yes"]), {}) == [GUESSED]


def test_one_wrong_judgement_costs_the_others_nothing():
    said = [*ANSWERS[:-1], "right"]
    assert set(unearned(judged(ANSWERS, said), {})) == {""}


def test_edge_and_purity_earn_only_where_something_else_is_right():
    rests_on = basis(PARTS, {})
    alone = [Fact("forward", False), Fact("edge", True), Fact("purity", True)]
    assert unearned(alone, rests_on) == ["", ALONE.format("forward"), ALONE.format("forward")]
    assert unearned([Fact("forward", True), *alone], rests_on) == [""] * 4


def test_a_judgement_that_earns_nothing_is_nothing_right():
    facts = [*judged(["yes", "no"], ["yes", "yes"]), Fact("edge", True)]
    assert unearned(facts, basis(PARTS, {})) == [GUESSED, "", ALONE.format("forward")]


def test_what_is_stated_goes_before_and_leads_on():
    rests_on = basis(("train", "test", "edge", "purity"), {"test": ["train"], "edge": ["test"]})
    assert rests_on == {"test": ("train",), "edge": ("test",), "purity": ("train", "test")}
    facts = [Fact("train", False), Fact("test", True), Fact("edge", True)]
    assert unearned(facts, rests_on) == ["", ALONE.format("train"), ALONE.format("test")]
    assert unearned([Fact("train", True), *facts], rests_on) == [""] * 4


def test_parts_that_stand_alone_stay_as_they_are():
    assert basis(("edge", "purity"), {}) == {}
    assert unearned([Fact("edge", True), Fact("purity", False)], {}) == ["", ""]
