import os

from autograder.intake import Caps


def test_a_folder_as_released_is_read(make, read):
    found = read(make.tree("ada", {"dlc_lib/conv.py": make.conv, "dlc_lib/pool.py": make.pool}))
    assert found.modules == {"conv": make.conv, "pool": make.pool}
    assert found.reason is None
    assert found.notes == ()


def test_links_in_a_folder_are_not_followed(make, read, tmp_path):
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "pool.py").write_text(make.pool)
    folder = make.tree("ada", {"dlc_lib/conv.py": make.conv})
    (folder / "dlc_lib" / "pool.py").symlink_to(secret / "pool.py")
    (folder / "more").symlink_to(secret)
    found = read(folder)
    assert found.modules == {"conv": make.conv}
    assert "dlc_lib/pool.py: ignored, cannot be read (a link, which is not followed)" in found.notes
    assert "more: ignored, a link, which is not followed" in found.notes


def test_a_link_as_a_hand_in_of_a_class_is_refused_and_the_others_read(make, read_class):
    secret = make.zip("secret.zip", {"conv.py": make.conv})
    folder = make.tree("class", {"bob/conv.py": make.conv, "cyd/conv.py": make.conv})
    (folder / "ada.zip").symlink_to(secret)
    (folder / "dan").symlink_to(folder / "bob")
    (folder / "nobody").symlink_to("nobody")
    found = read_class(folder)
    assert found["ada"].reason == (
        "ada.zip: cannot be read (a link, which is not followed); hand it in again"
    )
    assert found["dan"].reason == "dan: cannot be read (a link, which is not followed); hand it in again"
    assert found["bob"].modules == {"conv": make.conv}
    assert sorted(found) == ["ada", "bob", "cyd", "dan"]


def test_a_loop_of_links_ends(make, read):
    folder = make.tree("ada", {"conv.py": make.conv})
    (folder / "self").symlink_to(folder)
    assert read(folder).modules == {"conv": make.conv}


def test_pipes_and_sockets_do_not_block(make, read):
    folder = make.tree("ada", {"conv.py": make.conv})
    os.mkfifo(folder / "pool.py")
    found = read(folder)
    assert found.modules == {"conv": make.conv}
    assert "pool.py: ignored, cannot be read (no regular file)" in found.notes


def test_a_folder_in_place_of_a_file_is_no_module(make, read):
    found = read(make.tree("ada", {"conv.py": make.conv, "pool.py/x.txt": ""}))
    assert found.modules == {"conv": make.conv}


def test_folders_are_entered_only_so_deep(make, read):
    found = read(make.tree("ada", {"conv.py": make.conv, "d/" * 17 + "pool.py": make.pool}))
    assert found.modules == {"conv": make.conv}
    assert any("more than 16 folders deep" in note for note in found.notes)


def test_a_file_that_is_too_large_is_left_out(make, read):
    found = read(make.tree("ada", {"conv.py": make.conv, "pool.py": make.pool + "#" * (256 << 10)}))
    assert found.modules == {"conv": make.conv}
    assert "pool.py: ignored, larger than 256 KiB" in found.notes


def test_a_data_set_beside_the_code_is_not_read(make, read):
    found = read(make.tree("ada", {"conv.py": make.conv, "cifar.npz": bytes(3 << 20)}), Caps(total=1 << 20))
    assert found.modules == {"conv": make.conv}


def test_too_many_files_are_refused(make, read):
    files = {f"{number}.dat": "" for number in range(20)}
    found = read(make.tree("ada", {"conv.py": make.conv, **files}), Caps(members=10))
    assert found.reason == "the hand-in holds more than 10 files; hand in only your code"


def test_more_python_than_anybody_writes_is_left_out_from_the_bottom(make, read):
    deep = {f"lib/copy{number}/x.py": f"x{number} = 1\n" * 100 for number in range(9)}
    found = read(make.tree("ada", {"dlc_lib/conv.py": make.conv, **deep}), Caps(code=3000))
    assert found.modules == {"conv": make.conv}
    assert any("ignored, a hand-in may hold 2 KiB of Python" in note for note in found.notes)


def test_notes_are_few_however_much_is_wrong(make, read):
    folder = make.tree("ada", {"conv.py": make.conv})
    for number in range(500):
        (folder / f"link{number}").symlink_to("conv.py")
    notes = read(folder).notes
    assert len(notes) == 41
    assert notes[-1] == "460 more notes of this kind"
