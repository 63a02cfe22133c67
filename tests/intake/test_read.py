import pytest

from autograder.intake import HandIn, read_submission


def test_a_module_with_an_error_of_syntax_leaves_the_others_gradable(make, read):
    found = read(make.tree("ada", {"dlc_lib/conv.py": "def conv_forward(x:\n", "dlc_lib/pool.py": make.pool}))
    assert found.reason is None
    assert found.modules == {"conv": "def conv_forward(x:\n", "pool": make.pool}
    assert found.notes == ("dlc_lib/conv.py, line 1: Python says: '(' was never closed; tests of conv fail",)


def test_a_module_of_the_wrong_encoding_leaves_the_others_gradable(make, read):
    found = read(make.tree("ada", {"conv.py": "# größe\n".encode("latin-1"), "pool.py": make.pool}))
    assert found.reason is None
    assert found.modules["pool"] == make.pool
    assert any("save the file as UTF-8; tests of conv fail" in note for note in found.notes)
    with pytest.raises(SyntaxError, match="save the file as UTF-8"):
        exec(found.modules["conv"], {})


def test_a_missing_module_leaves_the_others_gradable(make, read):
    found = read(make.tree("ada", {"dlc_lib/conv.py": make.conv}))
    assert found.reason is None
    assert found.modules == {"conv": make.conv}


def test_a_notebook_beside_stubs_supplies_the_tasks(make, read):
    files = {"dlc_lib/conv.py": make.stub, "hw4.ipynb": make.notebook_text(make.conv)}
    found = read(make.tree("ada", files))
    assert found.modules == {"conv": make.stub}
    assert "conv_forward" in found.script
    assert "hw4.ipynb: defines conv_backward, conv_forward" in found.notes


def test_a_notebook_beside_finished_modules_is_not_used(make, read):
    files = {"dlc_lib/conv.py": make.conv, "hw4.ipynb": make.notebook_text(make.conv, "print(1)")}
    found = read(make.tree("ada", files))
    assert found.script is None
    assert found.notes == ()


def test_a_broken_notebook_beside_finished_modules_is_only_noted(make, read):
    found = read(make.tree("ada", {"dlc_lib/conv.py": make.conv, "hw4.ipynb": "{"}))
    assert found.reason is None
    assert any("hw4.ipynb: is no notebook" in note for note in found.notes)


def test_answers_are_files_named_after_written_tasks(make, read):
    found = read(make.tree("ada", {"conv.py": make.conv, "essay.md": "Because größe.\n", "other.txt": "x"}))
    assert found.answers == {"essay": "Because größe.\n"}


def test_answers_alone_are_a_hand_in(make, read):
    found = read(make.tree("ada", {"dlc_lib/x.txt": "", "essay.txt": "Because."}))
    assert found.reason is None
    assert found.answers == {"essay": "Because."}


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"ada/x": ""}, "holds no code; expected dlc_lib/ with conv.py, pool.py, a .py or a notebook"),
        ({"ada/report.pdf": "%PDF"}, "holds no code; expected dlc_lib/"),
        ({"ada.pdf": "%PDF"}, "ada.pdf: is of a kind that is not read; expected dlc_lib/"),
        ({"ada.rar": "Rar!"}, "ada.rar: is of a kind that is not read; expected dlc_lib/"),
        ({"ada/dlc_lib/conv.py": ""}, "dlc_lib/conv.py: is empty; hand in the file with your code"),
        (
            {"ada/dlc_lib/__init__.py": "", "ada/dlc_lib/layers.py": "x = 1\n"},
            "dlc_lib/layers.py: defines none",
        ),
    ],
)
def test_a_hand_in_without_work_says_what_was_expected(make, read_class, files, reason):
    found = read_class(make.tree("class", {**files, "bob/conv.py": make.conv, "cyd/conv.py": make.conv}))
    assert found["ada"].reason.startswith(reason)
    assert "\n" not in found["ada"].reason
    assert found["ada"].modules == {}
    assert found["bob"].reason is None


def test_a_hand_in_that_vanished_is_not_the_students_fault(course, assignment, tmp_path):
    with pytest.raises(FileNotFoundError):
        read_submission(course, assignment, HandIn("ada", tmp_path / "gone.zip"))


def test_one_bad_hand_in_never_stops_the_class(make, read_class):
    folder = make.tree(
        "class",
        {
            "ada/conv.py": make.conv,
            "bob.zip": b"PK\3\4",
            "cyd.tar.gz": b"\x1f\x8b",
            "dee.ipynb": b"",
            "eva.py": b"\xff\xfe\x00",
            "fay/dlc_lib/conv.py": b"\0",
            "gus.zip": make.zipped({"../../conv.py": make.conv}),
            "hal": b"",
            "ivy/dlc_lib/conv.py": make.conv,
            "jon.zip": make.zipped({"dlc_lib/conv.py": make.conv}),
        },
    )
    found = read_class(folder)
    assert {name for name, each in found.items() if each.reason is None} >= {"ada", "ivy", "jon"}
    assert {name for name, each in found.items() if each.reason} >= {"bob", "cyd", "dee", "eva", "gus"}
    assert all("\n" not in (each.reason or "") for each in found.values())


def test_the_digest_is_of_what_is_graded(make, read):
    first = read(make.tree("ada", {"dlc_lib/conv.py": make.conv}))
    same = read(make.zip("bob.zip", {"hw/dlc_lib/conv.py": make.conv.replace("\n", "\r\n"), "x.txt": "x"}))
    other = read(make.tree("cyd", {"dlc_lib/conv.py": make.conv + "\n# changed\n"}))
    essay = read(make.tree("dee", {"dlc_lib/conv.py": make.conv, "essay.md": "x"}))
    assert first.sha256 == same.sha256
    assert len({first.sha256, other.sha256, essay.sha256}) == 3
