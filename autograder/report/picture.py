"""Pictures drawn as inline SVG: error maps, histograms, bars."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby

from ..model import Mismatch
from ..studentkit.levels import EVERYWHERE, place_of
from .markup import Html, join, tag

_LEVELS = 8
_CELL = 22  # px of a cell where there is room
_WIDEST, _HIGHEST = 300, 260  # px of an error map
_BINS = 10
_CURVE_LEFT, _CURVE_RIGHT, _CURVE_TOP, _CURVE_BASE = 44, 250, 8, 108  # units of a curve over steps
_FLAT = 100.0  # so many times the error of a right gradient is no rounding
_WIDTH, _HEIGHT, _BASE, _TOP = 420, 178, 138, 22  # units of a histogram


def bar(share: float, look: str = "") -> Html:
    """A horizontal bar for a share of 1. Decoration: the number stands beside it."""
    filled = min(max(share, 0.0), 1.0)
    full = " full" if filled >= 1.0 and not look else ""
    return tag(
        "span",
        tag("span", style=f"width:{100 * filled:.1f}%") if filled else None,
        class_=f"bar {look}{full}".strip(),
        aria_hidden="true",
    )


def beside_bar(title: Html, drawn: Html) -> Html:
    """A title with its bar beside it, or below where the screen is narrow."""
    return tag("div", tag("div", title, class_="title"), drawn, class_="barred")


def error_map(mismatch: Mismatch) -> Html | None:
    """Where an answer is wrong, with legend and caption. None where there is nothing to see."""
    if not has_map(mismatch):
        return None
    levels = mismatch.levels
    place = where(levels)
    rows, columns = len(levels), max(map(len, levels))
    label = f"Error map of {mismatch.name}, {rows} by {columns} cells. {place}"
    caption = tag(
        "figcaption",
        tag("strong", f"Where {mismatch.name} is wrong"),
        f"{place} Rows and columns are the last two axes, a cell a block of entries where the array is "
        "larger than the map; the colour tells how far off the answer is as a whole.",
        _legend(),
    )
    return tag("figure", _cells(levels, label), caption, class_="map")


def has_map(mismatch: Mismatch) -> bool:
    """Whether there is anything to see on a map of the errors."""
    return sum(map(len, mismatch.levels)) > 1 and any(map(any, mismatch.levels))


def where(levels: Sequence[Sequence[int]]) -> str:
    """A sentence on where the wrong entries are: everywhere, at the border, in the first row."""
    place = place_of(tuple(map(tuple, levels)))
    if place == EVERYWHERE:
        return "Every cell is wrong."
    return f"All that is wrong lies {place}." if place else "What is wrong lies here and there."


def _cells(levels: Sequence[Sequence[int]], label: str) -> Html:
    rows, columns = len(levels), max(map(len, levels))
    size = min(_CELL, _WIDEST // columns, _HIGHEST // rows)
    paths = (tag("path", class_=f"l{level}", d=_runs(levels, level)) for level in range(_LEVELS))
    lines = [f"M{x} 0V{rows}" for x in range(1, columns)] + [f"M0 {y}H{columns}" for y in range(1, rows)]
    return tag(
        "svg",
        *paths,
        tag("path", class_="grid", d="".join(lines)),
        class_="cells",
        viewBox=f"0 0 {columns} {rows}",
        width=columns * size,
        height=rows * size,
        role="img",
        aria_label=label,
    )


def _runs(levels: Sequence[Sequence[int]], level: int) -> str:
    """Path over all cells of one level: a rectangle for each run in a row."""
    parts = []
    for y, row in enumerate(levels):
        x = 0
        for cell_level, run in groupby(row):
            width = len(list(run))
            if cell_level == level:
                parts.append(f"M{x} {y}h{width}v1h-{width}z")
            x += width
    return "".join(parts)


def _legend() -> Html:
    swatches = (tag("rect", class_=f"l{i}", x=i, y=0, width=1, height=1) for i in range(_LEVELS))
    scale = tag(
        "svg", *swatches, viewBox=f"0 0 {_LEVELS} 1", width=_LEVELS * 14, height=12, aria_hidden="true"
    )
    return tag("span", "right", scale, "furthest off", class_="legend")


def histogram(shares: Sequence[float], unit: str = "submission") -> Html:
    """How many of `shares` (0 to 1) lie in each tenth; 1 belongs to the last."""
    counts = [0] * _BINS
    for share in shares:
        counts[min(int(share * _BINS + 1e-9), _BINS - 1)] += 1
    step, left = _WIDTH / (_BINS + 1), _WIDTH / (_BINS + 1) / 2
    unit_height = (_BASE - _TOP) / max(1, *counts)
    columns = []
    for i, number in enumerate(counts):
        height, x = number * unit_height, left + i * step
        columns.append(
            tag(
                "rect",
                x=f"{x + 2:.1f}",
                y=f"{_BASE - height:.1f}",
                width=f"{step - 4:.1f}",
                height=f"{height:.1f}",
                rx=2,
            )
        )
        if number:
            columns.append(
                tag(
                    "text",
                    str(number),
                    class_="count",
                    x=f"{x + step / 2:.1f}",
                    y=f"{_BASE - height - 5:.1f}",
                    text_anchor="middle",
                )
            )
    ticks = (
        tag("text", f"{10 * i}", x=f"{left + i * step:.1f}", y=_BASE + 16, text_anchor="middle")
        for i in range(_BINS + 1)
    )
    spoken = ", ".join(f"{10 * i} to {10 * i + 10} percent: {n}" for i, n in enumerate(counts) if n)
    return tag(
        "svg",
        tag("line", x1=f"{left:.1f}", x2=f"{_WIDTH - left:.1f}", y1=_BASE, y2=_BASE),
        join(columns),
        join(ticks),
        tag("text", "percent of full marks", x=_WIDTH / 2, y=_BASE + 34, text_anchor="middle"),
        class_="chart",
        viewBox=f"0 0 {_WIDTH} {_HEIGHT}",
        role="img",
        aria_label=f"Histogram of scores; {unit}s by percent of full marks. {spoken or 'None yet'}.",
    )


def step_curve(curve: Sequence[Sequence[float]]) -> Html | None:
    """Error of a gradient against the step of finite differences. None where there is nothing to see.

    Both axes in powers of ten: steps from 1 on the left to 1e-10, errors from 1 at the top to 1e-12.
    """
    if len(curve) < 2:
        return None
    lines = [
        tag("polyline", points=" ".join(_place(row[0], row[column]) for row in curve), class_=look)
        for column, look in ((2, "theirs"), (1, "yours"))
    ]
    grid = [
        tag("path", class_="axis", d=f"M{_CURVE_LEFT} {_CURVE_TOP}V{_CURVE_BASE}H{_CURVE_RIGHT}"),
        _tick(_CURVE_LEFT - 4, _CURVE_TOP + 4, "1", "end"),
        _tick(_CURVE_LEFT - 4, _CURVE_BASE, "1e-12", "end"),
        _tick(_CURVE_LEFT, _CURVE_BASE + 13, "step 1", "start"),
        _tick(_CURVE_RIGHT, _CURVE_BASE + 13, "1e-10", "end"),
    ]
    flat = curve[len(curve) // 2][1] > _FLAT * curve[len(curve) // 2][2]
    says = "stays where it is: the formula is wrong" if flat else "falls as a right one does: it is rounding"
    caption = tag(
        "figcaption",
        tag("strong", "Your gradient against finite differences"),
        f"Smaller and smaller steps to the right. The error of a right gradient (thin) falls into a valley; "
        f"yours (thick) {says}.",
    )
    label = f"Error of your gradient over the step of finite differences; it {says}."
    size = f"0 0 {_CURVE_RIGHT + 8} {_CURVE_BASE + 18}"
    drawn = tag("svg", *grid, *lines, viewBox=size, class_="curve", role="img", aria_label=label)
    return tag("figure", drawn, caption, class_="map")


def _place(step: float, error: float) -> str:
    x = _CURVE_LEFT - (_CURVE_RIGHT - _CURVE_LEFT) * math.log10(step) / 10
    y = _CURVE_TOP - (_CURVE_BASE - _CURVE_TOP) * math.log10(min(max(error, 1e-12), 1.0)) / 12
    return f"{x:.1f},{y:.1f}"


def _tick(x: float, y: float, text: str, anchor: str) -> Html:
    return tag("text", text, x=x, y=y, text_anchor=anchor)
