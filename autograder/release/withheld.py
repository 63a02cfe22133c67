"""What no student may see: bodies cut from the library, omitted helpers, hidden tests, mistakes."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from textwrap import dedent
from types import CodeType

from ..course.reading import parse_file
from ..model import Assignment, Course
from ..source.definitions import Function, named_statements
from ..source.names import task_modules
from .fragments import Fragment, fragments
from .projection import read_module, removed_from

_TELLING = 5  # nodes of a statement that settles something: `x_hat = (x - mean) / deviation`
_TELLING_PAIR = 4  # nodes of two statements that follow each other
_TELLING_TEST = 8  # nodes; tests of one task share their short calls
_TEXT = 18  # characters; shorter texts stand in a handout by chance
_BYTECODE = 40  # bytes of a compiled function


@dataclass(frozen=True, slots=True)
class Withheld:
    """Pieces of code that must not be seen, each with the sentence that says what it would show."""

    statements: Mapping[str, str] = field(default_factory=dict)  # telling by themselves
    pairs: Mapping[tuple[str, str], str] = field(default_factory=dict)  # telling one after the other
    expressions: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)  # source without white space
    bytecode: Mapping[bytes, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Body:
    """A run of withheld statements."""

    title: str  # "the solution of conv_forward"
    path: str
    run: tuple[Fragment, ...]
    telling: int  # nodes that a statement of it needs to tell something
    expressions: frozenset[str]

    def says(self, line: int) -> str:
        return f"{self.title} ({self.path}:{line})"


def withheld_from(course: Course, assignment: Assignment) -> Withheld:
    """Everything that a release of the assignment must not show."""
    bodies = [*_hidden(course, assignment), *_solutions(course, assignment)]
    telling = [(b, fragment) for b in bodies for fragment in b.run if fragment.size >= b.telling]
    return Withheld(
        statements={fragment.whole: body.says(fragment.line) for body, fragment in telling},
        pairs={
            (first.whole, second.whole): body.says(first.line)
            for body in bodies
            for first, second in pairwise(body.run)
            if first.size + second.size >= _TELLING_PAIR
        },
        expressions={part: body.says(body.run[0].line) for body in bodies for part in body.expressions},
        texts={
            fragment.text: body.says(fragment.line)
            for body, fragment in telling
            if len(fragment.text) >= _TEXT
        },
        bytecode=dict(_bytecode(course, assignment)),
    )


def _solutions(course: Course, assignment: Assignment) -> Iterator[_Body]:
    """What a release leaves out of the library."""
    for module in sorted(task_modules(assignment)):
        path = f"{course.library}/{module}.py"
        for name, node in _cut_nodes(course, assignment, module):
            inner = node.body if isinstance(node, Function) else [node]
            run = tuple(fragments(inner))
            if run:
                expressions = frozenset[str]().union(*(fragment.expressions for fragment in run))
                yield _Body(f"the solution of {name}", path, run, _TELLING, expressions)


def _cut_nodes(course: Course, assignment: Assignment, module: str) -> Iterator[tuple[str, ast.stmt]]:
    removed = removed_from(assignment, module)
    definitions = named_statements(ast.parse(read_module(course, assignment, module)))
    for name in (*removed.tasks, *removed.omit):
        yield from ((name, node) for node in definitions.get(name, ()))


def _hidden(course: Course, assignment: Assignment) -> Iterator[_Body]:
    folders = {"a hidden test": course.graders_of, "a catalogued mistake": course.mistakes_of}
    for title, folder_of in folders.items():
        for path in sorted(folder_of(assignment.id).glob("**/*.py")):
            body = parse_file(path).body
            shown = path.relative_to(course.root).as_posix()
            for run in (body, *_written_in_strings(body)):
                telling = [fragment for fragment in fragments(run) if fragment.size]
                tables = [
                    fragment for node in run if isinstance(node, ast.Assign) for fragment in fragments([node])
                ]
                if telling:
                    expressions = frozenset[str]().union(*(table.expressions for table in tables))
                    yield _Body(title, shown, tuple(telling), _TELLING_TEST, expressions)


def _written_in_strings(body: list[ast.stmt]) -> Iterator[list[ast.stmt]]:
    """Code that stands in string constants, as that of mistakes and variants does."""
    for node in (inner for statement in body for inner in ast.walk(statement)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "\n" in node.value.strip():
            try:
                yield ast.parse(dedent(node.value)).body
            except SyntaxError:
                continue  # prose


def _bytecode(course: Course, assignment: Assignment) -> Iterator[tuple[bytes, str]]:
    for module in sorted(task_modules(assignment)):
        path = f"{course.library}/{module}.py"
        names = {name for name, _ in _cut_nodes(course, assignment, module)}
        for code in _codes(compile(read_module(course, assignment, module), path, "exec")):
            if code.co_qualname in names and len(code.co_code) >= _BYTECODE:
                yield code.co_code, f"the compiled solution of {code.co_qualname}"


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)
