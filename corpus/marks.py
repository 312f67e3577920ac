"""Draws what people do by hand outside the tables: marks at options, signatures."""

from __future__ import annotations

from corpus.hand import initials, scrawl
from corpus.marking import OptionMark, SignatureShape
from corpus.pen import Area, Pen

PEN_COLOURS = ((0.0, 0.0, 0.0), (0.1, 0.15, 0.6))
FACSIMILE_COLOURS = ((0.35, 0.2, 0.6), (0.15, 0.2, 0.55), (0.25, 0.25, 0.3))  # of stamped signatures


def draw_mark(pen: Pen, area: Area, width: float, lines: int, mark: OptionMark) -> None:
    """A mark at an option whose print is so wide and has so many lines; one crossed out gets strokes through it."""
    style, rng, canvas = pen.style, pen.rng, pen.canvas
    x, y = (area.x0 + area.x1) / 2, style.height - (area.y0 + area.y1) / 2
    tall = lines * style.size * style.leading / 2
    canvas.saveState()
    canvas.setStrokeColorRGB(*(style.ink if style.ink != (0, 0, 0) else rng.choice(PEN_COLOURS)))
    canvas.setLineWidth(rng.uniform(0.7, 1.5))
    if mark.shape.endswith("-beside"):
        x -= width / 2 + rng.uniform(4, 7)
        x = max(x, area.x0 + 5)
    _shape(pen, mark.shape.removesuffix("-beside"), (x, y), width, tall)
    if mark.crossed_out:
        wide = width / 2 + rng.uniform(3, 7)
        for _ in range(rng.choice((1, 2, 3))):
            lean = rng.uniform(-1, 1) * tall
            canvas.line(x - wide, y - lean + rng.uniform(-2, 2), x + wide, y + lean + rng.uniform(-2, 2))
    canvas.restoreState()


def _shape(pen: Pen, shape: str, centre: tuple[float, float], width: float, tall: float) -> None:
    """One mark around or over a centre (y upward)."""
    rng, canvas, (x, y) = pen.rng, pen.canvas, centre
    reach = rng.uniform(5, 8)
    if shape == "circle":
        rx, ry = width / 2 + rng.uniform(3, 8), tall + rng.uniform(1, 4)
        canvas.saveState()
        canvas.translate(x + rng.uniform(-3, 3), y + rng.uniform(-2, 2))
        canvas.rotate(rng.uniform(-6, 6))
        canvas.arc(-rx, -ry, rx, ry, rng.uniform(0, 360), rng.uniform(330, 380))
        canvas.restoreState()
    elif shape == "tick":
        canvas.lines([(x - reach, y, x - reach / 3, y - reach), (x - reach / 3, y - reach, x + reach * 1.3, y + reach)])
    elif shape == "cross":
        canvas.lines([(x - reach, y - reach, x + reach, y + reach), (x - reach, y + reach, x + reach, y - reach)])
    elif shape == "underline":
        canvas.line(x - width / 2, y - tall - 1, x + width / 2, y - tall - 1)


def draw_signature(pen: Pen, left: float, right: float, baseline: float, shape: SignatureShape) -> None:
    """A signature over the line that runs from left to right: a scrawl, initials, or its stamped facsimile."""
    style, rng = pen.style, pen.rng
    x, y = left + 6, style.height - baseline - 4
    wide, tall = (right - left) * 0.7, style.size * 2.2
    if shape == "initials":
        initials(pen.canvas, rng, x, y, tall * 0.8)
    elif shape == "facsimile":
        scrawl(pen.canvas, rng, x, y, wide, tall, rng.choice(FACSIMILE_COLOURS))
    else:
        scrawl(pen.canvas, rng, x, y, wide, tall)
