"""Charts as pictures in the page: drawn on the server, without script or inline style.

Places across are in percent of the width, so that a chart fills what room there is while its text keeps its size;
places down are in pixels. What is drawn also stands in a table beside it: see the templates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

HEIGHT, TOP, BOTTOM = 190, 18, 24  # pixels: of a chart, of the room above the tallest bar, of the words below
LEFT, RIGHT = 7.0, 99.0  # percent: where bars and lines begin and end; left of it stand the numbers of the scale
GAP = 0.22  # of the room a bar has
LABELS = 9  # words below a chart that do not run into each other at the smallest width
TRACK = 18  # pixels: the height of one row of a chart of rows
DOT = 4.5  # pixels

Say = Callable[[float], str]  # a number as the reader writes it


@dataclass(frozen=True, slots=True)
class Point:
    """One thing on a chart: what it is called, how much, and what is said of it where one points at it."""

    label: str
    value: float
    told: str = ""
    low: float | None = None
    high: float | None = None


def columns(points: Sequence[Point], say: Say, title: str, *, numbers: bool = False) -> Markup:
    """Upright bars; with `numbers`, each says its own, and there is no scale."""
    most, marks = scale(max((point.value for point in points), default=0))
    room = (RIGHT - LEFT) / max(1, len(points))
    parts = [] if numbers else [_lines(marks, most, say)]
    most = max((point.value for point in points), default=0) if numbers else most
    for slot, point in enumerate(points):
        left, top = LEFT + room * (slot + GAP / 2), _down(point.value, most)
        height = HEIGHT - BOTTOM - top
        size = f'width="{room * (1 - GAP):.2f}%" height="{height:.1f}" rx="2"'
        shown = f'<rect class="bar" x="{left:.2f}%" y="{top:.1f}" {size}/>'
        parts.append(_told(point, shown))
        if numbers and point.value:
            parts.append(_text(LEFT + room * (slot + 0.5), top - 5, say(point.value), "middle", "value"))
    parts.append(_base())
    every = 1 if numbers else -(-len(points) // LABELS)
    parts += [_below(LEFT + room * (n + 0.5), p.label) for n, p in enumerate(points) if n % every == 0]
    return _chart(title, parts)


def area(points: Sequence[Point], say: Say, title: str) -> Markup:
    """A line over time with what lies under it filled; its end is named."""
    most, marks = scale(max((point.value for point in points), default=0))
    across = [_across(slot, len(points)) for slot in range(len(points))]
    line = " ".join(f"{x * 10:.1f},{_down(point.value, most):.1f}" for x, point in zip(across, points, strict=True))
    floor = HEIGHT - BOTTOM
    ends = (across[0] * 10, across[-1] * 10) if points else (0, 0)
    parts = [
        _lines(marks, most, say),
        f'<svg viewBox="0 0 1000 {HEIGHT}" width="100%" height="{HEIGHT}" preserveAspectRatio="none">',
        f'<polygon class="under" points="{ends[0]:.1f},{floor} {line} {ends[1]:.1f},{floor}"/>',
        f'<polyline class="over" points="{line}"/></svg>',
        _base(),
    ]
    every = max(1, -(-(len(points) - 1) // (LABELS - 2)))
    far = [slot for slot in range(0, len(points), every) if len(points) - 1 - slot >= every * 0.9]
    named = [slot for slot in far if points[slot].label != points[-1].label]
    for slot in [*named, len(points) - 1] if points else []:
        anchor = "end" if slot == len(points) - 1 else "middle"
        parts.append(_text(across[slot], HEIGHT - 7, points[slot].label, anchor, "label"))
    for x, point in zip(across, points, strict=True):
        spot = f'<rect class="spot" x="{x - 0.8:.2f}%" y="0" width="1.6%" height="{floor}"/>'
        parts.append(_told(point, spot))
    if points:
        y = _down(points[-1].value, most)
        parts.append(f'<circle class="dot" cx="{across[-1]:.2f}%" cy="{y:.1f}" r="{DOT}"/>')
        parts.append(_text(across[-1] - 0.2, y - 9, say(points[-1].value), "end", "value"))
    return _chart(title, parts)


def bar(point: Point, most: float) -> Markup:
    """One lying bar of a chart of rows; its words and number stand beside it in the page."""
    width = 100 * point.value / most if most else 0
    return _row(point, f'<rect class="bar" x="0" y="4" width="{width:.2f}%" height="{TRACK - 8}" rx="2"/>')


def whisker(point: Point, *, marks: Iterable[float] = (0, 0.5, 1), begin: float = 0) -> Markup:
    """A share with its interval on a line from `begin` to all; without a dot where there is too little to tell."""
    middle = TRACK / 2
    parts = [
        f'<line class="grid" x1="{_inside(x, begin)}" x2="{_inside(x, begin)}" y1="0" y2="{TRACK}"/>' for x in marks
    ]
    if point.low is not None and point.high is not None:
        parts.append(
            f'<line class="whisker" x1="{_inside(point.low, begin)}" x2="{_inside(point.high, begin)}" '
            f'y1="{middle}" y2="{middle}"/>'
            f'<circle class="dot" cx="{_inside(point.value, begin)}" cy="{middle}" r="{DOT}"/>'
        )
    return _row(point, "".join(parts))


def rule(marks: Sequence[float], say: Say) -> Markup:
    """The scale under rows of shares."""
    anchors = {0.0: "start", 1.0: "end"}
    parts = [_text(float(_inside(x)[:-1]), 12, say(x), anchors.get(float(x), "middle"), "label") for x in marks]
    return Markup(f'<svg class="track" width="100%" height="16" aria-hidden="true">{"".join(parts)}</svg>')  # noqa: S704


def whiskers(points: Sequence[Point], say: Say, title: str) -> Markup:
    """Shares over time, each with its interval, upright; days of which too little is known are left bare."""
    room = (RIGHT - LEFT) / max(1, len(points))
    parts = [_lines((0.0, 0.5, 1.0), 1.0, say), _base()]
    for slot, point in enumerate(points):
        x = LEFT + room * (slot + 0.5)
        if point.low is not None and point.high is not None:
            shown = (
                f'<line class="whisker" x1="{x:.2f}%" x2="{x:.2f}%" '
                f'y1="{_down(point.high, 1):.1f}" y2="{_down(point.low, 1):.1f}"/>'
                f'<circle class="dot" cx="{x:.2f}%" cy="{_down(point.value, 1):.1f}" r="{DOT}"/>'
            )
            parts.append(_told(point, shown))
    every = -(-len(points) // LABELS)
    parts += [_below(LEFT + room * (n + 0.5), p.label) for n, p in enumerate(points) if n % every == 0]
    return _chart(title, parts)


def spark(values: Sequence[int], most: int, told: str) -> Markup:
    """Small bars without words, for comparing people: all to one scale."""
    high = TRACK * 2
    room = 100 / max(1, len(values))
    parts = []
    for slot, value in enumerate(values):
        tall = (high - 2) * value / most if most else 0
        place = f'x="{room * (slot + 0.12):.2f}%" y="{high - 1 - tall:.1f}"'
        parts.append(f'<rect class="bar" {place} width="{room * 0.76:.2f}%" height="{tall:.1f}"/>')
    parts.append(f'<line class="base" x1="0" x2="100%" y1="{high - 0.5}" y2="{high - 0.5}"/>')
    return _picture("track", high, told, f"<title>{escape(told)}</title>{''.join(parts)}")


def scale(most: float) -> tuple[float, tuple[float, ...]]:
    """The end of a scale that begins with nought, and its marks: round numbers, three or four of them.

    >>> scale(87), scale(3), scale(0)
    ((100, (0, 50, 100)), (3, (0, 1, 2, 3)), (1, (0, 1)))
    """
    if most <= 0:
        return 1, (0, 1)
    step = 1
    while True:
        for factor in (1, 2, 5):
            if most <= step * factor * 3:
                unit = step * factor
                count = -(-most // unit)
                return unit * count, tuple(unit * n for n in range(int(count) + 1))
        step *= 10


def _chart(title: str, parts: Iterable[str]) -> Markup:
    return _picture("chart", HEIGHT, title, "".join(parts))


def _picture(kind: str, high: int, name: str, drawn: str) -> Markup:
    size = f'width="100%" height="{high}"'
    return Markup(f'<svg class="{kind}" {size} role="img" aria-label="{escape(name)}">{drawn}</svg>')  # noqa: S704


def _row(point: Point, drawn: str) -> Markup:
    """Its words stand beside it in the page; a reader of the screen passes over the picture."""
    told = escape(point.told or point.label)
    size = f'width="100%" height="{TRACK}"'
    return Markup(f'<svg class="track" {size} aria-hidden="true"><title>{told}</title>{drawn}</svg>')  # noqa: S704


def _told(point: Point, drawn: str) -> str:
    return f"<g><title>{escape(point.told or point.label)}</title>{drawn}</g>"


def _lines(marks: Iterable[float], most: float, say: Say) -> str:
    """Lines across at round numbers; each number stands on its line."""
    parts = []
    for mark in marks:
        y = _down(mark, most)
        if mark:
            parts.append(f'<line class="grid" x1="0" x2="100%" y1="{y:.1f}" y2="{y:.1f}"/>')
            parts.append(_text(0, y - 4, say(mark), "start", "label"))
    return "".join(parts)


def _base() -> str:
    y = HEIGHT - BOTTOM
    return f'<line class="base" x1="0" x2="100%" y1="{y}" y2="{y}"/>'


def _below(x: float, words: str) -> str:
    return _text(x, HEIGHT - 7, words, "middle", "label")


def _text(x: float, y: float, words: str, anchor: str, kind: str) -> str:
    return f'<text class="{kind}" x="{x:.2f}%" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def _down(value: float, most: float) -> float:
    """Pixels from the top."""
    return TOP + (HEIGHT - TOP - BOTTOM) * (1 - (value / most if most else 0))


def _across(slot: int, count: int) -> float:
    """Percent from the left, of the points of a line."""
    return LEFT + (RIGHT - LEFT) * (slot / (count - 1) if count > 1 else 1)


def _inside(share: float, begin: float = 0) -> str:
    """A share's place on a row, percent: dots at nought and at all are not cut off."""
    return f"{2 + 96 * (share - begin) / (1 - begin):.2f}%"
