"""Calls of a test that judges: each in a worker in which nothing was called before."""

from __future__ import annotations

import pytest

CODE = """
import os
CALLS = []

def calls():
    CALLS.append(1)
    print(f"call {len(CALLS)}")
    return len(CALLS)

def pid(): return os.getpid()

class Counter:
    def __init__(self): self.count = 0
    def up(self):
        self.count += 1
        return self.count + calls() * 10

def up(counter): return counter.up()
"""


@pytest.fixture
def student(open_student):
    with open_student(CODE) as opened:
        yield opened


def test_calls_of_other_tests_share_a_worker(student):
    student.begin("one")
    assert [student.m.calls(), student.m.calls()] == [1, 2]
    student.begin("two")
    assert student.m.calls() == 3


def test_calls_apart_know_nothing_of_each_other_nor_of_tests_before(student):
    student.begin("before")
    student.m.calls()
    for name in ("one", "two"):
        student.begin(name, apart=True)
        assert [student.m.calls(), student.m.calls()] == [1, 1]
    student.begin("after")
    assert student.m.calls() == 2  # the last worker stays


def test_prints_of_all_the_workers_of_a_test_are_kept(student):
    student.begin("prints", apart=True)
    student.m.calls()
    student.m.calls()
    assert student.output() == "call 1\ncall 1\n"
    assert student.output() == ""


def test_an_object_lives_until_the_next_call_of_a_function(student):
    student.begin("object", apart=True)
    counter = student.m.Counter()
    assert [counter.up(), counter.up()] == [11, 22]
    assert student.m.calls() == 1
    with pytest.raises(TypeError, match="passes on what a call left in a worker of its own"):
        student.m.up(counter)
