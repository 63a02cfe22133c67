"""Write the sample class: `python tests/corpus/make_class.py FOLDER`.

Thirty hand-ins for a4_cnn the way students write them, under the names that learning platforms give;
`a4_cnn/expected.yaml` says what each is.
"""

from __future__ import annotations

import gzip
import io
import sys
import tarfile
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

CORPUS = Path(__file__).parent / "a4_cnn"
Files = dict[str, bytes]


def expected() -> dict[str, dict[str, Any]]:
    """Name of each hand-in -> what it is and what grading must say of it."""
    found: dict[str, dict[str, Any]] = yaml.safe_load((CORPUS / "expected.yaml").read_text(encoding="utf-8"))
    return found


def make_class(folder: Path) -> dict[str, str]:
    """Write every hand-in to `folder`; its name -> the student it must be graded under."""
    folder.mkdir(parents=True, exist_ok=True)
    entries = expected()
    students, uploads = {}, {}
    for number, (name, entry) in enumerate(entries.items()):
        called, students[name] = PLATFORMS[entry.get("via", "plain")](name, entry, number)
        WRITERS[entry["form"]](folder, called, files_of(name, entries))
        if entry.get("via") == "gradescope":
            uploads[called] = upload(name, late=bool(entry.get("late")))
    (folder / "submission_metadata.yml").write_text(yaml.safe_dump(uploads), encoding="utf-8")
    return students


def files_of(name: str, entries: Mapping[str, Mapping[str, Any]]) -> Files:
    """Path -> contents of what a student hands in."""
    entry = entries[name]
    files = files_of(entry["base"], entries) if "base" in entry else {}
    own = CORPUS / name
    for path in sorted(own.rglob("*")):
        if path.is_file():
            files[str(path.relative_to(own))] = path.read_bytes()
    for module in entry.get("without", ()):
        del files[f"dlc_lib/{module}.py"]
    for place, kind in entry.get("bytes", {}).items():
        files[place] = BYTES[kind](files[place])
    return files


def utf16(contents: bytes) -> bytes:
    """As an old editor of Windows saves it."""
    return contents.decode().encode("utf-16")


def compiled(_: bytes) -> bytes:
    """What Python keeps in __pycache__, renamed to .py."""
    return b"\xa7\r\r\n\0\0\0\0" + bytes(range(256))


BYTES = {"utf16": utf16, "compiled": compiled}


def plain(name: str, _: Mapping[str, Any], __: int) -> tuple[str, str]:
    """Name without ending, and student."""
    return name, name


def gradescope(name: str, _: Mapping[str, Any], number: int) -> tuple[str, str]:
    """As in a bulk export, which knows students by their e-mail."""
    return f"submission_{418200 + 37 * number}", email(name)


def canvas(name: str, entry: Mapping[str, Any], number: int) -> tuple[str, str]:
    """As in "Download Submissions"; a number is added to what was handed in twice."""
    student = "".join(reversed(name.split("-")))
    again = "-1" if number % 2 else ""
    return f"{student}_{6100 + number}_{903300 + 11 * number}_hw4{again}", student


def moodle(name: str, _: Mapping[str, Any], number: int) -> tuple[str, str]:
    """As in "Download all submissions"."""
    student = name.replace("-", " ").title()
    return f"{student}_{77100 + number}_assignsubmission_file_", student


PLATFORMS = {"plain": plain, "gradescope": gradescope, "canvas": canvas, "moodle": moodle}


def email(name: str) -> str:
    """E-mail of a student."""
    return f"{name.replace('-', '.')}@uni.example"


def upload(name: str, *, late: bool) -> dict[str, Any]:
    """What a bulk export of Gradescope says of one submission."""
    person = {":name": name.replace("-", " ").title(), ":sid": "", ":email": email(name)}
    created = datetime(2027, 3, 13 if late else 11, 18, 2, 33, tzinfo=UTC)
    return {":submitters": [person], ":created_at": created, ":status": "processed"}


def write_folder(folder: Path, name: str, files: Files) -> None:
    """As a folder."""
    for path, contents in files.items():
        target = folder / name / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(contents)


def write_zip(folder: Path, name: str, files: Files) -> None:
    """As a zip with one folder in it, and what a Mac leaves there."""
    junk = {"__MACOSX/._hw4": b"\0\5\x16\7", "my hw4/.DS_Store": b"\0\0\0\1Bud1"}
    with zipfile.ZipFile(folder / f"{name}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path, contents in {**{f"my hw4/{p}": c for p, c in files.items()}, **junk}.items():
            archive.writestr(zipfile.ZipInfo(path), contents)


def write_tar(folder: Path, name: str, files: Files) -> None:
    """As a tar.gz whose bytes do not depend on the hour."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for path, contents in files.items():
            info = tarfile.TarInfo(path)
            info.size = len(contents)
            archive.addfile(info, io.BytesIO(contents))
    (folder / f"{name}.tar.gz").write_bytes(gzip.compress(packed.getvalue(), mtime=0))


def write_one_file(folder: Path, name: str, files: Files) -> None:
    """As a single .py; modules one after the other, their imports of one another left out."""
    contents = next(iter(files.values())) if len(files) == 1 else joined(files).encode()
    (folder / f"{name}.py").write_bytes(contents)


def joined(files: Files) -> str:
    """The modules as one text."""
    order = ("conv", "pool", "norm", "im2col", "convnet")
    lines = (line for module in order for line in files[f"dlc_lib/{module}.py"].decode().splitlines())
    left_out = ("from .im2col", "from .pool", "from .conv", "from __future__")
    return "".join(
        line.replace("from .", "from dlc_lib.") + "\n" for line in lines if not line.startswith(left_out)
    )


def write_notebook(folder: Path, name: str, files: Files) -> None:
    """As a notebook."""
    (contents,) = files.values()
    (folder / f"{name}.ipynb").write_bytes(contents)


def write_escaping_zip(folder: Path, name: str, _: Files) -> None:
    """As a zip whose entries point outside: no such file can be kept in a checkout."""
    with zipfile.ZipFile(folder / f"{name}.zip", "w") as archive:
        for path in ("../../../tmp/escaped.py", "/etc/cron.d/escaped"):
            archive.writestr(zipfile.ZipInfo(path), "print('outside')\n")


WRITERS = {
    "folder": write_folder,
    "zip": write_zip,
    "tar": write_tar,
    "py": write_one_file,
    "ipynb": write_notebook,
    "escaping_zip": write_escaping_zip,
}

if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python tests/corpus/make_class.py FOLDER")
    print(f"{sys.argv[1]}: {len(make_class(Path(sys.argv[1])))} hand-ins")
