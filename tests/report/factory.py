"""Synthetic reports: a class of 30 in which everything that can happen to a hand-in happens."""

from __future__ import annotations

import random
from dataclasses import replace

from autograder.model import Diagnosis, Mismatch, Report, TaskScore, TestResult, Verdict

TASKS = (
    ("conv", "Convolution, forward and backward", 30.0),
    ("im2col", "Convolution by im2col", 20.0),
    ("pool", "Max pooling", 15.0),
    ("batchnorm", "Batch normalisation", 20.0),
    ("net", "A small network on digits", 15.0),
)
TESTS = (
    ("test_output", "forward", ("7x5-s2", "5x7-p1", "11x3-s1")),
    ("test_gradient", "backward", ("dx-7x5-s2", "dw-7x5-s2", "db-5x7-p1")),
    ("test_output_and_gradients_of_unusual_shapes", "edge", ("1x1", "3x2-s3")),
    ("test_forward_changes_no_input", "purity", ("",)),
)
NAMES = (
    *("Ada Lovelace", "Béla Bartók", "Chen Wei", "Dalia Haddad", "Emil Sørensen", "Fatima Zahra El-Amrani"),
    *("Grace Hopper", "Hương Nguyễn", "Ivan Petrov", "Jürgen Weiß", "Kavya Iyer", "Łukasz Nowak"),
    *("Mario Rossi", "Noor de Vries", "Olga Ivanova", "Pedro Álvares Cabral", "Quentin O'Brien"),
    *("Ravi Kumar", "Søren Kierkegaard", "Tanaka Yūki", "Uma Thapa", "Václav Novák", "Wang Xiaoming"),
    *("Ximena Ruiz", "Yara Cohen", "Zoë Müller", "adam01", "bert.k", "cora_m", "dlc-2024"),
)
ENVIRONMENT = {
    "grader_sha256": "4f0c" * 16,
    "seed_id": "b71d22c0",
    "device": "cpu",
    "autograder": "0.1.0",
    "python": "3.11.2",
    "machine": "Linux x86_64",
    "pytest": "9.0.1",
    "numpy": "2.3.4",
}
SAYS = {
    "conv": "Your gradient for x ignores the padding: the outermost rows and columns of dx belong to the "
    "padded zeros and have to be cut off, not the other way round.",
    "pool": "Where two entries of a window are equal, you hand the gradient to both; "
    "only one of them may have it.",
    "batchnorm": "At test time you normalise with the batch's own mean; "
    "use the running mean that training kept.",
}


def border_levels(rows: int = 9, columns: int = 7) -> tuple[tuple[int, ...], ...]:
    """A map wrong only at the border."""
    return tuple(
        tuple((4 + (i * j) % 4 if i in (0, rows - 1) or j in (0, columns - 1) else 0) for j in range(columns))
        for i in range(rows)
    )


def mismatch(rng: random.Random, output: str) -> Mismatch:
    rows, columns = rng.choice(((9, 7), (5, 11), (24, 32), (3, 4)))
    if rng.random() < 0.4:
        levels = border_levels(rows, columns)
    else:
        levels = tuple(
            tuple(max(0, min(7, (i * 5) // rows + rng.randint(-2, 3))) for _ in range(columns))
            for i in range(rows)
        )
    share = sum(map(bool, sum(levels, ()))) / (rows * columns)
    return Mismatch(output, rng.uniform(0.01, 1.4), 1e-6, share, levels)


def test_result(
    rng: random.Random, task: str, name: str, part: str, case: str, verdict: Verdict
) -> TestResult:
    messages = {
        Verdict.PASSED: "",
        Verdict.ERROR: f"{task}_forward raised IndexError at line 31 of your {task}.py",
        Verdict.TIMEOUT: f"{task}_forward did not answer within 5 s",
        Verdict.CRASHED: "the process that ran your code died (signal 11)",
        Verdict.MEMORY: "your code used more than 512 MiB",
        Verdict.FORBIDDEN: "numpy.lib.stride_tricks is not allowed here: the task is to write the windows",
    }
    found = mismatch(rng, case.partition("-")[0] if "-" in case and part == "backward" else "out")
    wrong = verdict is Verdict.FAILED
    said = (
        f"{found.name}: relative error {found.relative_error:.2g}, at most 1e-06 accepted; "
        f"{found.wrong:.0%} of the entries are wrong"
    )
    return TestResult(
        id=f"test_{task}.py::{name}{f'[{case}]' if case else ''}",
        task=task,
        part=part,
        verdict=verdict,
        message=said if wrong else messages.get(verdict, "the grader failed; staff have been told"),
        detail="worst at (0, 3): got 0.123, expected 4.567" if wrong else "",
        duration_s=rng.uniform(0.001, 0.05),
        mismatch=found if wrong else None,
        output="debug print" if rng.random() < 0.1 else "",
    )


test_result.__test__ = False  # type: ignore[attr-defined]


def report(student: str = "Ada Lovelace", *, seed: int = 1, skill: float = 0.7, **changes: object) -> Report:
    """A graded report; `skill` is the chance that a task is wholly right."""
    rng = random.Random(seed)
    tasks, results = [], []
    for task, title, most in TASKS:
        right = rng.random() < skill
        stub = not right and rng.random() < 0.15
        own = []
        for name, part, cases in TESTS:
            broken = not right and rng.random() < 0.6
            for case in cases:
                bad = Verdict.ERROR if stub or rng.random() < 0.2 else Verdict.FAILED
                own.append(
                    test_result(rng, task, name, part, case, bad if broken or stub else Verdict.PASSED)
                )
        share = sum(each.verdict is Verdict.PASSED for each in own) / len(own)
        says = SAYS.get(task) if share < 1.0 and not stub and rng.random() < 0.7 else None
        tasks.append(
            TaskScore(
                task=task,
                title=title,
                score=round(most * share, 2),
                max_score=most,
                verdicts={each.id: each.verdict for each in own},
                follows_from=("conv",)
                if task in ("im2col", "net") and share < 1.0 > rng.random() * 2
                else (),
                diagnosis=Diagnosis(
                    f"{task}-1",
                    says,
                    "Your answers agree with this mistake to 1e-12 in 6 of 6 tests.",
                    rng.choice((0.97, 0.8, 0.5)),
                    "handout, section 2.3",
                )
                if says
                else None,
            )
        )
        results += own
    whole = Report(
        student=student,
        assignment="a4_cnn",
        title="Convolutional networks",
        score=round(sum(task.score or 0.0 for task in tasks), 2),
        max_score=100.0,
        open_points=0.0,
        tier=1,
        tasks=tuple(tasks),
        results=tuple(results),
        graded_at="2026-05-04T10:15:00+00:00",
        duration_s=rng.uniform(0.05, 0.4),
        environment=ENVIRONMENT,
        submission_sha256="9be1" * 16,
    )
    return replace(whole, **changes)  # type: ignore[arg-type]


def with_verdict(found: Report, verdict: Verdict) -> Report:
    """The same report with its last test ended so, whatever became of the points."""
    rng = random.Random(0)
    last = found.results[-1]
    ended = test_result(rng, last.task, "test_output", last.part, "7x5-s2", verdict)
    return replace(found, results=(*found.results[:-1], replace(ended, id=last.id)))


def unreadable(
    student: str, reason: str = "hand-in.zip: not a zip archive; hand in a folder or a zip"
) -> Report:
    empty = tuple(TaskScore(task, title, 0.0, most, {}) for task, title, most in TASKS)
    return report(student, tasks=empty, results=(), score=0.0, status="unreadable", reason=reason)


def internal(student: str) -> Report:
    found = with_verdict(report(student, skill=0.9), Verdict.INTERNAL)
    tasks = (*found.tasks[:-1], replace(found.tasks[-1], score=None))
    return replace(
        found, tasks=tasks, score=None, status="internal", reason="a grader failed; staff have been told"
    )


def sample_class() -> list[Report]:
    """Thirty students."""
    rng = random.Random(4)
    found = [report(name, seed=i, skill=rng.choice((0.3, 0.6, 0.8, 0.95))) for i, name in enumerate(NAMES)]
    for i, verdict in (
        (3, Verdict.TIMEOUT),
        (7, Verdict.CRASHED),
        (12, Verdict.MEMORY),
        (15, Verdict.FORBIDDEN),
    ):
        found[i] = with_verdict(found[i], verdict)
    found[5] = unreadable(NAMES[5])
    found[9] = internal(NAMES[9])
    found[11] = replace(found[11], late_days=2, penalty=12.5, score=(found[11].score or 0) - 12.5)
    found[13] = replace(found[13], notes=("conv (1).py was taken for conv.py.", "__MACOSX was left out."))
    found[16] = replace(found[16], duration_s=6.1)
    return found


HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style></title><svg onload=alert(1)>",
    '=HYPERLINK("http://evil.example";"x")',
    "a\u202egnp.exe\u2066\u200b",
    "\x1b[31mred\x1b]0;title\x07 \x00\x08",
    "../../etc/passwd",
    "Z" + "\u0335\u0321\u034f" * 40,
    "W" * 5000,
    'line\nbreak,comma"quote',
    "undecodable \udcff\udc80",
    "&lt;b&gt;&#x3c;",
    "",
)


def hostile(text: str) -> Report:
    """A report in which `text` stands wherever a student or a library's message can put it."""
    found = report("x", seed=3, skill=0.0)
    results = tuple(replace(result, message=text) for result in found.results)
    return replace(found, student=text, results=results, notes=(text, text), reason=text)
