import io
import struct
import tarfile
import zipfile
import zlib

import pytest

from autograder.intake import Caps


def entry(name, kind=tarfile.REGTYPE, link="", data=b""):
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.size = kind, link, len(data)
    return info, data


def write_tar(path, *entries):
    with tarfile.open(path, "w:gz", format=tarfile.PAX_FORMAT) as archive:
        for info, data in entries:
            archive.addfile(info, io.BytesIO(data))
    return path


def zip_link(archive, name, target):
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, 0o120777 << 16
    archive.writestr(info, target)


@pytest.fixture
def sound(make):
    return {"dlc_lib/conv.py": make.conv, "dlc_lib/pool.py": make.pool}


@pytest.mark.parametrize(
    "name", ["hw.zip", "hw.tar", "hw.tar.gz", "hw.tgz", "hw.tar.bz2", "hw.tar.xz", "HW.ZIP"]
)
def test_each_kind_of_archive_is_read(make, read, sound, name):
    modes = {"gz": "w:gz", "tgz": "w:gz", "bz2": "w:bz2", "xz": "w:xz", "tar": "w:"}
    kind = name.lower().rpartition(".")[2]
    path = make.zip(name, sound) if kind == "zip" else make.tar(name, sound, modes[kind])
    found = read(path)
    assert found.reason is None
    assert found.student in ("hw", "HW")
    assert found.modules == {"conv": make.conv, "pool": make.pool}


def test_the_contents_tell_the_kind_not_the_name(make, read, sound):
    path = make.tar("hw.zip", sound, "w:gz")
    assert read(path).modules.keys() == {"conv", "pool"}


@pytest.mark.parametrize("wrapper", ["hw4/", "ada/hw4/final/", "./"])
def test_folders_around_everything_do_not_count(make, read, sound, wrapper):
    found = read(make.zip("ada.zip", {wrapper + name: text for name, text in sound.items()}))
    assert found.student == "ada"
    assert found.modules.keys() == {"conv", "pool"}


@pytest.mark.parametrize(
    "name",
    [
        *("../evil.py", "../../dlc_lib/pool.py", "/etc/pool.py", "dlc_lib/../../pool.py", "C:/x/pool.py"),
        *("..\\..\\pool.py", "C:\\pool.py", "\\\\server\\share\\pool.py"),
    ],
)
def test_a_name_that_leads_outside_is_noted_and_the_rest_read(make, read, tmp_path, name):
    before = sorted(tmp_path.rglob("*"))
    for path in (
        make.zip("ada.zip", {"dlc_lib/conv.py": make.conv, name: make.pool}),
        write_tar(
            make.folder / "bob.tar.gz",
            entry("dlc_lib/conv.py", data=make.conv.encode()),
            entry(name, data=make.pool.encode()),
        ),
    ):
        found = read(path)
        assert found.modules == {"conv": make.conv}
        assert sum("leads outside" in note for note in found.notes) == 1
        path.unlink()
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE])
@pytest.mark.parametrize("target", ["/etc/passwd", "../../secret.py", "conv.py"])
def test_links_in_a_tar_are_not_followed(make, read, kind, target):
    path = write_tar(
        make.folder / "ada.tar.gz",
        entry("dlc_lib/conv.py", data=make.conv.encode()),
        entry("dlc_lib/pool.py", kind, target),
    )
    found = read(path)
    assert found.modules == {"conv": make.conv}
    assert "dlc_lib/pool.py: ignored, a link and no file" in found.notes


def test_a_file_below_a_link_stays_a_name_in_memory(make, read, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    path = write_tar(
        make.folder / "ada.tar.gz",
        entry("dlc_lib", tarfile.SYMTYPE, str(outside)),
        entry("dlc_lib/conv.py", data=make.conv.encode()),
    )
    assert read(path).modules == {"conv": make.conv}
    assert list(outside.iterdir()) == []


def test_links_in_a_zip_are_not_followed(make, read):
    path = make.folder / "ada.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("dlc_lib/conv.py", make.conv)
        zip_link(archive, "dlc_lib/pool.py", "/etc/passwd")
    found = read(path)
    assert found.modules == {"conv": make.conv}
    assert "dlc_lib/pool.py: ignored, a link and no file" in found.notes


@pytest.mark.parametrize("kind", [tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE])
def test_devices_and_pipes_are_not_opened(make, read, kind):
    path = write_tar(
        make.folder / "ada.tar.gz",
        entry("dlc_lib/conv.py", data=make.conv.encode()),
        entry("dlc_lib/pool.py", kind),
    )
    found = read(path)
    assert found.modules == {"conv": make.conv}
    assert "dlc_lib/pool.py: ignored, a device and no file" in found.notes


def test_a_bomb_by_ratio_is_left_out_and_the_rest_read(make, read):
    path = make.zip("ada.zip", {"dlc_lib/conv.py": make.conv, "dlc_lib/pool.py": b"#" * (64 << 20)})
    assert path.stat().st_size < 100_000
    found = read(path)
    assert found.modules == {"conv": make.conv}
    assert "dlc_lib/pool.py: ignored, larger than 256 KiB" in found.notes


def test_a_bomb_by_size_is_refused(make, read):
    files = {f"part{number}.ipynb": b" " * (1 << 20) for number in range(9)}
    found = read(make.zip("ada.zip", files), Caps(total=8 << 20))
    assert found.reason == "part7.ipynb: the hand-in is larger than 8 MiB; hand in only your code"
    assert found.modules == {}


def test_a_bomb_by_count_is_refused(make, read):
    found = read(make.zip("ada.zip", {f"{number}.txt": "" for number in range(20_001)}))
    assert found.reason == "ada.zip: holds more than 20000 files; hand in only your code"


def test_a_tar_that_unpacks_without_end_is_refused(make, read):
    def zeros():
        squeeze = zlib.compressobj(wbits=31)
        info = tarfile.TarInfo("weights.bin")
        info.size = 3 << 30
        yield squeeze.compress(info.tobuf(tarfile.GNU_FORMAT))
        for _ in range(1100):
            yield squeeze.compress(bytes(1 << 20))
        yield squeeze.flush()

    path = make.folder / "ada.tar.gz"
    path.write_bytes(b"".join(zeros()))
    assert "unpacks to more than 1 GiB" in read(path).reason


def test_a_directory_of_a_zip_too_large_to_read_at_once_is_refused(make, read):
    huge = 17 << 20
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0, 0, huge, 4, 0)
    path = make.folder / "ada.zip"
    path.write_bytes(b"PK\3\4" + bytes(huge) + end)
    assert "too many files" in read(path).reason


def test_a_header_of_a_tar_too_large_to_read_at_once_is_refused(make, read):
    info = tarfile.TarInfo("pax")
    info.type, info.size = tarfile.XHDTYPE, 900 << 20
    path = make.folder / "ada.tar"
    path.write_bytes(info.tobuf() + bytes(20 << 20))
    found = read(path)
    assert "ada.tar" in found.reason
    assert "hand in" in found.reason


def test_a_large_notebook_in_a_tar_is_read_whole(make, read):
    cells = make.notebook_text(("x = 1", {"outputs": ["y" * (20 << 20)]}), make.conv)
    assert "conv_forward" in read(make.tar("ada.tar.gz", {"hw.ipynb": cells})).script


def test_archives_in_archives_are_opened(make, read, sound):
    inner = make.zipped({"hw4.zip": make.zipped(sound)})
    assert read(make.zip("ada.zip", {"upload.zip": inner})).modules.keys() == {"conv", "pool"}


def test_archives_in_archives_are_opened_only_so_deep(make, read, sound):
    packed = make.zipped(sound)
    for _ in range(6):
        packed = make.zipped({"again.zip": packed})
    found = read(make.zip("ada.zip", {"again.zip": packed}))
    assert "too many archives within archives" in found.reason


def test_an_archive_beside_code_is_not_opened(make, read, sound):
    found = read(make.zip("ada.zip", {**sound, "old.zip": make.zipped({"dlc_lib/conv.py": "old = 1\n"})}))
    assert found.modules["conv"] == make.conv
    assert "old.zip: ignored, there is code beside it" in found.notes


def test_an_encrypted_archive_says_so(make, read, sound):
    path = make.zip("ada.zip", sound)
    data = bytearray(path.read_bytes())
    for signature, flags in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        at = -1
        while (at := data.find(signature, at + 1)) >= 0:
            data[at + flags] |= 1
    path.write_bytes(data)
    assert read(path).reason == "ada.zip: is encrypted; hand in an archive without a password"


@pytest.mark.parametrize(
    ("contents", "words"),
    [
        (b"", "ada.zip: is empty"),
        (b"Rar!\x1a\x07\x01\x00", "ada.zip: is a RAR file; hand in a folder, .zip, .tar.gz, .py or .ipynb"),
        (b"7z\xbc\xaf\x27\x1c", "ada.zip: is a 7-Zip file"),
        (b"%PDF-1.7", "ada.zip: is a PDF file"),
        (
            b"PK\3\4 cut off",
            "ada.zip: is no archive that can be read, or is damaged; pack and hand it in again",
        ),
        (b"\x1f\x8b\x08 not really", "ada.zip: is no archive that can be read"),
        (b"hello", "ada.zip: is no archive that can be read"),
    ],
)
def test_what_is_no_archive_says_what_it_is(make, read, contents, words):
    path = make.folder / "ada.zip"
    path.write_bytes(contents)
    assert read(path).reason.startswith(words)


def test_a_member_that_is_damaged_is_noted_and_the_rest_read(make, read, sound):
    path = make.zip("ada.zip", sound)
    data = bytearray(path.read_bytes())
    at = data.find(b"dlc_lib/pool.py") + len("dlc_lib/pool.py")
    data[at : at + 8] = b"\xff" * 8
    path.write_bytes(data)
    found = read(path)
    assert found.modules == {"conv": make.conv}
    assert "dlc_lib/pool.py: ignored, damaged in the archive; pack it again" in found.notes


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_of_two_members_of_one_name_the_last_counts(make, read):
    path = make.folder / "ada.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("dlc_lib/conv.py", "old = 1\n")
        archive.writestr("dlc_lib/conv.py", make.conv)
    found = read(path)
    assert found.modules == {"conv": make.conv}
    assert any("there twice" in note for note in found.notes)


def test_what_systems_leave_behind_is_not_read(make, read, sound):
    junk = {
        "__MACOSX/dlc_lib/._conv.py": b"\0\5\26\7",
        "dlc_lib/._conv.py": b"\0\5\26\7",
        ".DS_Store": b"\0\0\0\1Bud1",
        "dlc_lib/__pycache__/conv.cpython-311.pyc": b"\xa7\r\r\n",
        ".ipynb_checkpoints/hw-checkpoint.ipynb": "{}",
        "venv/lib/conv.py": "old = 1\n",
    }
    found = read(make.zip("ada.zip", {**sound, **junk}))
    assert found.modules == {"conv": make.conv, "pool": make.pool}
    assert found.notes == ()
