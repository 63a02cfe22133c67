"""Heat maps as PNG, because Gradescope shows PNG images but removes SVG drawings as possible scripts."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Sequence

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_WIDEST, _HIGHEST, _CELL = 300, 260, 22  # pixels: of the map at most, of a cell where there is room
_PALETTE, _DEPTH = 3, 8  # colour type and bits of a pixel: an index into a palette


def heat_map(levels: Sequence[Sequence[int]], colours: Sequence[str]) -> bytes:
    """The bytes of an image: a square for each level, with white lines between them.

    Args:
        levels: rows of equal length; each entry is an index of `colours`.
        colours: as #rrggbb.
    """
    columns = max(map(len, levels))
    size = max(2, min(_CELL, _WIDEST // columns, _HIGHEST // len(levels)))
    line = len(colours)  # index of white
    rows: list[bytes] = []
    for level in levels:
        filled = [*level, *[line] * (columns - len(level))]
        cells = b"".join(bytes([value] * (size - 1) + [line]) for value in filled)
        rows += [cells] * (size - 1) + [bytes([line] * len(cells))]
    head = struct.pack(">2I5B", columns * size, len(rows), _DEPTH, _PALETTE, 0, 0, 0)
    palette = bytes.fromhex("".join(colour.removeprefix("#") for colour in (*colours, "#ffffff")))
    pixels = b"".join(b"\0" + row for row in rows)  # before each row how it was filtered: not at all
    parts = ((b"IHDR", head), (b"PLTE", palette), (b"IDAT", zlib.compress(pixels, 9)), (b"IEND", b""))
    return _SIGNATURE + b"".join(_chunks(parts))


def _chunks(parts: Sequence[tuple[bytes, bytes]]) -> Iterator[bytes]:
    for kind, data in parts:
        yield struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
