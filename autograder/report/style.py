"""Colours and style sheet of the pages: system fonts, light and dark, phone and paper."""

from __future__ import annotations

from collections.abc import Mapping

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

_RULES = """
*, ::before, ::after { box-sizing: border-box; }
html { color-scheme: light dark; -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); overflow-wrap: anywhere;
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main, .foot { max-width: 62rem; margin: 0 auto; padding: 0 1.25rem; }
main { padding-top: 2rem; }
h1, h2, h3, p, ul, figure, table { margin: 0; }
h1 { font-size: 1.9rem; line-height: 1.2; letter-spacing: -.015em; font-weight: 650; text-wrap: balance; }
h2 { font-size: 1.2rem; line-height: 1.3; font-weight: 620; }
h3 { font-size: 1rem; font-weight: 620; }
ul { padding: 0; list-style: none; }
a { color: var(--accent); text-underline-offset: .18em; text-decoration-thickness: .06em; }
a:hover { text-decoration-thickness: .12em; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
code { font: .86em/1.4 ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
  white-space: nowrap; }
.soft { color: var(--soft); }
.small { font-size: .875rem; }
.kicker { color: var(--soft); font-size: .9rem; margin-bottom: .3rem; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px;
  padding: 1.25rem 1.4rem; margin-top: 1.25rem; }
.card > h2 { margin-bottom: .35rem; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 25rem), 1fr));
  gap: 0 1.25rem; }
nav { margin-top: .7rem; display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; font-size: .92rem; }
.lead { color: var(--soft); font-size: .92rem; margin-bottom: 1rem; max-width: 44rem; }

.banner { border-radius: 10px; padding: .85rem 1.1rem; margin-top: 1.25rem; border: 1px solid;
  color: var(--still); background: var(--still-back); border-color: var(--line); }
.banner strong { display: block; }
.banner.alarm { color: var(--alarm); background: var(--alarm-back); border-color: currentColor;
  border-left-width: 6px; }
.banner.alarm strong { font-size: 1.1rem; }
.banner.hint { color: var(--hint); background: var(--hint-back); border-color: transparent; }

.score { display: flex; flex-wrap: wrap; align-items: baseline; gap: .2rem 1.25rem; margin-top: 1.1rem; }
.score .big { font-size: 2.9rem; font-weight: 650; line-height: 1.1; letter-spacing: -.03em;
  font-variant-numeric: tabular-nums; }
.score .of { font-size: 1.25rem; color: var(--soft); font-weight: 400; letter-spacing: 0; }
.bar { display: block; height: .5rem; border-radius: .25rem; background: var(--track); overflow: hidden;
  min-width: 3rem; }
.bar > span { display: block; height: 100%; background: var(--accent); border-radius: .25rem 0 0 .25rem; }
.bar.full > span { background: var(--good); border-radius: .25rem; }
.bar.loss > span { background: var(--level-4); }
.bar.thick { height: .7rem; margin-top: .7rem; }

table { border-collapse: collapse; width: 100%; font-size: .94rem; }
caption { text-align: left; }
th { text-align: left; font-weight: 550; }
th .soft { font-weight: 400; }
thead th { color: var(--soft); font-size: .8rem; font-weight: 550; vertical-align: bottom;
  white-space: nowrap; }
th, td { padding: .45rem .7rem; border-bottom: 1px solid var(--line); vertical-align: middle; }
th:first-child, td:first-child { padding-left: 0; }
th:last-child, td:last-child { padding-right: 0; }
tbody tr:last-child > *, tfoot tr:last-child > * { border-bottom: 0; }
tbody + tfoot tr:first-child > * { border-top: 1px solid var(--line); }
.num { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td.num, th.num { width: 1%; }
.barred { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; align-items: center; }
.barred > .title { flex: 3 1 13rem; }
.barred > :last-child { flex: 2 1 7rem; }
tfoot th { font-weight: 400; color: var(--soft); }
tfoot .sum > * { font-weight: 650; color: var(--ink); }
.scroll { overflow-x: auto; }
.scroll th, .scroll td { overflow-wrap: normal; }
.scroll th[scope=row] { position: sticky; left: 0; background: var(--card); min-width: 7rem;
  overflow-wrap: anywhere; }
.sortable th[scope=row] { max-width: 14rem; }
th button { all: unset; cursor: pointer; }
th button:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
th button::after { content: " ↕"; opacity: .45; }
th[aria-sort=ascending] button::after { content: " ↑"; opacity: 1; }
th[aria-sort=descending] button::after { content: " ↓"; opacity: 1; }
input[type=search] { font: inherit; color: inherit; background: var(--paper); padding: .4rem .7rem;
  border: 1px solid var(--soft); border-radius: 7px; width: 100%; max-width: 20rem; margin-bottom: .8rem; }

.badge { display: inline-block; white-space: nowrap; font-size: .78rem; font-weight: 600; line-height: 1.5;
  padding: .05rem .55rem; border-radius: 1rem; color: var(--still); background: var(--still-back); }
.flags { display: flex; flex-wrap: wrap; gap: .25rem; }
.scroll .flags { flex-wrap: nowrap; }
abbr { text-decoration: none; }
.badge.good { color: var(--good); background: var(--good-back); }
.badge.bad { color: var(--bad); background: var(--bad-back); }
.badge.alarm { color: var(--alarm); background: var(--alarm-back); }
.head { display: flex; justify-content: space-between; align-items: baseline; gap: 1rem; }
.head .num { font-size: 1.05rem; }
.tests > li { padding: .8rem 0; border-top: 1px solid var(--line); }
.tests > li:first-child { border-top: 0; }
.tests .what { display: flex; flex-wrap: wrap; gap: .2rem .6rem; align-items: baseline; }
.tests .says { margin-top: .25rem; max-width: 46rem; white-space: pre-line; }
.task .tests { margin-top: .6rem; }
.plain > li { padding: .15rem 0; }
details { margin-top: .6rem; }
summary { cursor: pointer; color: var(--accent); width: fit-content; font-size: .92rem; }
details > :not(summary) { margin-top: .4rem; }
.note { margin-top: .9rem; padding: .9rem 1.1rem; border-radius: 8px; max-width: 46rem;
  color: var(--hint); background: var(--hint-back); }
.note h3 { display: flex; flex-wrap: wrap; gap: .1rem .6rem; align-items: baseline; }
.note h3 span { font-weight: 400; font-size: .875rem; }
.note .evidence { font-size: .9rem; margin-top: .35rem; }
.follows { margin-top: .6rem; color: var(--soft); max-width: 46rem; }

.map { display: flex; flex-wrap: wrap; gap: .7rem 1.4rem; margin-top: .7rem; align-items: flex-start; }
.map svg.cells { display: block; max-width: 100%; height: auto; border-radius: 4px; }
.map figcaption { flex: 1 1 17rem; max-width: 30rem; font-size: .875rem; color: var(--soft); }
.map figcaption strong { color: var(--ink); font-weight: 600; display: block; }
.legend { display: flex; align-items: center; gap: .5rem; margin-top: .5rem; font-size: .8rem; }
.legend svg { flex: none; }
LEVELS
.grid { stroke: var(--card); stroke-width: .08; fill: none; }
.audit h3 { margin: 1.5rem 0 .4rem; }
.audit pre { white-space: pre-wrap; overflow-wrap: anywhere; }
svg.curve { flex: none; width: 16rem; max-width: 100%; height: auto; }
.curve text { fill: currentColor; font-size: 10px; font-family: inherit; }
.curve .axis { stroke: currentColor; stroke-width: .6; fill: none; }
.curve polyline { stroke: currentColor; stroke-width: 1; fill: none; }
.curve .yours { stroke-width: 3; }
svg.curve.wide { width: 27rem; }
.curve .gridline { stroke: currentColor; stroke-width: .4; opacity: .25; fill: none; }
.curve .vendor { stroke-dasharray: 5 3; }
.curve .roof { stroke-dasharray: 1 3; }
.curve .dots { stroke: currentColor; stroke-width: 5; stroke-linecap: round; stroke-dasharray: none; }
.curve .dots.yours { stroke-width: 8; }
figure.speed { flex-wrap: wrap; margin-top: 1rem; }
figure.speed figcaption { flex-basis: 24rem; max-width: 40rem; }
figure.speed table { margin: .5rem 0; }
figure.speed th { white-space: nowrap; }
.note .map figcaption { color: inherit; }
.note .map figcaption strong { color: inherit; }
.chart { display: block; width: 100%; max-width: 40rem; height: auto; }
.chart text { fill: var(--soft); font-size: 11px; font-family: inherit; }
.chart .count { fill: var(--ink); font-weight: 600; }
.chart rect { fill: var(--accent); }
.chart line { stroke: var(--line); }
.chart .mark { stroke: var(--ink); stroke-dasharray: 3 3; }

.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(6.6rem, 1fr)); gap: .7rem;
  margin-top: 1.25rem; }
.facts > div { background: var(--card); border: 1px solid var(--line); border-radius: 10px;
  padding: .65rem .9rem; display: flex; flex-direction: column-reverse; justify-content: flex-end; }
.facts dt { color: var(--soft); font-size: .8rem; }
.facts dd { margin: 0; font-size: 1.45rem; font-weight: 620; line-height: 1.25;
  font-variant-numeric: tabular-nums; }
.facts { margin-bottom: 0; }
.foot { color: var(--soft); font-size: .8rem; margin-top: 2rem; padding-bottom: 2.5rem; }
.foot dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: .5rem 0 0; }
.foot dd { margin: 0; }

@media (max-width: 40rem) {
  main, .foot { padding-left: .9rem; padding-right: .9rem; }
  main { padding-top: 1.2rem; }
  h1 { font-size: 1.5rem; }
  .card { padding: 1rem .95rem; }
  th, td { padding-left: .45rem; padding-right: .45rem; }
  thead th { white-space: normal; }
  .sortable thead th { white-space: nowrap; }
  .chart text { font-size: 15px; }
  .head { flex-wrap: wrap; gap: 0 1rem; }
  .foot dl { grid-template-columns: 1fr; }
  .foot dd { margin-bottom: .4rem; }
  .facts { grid-template-columns: repeat(3, 1fr); }
  .facts > div { padding: .5rem .7rem; }
  .facts dd { font-size: 1.2rem; }
}
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
@media print {
  body { background: #fff; font-size: 10pt; }
  main, .foot { max-width: none; padding: 0; }
  .card { border: 0; border-top: 1px solid #bbb; border-radius: 0; padding: .9rem 0 0; }
  .pair { display: block; }
  .head, .lead, .task > p { break-after: avoid; }
  .card h2, .tests > li, tr, figure, .note, .banner { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  .bar, .bar > span, .badge, .banner, .note, .map svg, .chart { print-color-adjust: exact;
    -webkit-print-color-adjust: exact; }
  details::details-content { content-visibility: visible; height: auto; }
  .scroll { overflow: visible; }
  .scroll th[scope=row] { position: static; }
  input[type=search], nav { display: none; }
  th button::after { content: none; }
}
"""


def _variables(colours: Mapping[str, str]) -> str:
    return " ".join(f"--{name}: {colour};" for name, colour in colours.items())


def _sheet() -> str:
    levels = "\n".join(f".l{i} {{ fill: var(--level-{i}); }}" for i in range(len(_LIGHT_LEVELS)))
    return (
        f":root {{ {_variables(LIGHT)} }}\n"
        f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {_variables(DARK)} }} }}"
        + _RULES.replace("LEVELS", levels)
    )


STYLE = _sheet()
