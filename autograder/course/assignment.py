"""`assignment.yaml`: one assignment, its tasks and limits."""

from __future__ import annotations

import ast
import re
from dataclasses import fields
from pathlib import Path

from ..errors import SpecError
from ..frameworks import FRAMEWORKS
from ..model import Assignment, Course, Forbidden, Hints, Limits, Provided, Task
from ..source.names import parse_name
from ..studentkit.earning import basis
from ..studentkit.local import TAKEN
from .document import Mapping, Value, each, flag, moment, number, open_document, shares, text, whole
from .layout import ASSIGNMENT_FILE, assignment_ids
from .library import find_source, module_path
from .packages import check_package

_KEYS = (
    *("id", "title", "due", "late_policy", "limits", "packages", "topics"),
    *("provided", "omit", "forbidden", "tasks", "audit", "hints"),
)
_TASK_KEYS = ("id", "title", "points", "source", "weights", "rests_on", "needs", "kind", "prompt")


_LIMITS = {
    "memory_mb": whole(16, 65536),
    "output_kb": whole(1, 65536),
    "reply_mb": whole(1, 1024),
}
_NAME = re.compile(r"[a-z][a-z0-9_]*")


def load_assignment(course: Course, assignment_id: str) -> Assignment:
    """The assignment with this id. Raises SpecError with every fault, each with its line."""
    folder = course.assignments / assignment_id
    if assignment_id not in (known := assignment_ids(course)):
        listed = ", ".join(known) or "none yet"
        raise SpecError([f"{folder}: there is no assignment {assignment_id!r}; the course has {listed}"])
    return _Reader(course, folder).read()


class _Reader:
    """One file on its way to a record, with the faults found so far."""

    def __init__(self, course: Course, folder: Path) -> None:
        self._course = course
        self._folder = folder
        self._task_lines: list[int] = []
        self._top, self._faults = open_document(folder / ASSIGNMENT_FILE, _KEYS)

    def read(self) -> Assignment:
        top = self._top
        assignment = Assignment(
            id=top.need("id", self._id, self._folder.name),
            title=top.need("title", text, ""),
            due=top.take("due", moment, None),
            late_policy=top.take("late_policy", self._late_policy, {}),
            limits=top.take("limits", self._limits, Limits()),
            packages=top.take("packages", each(self._package), ("numpy",)),
            topics=top.take("topics", each(text), ()),
            provided=top.take("provided", each(self._provided), ()),
            omit=top.take("omit", each(self._source), ()),
            forbidden=top.take("forbidden", each(self._forbidden), ()),
            tasks=top.need("tasks", each(self._task), ()),
            folder=self._folder,
            hints=top.take("hints", self._hints, Hints()),
            mutants_killed=top.take("audit", self._audit, 0.98),
        )
        self._check_tasks(assignment)
        self._check_threads(assignment)
        for name in ("handout.md", "test_public.py"):
            if not (self._folder / name).is_file():
                self._faults.add(1, f"there is no {name} beside it; students need one, create it")
        self._faults.refuse()
        return assignment

    def _id(self, value: Value) -> str:
        name = text(value)
        if name != self._folder.name:
            raise value.fault(f"is {name!r} but the folder is {self._folder.name}; make them equal")
        if not _NAME.fullmatch(name):
            raise value.fault(f"must be lower-case letters, digits and _, not {name!r}")
        return name

    def _late_policy(self, value: Value) -> dict[str, float]:
        fields_ = self._mapping(value, ("per_day", "max_days"))
        return {
            "per_day": fields_.need("per_day", number(0, 1), 0.0),
            "max_days": fields_.take("max_days", number(0, 366), 366.0),
        }

    def _hints(self, value: Value) -> Hints:
        fields_ = self._mapping(value, ("without", "from_attempt", "after_due"))
        return Hints(
            without=fields_.take("without", each(text), ()),
            from_attempt=fields_.take("from_attempt", whole(1, 1000), 1),
            after_due=fields_.take("after_due", flag, False),
        )

    def _audit(self, value: Value) -> float:
        return self._mapping(value, ("mutants_killed",)).need("mutants_killed", number(0, 1), 0.98)

    def _limits(self, value: Value) -> Limits:
        fields_ = self._mapping(value, tuple(f.name for f in fields(Limits)))
        default = Limits()
        return Limits(
            wall_s=fields_.take("wall_s", number(0.1, 3000), default.wall_s),
            total_s=fields_.take("total_s", number(1, 3000), default.total_s),
            threads=fields_.take("threads", flag, default.threads),
            **{name: fields_.take(name, read, getattr(default, name)) for name, read in _LIMITS.items()},
        )

    def _package(self, value: Value) -> str:
        package = text(value)
        try:
            check_package(package, self._course.library)
        except ValueError as error:
            raise value.fault(str(error)) from None
        return package

    def _provided(self, value: Value) -> Provided:
        if isinstance(value.plain, str):
            return Provided(self._module(value))
        fields_ = self._mapping(value, ("module", "after"))
        return Provided(
            module=fields_.need("module", self._module, ""),
            after=fields_.take("after", self._other_assignment, None),
        )

    def _module(self, value: Value) -> str:
        module = text(value)
        if not module_path(self._course, module).is_file():
            raise value.fault(f"names {module!r}, but there is no file {self._course.library}/{module}.py")
        return self._unlike_the_fixture(value, module, module)

    def _other_assignment(self, value: Value) -> str:
        other = text(value)
        if other not in assignment_ids(self._course) or other == self._folder.name:
            raise value.fault(f"must name another assignment of the course, not {other!r}")
        return other

    def _source(self, value: Value) -> str:
        name = text(value)
        try:
            find_source(self._course, name)
        except ValueError as error:
            raise value.fault(str(error)) from None
        return self._unlike_the_fixture(value, name, parse_name(name).module)

    def _unlike_the_fixture(self, value: Value, name: str, module: str) -> str:
        if module in TAKEN:
            raise value.fault(
                f"names {name}, but `student.{module}` is the grader's own in a hidden test; "
                f"give {self._course.library}/{module}.py another name"
            )
        return name

    def _task_source(self, value: Value) -> str:
        name = self._source(value)
        definition = find_source(self._course, name)
        if isinstance(definition, ast.ClassDef):
            raise value.fault(f"names the class {name}; name its methods, each is cut by itself")
        if ast.get_docstring(definition) is None:
            raise value.fault(f"names {name}, which has no docstring; students need one as their contract")
        return name

    def _forbidden(self, value: Value) -> Forbidden:
        fields_ = self._mapping(value, ("name", "reason"))
        return Forbidden(name=fields_.need("name", text, ""), reason=fields_.need("reason", text, ""))

    def _task(self, value: Value) -> Task:
        self._task_lines.append(value.line)
        fields_ = self._mapping(value, _TASK_KEYS)
        kind = fields_.take("kind", self._kind, "code")
        need_if_code = fields_.need if kind == "code" else fields_.take
        task_id = fields_.need("id", self._task_id, "")
        weights = fields_.take("weights", shares, {"forward": 1.0})
        return Task(
            id=task_id,
            title=fields_.take("title", text, task_id),
            points=fields_.need("points", number(0, 1000), 0.0),
            source=need_if_code("source", each(self._task_source), ()),
            weights=weights,
            rests_on=fields_.take("rests_on", lambda found: self._rests_on(found, tuple(weights)), {}),
            needs=fields_.take("needs", each(text), ()),
            kind=kind,
            prompt=fields_.take("prompt", text, ""),
        )

    def _task_id(self, value: Value) -> str:
        task_id = text(value)
        if not _NAME.fullmatch(task_id):
            raise value.fault(f"must be lower-case letters, digits and _, not {task_id!r}")
        return task_id

    def _rests_on(self, value: Value, parts: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
        """Part -> other parts, such that none rests on itself by way of others."""
        bases: dict[str, tuple[str, ...]] = {}
        for part, item in value.fields(parts).items():
            bases[part] = each(text)(item)
            if unknown := [name for name in bases[part] if name not in parts]:
                raise item.fault(f"names {unknown[0]!r}, which is no part; expected {', '.join(parts)}")
        if circle := next((part for part in parts if _leads_back(part, basis(parts, bases))), None):
            raise value.fault(f"lets {circle} rest on itself; some part must stand alone")
        return bases

    def _kind(self, value: Value) -> str:
        kind = text(value)
        if kind not in ("code", "written"):
            raise value.fault(f"must be code or written, not {kind!r}")
        return kind

    def _mapping(self, value: Value, known: tuple[str, ...]) -> Mapping:
        return Mapping(value, known, self._faults)

    def _check_threads(self, assignment: Assignment) -> None:
        names = [name for name in assignment.packages if name in FRAMEWORKS and FRAMEWORKS[name].threads]
        if names and not assignment.limits.threads:
            line = self._top.line_of("limits")
            self._faults.add(line, f"`limits` forbids threads, which {names[0]} needs; leave `threads` out")

    def _check_tasks(self, assignment: Assignment) -> None:
        if not assignment.tasks:
            self._faults.add(self._top.line_of("tasks"), "`tasks` is empty; add at least one")
        seen: dict[str, str] = {}  # source -> task
        ids = set[str]()
        for line, task in zip(self._task_lines, assignment.tasks, strict=True):
            if task.id in ids:
                self._faults.add(line, f"two tasks have the id {task.id!r}; rename one")
            for name in task.needs:
                if name not in ids:
                    self._faults.add(line, f"task {task.id} needs {name!r}, which is no task before it")
            for source in task.source:
                if source in seen:
                    self._faults.add(line, f"{source} is in {seen[source]} and again in {task.id}; keep one")
                seen[source] = task.id
            ids.add(task.id)
        for name in assignment.hints.without:
            if name not in ids:
                self._faults.add(self._top.line_of("hints"), f"`hints` names {name!r}, which is no task")


def _leads_back(part: str, rests_on: dict[str, tuple[str, ...]]) -> bool:
    """Whether a part rests on itself, by way of others or at once."""
    reached: set[str] = set()
    waiting = [part]
    while waiting:
        reachable = set(rests_on.get(waiting.pop(), ())) - reached
        reached |= reachable
        waiting += reachable
    return part in reached
