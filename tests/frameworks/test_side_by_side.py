"""Courses of different frameworks in one process, graded in turn, each by its own reference."""

from __future__ import annotations

from textwrap import dedent

import pytest

from autograder.course import load_assignment, load_course
from autograder.engine import Grader, Setup
from autograder.intake import find_hand_ins, read_submission
from tests import tiny_course
from tests.frameworks import course as jax_course

KEY = b"k" * 32
TORCH = {
    "course.yaml": "library: lab\ntier: 1\ngraders: graders\nmistakes: mistakes\n",
    "lab/__init__.py": "",
    "lab/scale.py": '''
        import torch


        class Scaled(torch.nn.Module):
            """FACTOR·x."""

            def forward(self, x: torch.Tensor) -> torch.Tensor:
                return FACTOR * x


        def scale(x: torch.Tensor) -> torch.Tensor:
            """FACTOR·x."""
            module = Scaled()
            return module(x)
        ''',
    "assignments/t1/assignment.yaml": """
        id: t1
        title: Scaling
        packages: [numpy, torch]
        limits: {wall_s: 20}
        tasks:
          - {id: scale, title: Scaling, points: 10, source: ["lab.scale:scale"]}
        """,
    "assignments/t1/handout.md": "# Scaling\n",
    "assignments/t1/test_public.py": """
        from studentkit import task


        @task("scale")
        def test_scale(student):
            assert student.scale
        """,
    "graders/t1/test_scale.py": """
        import torch

        from autograder.author import assert_close
        from autograder.studentkit import task
        from lab import scale


        @task("scale")
        def test_values(student, rng):
            x = torch.from_numpy(rng.standard_normal(5))
            assert_close(student.scale.scale(x), scale.scale(x), "out")
        """,
}


def torch_course(root, factor):
    for name, text in TORCH.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(dedent(text).lstrip("\n").replace("FACTOR", factor), encoding="utf-8")
    return load_course(root)


def torch_hand_in(folder, factor):
    (folder / "lab").mkdir(parents=True)
    (folder / "lab/scale.py").write_text(f"def scale(x):\n    return {factor} * x\n", encoding="utf-8")
    return folder


def score(grader, folder):
    course, assignment = grader.setup.course, grader.setup.assignment
    (found,) = find_hand_ins([folder], course.library)
    report = grader.grade(read_submission(course, assignment, found))
    assert report.status == "graded", report
    return report.score


def open_grader(course, assignment_id):
    return Grader(Setup(course, load_assignment(course, assignment_id), 1, KEY))


def test_two_courses_in_torch_whose_libraries_have_one_name(tmp_path):
    pytest.importorskip("torch", reason="torch is not installed")
    two, three = torch_course(tmp_path / "two", "2"), torch_course(tmp_path / "three", "3")
    ada, eve = torch_hand_in(tmp_path / "ada", "2"), torch_hand_in(tmp_path / "eve", "3")
    with open_grader(two, "t1") as by_two, open_grader(three, "t1") as by_three:
        scores = [(score(by_two, each), score(by_three, each)) for each in (ada, eve, ada)]
    assert scores == [(10, 0), (0, 10), (10, 0)]


def test_a_course_in_jax_beside_one_in_numpy(tmp_path):
    pytest.importorskip("jax", reason="JAX is not installed")
    jax, plain = jax_course.make_course(tmp_path / "jax"), tiny_course.make_course(tmp_path / "plain")
    (tmp_path / "ada/jaxlab").mkdir(parents=True)
    (tmp_path / "ada/jaxlab/dense.py").write_text(jax_course.RIGHT, encoding="utf-8")
    wrong = tiny_course.hand_in(tmp_path / "wrong", total="def total(x):\n    return 0.0\n")
    right = tiny_course.hand_in(tmp_path / "right")
    with open_grader(jax, "j1") as in_jax, open_grader(plain, "h1") as in_numpy:
        first = [score(in_numpy, right), score(in_jax, tmp_path / "ada"), score(in_numpy, wrong)]
        again = [score(in_jax, tmp_path / "ada"), score(in_numpy, right)]
    assert (first, again) == ([100, 100, 80], [100, 100])
