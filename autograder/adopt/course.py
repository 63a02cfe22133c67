"""Writes a draft as a course: library, specification, handout, hidden and public tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from ..frameworks import ADOPTED
from ..frameworks.numpy import NUMPY
from ..release.folder import write_folder
from .checks import Test, function, read_check, slug, tested, unique, used
from .code import Module, build_module
from .draft import AdoptError, Draft, Essay

LIST = "NOT_CARRIED_OVER.md"
_PLACES = {"hidden": "autograder.studentkit", "public": "studentkit"}


@dataclass
class _Task:
    id: str
    sources: list[str] = field(default_factory=list)
    tests: list[Test] = field(default_factory=list)

    @property
    def points(self) -> float:
        return sum(test.check.points for test in self.tests)


@dataclass(frozen=True)
class _Names:
    """What the parts of the course are called."""

    assignment: str

    @property
    def library(self) -> str:
        return f"{self.assignment}_lib"

    @property
    def module(self) -> str:
        return f"{self.assignment}_code"

    @property
    def shown(self) -> str:
        return f"{self.assignment}_shown"


def write_course(draft: Draft, stem: str, out: Path) -> list[str]:
    """Write a course of one assignment.

    Args:
        draft: what was read from the notebook.
        stem: its name without ending, after which the assignment and its library are named.
        out: the new folder.

    Returns:
        A sentence for each thing that was not carried over.

    Raises:
        AdoptError: no test of the notebook judges a function.
        ExportError: the folder cannot be written, or is not empty.
    """
    names, module = _Names(slug(stem)), build_module(draft, tested(draft.checks))
    tasks = _tasks(draft, module)
    if not tasks:
        raise AdoptError(f"{stem}: no test with points judges a function of an answer; nothing can be graded")
    taken = {task.id for task in tasks}
    essays = {unique(slug(essay.name), taken): essay for essay in draft.essays}
    own = f"assignments/{names.assignment}"
    files = {
        "course.yaml": f"library: {names.library}\ntier: 1\n",
        f"{names.library}/__init__.py": "",
        f"{names.library}/{names.module}.py": module.text(),
        f"{names.library}/{names.shown}.py": _shown(tasks, module, names),
        f"{own}/assignment.yaml": _spec(draft.title, names, module, tasks, essays),
        f"{own}/handout.md": _handout(draft),
        f"{own}/test_public.py": _tests(tasks, module, names, public=True),
        f"graders/{names.assignment}/test_{names.assignment}.py": _tests(tasks, module, names, public=False),
        **_answers(draft, names, essays),
    }
    files[LIST] = "".join(f"- {line}\n" for line in draft.left) or "Everything was carried over.\n"
    write_folder(out, {path: text.encode() for path, text in files.items()})
    return draft.left


def _tasks(draft: Draft, module: Module) -> list[_Task]:
    """Each function is a task, or a source of the one whose tests use it first."""
    owner: dict[str, _Task] = {}
    ids: set[str] = set()
    # Tests become functions `check_<part>` and `test_<part>`, beside which the notebook's are imported.
    parts = {name.partition("_")[2] for name in module.others if name.startswith(("check_", "test_"))}
    for check in draft.checks:
        trees = read_check(draft, check)
        if trees is None:
            continue
        functions = used(trees, module.tasks)
        if functions:
            name = next((function for function in functions if function not in owner), functions[0])
            if name not in owner:
                owner[name] = _Task(unique(slug(name), ids), [name])
            part = unique(slug(check.name).removeprefix("test_"), parts)
            owner[name].tests.append(Test(check, part, *trees))
        else:
            draft.left.append(f"{check.name}: {check.points:g} points: uses no function of an answer")
    tasks = [task for task in owner.values() if task.points]
    for task in owner.values():
        if not task.points:
            draft.left += [f"{test.check.name}: a test without points of {task.id}" for test in task.tests]
    for name in dict.fromkeys(module.tasks):
        if tasks and not any(name in task.sources for task in tasks):
            tasks[0].sources.append(name)
            draft.left.append(f"{name}: no test uses it by itself; it is cut with the task {tasks[0].id}")
    return tasks


def _spec(title: str, names: _Names, module: Module, tasks: list[_Task], essays: Mapping[str, Essay]) -> str:
    listed = [_task(task, names, module) for task in tasks]
    listed += [
        {"id": id_, "points": _number(essay.points), "kind": "written", "prompt": essay.prompt}
        for id_, essay in essays.items()
    ]
    content = {
        "id": names.assignment,
        "title": title,
        "packages": _packages(module),
        "provided": [names.shown],
        "tasks": listed,
    }
    return yaml.dump(content, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)


def _packages(module: Module) -> list[str]:
    """NumPy, which every assignment has, and what the module imports."""
    return [name for name in ADOPTED if name == NUMPY.name or any(name in line for line in module.imports)]


def _task(task: _Task, names: _Names, module: Module) -> dict[str, Any]:
    homes = [name + method for name in task.sources for method in module.methods.get(name) or [""]]
    return {
        "id": task.id,
        "points": _number(task.points),
        "source": [f"{names.library}.{names.module}:{name}" for name in homes],
        "weights": {test.part: _number(test.check.points) for test in task.tests if test.check.points},
    }


class _Dumper(yaml.SafeDumper):
    """Texts of several lines stand as such where YAML can hold them so."""

    def represent_text(self, text: str) -> yaml.Node:
        """A string."""
        return self.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _Dumper.represent_text)


def _number(points: float) -> float:
    return int(points) if points == int(points) else points


def _answers(draft: Draft, names: _Names, essays: Mapping[str, Essay]) -> dict[str, str]:
    """Path -> what only those who grade read."""
    files = {}
    for id_, essay in essays.items():
        if essay.answer:
            path = f"solutions/{names.assignment}/{id_}.md"
            files[path] = essay.answer.strip() + "\n"
            draft.left.append(f"{essay.name}: its model answer is the instructor's only, in {path}")
    return files


def _handout(draft: Draft) -> str:
    text = "\n\n".join(part.strip() for part in draft.handout)
    return (text if text.startswith("# ") else f"# {draft.title}\n\n{text}").strip() + "\n"


def _shown(tasks: list[_Task], module: Module, names: _Names) -> str:
    """A module that students get: what they see of the tests, which hidden tests run too."""
    tests = [test for task in tasks for test in task.tests if test.shown.body]
    trees = [test.shown for test in tests]
    helpers = used(trees, sorted(module.others))
    imports = [f"from .{names.module} import {', '.join(helpers)}"] if helpers else []
    texts = [
        function(f"def check_{test.part}(student):", names.module, module.tasks, [test.shown])
        for test in tests
    ]
    head = '"""Tests that students see."""\n\nfrom __future__ import annotations'
    return "\n\n\n".join(["\n".join([head, "", *module.plain(), *imports]), *texts]) + "\n"


def _tests(tasks: list[_Task], module: Module, names: _Names, *, public: bool) -> str:
    chosen = [
        (task, test)
        for task in tasks
        for test in task.tests
        if (test.shown.body if public else test.check.points)
    ]
    trees = [] if public else [test.hidden for _, test in chosen]
    lines = ["from __future__ import annotations", "", "from typing import Any", "", *module.plain()]
    lines.append(f"from {_PLACES['public' if public else 'hidden']} import judged, task")
    if public:  # written otherwise than the hidden ones, which the leak audit looks for
        shown = ", ".join(f"check_{test.part}" for _, test in chosen)
        lines += [f"from {names.library}.{names.shown} import {shown}"] if shown else []
    else:
        lines.append(f"from {names.library} import {names.shown}")
    if helpers := used(trees, sorted(module.others)):
        lines.append(f"from {names.library}.{names.module} import {', '.join(helpers)}")
    texts = [_test(task, test, module, names, public=public) for task, test in chosen]
    return "\n\n\n".join(["\n".join(lines), *texts]) + "\n"


def _test(task: _Task, test: Test, module: Module, names: _Names, *, public: bool) -> str:
    part = f', part="{test.part}"' if test.check.points else f', part="{_first_part(task)}"'
    head = (
        f'@task("{task.id}"{part})\n@judged()\ndef test_{"shown_" * public}{test.part}(student: Any) -> None:'
    )
    call = f"check_{test.part}(student)" if public else f"{names.shown}.check_{test.part}(student)"
    first = call if test.shown.body else ""
    return function(head, names.module, module.tasks, [] if public else [test.hidden], first)


def _first_part(task: _Task) -> str:
    return next(test.part for test in task.tests if test.check.points)
