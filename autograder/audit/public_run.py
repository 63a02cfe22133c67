"""Runs the public tests of a release in a process of its own; see `opened.py`.

Run as `command("autograder.audit.public_run", folder)`. The last line that it prints is a JSON document.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

import pytest


class _Listener:
    """Takes the outcomes from the plugin of the release when the run is over."""

    def __init__(self) -> None:
        self.told: dict[str, Any] | None = None

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        clinic: Any = session.config.pluginmanager.get_plugin("clinic")
        if clinic is not None:
            self.told = {"unread": clinic.unread, "tests": [_outcome(test) for test in clinic.outcomes]}


def _outcome(test: Any) -> dict[str, Any]:
    why = " ".join(test.why.lines) if test.why else "failed"
    return {"name": test.name, "task": test.task, "part": test.part, "passed": test.passed, "why": why}


def main(folder: str) -> None:
    """Run them as students do: in the folder of the release, where its library and `studentkit` are found."""
    os.chdir(folder)
    sys.path.insert(0, folder)
    listener = _Listener()
    pytest.main(["test_public.py", "-p", "no:cacheprovider"], plugins=[listener])
    sys.stdout.flush()
    print(f"\n{json.dumps(listener.told)}")


if __name__ == "__main__":
    main(sys.argv[1])
