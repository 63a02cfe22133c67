"""A hand-in as a submission: what is graded, what was ignored, and why it cannot be read."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from ..course.library import module_path
from ..errors import SubmissionError
from ..model import Assignment, Course, Submission
from ..source.names import names_of
from ..source.unfinished import TaskNames, finished, task_names
from ..text import shown
from .extract import Extract, extract, joined
from .files import Bundle, Caps, size
from .find import HandIn
from .formats import FORMATS, Reader
from .gather import gather
from .modules import changed, lay_out
from .notebook import Notebook
from .paths import WRONG, clean, stem, suffix
from .script import Script, from_file, from_notebook
from .source import read_source

_NOTES = 40  # beyond these nobody reads on
_SECONDS = 20.0  # of processor time for one hand-in; an ordinary one takes a hundredth of one


def read_submission(
    course: Course, assignment: Assignment, hand_in: HandIn, caps: Caps | None = None
) -> Submission:
    """Read a hand-in. Never raises for what a student did: then `reason` says in a sentence what is wrong.

    Modules hold the student's text of the assignment's modules and of helpers these import; `script`
    defines tasks that the modules leave undone. Provided modules are never the student's.

    Raises OSError where the machine fails, or what was found is gone.
    """
    reading = _Reading(course, assignment, Bundle(caps or Caps()), [*hand_in.notes])
    try:
        gather(hand_in, reading.bundle)
        reading.sort_files()
        reading.take_modules()
        reading.take_scripts()
        reading.require_something()
        reason = None
    except SubmissionError as error:
        reason = str(error)
        reading.modules, reading.script = {}, None
    answers = {} if reason else reading.answers()
    script = reading.script.text if reading.script else None
    return Submission(
        student=hand_in.student,
        assignment=assignment.id,
        modules=reading.modules,
        script=script,
        origins=reading.script.origins if reading.script else (),
        answers=answers,
        received_at=hand_in.received_at,
        notes=_few([*reading.bundle.notes, *reading.notes]),
        reason=reason,
        sha256=_digest(reading.modules, script, answers, reason),
    )


@dataclass
class _Reading:
    course: Course
    assignment: Assignment
    bundle: Bundle
    notes: list[str]
    texts: dict[str, str] = field(default_factory=dict)  # path of a .py -> text
    faults: dict[str, str] = field(default_factory=dict)  # path -> what is wrong with its Python
    notebooks: dict[str, Notebook] = field(default_factory=dict)
    modules: dict[str, str] = field(default_factory=dict)
    script: Extract | None = None
    code: int = 0  # bytes of Python looked at
    scripts: tuple[str, ...] = ()
    started: float = field(default_factory=time.thread_time)

    def require_time(self) -> None:
        """Raise SubmissionError where the hand-in takes too long to read."""
        if time.thread_time() - self.started > _SECONDS:
            raise SubmissionError(
                f"takes more than {_SECONDS:g} s of processor time to read; hand in only your code"
            )

    def sort_files(self) -> None:
        """Decode every file of code."""
        # Nearest to the top first, in case there is too much.
        for path, contents in sorted(
            self.bundle.files.items(), key=lambda item: (item[0].count("/"), item[0])
        ):
            self.require_time()
            read_as = FORMATS.get(suffix(path))
            if read_as and read_as.read:
                self._take_cells(path, contents, read_as.read)
            elif read_as:
                self._take_python(path, contents)

    def take_modules(self) -> None:
        """Choose the files that are modules of the library."""
        tasks, library = task_names(self.assignment.tasks), self.course.library
        provided = {entry.module for entry in self.assignment.provided}
        layout = lay_out(self.texts, tasks, provided, library)
        self.scripts = layout.scripts
        for module, path in {**layout.modules, **layout.helpers}.items():
            self.modules[module] = self.texts[path]
            if path in self.faults:
                self.notes.append(f"{self.faults[path]}; tests of {module} fail")
        self.notes += layout.notes
        self.notes += [
            f"{shown(path)}: not part of the release; used as {module}"
            for module, path in layout.helpers.items()
        ]
        self.notes += [
            f"{module}.py: your changes are not used; provided modules are always the course's"
            for module in changed(self.texts, self._ours(provided), library)
        ]

    def take_scripts(self) -> None:
        """Let notebooks and other files define what the modules leave undone."""
        tasks = {name.top: task.id for task in self.assignment.tasks for name in names_of([task])}
        undone = {
            name: names[name]
            for module, names in task_names(self.assignment.tasks).items()
            for name in names.keys() - finished(self.modules.get(module), names)
        }
        parts = []
        for script in self._ranked(undone):
            self.require_time()
            names = script.defines(undone)
            if names:
                part = extract(script, {name: undone[name] for name in sorted(names)}, tasks)
                parts.append(part)
                self.notes += part.notes
                self.notes.append(f"{shown(script.path)}: defines {', '.join(sorted(names))}")
                undone = {name: task for name, task in undone.items() if name not in names}
        if parts:
            self.script = joined(parts)
        used = {path for path in self.texts if path not in self.scripts}
        self.notes += [fault for path, fault in self.faults.items() if path not in used]

    def require_something(self) -> None:
        """Raise SubmissionError where there is nothing to grade."""
        if self.modules or self.script is not None or self.answers():
            return
        if self.faults:
            raise SubmissionError("; ".join(self.faults.values()))
        modules = ", ".join(f"{module}.py" for module in task_names(self.assignment.tasks))
        files = [path for path in self.bundle.files if suffix(path) in FORMATS and stem(path) != "__init__"]
        if files:
            raise SubmissionError(
                f"{', '.join(map(shown, files[:3]))}: defines none of the functions asked for; "
                f"expected {modules}, or a notebook or file with functions of these names"
            )
        expected = f"expected {self.course.library}/ with {modules}, a .py or a notebook"
        other = next((path for path in self.bundle.files if suffix(path) in WRONG), None)
        if other is not None:
            raise SubmissionError(f"{shown(other)}: is of a kind that is not read; {expected}")
        seen = f" ({self.bundle.notes[0]})" if self.bundle.notes else ""
        raise SubmissionError(f"holds no code{seen}; {expected}")

    def answers(self) -> dict[str, str]:
        """Texts named after written tasks."""
        written = {task.id for task in self.assignment.tasks if task.kind == "written"}
        return {
            stem(path): contents.decode("utf-8", "replace")
            for path, contents in sorted(self.bundle.files.items())
            if stem(path) in written and suffix(path) in (".md", ".txt")
        }

    def _take_cells(self, path: str, contents: bytes, read: Reader) -> None:
        try:
            notebook = read(path, contents, min(self.bundle.caps.source, self._room()))
        except SubmissionError as error:
            self.faults[path] = str(error)
            return
        self.notebooks[path] = notebook
        self.code += sum(len(cell.text) for cell in (*notebook.cells, *notebook.texts))
        folder = path.rpartition("/")[0]
        for name, text in notebook.written.items():
            inner = clean(name) or name.rpartition("/")[2]
            if suffix(inner) == ".py":
                self._take_python(f"{folder}/{inner}" if folder else inner, text.encode())

    def _room(self) -> int:
        return max(0, self.bundle.caps.code - self.code)

    def _take_python(self, path: str, contents: bytes) -> None:
        if len(contents) > self._room():
            self.notes.append(
                f"{shown(path)}: ignored, a hand-in may hold {size(self.bundle.caps.code)} of Python"
            )
            return
        self.code += len(contents)
        source = read_source(path, contents)
        if not source.text.strip():
            if stem(path) != "__init__":
                self.faults[path] = f"{shown(path)}: is empty; hand in the file with your code"
            return
        self.texts[path] = source.text
        if source.fault:
            self.faults[path] = source.fault
        if source.note:
            self.notes.append(source.note)

    def _ours(self, provided: set[str]) -> dict[str, str]:
        paths = {module: module_path(self.course, module) for module in provided}
        return {module: path.read_text("utf-8") for module, path in paths.items() if path.is_file()}

    def _ranked(self, undone: TaskNames) -> list[Script]:
        """Scripts, the one that defines most first."""
        scripts = [from_notebook(path, notebook) for path, notebook in self.notebooks.items()]
        for path in self.scripts:
            self.require_time()
            try:
                script = from_file(path, self.texts[path])
            except SyntaxError as error:
                self.notes.append(str(error))
                continue
            self.faults.pop(path, None)  # only lines for IPython were in the way
            scripts.append(script)
        return sorted(
            scripts, key=lambda script: (-len(script.defines(undone)), script.path.count("/"), script.path)
        )


def _few(notes: list[str]) -> tuple[str, ...]:
    once = tuple(dict.fromkeys(notes))
    rest = len(once) - _NOTES
    return once if rest <= 0 else (*once[:_NOTES], f"{rest} more notes of this kind")


def _digest(
    modules: Mapping[str, str], script: str | None, answers: Mapping[str, str], reason: str | None
) -> str:
    graded = {"modules": dict(modules), "script": script, "answers": dict(answers), "reason": reason}
    return hashlib.sha256(json.dumps(graded, sort_keys=True).encode()).hexdigest()
