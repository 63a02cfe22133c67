from __future__ import annotations

import subprocess

import pytest

from tests.interop.tools import tool


def _tool_or_skip(name):
    try:
        return tool(name)
    except (subprocess.CalledProcessError, OSError) as error:
        pytest.skip(f"{name} cannot be installed here: {error}")


@pytest.fixture(scope="session")
def nbgrader():
    return _tool_or_skip("nbgrader")


@pytest.fixture(scope="session")
def otter():
    return _tool_or_skip("otter")
