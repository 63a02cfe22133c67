"""The style sheet of the pages: colours here, and what uses them in `style.css`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

# Levels of an error map: 0 right, 7 worst. One hue whose lightness only falls (rises in the dark), so
# that the order is seen without seeing the hue.
_LIGHT_LEVELS = ("#e6eaee", "#fddc97", "#fcbc5f", "#f59a38", "#e2741a", "#bd520e", "#8c3608", "#551c04")
_DARK_LEVELS = ("#2a3038", "#56300f", "#7d3f0d", "#a8530f", "#d3721f", "#ee9b41", "#f9c67a", "#fff0cf")

LIGHT: Mapping[str, str] = {
    "paper": "#f6f7f8",
    "card": "#ffffff",
    "ink": "#1c2127",
    "soft": "#59636e",
    "line": "#dfe3e8",
    "track": "#e6eaee",
    "accent": "#2a5db0",
    "good": "#17694a",
    "good-back": "#e3f3ea",
    "bad": "#98360c",
    "bad-back": "#fdece1",
    "still": "#4d5761",
    "still-back": "#eceff2",
    "alarm": "#8c1d2f",
    "alarm-back": "#fdeaec",
    "hint": "#5a4306",
    "hint-back": "#fdf5da",
    **{f"level-{i}": colour for i, colour in enumerate(_LIGHT_LEVELS)},
}
DARK: Mapping[str, str] = {
    "paper": "#14171b",
    "card": "#1c2026",
    "ink": "#e6e9ed",
    "soft": "#a0aab5",
    "line": "#323942",
    "track": "#2f3640",
    "accent": "#8ab2f5",
    "good": "#84d3ac",
    "good-back": "#17342a",
    "bad": "#f7b08a",
    "bad-back": "#40251a",
    "still": "#b6bfc9",
    "still-back": "#2b323a",
    "alarm": "#ffb3bd",
    "alarm-back": "#471c24",
    "hint": "#f0dc9c",
    "hint-back": "#383015",
    **{f"level-{i}": colour for i, colour in enumerate(_DARK_LEVELS)},
}

_RULES = Path(__file__).with_suffix(".css")


def _variables(colours: Mapping[str, str]) -> str:
    return " ".join(f"--{name}: {colour};" for name, colour in colours.items())


STYLE = (
    f":root {{ {_variables(LIGHT)} }}\n"
    f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {_variables(DARK)} }} }}\n"
    + _RULES.read_text(encoding="utf-8")
)
