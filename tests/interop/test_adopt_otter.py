"""A master notebook of otter becomes a course that `dlc check` finds sound."""

from __future__ import annotations

import json
import re

import pytest

from autograder.adopt.draft import AdoptError
from autograder.adopt.otter import read_otter
from autograder.source.cells import code, markdown, raw, to_notebook
from tests.interop.adopting import adopt, listed, refused, sound
from tests.interop.notebooks import CUBE, otter_master

CONFIG = '_ = """ # begin test config\nhidden: true\n""" # end test config'


def test_a_master_notebook_of_otter_becomes_a_sound_course_with_its_points(tmp_path):
    _, found = adopt(tmp_path, "otter", otter_master())
    assert sound(found), found
    assert (found["tasks"], found["points"]) == (2, 6)


def fenced(cell):
    """A raw cell as newer masters have it."""
    if cell["cell_type"] != "raw":
        return cell
    block = "".join(cell["source"])
    return markdown(cell["id"], f"{'Text.' * ('BEGIN' in block)}\n\n```otter\n{block}\n```\n")


def test_a_master_notebook_with_fenced_blocks_is_read_like_one_with_raw_cells(tmp_path):
    found = json.loads(otter_master())
    out, checked = adopt(
        tmp_path, "otter", json.dumps(found | {"cells": [fenced(cell) for cell in found["cells"]]})
    )
    assert sound(checked), checked
    assert (checked["tasks"], checked["points"]) == (2, 6)
    assert "```otter" not in (out / "assignments/ps1/handout.md").read_text("utf-8")


def master(*tests, settings="name: q1\npoints: 4"):
    return [
        raw("r2", f"# BEGIN QUESTION\n{settings}"),
        raw("r3", "# BEGIN SOLUTION"),
        code("a", CUBE),
        raw("r4", "# END SOLUTION"),
        raw("r5", "# BEGIN TESTS"),
        *tests,
        raw("r6", "# END TESTS"),
        raw("r7", "# END QUESTION"),
    ]


def test_what_of_otter_is_not_carried_over_is_listed(tmp_path):
    cells = [
        raw("r", "# ASSIGNMENT CONFIG\nname: x\nfiles: [data.csv]\nseed: {variable: rng_seed}"),
        markdown("i", "# Ignore\nSECRET"),
        code("p", "# BEGIN PLUGIN\nplugin: x\n# END PLUGIN"),
        code("l", "A = 1\nSECRET = 2  # IGNORE\n# BEGIN IGNORE\nSECRET = 3\n# END IGNORE"),
        *master(
            code(
                "t",
                '_ = """ # BEGIN TEST CONFIG\nfailure_message: wrong\n""" # END TEST CONFIG\ncube(2) == 8',
            )
        ),
    ]
    cells.insert(7, markdown("s", "By multiplication."))
    out, found = adopt(tmp_path, "otter", to_notebook(cells))
    assert sound(found), found
    assert listed(out) == [
        "- the setting `files: ['data.csv']` of # ASSIGNMENT CONFIG",
        "- the setting `seed: {'variable': 'rng_seed'}` of # ASSIGNMENT CONFIG",
        "- cell 2: is marked # IGNORE",
        "- cell 3: a plugin of otter",
        "- cell 4: 4 lines marked # IGNORE",
        "- q1: text of its solution: `By multiplication.`",
        "- q1: the message `wrong` of a test",
    ]
    assert not [path for path in out.rglob("*.*") if path.is_file() and b"SECRET" in path.read_bytes()]


def test_model_answers_of_otter_are_the_instructors(tmp_path):
    out, _ = adopt(tmp_path, "otter", otter_master())
    assert "Since it is." in (out / "solutions/ps1/q2.md").read_text("utf-8")
    assert "its model answer is the instructor's only" in str(listed(out))


@pytest.fixture
def draft(tmp_path):
    """What is read of some cells."""

    def read(cells):
        notebook = tmp_path / "hw.ipynb"
        notebook.write_text(to_notebook(cells), encoding="utf-8")
        return read_otter(notebook)

    return read


@pytest.mark.parametrize("head", ["# HIDDEN", "## Hidden ##", "# this one is hidden", CONFIG])
def test_what_otter_hides_is_hidden_here_too(draft, head):
    (check,) = draft(master(code("t", f"{head}\nassert cube(12) == 1728"))).checks
    assert (check.shown, check.hidden) == ("", "assert cube(12) == 1728")


def test_a_call_that_is_to_show_true_is_asserted_and_another_output_listed(tmp_path):
    shows = {"output_type": "execute_result", "data": {"text/plain": ["True"]}}
    cells = master(code("t", "bool(cube(2) == 8)"), code("u", "print(cube(3))"))
    cells[5]["outputs"] = [shows]
    cells[6]["outputs"] = [{"output_type": "stream", "text": "27\n"}]
    out, found = adopt(tmp_path, "otter", to_notebook(cells))
    assert sound(found), found
    assert "assert bool(cube(2) == 8)" in (out / "ps1_lib/ps1_shown.py").read_text("utf-8")
    assert "- q1_2: 2 points: is judged by what its last line shows; write an assertion instead" in listed(
        out
    )


@pytest.mark.parametrize(
    ("points", "weights"),
    [("[1, 3]", [1, 3]), ("{each: 2}", [2, 2]), ("5", [2.5, 2.5]), ("null", [0.5, 0.5])],
)
def test_points_of_a_question_are_shared_as_by_otter(draft, points, weights):
    tests = [code("t", "cube(2) == 8"), code("u", "cube(3) == 27")]
    found = draft(master(*tests, settings=f"name: q\npoints: {points}"))
    assert [check.points for check in found.checks] == weights


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        (
            master(code("t", '""" # BEGIN TEST CONFIG\na: [\n""" # END TEST CONFIG\nx')),
            "a test of q1 are no YAML",
        ),
        (master(code("t", '""" # BEGIN TEST CONFIG\na: 1\nx')), "BEGIN TEST CONFIG of q1 has no end"),
        (
            master(code("t", '""" # BEGIN TEST CONFIG\npoints: "2"\n""" # END TEST CONFIG\nx')),
            "points are '2'",
        ),
        (master(settings="name: q1\npoints: many"), "q1: points are 'many'; expected a number"),
        (master(settings="name: q1\npoints: [1, 2]"), "q1: lists 2 points for 0 tests"),
        (master(settings="name: ["), "the settings of a question are no YAML (line 1 of them)"),
        (master(settings="q1"), "the settings of a question are no YAML mapping"),
        ([raw("r", "# ASSIGNMENT CONFIG\na: [")], "below # ASSIGNMENT CONFIG are no YAML"),
        (master(markdown("m", "cube(2) == 8")), "a cell of text in the tests of q1"),
        ([raw("r", "# BEGIN TESTS")], "`# begin tests` is out of place"),
        ([raw("r", "# BEGIN QUESTION\nname: a")] * 2, "`# begin question` is out of place"),
        ([markdown("m", "```otter\n# BEGIN QUESTION")], "cell 1: a block ```otter has no end"),
    ],
)
def test_what_otter_would_not_read_is_refused_in_a_sentence(draft, cells, says):
    with pytest.raises(AdoptError, match=rf"hw\.ipynb.*{re.escape(says)}"):
        draft(cells)


def test_a_block_of_otter_without_an_end_is_refused(tmp_path):
    found = json.loads(otter_master())
    found["cells"] = found["cells"][:-1]
    assert "# BEGIN QUESTION has no end" in refused(tmp_path, "otter", json.dumps(found))
