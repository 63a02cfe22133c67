"""Drawing tokens, and writing with them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.author import assert_close, assert_unchanged, task
from dlc_lib.arrays import Array, IntArray

ONE_TO_THREE: Array = np.array([2.0, 2.0 + np.log(3.0)])  # scores of probabilities 1/4 and 3/4
DRAWS = 2500  # Hoeffding: a share of 2500 draws is off by 0.07 less than once in 10^10


def shares(student: Any, rng: np.random.Generator, scores: Array, temperature: float, count: int) -> Array:
    """How often each token was drawn."""
    drawn = student.language.sample_token.map([(scores,)] * count, temperature=temperature, rng=rng)
    assert 0 <= min(drawn) <= max(drawn) < len(scores), "a token is no number from 0 to V − 1"
    return np.bincount(drawn, minlength=len(scores)) / count


def softmax(scores: Array) -> Array:
    weights = np.exp(scores - scores.max())
    found: Array = weights / weights.sum()
    return found


@task("sampling", part="token")
@pytest.mark.parametrize("temperature", [1.0, 0.4, 3.0])
def test_tokens_are_drawn_with_their_probabilities(
    student: Any, rng: np.random.Generator, temperature: float
) -> None:
    # At each temperature far from the shares of another, and from those of the likeliest alone.
    scores = rng.permutation(np.array([0.0, 0.5, 2.5, -1.0])) * min(1.0, temperature) + 3.0
    gaps = abs(shares(student, rng, scores, temperature, DRAWS) - softmax(scores / temperature))
    assert (gaps < 0.07).all(), "tokens are not drawn with the probabilities of the softmax"


@task("sampling", part="token")
def test_draws_are_independent(student: Any, rng: np.random.Generator) -> None:
    drawn = student.language.sample_token.map([(ONE_TO_THREE,)] * DRAWS, temperature=1.0, rng=rng)
    one, two = np.array(drawn).reshape(-1, 2).T
    same = float(np.mean(one == two))  # of 1250 pairs: off by 0.1 less than once in 10^10
    assert abs(same - 0.625) < 0.1, "a draw depends on the one before: is a seed set inside?"
    assert abs(np.mean(drawn) - 0.75) < 0.07, "tokens are not drawn with the probabilities of the softmax"


@task("sampling", part="token")
def test_chance_comes_from_rng_alone(student: Any, rng: np.random.Generator) -> None:
    seed, calls = int(rng.integers(1 << 30)), [(ONE_TO_THREE,)] * 400
    one, two = (
        student.language.sample_token.map(calls, temperature=1.0, rng=np.random.default_rng(seed))
        for _ in range(2)
    )
    assert one == two, "two generators in the same state draw different tokens: use rng alone"
    # Hoeffding: off by 0.17 less than once in 10^10.
    assert abs(np.mean(one) - 0.75) < 0.17, "tokens are not drawn with the probabilities of the softmax"


@task("sampling", part="edge")
@pytest.mark.parametrize("shift", [3000.0, -3000.0])
def test_scores_of_any_size(student: Any, rng: np.random.Generator, shift: float) -> None:
    found = shares(student, rng, np.array([shift, shift + 500.0, shift - 500.0]), 1.0, 60)
    assert found[1] == 1.0, "a token that is certain was not drawn"


@task("sampling", part="edge")
def test_low_temperature_takes_the_likeliest(student: Any, rng: np.random.Generator) -> None:
    scores = rng.permutation(6) * 1.0
    found = shares(student, rng, scores, 0.01, 20)  # another token less than once in 10^43
    assert found[scores.argmax()] == 1.0, "at a low temperature the likeliest token was not drawn"


@task("sampling", part="edge")
def test_drawing_changes_no_score(student: Any, rng: np.random.Generator) -> None:
    scores, likeliest = rng.random(997), int(rng.integers(997))
    scores[likeliest] = 1e9
    token, after = student.language.sample_token.watch(scores, temperature=0.5, rng=rng)
    assert token == likeliest, "a token that is certain was not drawn"
    assert_unchanged(after, [scores], ("scores",))


class Writer:
    """A step whose scores leave no choice, and that remembers how it was called."""

    def __init__(self, follows: IntArray) -> None:
        self.follows = follows
        self.tokens: list[float] = []
        self.states: list[Any] = []

    def step(self, token: Any, state: Any) -> tuple[Array, Array]:
        """Scores of the next token, and a state that counts."""
        self.tokens.append(float(token))
        self.states.append(state)
        scores = np.full(len(self.follows), -1000.0)
        scores[int(self.follows[int(token)])] = 0.0
        return scores, np.array([float(len(self.tokens))])


def written(student: Any, writer: Writer, rng: np.random.Generator, length: int) -> Any:
    tokens = student.language.generate(writer.step, 2, length=length, temperature=0.7, rng=rng)
    assert type(tokens) in (list, tuple), "the tokens are no list"
    assert all(type(token) is int or isinstance(token, np.integer) for token in tokens), (
        "the tokens are no integers"
    )
    return [int(token) for token in tokens]


def path(follows: IntArray, length: int) -> list[int]:
    found, token = [], 2
    for _ in range(length):
        token = int(follows[token])
        found.append(token)
    return found


@task("sampling", part="text")
def test_what_was_drawn_is_read_next(student: Any, rng: np.random.Generator) -> None:
    order = rng.permutation(7)  # a ring: no token follows itself, none comes twice
    follows = np.empty(7, int)
    follows[order] = np.roll(order, -1)
    writer = Writer(follows)
    found = written(student, writer, rng, 6)
    assert found == path(follows, 6), "the tokens are not those that were drawn, in their order"
    assert_close(np.array(writer.tokens), np.array([2, *path(follows, 5)]), "the tokens that the step read")


@task("sampling", part="text")
def test_state_goes_from_step_to_step(student: Any, rng: np.random.Generator) -> None:
    writer = Writer(rng.permutation(5))
    written(student, writer, rng, 4)
    assert len(writer.states) == 4, "the step was not called once for each token"
    assert writer.states[0] is None, "the state before the first step is not None"
    for count, state in enumerate(writer.states[1:], start=1):
        assert_close(state, np.array([float(count)]), "the state that a step was given")


@task("sampling", part="text")
def test_text_is_drawn_and_not_always_the_likeliest(student: Any, rng: np.random.Generator) -> None:
    def step(_: Any, state: Any) -> tuple[Array, Any]:
        return np.array([0.0, 10 * np.log(4.0)]), state  # at temperature 10 shares of 1/5 and 4/5

    tokens = student.language.generate(step, 0, length=400, temperature=10.0, rng=rng)
    assert type(tokens) in (list, tuple), "the tokens are no list"
    assert all(type(token) is int or isinstance(token, np.integer) for token in tokens), (
        "the tokens are no integers"
    )
    share = sum(int(token) for token in tokens) / 400
    # Hoeffding: off by 0.145 less than once in 10^7.
    assert len(tokens) == 400, "there are not as many tokens as asked for"
    assert abs(share - 0.8) < 0.145, (
        "tokens are not drawn with the probabilities of the softmax at this temperature"
    )


@task("sampling", part="edge")
def test_text_of_no_length(student: Any, rng: np.random.Generator) -> None:
    assert written(student, Writer(rng.permutation(5)), rng, 0) == [], (
        "there are tokens, but none was asked for"
    )
