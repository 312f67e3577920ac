"""The report's pictures: rates with intervals, the form as a map, digits taken for others, trust in confidence."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from compare.rates import Rate, per_thousand
from compare.tally import Bin
from layouts.model import Layout, Place, TableLayout
from review.station.charts import Point, rule, scale, whisker

DIGITS = "0123456789"
CELL, ROW = 34, 14  # pixels of a square on the map
LABEL = 46  # pixels: room for line codes and digits
SIDE = 24  # pixels of a square of digits
LOG_END = 1e-5  # of an error rate: the left end of the chart of confidence
CHART = 360  # pixels

Say = Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Line:
    """One rate on a chart of rates: its words, its picture, its number."""

    label: str
    picture: Markup
    number: str
    interval: str


@dataclass(frozen=True, slots=True)
class Lines:
    """Rates on one scale, with the scale below them (errors a thousand cells)."""

    lines: tuple[Line, ...]
    scale: Markup


def rates(told: Sequence[tuple[str, Rate]], say: Say) -> Lines:
    """Rates with their intervals on one scale from nought."""
    highest = max((min(rate.high, 4 * max(rate.share, rate.low) + 0.002) for _label, rate in told), default=0.0)
    end, marks = scale(highest * 1000)
    lines = []
    for label, rate in told:
        low, high = per_thousand(rate.low), per_thousand(rate.high)
        interval = f"{say(low)} – {say(high)}"
        on = [min(1.0, share * 1000 / end) for share in (rate.share, rate.low, rate.high)]
        point = Point(label, on[0], f"{label}: {interval}", on[1], on[2])
        picture = whisker(point, marks=[mark / end for mark in marks])
        lines.append(Line(label, picture, say(per_thousand(rate.share)), interval))
    words = {mark / end: say(mark) for mark in marks}
    return Lines(tuple(lines), rule(list(words), words.__getitem__))


def form_map(layout: Layout, wrong: Mapping[tuple[str, Place], int], title: str) -> Markup:
    """The tables of a form side by side; the darker a cell, the more often a figure is wrong there."""
    most = max((wrong.get((layout.id, place), 0) for place in layout.places), default=0)
    parts, left, height = [], 0, 0
    for table in layout.tables:
        lines = _lines_of(table, layout, wrong, most, left)
        parts += lines
        left += LABEL + CELL * len(table.amount_columns) + 2 * ROW
        height = max(height, ROW * (len(table.lines) + 1))
    return _svg(left, height + 4, title, parts)


def _lines_of(
    table: TableLayout, layout: Layout, wrong: Mapping[tuple[str, Place], int], most: int, left: int
) -> list[str]:
    parts = [
        _text(left + LABEL + CELL * (n + 0.5), ROW - 4, column.number, "middle")
        for n, column in enumerate(table.amount_columns)
    ]
    for row, line in enumerate(table.lines, start=1):
        parts.append(_text(left + LABEL - 6, ROW * (row + 1) - 4, line.code, "end"))
        for n, column in enumerate(table.amount_columns):
            place = Place(table.section, line.code, column.number)
            count = wrong.get((layout.id, place), 0)
            shade = 0.15 + 0.85 * math.sqrt(count / most) if count else 0.0
            box = f'x="{left + LABEL + CELL * n + 1}" y="{ROW * row + 1}" width="{CELL - 2}" height="{ROW - 2}"'
            told = f"<title>{escape(str(place))}: {count}</title>"
            parts.append(f'<g>{told}<rect class="room" {box}/><rect class="hot" {box} opacity="{shade:.2f}"/></g>')
    return parts


def digit_map(counts: Mapping[tuple[str, str], int], title: str) -> Markup:
    """Down: the paper's digit; across: the digit it was taken for."""
    most = max(counts.values(), default=0)
    parts = [_text(LABEL + SIDE * (n + 0.5), 14, digit, "middle") for n, digit in enumerate(DIGITS)]
    for row, paper in enumerate(DIGITS):
        y = 20 + SIDE * row
        parts.append(_text(LABEL - 8, y + SIDE / 2 + 4, paper, "end"))
        for n, said in enumerate(DIGITS):
            count = counts.get((paper, said), 0)
            box = f'x="{LABEL + SIDE * n + 1}" y="{y + 1}" width="{SIDE - 2}" height="{SIDE - 2}"'
            shade = 0.15 + 0.85 * count / most if count else 0.0
            parts.append(f'<rect class="room" {box}/><rect class="hot" {box} opacity="{shade:.2f}"/>')
            if count:
                kind = "over" if shade > 0.6 else ""
                parts.append(_text(LABEL + SIDE * (n + 0.5), y + SIDE / 2 + 4, str(count), "middle", kind))
    return _svg(LABEL + SIDE * 10 + 4, 24 + SIDE * 10, title, parts)


def trust_chart(bins: Iterable[Bin], title: str, across: str, upright: str, say: Say) -> Markup:
    """Claimed against found error rates, both on a logarithmic scale; on the diagonal they are the same."""
    left, bottom = 62, CHART - 40
    parts = [f'<line class="grid" x1="{left}" y1="{bottom}" x2="{left + bottom - 10}" y2="10"/>']
    for power in range(-5, 1):
        share = 10.0**power
        x, y = _log(share, left, left + bottom - 10), _log(share, bottom, 10)
        parts.append(f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="10" y2="{bottom}"/>')
        parts.append(f'<line class="grid" x1="{left}" x2="{left + bottom - 10}" y1="{y:.1f}" y2="{y:.1f}"/>')
        words = say(per_thousand(share))
        parts.append(_text(x, bottom + 14, words, "middle"))
        parts.append(_text(left - 6, y + 4, words, "end"))
    for each in bins:
        if not each.cells:
            continue
        x = _log(1 - each.claimed, left, left + bottom - 10)
        low, high, at = (_log(s, bottom, 10) for s in (each.wrong.low, each.wrong.high, each.wrong.share))
        told = escape(f"{1 - each.claimed:.2g} → {each.wrong.share:.2g} ({each.cells})")
        parts.append(
            f'<g><title>{told}</title><line class="whisker" x1="{x:.1f}" x2="{x:.1f}" y1="{low:.1f}" y2="{high:.1f}"/>'
            f'<circle class="dot" cx="{x:.1f}" cy="{at:.1f}" r="4.5"/></g>'
        )
    parts.append(_text(left + (bottom - 10) / 2, CHART - 6, across, "middle"))
    parts.append(f'<g transform="translate(12 {bottom / 2}) rotate(-90)">{_text(0, 0, upright, "middle")}</g>')
    return _svg(left + bottom + 14, CHART, title, parts)


def _log(share: float, start: float, end: float) -> float:
    """The place of a share between both ends of a logarithmic scale."""
    part = math.log(max(share, LOG_END) / LOG_END) / math.log(1 / LOG_END)
    return start + (end - start) * min(1.0, part)


def _text(x: float, y: float, words: str, anchor: str, kind: str = "") -> str:
    return f'<text class="label {kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def _svg(wide: float, high: float, title: str, parts: Iterable[str]) -> Markup:
    size = f'viewBox="0 0 {wide:.0f} {high:.0f}" width="{wide:.0f}"'
    return Markup(  # noqa: S704 - every word in it is escaped
        f'<svg class="picture" {size} role="img" aria-label="{escape(title)}">{"".join(parts)}</svg>'
    )
