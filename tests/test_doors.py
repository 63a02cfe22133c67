"""What a stranger reads first is true: each path is there, each room and each verb is named."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import yaml

from tests.test_layering import LAYERS

ROOT = Path(__file__).parent.parent
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
PAGES = ("ARCHITECTURE.md", "CONTRIBUTING.md")


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def recipe(verb):
    """The lines that a verb of the Makefile runs, as they would be typed."""
    (lines,) = re.findall(rf"^{verb}:.*\n((?:\t.*\n)+)", MAKEFILE, re.MULTILINE)
    return [line.strip().replace("$(BIN)", ".venv/bin") for line in lines.splitlines()]


@pytest.mark.parametrize("page", PAGES)
def test_every_path_that_is_named_is_there(page):
    named = set(re.findall(r"`([\w./-]+/[\w./-]*|[A-Z]+\.md)`", read(page)))
    lost = [
        name
        for name in named
        if not any(
            (folder / each).exists()
            for folder in (ROOT, ROOT / "autograder")
            for each in (name, f"{name}.py")
        )
    ]
    assert lost == []


def test_every_room_is_in_the_table():
    rooms = read("ARCHITECTURE.md").partition("## Rooms")[2].partition("\nA course (")[0]
    named = {each.rstrip("/") for each in re.findall(r"`(\w+/?)`", rooms)}
    parts = {name.split(".")[1] for name in LAYERS if "." in name} - {"__main__"}
    assert parts <= named


def test_every_verb_that_is_named_is_one_of_the_makefile():
    for page in (*PAGES, "README.md"):
        for verb in re.findall(r"`make (\w+)", read(page)):
            assert re.search(rf"^{verb}:", MAKEFILE, re.MULTILINE), verb


def test_a_commit_is_looked_at_by_what_make_lint_runs():
    (hooks,) = yaml.safe_load(read(".pre-commit-config.yaml"))["repos"]
    assert [each["entry"] for each in hooks["hooks"]] == recipe("lint")


def test_continuous_integration_lints_and_its_last_words_are_those_of_pytest():
    commands = [line for line in read(".ci/run").splitlines() if line.startswith("make ")]
    assert commands == ["make lint", "make test"]
    assert "pytest" in recipe("test")[-1]


def test_the_version_has_its_entry_in_the_changelog():
    project = tomllib.loads(read("pyproject.toml"))["project"]
    assert f'__version__ = "{project["version"]}"' in read("autograder/__init__.py")
    assert re.findall(r"^## (\S+)", read("CHANGELOG.md"), re.MULTILINE)[0] == project["version"]
    assert project["license"] == "BSD-3-Clause"
    assert "the Deep Learning Clinic authors" in read("LICENSE")
