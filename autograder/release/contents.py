"""The files of a release, and the list of paths that a release may hold."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path, PurePosixPath

from ..course.packages import brought_names
from ..course.slicing import data_files
from ..frameworks import FRAMEWORKS, KERNELS
from ..frameworks.matplotlib import MATPLOTLIB
from ..model import Assignment, Course, Task
from ..sandbox.inside.absent import SHOWING
from ..source.names import names_of, task_modules
from .declared import declared
from .notebook import notebook
from .projection import project

_OURS = Path(__file__).parent.parent
_COMPILER = _OURS / "sandbox" / "inside" / "compiling.py"
_PYTEST = "pytest>=8.0"
_CONFTEST = 'pytest_plugins = ["studentkit.plugin"]\n'
# The report of studentkit.plugin takes the place of tracebacks and of the list of failures.
_PYTEST_INI = "[pytest]\ntestpaths = test_public.py\npythonpath = .\naddopts = --tb=no -rN -q\n"
MANIFEST = "assignment.json"
CLASSROOM = ".github/workflows/classroom.yml"  # in a template repository for GitHub Classroom


def release_files(
    course: Course,
    assignment: Assignment,
    *,
    solution: bool = False,
    extra: Mapping[str, str] | None = None,
) -> dict[str, bytes]:
    """Path -> bytes of every file of the release; with `solution` the library holds the complete work.

    `extra` are files that a platform wants beside them, path -> text.
    """
    library = project(course, assignment, solution=solution)
    texts = {
        **library,
        **{path.name: path.read_text("utf-8") for path in _own_files(assignment)},
        **{f"studentkit/{name}": path.read_text("utf-8") for name, path in _kit(assignment).items()},
        "README.md": _readme(course, assignment),
        "conftest.py": _CONFTEST,
        "pytest.ini": _PYTEST_INI,
        "requirements.txt": _requirements(assignment),
        f"{assignment.id}.ipynb": notebook(course, assignment, library),
        **(extra or {}),
    }
    files = {path: text.encode() for path, text in texts.items()}
    files |= {f"{course.library}/{path.name}": path.read_bytes() for path in _data(course, assignment)}
    files[MANIFEST] = _manifest(course, assignment, library, files).encode()
    return dict(sorted(files.items()))


def allowed_paths(course: Course, assignment: Assignment) -> frozenset[str]:
    """Every path a release of this assignment may hold. Anything else in its folder is a leak."""
    modules = {"__init__", *task_modules(assignment), *(entry.module for entry in assignment.provided)}
    return frozenset(
        {
            *(f"{course.library}/{name}.py" for name in modules),
            *(f"{course.library}/{path.name}" for path in _data(course, assignment)),
            *(f"studentkit/{name}" for name in _kit(assignment)),
            *("handout.md", "test_public.py", "README.md", "conftest.py", "pytest.ini"),
            *("requirements.txt", f"{assignment.id}.ipynb", MANIFEST, CLASSROOM),
        }
    )


def _data(course: Course, assignment: Assignment) -> list[Path]:
    return data_files(course, (entry.module for entry in assignment.provided))


def _kit(assignment: Assignment) -> dict[str, Path]:
    """Name -> file of the student kit; for kernels also what compiles them without a GPU."""
    files = {path.name: path for path in sorted((_OURS / "studentkit").glob("*.py"))}
    del files["frameworks.py"]  # in whose place the frameworks' own files lie
    files |= {f"frameworks/{path.name}": path for path in sorted((_OURS / "frameworks").glob("*.py"))}
    return files | ({_COMPILER.name: _COMPILER} if KERNELS.keys() & assignment.packages else {})


def _own_files(assignment: Assignment) -> list[Path]:
    return [assignment.folder / "handout.md", assignment.folder / "test_public.py"]


def _requirements(assignment: Assignment) -> str:
    lines = [FRAMEWORKS[name].requirement if name in FRAMEWORKS else name for name in assignment.packages]
    lines.append(_PYTEST)
    if (assignment.folder / "notebook.py").is_file():
        lines += ["# for the notebook alone:", MATPLOTLIB.requirement, "jupyterlab>=4"]
    return "".join(f"{line}\n" for line in lines)


def _manifest(
    course: Course, assignment: Assignment, library: Mapping[str, str], files: dict[str, bytes]
) -> str:
    content = {
        "id": assignment.id,
        "title": assignment.title,
        "due": assignment.due.isoformat() if assignment.due else None,
        "library": course.library,
        "packages": list(dict.fromkeys(("numpy", *assignment.packages))),
        "imports": sorted(SHOWING.union(*map(brought_names, ("numpy", *assignment.packages)))),
        "declared": {PurePosixPath(path).stem: declared(text) for path, text in library.items()},
        "tasks": [_task(task) for task in assignment.tasks],
        "files": {path: sha256(data).hexdigest() for path, data in sorted(files.items())},
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def _task(task: Task) -> dict[str, object]:
    return {
        "id": task.id,
        "title": task.title,
        "points": task.points,
        "kind": task.kind,
        "source": list(task.source),
        "weights": dict(task.weights),
        "rests_on": {part: list(names) for part, names in task.rests_on.items()},
    }


def _readme(course: Course, assignment: Assignment) -> str:
    due = f"Due {assignment.due:%A %d %B %Y, %H:%M %Z}. " if assignment.due else ""
    rows = [f"| {task.title} | {_where(course, task)} | {task.points:g} |" for task in assignment.tasks]
    return "\n".join(
        [
            f"# {assignment.title}",
            "",
            f"{due}{assignment.points:g} points. `handout.md` explains everything.",
            "",
            "| task | where | points |",
            "|---|---|---|",
            *rows,
            "",
            "Work in the files of the table, or in the notebook, which holds the handout too: replace every",
            "`raise NotImplementedError(...)`. The docstring of a function is what it has to keep to.",
            "",
            "```",
            "python -m pip install -r requirements.txt",
            "python -m pytest                # which tests pass, and what is wrong by how much",
            "python -m pytest -k WORD        # only tests with WORD in their name",
            "python -m studentkit            # checks your work and writes the zip to hand in",
            "```",
            "",
            "The tests here are a start. Other tests, on other shapes and values, decide your points.",
            "",
        ]
    )


def _where(course: Course, task: Task) -> str:
    if task.kind != "code":
        return f"`answers/{task.id}.md`"
    modules = dict.fromkeys(name.module for name in names_of([task]))
    return ", ".join(f"`{course.library}/{module}.py`" for module in modules)
