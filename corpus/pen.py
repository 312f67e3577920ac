"""Draws on PDF pages with the origin at the top left, and remembers where what was filled in stands."""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from corpus.canvas import new_canvas
from corpus.fonts import Face
from corpus.hand import Hand
from corpus.records import Drawn, Spot
from corpus.style import PageStyle, Rulings
from layouts.model import Place

Align = Literal["left", "right", "centre"]
Valign = Literal["top", "middle", "bottom"]
Figures = Literal["ink", "bare", "fields"]
"""How the tables' cells are filled: drawn, left bare for real digits to be pasted in, or as PDF form fields."""

VALUE_LEADING = 1.25  # line height of what is filled in, in its sizes
ASCENT = 0.75  # of the size: how far a line of text rises above its baseline


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of the page in points, origin top left."""

    x0: float
    y0: float
    x1: float
    y1: float

    def inner(self, dx: float, dy: float) -> Area:
        """The same with a margin taken off."""
        return Area(self.x0 + dx, self.y0 + dy, self.x1 - dx, self.y1 - dy)

    def moved(self, dx: float, dy: float) -> Area:
        """The same elsewhere."""
        return Area(self.x0 + dx, self.y0 + dy, self.x1 + dx, self.y1 + dy)


@dataclass(frozen=True, slots=True)
class Fringe:
    """A cell to rule, and which of its sides."""

    area: Area
    left: bool = True
    top: bool = True
    right: bool = True
    bottom: bool = True


class Pen:
    """A PDF being drawn. All coordinates are points from the top left corner of the page."""

    def __init__(self, style: PageStyle, rng: random.Random, hand: Hand | None, mode: Figures = "ink") -> None:
        self.style = style
        self.rng = rng
        self.hand = hand
        self.mode = mode
        self.page = 0
        self.spots: list[Spot] = []
        self._file = io.BytesIO()
        self.canvas: Any = new_canvas(self._file)
        self.canvas.setPageSize((style.width, style.height))

    def next_page(self) -> None:
        """Ends the page and starts another."""
        self.canvas.showPage()
        self.page += 1

    def finish(self) -> Drawn:
        """Ends the document."""
        self.canvas.save()
        return Drawn(self._file.getvalue(), self.page + 1, tuple(self.spots))

    def print(self, text: str, x: float, baseline: float, size: float, *, bold: bool = False) -> None:
        """Printed text of the form itself."""
        self._type(text, x, baseline, size, self.style.face, bold=bold)

    def _type(self, text: str, x: float, baseline: float, size: float, face: Face, *, bold: bool = False) -> None:
        self.canvas.setFont(face.bold if bold else face.regular, size)
        self.canvas.drawString(x, self.style.height - baseline, face.fit(text))

    def print_lines(
        self, lines: Sequence[str], area: Area, size: float, align: Align, valign: Valign, *, bold: bool = False
    ) -> None:
        """Lines of printed text set into an area."""
        leading = size * self.style.leading
        top = self._top(len(lines) * leading, area, valign)
        for i, line in enumerate(lines):
            x = self._left(self.style.face.width(self.style.face.fit(line), size, bold=bold), area, align)
            self.print(line, x, top + i * leading + leading * 0.5 + size * ASCENT * 0.5, size, bold=bold)

    @staticmethod
    def _left(width: float, area: Area, align: Align) -> float:
        space = area.x1 - area.x0 - width
        return area.x0 + {"left": 0.0, "centre": space / 2, "right": space}[align]

    @staticmethod
    def _top(height: float, area: Area, valign: Valign) -> float:
        space = area.y1 - area.y0 - height
        return area.y0 + {"top": 0.0, "middle": space / 2, "bottom": space}[valign]

    @property
    def value_height(self) -> float:
        """Points one line of what is filled in takes: handwriting is larger than print."""
        return self.style.figure_size * VALUE_LEADING * (self.hand.scale if self.hand is not None else 1.0)

    def value_width(self, text: str, size: float) -> float:
        """Points a filled-in text takes."""
        if self.hand is not None:
            return self.hand.width(text, size)
        face = self.style.figure_face
        return face.width(face.fit(text), size)

    def value(
        self,
        text: str,
        area: Area,
        align: Align = "left",
        valign: Valign = "middle",
        *,
        place: Place | None = None,
        field: str = "",
        size: float = 0.0,
    ) -> None:
        """Something filled in, on one line; it shrinks until it fits the area."""
        if not text:
            return
        size = size or self.style.figure_size
        room = max(4.0, area.x1 - area.x0)
        width = self.value_width(text, size)
        if width > room:
            size, width = size * room / width, room
        if self._slips(text, place):
            area, size = self._struck(text, area, valign, size * 0.8), size * 0.8
            width = min(area.x1 - area.x0, self.value_width(text, size))
        x = self._left(width, area, align)
        top = self._top(size, area, valign)
        self.spots.append(Spot(self.page, x, top, x + width, top + size, text, place, field))
        baseline = top + size * (0.5 + ASCENT * 0.5)
        self._ink(text, x, baseline, size, place)

    def _slips(self, text: str, place: Place | None) -> bool:
        """Whether this figure was first written wrong."""
        usable = self.hand is not None and place is not None and self.mode == "ink"
        return (
            usable and sum(c.isdigit() for c in text) > 1 and self.rng.random() < (self.hand.slips if self.hand else 0)
        )

    def _struck(self, text: str, area: Area, valign: Valign, size: float) -> Area:
        """Writes a wrong figure, strikes it out, and leaves the rest of the area for the right one."""
        middle = (area.x0 + area.x1) / 2
        wrong = "".join(self.rng.choice("0123456789") if c.isdigit() and self.rng.random() < 0.5 else c for c in text)
        width = min(self.value_width(wrong, size), middle - area.x0)
        size = min(size, size * (middle - area.x0) / max(1.0, self.value_width(wrong, size)))
        top = self._top(size, area, valign)
        if self.hand is not None:
            baseline = self.style.height - top - size * (0.5 + ASCENT * 0.5)
            self.hand.draw(self.canvas, self.rng, wrong, area.x0, baseline, size)
            self.hand.strike(self.canvas, self.rng, area.x0, baseline + size * 0.3, width)
        return Area(area.x0 + width + 2, area.y0, area.x1, area.y1)

    def values(self, lines: Sequence[str], area: Area, align: Align, valign: Valign, place: Place) -> None:
        """Something filled into a table's cell, on one line or several."""
        if len(lines) == 1:
            self.value(lines[0], area, align, valign, place=place)
            return
        step = self.value_height
        top = self._top(len(lines) * step, area, valign)
        for i, line in enumerate(lines):
            self.value(line, Area(area.x0, top + i * step, area.x1, top + (i + 1) * step), align, "middle", place=place)

    def _ink(self, text: str, x: float, baseline: float, size: float, place: Place | None) -> None:
        if place is not None and self.mode == "fields" and text.isascii():
            self._form_field(text, x, baseline, size, place)
        elif place is not None and self.mode == "bare" and text[0] in "0123456789-–(Хх":
            return
        elif self.hand is None:
            self.canvas.setFillColorRGB(*self.style.ink)
            self._type(text, x, baseline, size, self.style.figure_face)
            self.canvas.setFillColorRGB(0, 0, 0)
        else:
            self.hand.draw(self.canvas, self.rng, text, x, self.style.height - baseline, size)

    def _form_field(self, text: str, x: float, baseline: float, size: float, place: Place) -> None:
        self.canvas.acroForm.textfield(
            name=str(place),
            value=text,
            x=x - 2,
            y=self.style.height - baseline - size * 0.3,
            width=len(text) * size + 6,
            height=size * 1.3,
            fontName="Helvetica",
            fontSize=size,
            borderWidth=0,
            fillColor=None,
            borderColor=None,
        )

    def rule(self, fringes: Sequence[Fringe], rulings: Rulings) -> None:
        """The rulings of a table: every edge once."""
        if rulings.drawn == "none":
            return
        if rulings.drawn == "rows":
            fringes = [replace(fringe, left=False, right=False) for fringe in fringes]
        edges: dict[tuple[float, float, float, float], None] = {}
        for fringe in fringes:
            for edge in _edges(fringe):
                edges[edge] = None
        self.canvas.saveState()
        self.canvas.setStrokeGray(rulings.grey)
        self.canvas.setFillGray(rulings.grey)
        self.canvas.setLineWidth(rulings.weight)
        if rulings.dashed:
            self.canvas.setDash(rulings.weight * 3, rulings.weight * 2)
        if rulings.how == "rects":
            whole = [f for f in fringes if f.left and f.top and f.right and f.bottom]
            for fringe in whole:
                a = fringe.area
                self.canvas.rect(a.x0, self.style.height - a.y1, a.x1 - a.x0, a.y1 - a.y0, stroke=1, fill=0)
            covered = {edge for fringe in whole for edge in _edges(fringe)}
            edges = {edge: None for edge in edges if edge not in covered}
        for x0, y0, x1, y1 in edges:
            self._edge(x0, y0, x1, y1, rulings)
        self.canvas.restoreState()

    def _edge(self, x0: float, y0: float, x1: float, y1: float, rulings: Rulings) -> None:
        height = self.style.height
        half = rulings.weight / 2
        if rulings.how == "fills" and not rulings.dashed:
            wide, tall = x1 - x0 + rulings.weight, y1 - y0 + rulings.weight
            self.canvas.rect(x0 - half, height - y1 - half, wide, tall, stroke=0, fill=1)
        else:
            self.canvas.line(x0, height - y0, x1, height - y1)

    def stroke(self, x0: float, y0: float, x1: float, y1: float, weight: float = 0.5) -> None:
        """A thin black line outside the tables: a writing line."""
        self.canvas.saveState()
        self.canvas.setLineWidth(weight)
        self.canvas.line(x0, self.style.height - y0, x1, self.style.height - y1)
        self.canvas.restoreState()

    def frame(self, area: Area, weight: float) -> None:
        """One box."""
        self.canvas.saveState()
        self.canvas.setLineWidth(weight)
        self.canvas.rect(area.x0, self.style.height - area.y1, area.x1 - area.x0, area.y1 - area.y0)
        self.canvas.restoreState()


def _edges(fringe: Fringe) -> list[tuple[float, float, float, float]]:
    a = fringe.area
    x0, y0, x1, y1 = (round(v, 2) for v in (a.x0, a.y0, a.x1, a.y1))
    sides = (
        (fringe.left, (x0, y0, x0, y1)),
        (fringe.top, (x0, y0, x1, y0)),
        (fringe.right, (x1, y0, x1, y1)),
        (fringe.bottom, (x0, y1, x1, y1)),
    )
    return [edge for wanted, edge in sides if wanted]
