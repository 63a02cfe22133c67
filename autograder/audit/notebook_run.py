"""Executes the notebook of a release in a process of its own; see `opened.py`.

Run as `command("autograder.audit.notebook_run", folder, notebook)`. The last line that it prints is a JSON
document.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from codeop import Compile
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from types import ModuleType
from typing import Any


def main(folder: str, name: str) -> None:
    """Run its cells one after the other, as a notebook would, in the folder of the release."""
    os.chdir(folder)
    sys.path.insert(0, folder)
    cells: list[dict[str, Any]] = json.loads(Path(name).read_text(encoding="utf-8"))["cells"]
    sys.modules["__main__"] = module = ModuleType("__main__")
    compiled = Compile()  # remembers imports from __future__, as a kernel does
    told: dict[str, Any] = {"cell": 0, "says": "", "lacks": "", "printed": {}}
    for number, cell in enumerate(cells, 1):
        if cell["cell_type"] != "code":
            continue
        printed = StringIO()
        try:
            with redirect_stdout(printed):
                exec(compiled("".join(cell["source"]) + "\n", f"cell {number}", "exec"), vars(module))
        except (Exception, SystemExit) as error:
            told |= {"cell": number, "says": _says(error), "lacks": _lacks(error)}
            break
        told["printed"][cell["id"]] = printed.getvalue()
    sys.stdout.flush()
    print(f"\n{json.dumps(told)}")


def _says(error: BaseException) -> str:
    places = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename[:5] == "cell "]
    line = error.lineno if isinstance(error, SyntaxError) else places[-1].lineno if places else None
    where = f"line {line}: " if line else ""
    return where + "".join(traceback.format_exception_only(error)).strip().splitlines()[-1]


def _lacks(error: BaseException) -> str:
    """The package that is not installed, where that is all."""
    return (error.name or "").partition(".")[0] if isinstance(error, ModuleNotFoundError) else ""


if __name__ == "__main__":
    main(*sys.argv[1:])
