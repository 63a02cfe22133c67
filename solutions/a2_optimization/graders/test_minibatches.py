"""Minibatches: coverage and chance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from autograder.author import assert_close, assert_refused, assert_unchanged, task
from dlc_lib.arrays import Array

from .cases import IN_FLOAT64


@dataclass(frozen=True)
class BatchCase:
    """N examples, cut into batches."""

    id: str
    count: int
    batch_size: int
    shape: tuple[int, ...] = (3,)  # of an example

    def __str__(self) -> str:
        return self.id

    def draw(self, rng: np.random.Generator) -> tuple[Array, Array]:
        """Examples and labels, no two alike; an example says in its first entry where it stood."""
        x = rng.standard_normal((self.count, *self.shape))
        x.reshape(self.count, -1)[:, 0] = np.arange(self.count)
        return x, 100.0 + np.arange(self.count)

    @property
    def sizes(self) -> list[int]:
        """How many examples each batch holds."""
        whole, rest = divmod(self.count, self.batch_size)
        return [self.batch_size] * whole + ([rest] if rest else [])


# So many that a wrong order is the right one by chance less than once in 10^5.
MAIN = (
    BatchCase("16-in-batches-of-4", 16, 4),
    BatchCase("17-in-batches-of-5", 17, 5, (2, 3)),
    BatchCase("23-in-batches-of-3", 23, 3, (1, 4, 2)),
)
EDGE = (
    BatchCase("one-example", 1, 3),
    BatchCase("one-batch", 17, 50),
    BatchCase("batches-of-one", 17, 1),
    BatchCase("batch-as-large-as-the-data", 16, 16),
)


def joined(reply: Any, case: BatchCase, label: tuple[int, ...] = ()) -> tuple[Array, Array]:
    """All examples and all labels in the order of the batches, when their sizes are right."""
    assert type(reply) in (list, tuple), "the batches are no list"
    for pair in reply:
        assert type(pair) in (list, tuple), "a batch is no pair (x_batch, y_batch)"
        assert len(pair) == 2, "a batch is no pair (x_batch, y_batch)"
        for part in pair:
            assert isinstance(part, np.ndarray), "a batch holds something else than arrays"
            assert part.dtype.kind in "fiu", "a batch holds something else than real numbers"
    sizes = [part.shape[:1] for pair in reply for part in pair]
    want = [(size,) for size in case.sizes for _ in range(2)]
    assert sizes == want, "the batches do not hold as many examples as they should"
    x, y = (np.concatenate([pair[side] for pair in reply]) for side in (0, 1))
    assert x.shape == (case.count, *case.shape), "the examples in the batches have another shape"
    assert y.shape == (case.count, *label), "the labels in the batches have another shape"
    return x, y


def check_cover(student: Any, rng: np.random.Generator, case: BatchCase, limit: float | None = None) -> None:
    x, y = case.draw(rng)
    got_x, got_y = joined(student.batches.minibatches(x, y, batch_size=case.batch_size, rng=rng), case)
    assert_close(np.sort(got_y), y, "the labels of all batches, sorted,")
    place = (got_y - 100.0).round().astype(int)
    assert_close(got_x, x[place], "the examples, beside their labels,", limit)


@task("minibatches", part="cover")
@pytest.mark.parametrize("case", MAIN, ids=str)
def test_every_example_comes_once_with_its_label(
    student: Any, rng: np.random.Generator, case: BatchCase
) -> None:
    check_cover(student, rng, case)


@task("minibatches", part="edge")
@pytest.mark.parametrize("case", EDGE, ids=str)
def test_unusual_sizes(student: Any, rng: np.random.Generator, case: BatchCase) -> None:
    check_cover(student, rng, case)


@task("minibatches", part="edge")
def test_whole_numbers_and_labels_of_several_axes(student: Any, rng: np.random.Generator) -> None:
    case = BatchCase("", 17, 5, (2, 3))
    x = rng.permutation(17 * 6).astype(np.uint8).reshape(17, 2, 3)
    y = x[:, 0, :2].astype(np.int64) + 1000
    reply = student.batches.minibatches(x, y, batch_size=case.batch_size, rng=rng)
    got_x, got_y = joined(reply, case, (2,))
    assert_close(got_y, got_x[:, 0, :2].astype(np.float64) + 1000, "the labels, beside their examples,")
    found, want = (each[np.argsort(each[:, 0, 0])] for each in (got_x, x))
    assert_close(found, want, "the examples of all batches, sorted,")


@task("minibatches", part="edge")
def test_float64_stays_float64(student: Any, rng: np.random.Generator) -> None:
    check_cover(student, rng, MAIN[1], IN_FLOAT64)


@task("minibatches", part="edge")
def test_no_examples_make_no_batches(student: Any, rng: np.random.Generator) -> None:
    reply = student.batches.minibatches(np.zeros((0, 3)), np.zeros(0), batch_size=4, rng=rng)
    assert type(reply) in (list, tuple), "the batches are no list"
    assert len(reply) == 0, "there is a batch, but no example"


@task("minibatches", part="edge")
@pytest.mark.parametrize("batch_size", [0, -3])
def test_batch_of_no_examples_is_refused(student: Any, rng: np.random.Generator, batch_size: int) -> None:
    x, y = MAIN[0].draw(rng)
    assert_refused(
        lambda: student.batches.minibatches(x, y, batch_size=batch_size, rng=rng),
        "batch_size is less than 1",
        lambda: student.batches.minibatches(x, y, batch_size=1, rng=rng),
    )


@task("minibatches", part="edge")
@pytest.mark.parametrize("labels", [15, 17])
def test_examples_without_labels_are_refused(student: Any, rng: np.random.Generator, labels: int) -> None:
    x, y = MAIN[0].draw(rng)
    assert_refused(
        lambda: student.batches.minibatches(x, np.zeros(labels), batch_size=3, rng=rng),
        "x and y differ in length",
        lambda: student.batches.minibatches(x, y, batch_size=3, rng=rng),
    )


LONG = BatchCase("", 60, 6)


def order(student: Any, rng: np.random.Generator) -> np.ndarray[Any, Any]:
    """Places in the data of the examples, in the order in which one epoch brings them."""
    x, y = LONG.draw(rng)
    got, _ = joined(student.batches.minibatches(x, y, batch_size=LONG.batch_size, rng=rng), LONG)
    assert_close(np.sort(got[:, 0]), np.arange(60.0), "the examples of all batches, sorted,")
    return got[:, 0].round().astype(int)


@task("minibatches", part="chance")
def test_batches_are_mixed_from_all_the_data(student: Any, rng: np.random.Generator) -> None:
    # In a random order neighbours in the data meet in a batch 5 times of 59. That all ten batches hold
    # six neighbours, or that more than half of all neighbours stay together, has a chance below 1e-9.
    batch = np.empty(60, dtype=int)
    batch[order(student, rng)] = np.arange(60) // 6
    together = np.mean(batch[1:] == batch[:-1])
    assert together < 0.5, "neighbours in the data stay in one batch: the examples are not shuffled"


@task("minibatches", part="chance")
def test_each_epoch_has_an_order_of_its_own(student: Any, rng: np.random.Generator) -> None:
    # Two random orders of 60 share one place in the mean; 30 of them less than once in 10^32.
    same = np.mean(order(student, rng) == order(student, rng))
    assert same < 0.5, "two epochs have the same order"


@task("minibatches", part="chance")
def test_each_example_is_as_likely_as_any_other_to_come_first(student: Any, rng: np.random.Generator) -> None:
    case = BatchCase("", 4, 3, (1,))
    x, y = case.draw(rng)
    replies = student.batches.minibatches.map([(x, y)] * 1000, batch_size=3, rng=rng)
    first = np.array([joined(reply, case)[1][0] for reply in replies])
    # Hoeffding: a share of 1000 draws is off by 0.11 less than once in 10^10.
    shares = np.array([np.mean(np.abs(first - label) < 0.5) for label in y])
    assert (abs(shares - 0.25) < 0.11).all(), "some examples come first more often than others"


@task("minibatches", part="chance")
def test_chance_comes_from_rng_alone(student: Any, rng: np.random.Generator) -> None:
    seed = int(rng.integers(1 << 30))
    one, two = (order(student, np.random.default_rng(seed)) for _ in range(2))
    assert (one == two).all(), "two generators in the same state give different batches: use rng alone"


@task("minibatches", part="purity")
def test_data_is_not_shuffled_in_place(student: Any, rng: np.random.Generator) -> None:
    case = MAIN[1]
    x, y = case.draw(rng)
    reply, after = student.batches.minibatches.watch(x, y, batch_size=case.batch_size, rng=rng)
    _, labels = joined(reply, case)
    assert_close(np.sort(labels), y, "the labels of all batches, sorted,")
    assert_unchanged(after, [x, y], ("x", "y"))
