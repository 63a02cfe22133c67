"""`python -m studentkit`: check the work in this folder and write the zip to hand in."""

from __future__ import annotations

import sys

from .folder import NotARelease, open_release
from .handin import check_folder, write_zip

_USAGE = """python -m studentkit: checks the work in this folder and writes the zip to hand in. No options.
What is written may still be wrong: `python -m pytest` tells."""


def main() -> int:
    """0: the zip is written; 1: it is written, but something in it cannot be graded; 2: there is none."""
    if len(sys.argv) > 1:
        asked = sys.argv[1:] in (["-h"], ["--help"])
        print(_USAGE, file=sys.stdout if asked else sys.stderr)
        return 0 if asked else 2
    try:
        release = open_release()
    except NotARelease as error:
        print(error, file=sys.stderr)
        return 2
    found = check_folder(release)
    width = max(map(len, found.tasks))
    for task, state in found.tasks.items():
        print(f"{task:{width}}  {'written' if state == 'done' else state}")
    for line in (*found.faults, *found.notes):
        print(f"! {line}")
    if found.empty:
        print("Nothing is done yet, so there is nothing to hand in.")
        return 2
    target = write_zip(release, found.files)
    print(f"{target.name}: {len(found.files)} files. Hand in this zip; run `python -m pytest` first.")
    return 1 if found.faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
