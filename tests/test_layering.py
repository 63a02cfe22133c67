"""A file imports only from layers below its own; the table is the design."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LAYERS = {
    "autograder.frameworks": 0,
    "autograder": 1,  # the package itself: its version
    "autograder.model": 1,
    "autograder.alarm": 1,
    "autograder.errors": 1,
    "autograder.installed": 1,
    "autograder.interpreter": 1,
    "autograder.kept": 1,
    "autograder.text": 1,
    "autograder.studentkit": 1,
    "autograder.replay": 2,
    "autograder.source": 2,
    "autograder.author": 3,
    "autograder.course": 4,
    "autograder.sandbox": 4,
    "autograder.mutants": 5,
    "autograder.release": 5,
    "autograder.grading": 5,
    "autograder.speed": 6,
    "autograder.intake": 6,
    "autograder.diagnosis": 6,
    "autograder.report": 6,
    "autograder.store": 7,
    "autograder.engine": 8,
    "autograder.engine.assembly": 9,
    "autograder.audit": 10,
    "autograder.export": 10,
    "autograder.adopt": 10,
    "autograder.cli": 11,
    "autograder.__main__": 12,
}
FILES = sorted(ROOT.glob("autograder/**/*.py"))


def part_of(module: str) -> str:
    """The row of the table that a module belongs to."""
    name = module
    while name not in LAYERS and "." in name:
        name = name.rpartition(".")[0]
    return name


def module_of(path: Path) -> str:
    """Dotted name of a file."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(path: Path) -> set[str]:
    """Dotted names of this project that a file imports."""
    package = module_of(path) if path.stem == "__init__" else module_of(path).rpartition(".")[0]
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            found |= {f"{base}.{alias.name}" for alias in node.names}
    return {name for name in found if name.split(".")[0] in ("autograder", "dlc_lib")}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_imports_only_from_below(path):
    own = part_of(module_of(path))
    for name in imported(path):
        other = part_of(name)
        assert other in LAYERS, f"{name} has no layer"
        assert other == own or LAYERS[other] < LAYERS[own], f"{own} imports {name}"


def test_every_part_of_the_package_has_a_layer():
    parts = {path.stem for path in ROOT.glob("autograder/*") if path.suffix == ".py" or path.is_dir()}
    assert {f"autograder.{part}" for part in parts - {"__init__", "__pycache__"}} == {
        name for name in LAYERS if name.count(".") == 1
    }


def test_only_the_assembly_of_the_engine_imports_what_measures_speed():
    importing = {
        part_of(module_of(path))
        for path in FILES
        if any(part_of(name) == "autograder.speed" for name in imported(path))
    }
    assert importing - {"autograder.speed"} == {"autograder.engine.assembly"}


def test_the_framework_names_nothing_of_this_course():
    assignments = {path.name for path in ROOT.glob("assignments/*")}
    for path in FILES:
        assert not [name for name in imported(path) if name.startswith(("dlc_lib", "solutions"))], path
        code = ast.parse(path.read_text(encoding="utf-8"))
        texts = {node.value for node in ast.walk(code) if isinstance(node, ast.Constant)}
        assert not texts & assignments, path


def test_the_library_imports_itself_relatively_and_nothing_else_of_the_project():
    for path in ROOT.glob("dlc_lib/**/*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        absolute = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and not node.level]
        assert not [
            node.module for node in absolute if (node.module or "").startswith(("dlc_lib", "autograder"))
        ]
    assert (ROOT / "dlc_lib/__init__.py").read_text() == ""


def test_what_lies_beside_student_code_imports_nothing_of_the_project_outside_itself():
    for part in ("autograder.sandbox.inside", "autograder.frameworks"):
        for path in (ROOT / part.replace(".", "/")).glob("*.py"):
            assert all(name.startswith(part) for name in imported(path)), path


def test_only_the_commands_read_the_environment_or_the_working_directory():
    for path in ROOT.glob("autograder/**/*.py"):
        if {"cli", "inside", "probes"} & set(path.parts) or path.parent.name == "studentkit":
            continue
        if path == ROOT / "autograder/interpreter.py":  # decides what of the environment anybody gets
            continue
        text = path.read_text(encoding="utf-8")
        assert not [word for word in ("os.environ", "os.getenv", "getcwd", "Path.cwd") if word in text], path
