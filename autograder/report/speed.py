"""Speed in a report: a picture over sizes, the times behind it, and how they were measured."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from ..model import SpeedPoint, TestResult, Timing, Verdict
from .markup import Html, join, tag
from .words import percent, test_words

_LEFT, _RIGHT, _TOP, _BASE = 44.0, 330.0, 12.0, 140.0
_NAMES = 84.0  # room for the names of the lines
_APART = 12.0  # least distance between two names
_UNITS = ((1e12, "TFLOP/s"), (1e9, "GFLOP/s"), (1e6, "MFLOP/s"))
_LINES: tuple[tuple[str, str, Callable[[SpeedPoint], float | None]], ...] = (
    ("roofline", "roof", lambda point: point.floor_s),
    ("library", "vendor", lambda point: point.vendor_s),
    ("course's own", "theirs", lambda point: point.reference_s),
    ("yours", "yours", lambda point: point.student_s),
)


def speeds(results: Sequence[TestResult]) -> Html | None:
    """A figure for each test of speed that was measured."""
    timed = [(result, result.timing) for result in results if result.timing is not None]
    return join(tuple(_speed(result, timing) for result, timing in timed)) if timed else None


def _speed(result: TestResult, timing: Timing) -> Html:
    words, case = test_words(result.id)
    caption = tag(
        "figcaption",
        tag("strong", words, " ", tag("code", case) if case else None),
        tag("p", _earned(result)),
        _table(timing.points),
        tag("p", _conditions(timing), class_="small soft"),
    )
    return tag("figure", speed_picture(timing.points), caption, class_="map speed")


def _earned(result: TestResult) -> str:
    if result.verdict is Verdict.OPEN:
        return "The points for speed are open."  # why, stands beside the verdict
    return f"{result.message}. {percent(min(result.fraction, 1.0))} of the points for speed."


def _conditions(timing: Timing) -> str:
    between = f"between {timing.low:.2f} and {timing.high:.2f} of the course's own speed with 95 % confidence"
    told = (
        f"Measured on {timing.device}, {timing.samples} rounds in turn with the course's own code: {between}."
    )
    clocks = f" {timing.clocks}." if timing.clocks else ""
    return f"{told}{clocks} Isolation: tier {timing.tier}."


def _table(points: Sequence[SpeedPoint]) -> Html:
    shown = [(name, time) for name, _, time in reversed(_LINES) if any(time(p) is not None for p in points)]
    head = tag("tr", tag("th", "Size", scope="col"), *(_head(name) for name, _ in shown))
    rows = (
        tag("tr", tag("th", point.size, scope="row"), *(_milliseconds(time(point)) for _, time in shown))
        for point in points
    )
    return tag("table", tag("thead", head), tag("tbody", *rows), class_="small")


def _head(name: str) -> Html:
    return tag("th", f"{name}, ms", scope="col", class_="num")


def _milliseconds(seconds: float | None) -> Html:
    known = seconds is not None and seconds > 0  # what is too short to measure may come out below nothing
    return tag("td", f"{1e3 * seconds:.3g}" if known and seconds else "–", class_="num")


def speed_picture(points: Sequence[SpeedPoint]) -> Html | None:
    """Operations a second over sizes, in powers of ten; None for fewer than two sizes, or no known time."""
    if len(points) < 2:
        return None
    rates = {
        (name, look): [_rate(point.flops, time(point)) for point in points] for name, look, time in _LINES
    }
    known = [rate for line in rates.values() for rate in line if rate]
    if not known:  # all were too short to measure
        return None
    low, high = 10 ** math.floor(math.log10(min(known))), 10 ** math.ceil(math.log10(max(known)) + 1e-9)
    scale = (_BASE - _TOP) / math.log10(high / low)

    def place(column: int, rate: float) -> tuple[float, float]:
        x = _LEFT + (_RIGHT - _LEFT) * (column + 0.5) / len(points)
        return x, _BASE - scale * math.log10(rate / low)

    drawn = [
        (name, look, [place(column, rate) for column, rate in enumerate(line) if rate])
        for (name, look), line in rates.items()
    ]
    drawn = [line for line in drawn if line[2]]
    last = points[-1]
    times = {name: time(last) for name, _, time in _LINES}
    says = "; ".join(f"{name}: {_short(last.flops / seconds)}" for name, seconds in times.items() if seconds)
    return tag(
        "svg",
        *_axes(points, low, high, scale),
        *(_line(look, places) for _, look, places in drawn),
        *_names([(name, places[-1][1]) for name, _, places in drawn]),
        viewBox=f"0 0 {_RIGHT + _NAMES:.0f} {_BASE + 34:.0f}",
        class_="curve wide",
        role="img",
        aria_label=f"Operations a second over sizes. At {last.size}: {says}.",
    )


def _axes(points: Sequence[SpeedPoint], low: float, high: float, scale: float) -> list[Html]:
    parts = [tag("path", class_="axis", d=f"M{_LEFT} {_TOP}V{_BASE}H{_RIGHT}")]
    for power in range(round(math.log10(high / low)) + 1):
        y = _BASE - scale * power
        parts.append(tag("path", class_="gridline", d=f"M{_LEFT} {y:.1f}H{_RIGHT}"))
        parts.append(tag("text", _short(low * 10**power), x=_LEFT - 4, y=f"{y + 3:.1f}", text_anchor="end"))
    for column, point in enumerate(points):
        x = _LEFT + (_RIGHT - _LEFT) * (column + 0.5) / len(points)
        size = point.size.partition(",")[0]
        parts.append(tag("text", size, x=f"{x:.1f}", y=_BASE + 14, text_anchor="middle"))
    parts.append(tag("text", "operations a second", x=_LEFT, y=_BASE + 30))
    return parts


def _line(look: str, places: Sequence[tuple[float, float]]) -> Html:
    dots = "".join(f"M{x:.1f} {y:.1f}h.01" for x, y in places)
    line = tag("polyline", points=" ".join(f"{x:.1f},{y:.1f}" for x, y in places), class_=look)
    return join((line, tag("path", d=dots, class_=f"dots {look}")))


def _names(ends: Sequence[tuple[str, float]]) -> list[Html]:
    """A name at the end of each line, moved down where two would lie upon each other."""
    labels, last = [], -math.inf
    for name, height in sorted(ends, key=lambda end: end[1]):
        last = max(height, last + _APART)
        labels.append(tag("text", name, x=_RIGHT - 20, y=f"{last + 3:.1f}"))
    return labels


def _rate(flops: float, seconds: float | None) -> float | None:
    return flops / seconds if seconds is not None and seconds > 0 else None


def _short(rate: float) -> str:
    size, unit = next(((size, unit) for size, unit in _UNITS if rate >= size), _UNITS[-1])
    return f"{rate / size:.3g} {unit[0]}"
