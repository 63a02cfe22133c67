import os

import pytest

from autograder.errors import AutograderError
from autograder.intake import find_hand_ins


@pytest.fixture
def students(course):
    def names(*paths):
        return [each.student for each in find_hand_ins(paths, course.library)]

    return names


def test_a_folder_with_the_library_is_one_hand_in(make, students):
    assert students(make.tree("ada", {"dlc_lib/conv.py": make.conv, "notes/a.txt": ""})) == ["ada"]


@pytest.mark.parametrize("name", ["conv.py", "hw.ipynb"])
def test_a_folder_with_code_at_its_top_is_one_hand_in(make, students, name):
    assert students(make.tree("ada", {name: make.conv, "data/x.txt": ""})) == ["ada"]


def test_any_other_folder_is_a_class(make, students):
    folder = make.tree(
        "class",
        {
            "ada/dlc_lib/conv.py": make.conv,
            "bob/hw/conv.py": make.conv,
            "cyd.zip": make.zipped({"conv.py": make.conv}),
            "dee.tar.gz": b"",
            "eva.rar": b"",
            "README.txt": "",
            ".DS_Store": b"",
            "__MACOSX/x": b"",
        },
    )
    assert students(folder) == ["ada", "bob", "cyd", "dee", "eva"]


def test_scripts_and_notebooks_beside_whole_hand_ins_are_hand_ins_too(make, students):
    zipped = make.zipped({"dlc_lib/conv.py": make.conv})
    folder = make.tree("class", {"ada.py": make.conv, "bob.zip": zipped, "cyd.zip": zipped})
    assert students(folder) == ["ada", "bob", "cyd"]


@pytest.mark.parametrize("name", ["ada.py", "ada.ipynb", "ada.zip", "ada.tar.gz", "ada.tgz", "ada.PY"])
def test_one_file_is_one_hand_in_named_without_its_ending(make, students, name):
    assert students(make.tree("x", {name: ""}) / name) == ["ada"]


def test_a_dot_in_the_name_of_a_folder_stays(make, students):
    assert students(make.tree("ada.lovelace", {"conv.py": make.conv})) == ["ada.lovelace"]


def test_several_paths_are_sorted_by_student(make, students):
    paths = [make.tree(name, {"conv.py": make.conv}) for name in ("cyd", "ada", "bob")]
    assert students(*paths) == ["ada", "bob", "cyd"]


def test_an_archive_of_a_class_is_a_class(make, students, read_class):
    files = {f"class/{who}/dlc_lib/conv.py": f"# {who}\n{make.conv}" for who in ("ada", "bob", "cyd")}
    path = make.zip("class.zip", files)
    assert students(path) == ["ada", "bob", "cyd"]
    found = read_class(path)
    assert all(found[who].modules == {"conv": f"# {who}\n{make.conv}"} for who in found)


def test_an_archive_of_archives_of_a_class_is_a_class(make, read_class):
    packed = {
        f"{who}.zip": make.zipped({"dlc_lib/conv.py": f"# {who}\n{make.conv}"}) for who in ("ada", "bob")
    }
    found = read_class(make.tar("class.tar.gz", packed))
    assert {who: text.modules["conv"][:5] for who, text in found.items()} == {"ada": "# ada", "bob": "# bob"}


def test_an_archive_with_sources_and_tests_is_one_hand_in(make, students):
    assert students(make.zip("ada.zip", {"src/conv.py": make.conv, "tests/test_conv.py": "x = 1\n"})) == [
        "ada"
    ]


def test_two_students_of_one_name_are_told_apart_with_a_note(make, read_class):
    folder = make.tree("class", {"kim/conv.py": make.conv, "kim.zip": make.zipped({"pool.py": make.pool})})
    found = read_class(folder)
    assert list(found) == ["kim", "kim (2)"]
    assert {name for each in found.values() for name in each.modules} == {"conv", "pool"}
    assert all("2 hand-ins are called kim" in " ".join(each.notes) for each in found.values())


def test_no_two_students_ever_have_one_name(make, read_class):
    rivals = {"kim/conv.py": make.conv, "kim.zip": make.zipped({"pool.py": make.pool})}
    others = {"kim (2)/conv.py": make.conv, "kim (2) (2)/conv.py": make.conv}
    assert len(read_class(make.tree("class", {**rivals, **others}))) == 4


@pytest.mark.parametrize("name", ["Zoë Müller", "李雷", "Łukasz", "O'Neil; rm -rf", "a b  c", "🦀"])
def test_names_of_students_may_have_any_letters(make, read, name):
    found = read(make.tree(name, {"conv.py": make.conv}))
    assert found.student == " ".join(name.split())
    assert found.reason is None


def test_a_name_that_macos_decomposed_is_composed(make, students, read_class):
    assert students(make.tree("Zoe\u0308", {"conv.py": make.conv})) == ["Zo\u00eb"]
    found = read_class(make.zip("c.zip", {f"{who}/conv.py": make.conv for who in ("Zoe\u0308", "Ada")}))
    assert found["Zo\u00eb"].modules == {"conv": make.conv}


def test_a_name_that_is_no_text_or_has_control_characters_can_be_printed(make, students):
    folder = make.tree("class", {"fine/conv.py": make.conv})
    os.mkdir(os.fsencode(folder) + b"/caf\xe9")  # noqa: PTH102  # Path takes no bytes
    (folder / "a\x1b[31m\nb").mkdir()
    names = students(folder)
    assert len(names) == 3
    assert all(name.isprintable() and name.encode() for name in names)


def test_a_path_that_is_not_there_is_wrong_use(make, students):
    with pytest.raises(AutograderError, match=r"nobody\.zip: no such file or folder"):
        students(make.folder / "nobody.zip")


def test_a_class_without_anybody_is_empty(make, students):
    assert students(make.tree("class", {})) == []


DOTS = {
    "folder": "{}/dlc_lib/conv.py",
    "archive": "{}.zip",
    "Canvas": "{}_1_2_hw.py",
    "late on Canvas": "{}_LATE_1_2_hw.py",
    "Moodle": "{}_1_assignsubmission_file_/dlc_lib/conv.py",
}


@pytest.mark.parametrize("name", DOTS.values(), ids=list(DOTS))
def test_a_name_of_dots_alone_is_a_students_name(make, read_class, name):
    names = ["...", "....", "ada"] + ([".", ".."] if "{}/" not in name else [])
    contents = make.zipped({"dlc_lib/conv.py": make.conv}) if name.endswith(".zip") else make.conv
    folder = make.tree("class", {name.format(each): contents for each in names})
    (folder / ".git").mkdir()
    (folder / "._x.zip").touch()
    found = read_class(folder)
    assert list(found) == sorted(names)
    for each in found.values():
        assert "conv_forward" in "".join([*each.modules.values(), each.script or ""])


def test_a_name_of_dots_alone_in_an_archive_of_a_class_is_a_students_name(make, students):
    whole = make.zipped({f"{each}/dlc_lib/conv.py": make.conv for each in ("...", "....", "ada", ".git")})
    assert students(make.tree("x", {"class.zip": whole}) / "class.zip") == ["...", "....", "ada"]
