"""The local back end hands over what the border hands over: seeds for generators, handles for states."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from autograder.studentkit.handle import Handle
from autograder.studentkit.local import Local


def local(kind, **functions):
    return Local(lambda _: SimpleNamespace(**functions), lambda *_: kind, wrap=True)


def test_generator_crosses_as_a_seed_drawn_from_it():
    student = local("float", draw=lambda *, rng: float(rng.random()))
    ours, same = np.random.default_rng(5), np.random.default_rng(5)
    want = np.random.default_rng(int(same.integers(1 << 62))).random()
    assert student.module.draw(rng=ours) == want
    assert ours.random() == same.random()


def test_all_calls_of_a_map_share_one_generator():
    student = local("float", draw=lambda _, *, rng: float(rng.random()))
    same = np.random.default_rng(5)
    shared = np.random.default_rng(int(same.integers(1 << 62)))
    found = student.module.draw.map([(0,), (1,), (2,)], rng=np.random.default_rng(5))
    assert found == [shared.random() for _ in range(3)]


def test_state_stays_where_it_is_even_if_it_could_cross():
    def step(w, state):
        state = np.zeros(2) if state is None else state
        state += 1
        return w + state, state

    student = local(("array", "handle"), step=step)
    _, state = student.module.step(np.zeros(2), None)
    assert isinstance(state, Handle)
    first, _ = student.module.step(np.zeros(2), state)
    second, _ = student.module.step(np.zeros(2), state)
    assert (first.tolist(), second.tolist()) == ([2, 2], [3, 3])
