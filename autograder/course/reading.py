"""A Python file of the course as its syntax tree."""

from __future__ import annotations

import ast
from pathlib import Path

from ..errors import SpecError


def parse_file(path: Path) -> ast.Module:
    """The syntax tree of a file, in the encoding that it declares. SpecError where it is no Python."""
    try:
        return ast.parse(path.read_bytes(), str(path))
    except SyntaxError as error:
        line = f"line {error.lineno}: " if error.lineno else ""
        raise SpecError([f"{path}: is no Python: {line}{error.msg}"]) from None
    except ValueError as error:  # a null byte
        raise SpecError([f"{path}: is no Python: {error}"]) from None
