"""Pictures of pages and cells, for those who may see the form they belong to."""

from __future__ import annotations

from sqlalchemy import select
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response

from review.answers import AnswerError
from review.boxes import box_of
from review.pictures import NoPictureError
from review.schema import Cell, Form
from review.station.ask import Ask
from review.station.pages.looks import pages_of, turns_of
from review.work.claims import ClaimError, seen_task
from review.work.collages.noughts import handed_out
from review.work.intake.papers import source_of

FOR_A_DAY = {"cache-control": "private, max-age=86400, immutable"}


def whole_page(ask: Ask) -> Response:
    """A page of a form as it is stored; its size in the unit of its boxes is told in the head `x-size`.

    Only pages that were read as the form's are opened here: a paper that no reader got through stays closed.
    """
    key, page = (ask.path["source"], ask.path["form"]), ask.path["page"]
    try:
        with ask.desk.store.database.reading() as session:
            seen_task(session, ask.person, key)
            form = session.get(Form, key)
            if form is None or page not in pages_of(form):
                raise HTTPException(404)
            paper = source_of(session, key[0])
        picture = ask.desk.album.page(paper, page)
        width, height = ask.desk.album.size(paper, page)
    except (ClaimError, NoPictureError) as error:
        raise HTTPException(404) from error
    headers = FOR_A_DAY | {"x-size": f"{width:.2f} {height:.2f}"}
    return FileResponse(picture, media_type="image/jpeg", headers=headers)


def one_crop(ask: Ask) -> Response:
    """One cell with what stands around it, turned to be read."""
    return _crop(ask, ask.path["source"], ask.path["form"], ask.path["place"])


def one_card(ask: Ask) -> Response:
    """A card of a look at noughts, wherever it lies: addresses of the form's own and of a planted one are alike."""
    key = (ask.path["source"], ask.path["form"])
    try:
        with ask.desk.store.database.reading() as session:
            lies = handed_out(session, ask.person, key, ask.path["look"]).lies(key, ask.path["card"])
    except AnswerError as error:
        raise HTTPException(404) from error
    if lies is None:
        raise HTTPException(404)
    return _crop(ask, *lies)


def _crop(ask: Ask, source: str, form: int, place: str) -> Response:
    key = (source, form)
    try:
        with ask.desk.store.database.reading() as session:
            seen_task(session, ask.person, key)
            cell, paper = session.get(Cell, (*key, place)), source_of(session, source)
            box = box_of(cell) if cell is not None else None
            if cell is None or box is None or cell.page is None:
                raise HTTPException(404)
            page = cell.page
            own = (Cell.source == key[0]) & (Cell.form == key[1]) & Cell.page.is_not(None)
            cells = session.scalars(select(Cell).where(own).order_by(Cell.position)).all()
            turn = turns_of(cells, {each.page for each in cells if each.page})[page]
        crop = ask.desk.album.crop(paper, page, box, turn)
    except (ClaimError, NoPictureError) as error:
        raise HTTPException(404) from error
    return FileResponse(crop, media_type="image/jpeg", headers=FOR_A_DAY)
