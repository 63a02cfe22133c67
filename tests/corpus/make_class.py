"""Write the sample class: `python tests/corpus/make_class.py FOLDER`.

Thirty hand-ins for a4_cnn the way students write them; `a4_cnn/expected.yaml` says what each is.
"""

from __future__ import annotations

import io
import sys
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

CORPUS = Path(__file__).parent / "a4_cnn"
Files = dict[str, bytes]


def expected() -> dict[str, dict[str, Any]]:
    """Name of each hand-in -> what it is and what grading must say of it."""
    found: dict[str, dict[str, Any]] = yaml.safe_load((CORPUS / "expected.yaml").read_text(encoding="utf-8"))
    return found


def make_class(folder: Path) -> list[str]:
    """Write every hand-in to `folder`; their names."""
    folder.mkdir(parents=True, exist_ok=True)
    entries = expected()
    for name, entry in entries.items():
        WRITERS[entry["form"]](folder, name, files_of(name, entries))
    return list(entries)


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
    return files


def write_folder(folder: Path, name: str, files: Files) -> None:
    """As a folder."""
    for path, contents in files.items():
        target = folder / name / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(contents)


def write_zip(folder: Path, name: str, files: Files) -> None:
    """As a zip with one folder in it, and what a Mac leaves there."""
    junk = {"__MACOSX/._hw4": b"\0\5\x16\7", f"{name} hw4/.DS_Store": b"\0\0\0\1Bud1"}
    with zipfile.ZipFile(folder / f"{name}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path, contents in {**{f"{name} hw4/{p}": c for p, c in files.items()}, **junk}.items():
            archive.writestr(zipfile.ZipInfo(path), contents)


def write_tar(folder: Path, name: str, files: Files) -> None:
    """As a tar.gz."""
    with tarfile.open(folder / f"{name}.tar.gz", "w:gz") as archive:
        for path, contents in files.items():
            info = tarfile.TarInfo(path)
            info.size = len(contents)
            archive.addfile(info, io.BytesIO(contents))


def write_one_file(folder: Path, name: str, files: Files) -> None:
    """As a single .py: modules one after the other, their imports of one another left out."""
    if len(files) == 1:
        text = next(iter(files.values())).decode()
    else:
        order = ("conv", "pool", "norm", "im2col", "convnet")
        parts = [files[f"dlc_lib/{module}.py"].decode() for module in order]
        kept = (
            line
            for part in parts
            for line in part.splitlines()
            if not line.startswith(("from .im2col", "from .pool", "from .conv", "from __future__"))
        )
        text = "\n".join(line.replace("from .", "from dlc_lib.") for line in kept) + "\n"
    (folder / f"{name}.py").write_text(text, encoding="utf-8")


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
    "bytes": write_escaping_zip,
}

if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python tests/corpus/make_class.py FOLDER")
    print(f"{sys.argv[1]}: {len(make_class(Path(sys.argv[1])))} hand-ins")
