"""What the README shows is what happens."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")


def run(*words):
    done = subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [line.rstrip() for line in done.stdout.splitlines() if line.strip()]


def test_the_demo_of_the_makefile_is_these_commands_in_this_order():
    recipe = MAKEFILE.split("\ndemo:")[1].split("\n\n")[0]
    commands = (
        "dlc release a4_cnn -o build/demo/release",
        "python tests/corpus/make_class.py build/demo/class",
        "dlc grade a4_cnn build/demo/class -o build/demo/graded",
    )
    places = [recipe.index(command) for command in commands]
    assert places == sorted(places)


def test_every_command_of_the_readme_exists():
    (helped,) = [run("-m", "autograder", "--help")]
    text = "\n".join(helped)
    for command in set(re.findall(r"\.venv/bin/dlc (\w+)", README)):
        assert re.search(rf"\b{command}\b", text), command


def test_the_table_of_assignments_is_that_of_the_course():
    listed = run("-c", (
        "from pathlib import Path\nfrom autograder.course import *\ncourse = find_course(Path.cwd())\n"
        "for name in assignment_ids(course):\n"
        "    a = load_assignment(course, name)\n"
        "    tasks = ', '.join(f'{t.id} {t.points:g}' for t in a.tasks)\n"
        "    print(f'| `{a.id}` | {a.title} | {tasks} | {\", \".join(a.topics)} |')"
    ))  # fmt: skip
    for row in listed:
        assert row in README


def test_every_link_and_folder_of_the_readme_is_there():
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        if not target.startswith("http"):
            assert (ROOT / target).exists(), target
    for folder in re.findall(r"^\| `(\w+/)", README, re.MULTILINE):
        assert (ROOT / folder).is_dir(), folder


def test_the_table_of_speeds_holds_the_committed_figures():
    def result(name):
        return json.loads((ROOT / f"bench/results/{name}.json").read_text(encoding="utf-8"))

    peers = result("against_peers")
    table = README.partition("## Speed")[2].partition("## Folders")[0]
    for name in ("ours", "nbgrader", "otter", "floor"):
        assert f"| {peers[f'{name}_s']:.3f} |" in table
    for name in ("nbgrader", "nbgrader_warm", "otter"):
        assert f"{peers[f'{name}_ratio']:.0f}" in table
    assert f"slower by {peers['floor_ratio']:.1f} times" in table
    assert f"{peers['ours_batch_s']:.2f} s a submission" in table
    assert f"{result('im2col')['speedup_ratio']:.0f}\ntimes faster" in table


def test_the_table_of_twenty_hand_ins_holds_the_committed_figures():
    found = json.loads((ROOT / "bench/results/side_by_side.json").read_text(encoding="utf-8"))["tools"]
    for name, shown in (
        ("this project", "this project"),
        ("nbgrader", "`nbgrader autograde`"),
        ("otter", "`otter run`"),
    ):
        each = found[name]
        cheats = f"{each['cheats_refused']} of {each['cheats']}"
        kept = f"{each['crash_points_kept']:.0f} of {each['crash_points']:.0f}"
        assert f"| {shown} | {each['submission_s']:.3f} | {cheats} | {kept} |" in README
