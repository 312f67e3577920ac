"""Pictures of pages and cells, for those who may see the form they belong to."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response

from review.case import open_case
from review.pictures import NoPictureError, box_of, turn_of_lines
from review.schema import Cell
from review.station.ask import Ask
from review.work.claims import ClaimError, seen_task
from review.work.papers import source_of

FOR_A_DAY = {"cache-control": "private, max-age=86400, immutable"}


def whole_page(ask: Ask) -> Response:
    """A page of a form as it is stored."""
    key = (ask.path["source"], ask.path["form"])
    try:
        with ask.desk.store.database.reading() as session:
            seen_task(session, ask.person, key)
            paper = source_of(session, key[0])
        return FileResponse(ask.desk.album.page(paper, ask.path["page"]), media_type="image/jpeg", headers=FOR_A_DAY)
    except (ClaimError, NoPictureError) as error:
        raise HTTPException(404) from error


def one_crop(ask: Ask) -> Response:
    """One cell with what stands around it, turned to be read."""
    key = (ask.path["source"], ask.path["form"])
    try:
        with ask.desk.store.database.reading() as session:
            seen_task(session, ask.person, key)
            case = open_case(session, ask.desk.store.layouts, key)
            cell, paper = case.cell(ask.path["place"]), source_of(session, key[0])
            box = box_of(cell) if cell is not None else None
            if cell is None or box is None or cell.page is None:
                raise HTTPException(404)
            crop = ask.desk.album.crop(paper, cell.page, box, turn_of(case.cells, cell.page))
        return FileResponse(crop, media_type="image/jpeg", headers=FOR_A_DAY)
    except (ClaimError, NoPictureError) as error:
        raise HTTPException(404) from error


def turn_of(cells: Sequence[Cell], page: int) -> int:
    """Degrees clockwise that a stored page is turned by to be read."""
    lines: dict[str, list[Cell]] = {}
    for cell in cells:
        if cell.figure and cell.page == page:
            lines.setdefault(cell.place.rpartition("/")[0], []).append(cell)
    return turn_of_lines(lines.values())
