"""What every interpreter of ours starts with."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.frameworks import KERNELS
from autograder.interpreter import FOLDER, command, environment, listed

ROOT = Path(__file__).parent.parent
SAYS = """
import json, os, sys
import autograder
flags = {name: getattr(sys.flags, name) for name in ("isolated", "safe_path", "no_user_site", "utf8_mode")}
print(json.dumps({
    "argv": sys.argv[1:], "flags": flags, "path": sys.path, "folder": os.getcwd(),
    "environment": dict(os.environ), "autograder": autograder.__file__, "name": __name__,
}))
"""


@pytest.fixture
def child(tmp_path):
    """child(...) starts a module through the copy of the package that lies in `tmp_path`."""
    package = tmp_path / "bundle/autograder"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "says.py").write_text(SAYS)
    (package / "interpreter.py").write_bytes((ROOT / "autograder/interpreter.py").read_bytes())

    def start(*words, env):
        line = [
            str(package / "interpreter.py") if "interpreter.py" in each else each for each in command(*words)
        ]
        done = subprocess.run(line, env=env, cwd=FOLDER, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return start


def test_a_child_is_isolated_and_finds_the_package_that_its_own_file_lies_in(child, tmp_path):
    says = child("autograder.says", "--jobs", "ä", env=environment())
    assert says["flags"] == {"isolated": 1, "safe_path": True, "no_user_site": 1, "utf8_mode": 1}
    assert says["argv"] == ["--jobs", "ä"]
    assert says["name"] == "__main__"
    assert says["autograder"] == str(tmp_path / "bundle/autograder/__init__.py")
    assert not [
        entry for entry in says["path"] if entry.startswith(str(tmp_path)) or not Path(entry).is_absolute()
    ]


def test_nothing_else_beside_the_package_can_be_imported(child, tmp_path):
    (tmp_path / "bundle/pickle.py").write_text("raise SystemExit('a stranger')")
    (tmp_path / "bundle/autograder/pickle.py").write_text("raise SystemExit('a stranger')")
    (tmp_path / "bundle/autograder/says.py").write_text(f"import pickle\n{SAYS}")
    assert child("autograder.says", env=environment())["name"] == "__main__"


def test_of_the_variables_only_listed_ones_are_handed_on():
    given = {
        "PYTHONPATH": "/x",
        "PYTHONSTARTUP": "/x.py",
        "PYTEST_ADDOPTS": "-p evil",
        "PYTEST_PLUGINS": "evil",
        "MATPLOTLIBRC": "/x",
        "TORCH_LOGS": "all",
        "SECRET": "1",
        "OMP_NUM_THREADS": "3",
        "TRITON_INTERPRET": "0",
        "CUDA_VISIBLE_DEVICES": "1",
    }
    assert listed(given) == {"OMP_NUM_THREADS": "3", "TRITON_INTERPRET": "0", "CUDA_VISIBLE_DEVICES": "1"}


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("PATH", ":.:/usr/bin:bin:/bin", "/usr/bin:/bin"),
        ("LD_LIBRARY_PATH", ":/usr/local/cuda/lib64", "/usr/local/cuda/lib64"),
        ("LD_LIBRARY_PATH", "", None),
        ("TMPDIR", ".", None),
        ("CC", "gcc", "gcc"),
        ("CC", "./gcc", None),
        ("CC", "/usr/bin/gcc", "/usr/bin/gcc"),
    ],
)
def test_of_paths_only_absolute_ones_are_handed_on(name, value, kept):
    assert listed({name: value}) == ({} if kept is None else {name: kept})


@pytest.mark.parametrize("framework", KERNELS)
def test_a_child_runs_kernels_as_its_parent_does(framework):
    kernels = KERNELS[framework]
    variables = {**kernels.interpreted, kernels.driver: "/opt/driver"}
    assert listed(variables) == variables


def test_the_command_line_itself_starts_again_where_it_was_not_isolated(tmp_path):
    """`python -m autograder` with a variable that would stop it: what runs the command does not know it."""
    surroundings = {**os.environ, "PYTHONPATH": str(tmp_path), "PYTEST_ADDOPTS": "-p evil"}
    (tmp_path / "yaml.py").write_text("raise SystemExit('a stranger')")
    line = [sys.executable, "-m", "autograder", "list", "--course", str(ROOT)]
    done = subprocess.run(line, cwd="/", env=surroundings, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


# What starts programs, and may name the interpreter that runs.
STARTERS = {"interpreter.py", "sandbox/zygote.py", "sandbox/tiers.py"}
SOURCES = sorted((ROOT / "autograder").rglob("*.py"))


def test_no_file_starts_an_interpreter_in_its_own_way():
    for path in SOURCES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if str(path.relative_to(ROOT / "autograder")) not in STARTERS:
            assert "sys.executable" not in [
                ast.unparse(n) for n in ast.walk(tree) if isinstance(n, ast.Attribute)
            ], path
        nodes = list(ast.walk(tree))
        modules = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
        modules |= {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module}
        assert not {"multiprocessing", "concurrent.futures.process"} & modules, path


def test_every_program_is_given_its_variables_and_its_folder():
    started = 0
    for path in SOURCES:
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = ast.unparse(call.func) if isinstance(call, ast.Call) else ""
            assert not name.startswith(("os.system", "os.popen", "os.spawn", "os.posix_spawn")), path
            if name in {f"subprocess.{verb}" for verb in ("Popen", "run", "call", "check_output")}:
                started += 1
                assert {"env", "cwd"} <= {each.arg for each in call.keywords}, f"{path}: {ast.unparse(call)}"
    assert started >= 4


@pytest.mark.parametrize("wanted", ["", "1"], ids=["cached", "not-cached"])
def test_compiled_files_are_kept_as_the_caller_wants_it(tmp_path, wanted):
    code = "from autograder.interpreter import command; print(command('x'))"
    variables = {**os.environ, "PYTHONDONTWRITEBYTECODE": wanted}
    line = [sys.executable, "-c", code]
    done = subprocess.run(line, cwd=ROOT, env=variables, capture_output=True, text=True, check=True)
    assert ("'-B'" in done.stdout) is bool(wanted)
