import pytest


def test_a_module_is_known_by_its_name_wherever_it_lies(make, read_class):
    folder = make.tree(
        "class", {"ada/final version/conv.py": make.conv, "bob/a/b/dlc_lib/conv.py": make.conv}
    )
    assert all(found.modules == {"conv": make.conv} for found in read_class(folder).values())


@pytest.mark.parametrize("name", ["conv (1).py", "conv_copy.py", "conv.py.txt", "conv-2.py", "conv.PY"])
def test_a_name_that_a_browser_or_an_editor_changed_is_known(make, read, name):
    found = read(make.tree("ada", {name: make.conv, "pool.py": make.pool}))
    assert found.modules == {"conv": make.conv, "pool": make.pool}


def test_of_several_copies_the_most_finished_counts_and_a_note_says_which(make, read):
    found = read(make.tree("ada", {"dlc_lib/conv.py": make.stub, "mine/conv.py": make.conv}))
    assert found.modules == {"conv": make.conv}
    assert "mine/conv.py: counts as conv; not dlc_lib/conv.py" in found.notes


def test_of_copies_equally_finished_the_one_in_the_library_counts(make, read):
    found = read(make.tree("ada", {"conv.py": make.conv, "dlc_lib/conv.py": make.conv + "# here\n"}))
    assert found.modules["conv"].endswith("# here\n")


def test_the_same_text_twice_is_no_news(make, read):
    found = read(make.tree("ada", {"conv.py": make.conv, "dlc_lib/conv.py": make.conv}))
    assert found.notes == ()


def test_helpers_that_a_module_imports_come_along(make, read):
    files = {
        "dlc_lib/conv.py": "from .tools import pad\n" + make.conv,
        "dlc_lib/tools.py": "from . import more\npad = 1\n",
        "dlc_lib/more.py": "x = 1\n",
        "dlc_lib/idle.py": "x = 1\n",
    }
    found = read(make.tree("ada", files))
    assert found.modules.keys() == {"conv", "tools", "more"}
    assert "dlc_lib/tools.py: not part of the release; used as tools" in found.notes


def test_modules_that_import_each_other_end(make, read):
    files = {"dlc_lib/conv.py": "from . import a\n" + make.conv, "dlc_lib/a.py": "from . import b, conv\n"}
    files["dlc_lib/b.py"] = "from . import a\n"
    assert read(make.tree("ada", files)).modules.keys() == {"conv", "a", "b"}


def test_a_provided_module_is_never_the_students(make, read):
    changed = "def relu(x):\n    return 'mine'\n"
    found = read(
        make.tree("ada", {"dlc_lib/conv.py": "from .layers import relu\n", "dlc_lib/layers.py": changed})
    )
    assert "layers" not in found.modules
    assert "layers.py: your changes are not used; provided modules are always the course's" in found.notes


def test_a_provided_module_as_it_was_is_no_news(make, read):
    windows = make.layers.replace("\n", "\r\n") + "\n"
    found = read(make.tree("ada", {"dlc_lib/conv.py": make.conv, "dlc_lib/layers.py": windows}))
    assert found.notes == ()


def test_files_of_the_release_are_no_scripts(make, read):
    files = {
        "dlc_lib/conv.py": make.stub,
        "test_public.py": make.conv,
        "conftest.py": make.conv,
        "studentkit/plugin.py": make.conv,
    }
    assert read(make.tree("ada", files)).script is None
