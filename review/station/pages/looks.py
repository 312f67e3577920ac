"""Where things stand on the paper: pages the right way up, and the boxes of cells, as the viewer takes them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from statistics import median

from review.boxes import Corners, box_of
from review.case import Case
from review.pictures import turn_of_lines
from review.schema import Cell, Form
from review.station.pages.steps import Step

QUARTER = 90


def turns_of(cells: Sequence[Cell], pages: Iterable[int]) -> dict[int, int]:
    """Page → degrees clockwise it is turned by to be read.

    Lines of figures tell it. On a page without any, fields that are higher than wide tell that it lies on its side;
    it is then turned as the pages beside it are.
    """
    turns = {page: _by_lines(cells, page) for page in pages}
    known = [turn for page, turn in turns.items() if turn % (2 * QUARTER) and _has_lines(cells, page)]
    for page in turns:
        if not _has_lines(cells, page) and _lies(cells, page):
            turns[page] = known[0] if known else QUARTER
    return turns


def pages_of(form: Form) -> tuple[int, ...]:
    """A form's stored pages in its own order."""
    return tuple(int(page) for page in form.pages.split(";") if page.isdecimal())


def looks_of(case: Case, address: str, at: Sequence[str], ahead: Sequence[Step]) -> str:
    """What the viewer needs, as JSON: pages with their turns, boxes, what is looked at, and what comes after it."""
    pages = pages_of(case.form)
    boxes = {cell.place: (cell.page, *box) for cell in case.cells if cell.page and (box := box_of(cell))}
    turns = turns_of(case.cells, {*pages, *(box[0] for box in boxes.values())})
    look = next((place for place in at if place in boxes), "")
    told = {
        "address": address,
        "pages": pages or sorted(turns),
        "turns": turns,
        "at": [place for place in at if place in boxes],
        "bands": _bands(boxes, look),
        "boxes": {place: [box[0], *(round(edge, 1) for edge in box[1:])] for place, box in boxes.items()},
        "next": _next(ahead, boxes),
    }
    return json.dumps(told, ensure_ascii=False).replace("<", "\\u003c")


Box = tuple[int, float, float, float, float]


def _bands(boxes: dict[str, Box], place: str) -> list[list[float]]:
    """The boxes around a cell's line and its column on its page."""
    if place.count("/") != 2:
        return []
    section, line, column = place.split("/")
    page = boxes[place][0]
    here = {name: box[1:] for name, box in boxes.items() if box[0] == page and name.startswith(f"{section}/")}
    row = [box for name, box in here.items() if name.split("/")[1] == line]
    down = [box for name, box in here.items() if name.split("/")[2] == column]
    return [_around(row), _around(down)]


def _around(boxes: Sequence[Corners]) -> list[float]:
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return [round(edge, 1) for edge in (min(lefts), min(tops), max(rights), max(bottoms))]


def _next(ahead: Sequence[Step], boxes: dict[str, Box]) -> list[object]:
    """Place and page of what is asked next, so that its pictures are there before it is."""
    places = (step.questions[0].place for step in ahead)
    return next(([place, boxes[place][0]] for place in places if place in boxes), [])


def _by_lines(cells: Sequence[Cell], page: int) -> int:
    lines: dict[str, list[Cell]] = {}
    for cell in cells:
        if cell.figure and cell.page == page:
            lines.setdefault(cell.place.rpartition("/")[0], []).append(cell)
    return turn_of_lines(lines.values())


def _has_lines(cells: Sequence[Cell], page: int) -> bool:
    return any(cell.figure and cell.page == page for cell in cells)


def _lies(cells: Sequence[Cell], page: int) -> bool:
    boxes = [box for cell in cells if cell.page == page and (box := box_of(cell))]
    return bool(boxes) and median((box[3] - box[1]) / max(1.0, box[2] - box[0]) for box in boxes) > 1
