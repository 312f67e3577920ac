"""From placed cells to readings: every figure, country and field of a form, blank ones included."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from extract.fields.outside import read_fields
from extract.ink.kinds import inks_of
from extract.ink.looks import look_of
from extract.place import Placed, PlacedCell
from extract.readers.combine import FigureReading, read_figures
from extract.records import Alternative, Box, Cell, Crop, FieldReading, FormReading, Ink, Readers, Reading, Sheet
from extract.rows.folding import fold
from extract.rows.witness import cell_picture
from extract.split import MIXED
from extract.stored import stored_box
from layouts.model import Place

BLANK_SURE = 0.02  # probability of ink up to which a cell is certainly bare: faxed dashes are hardly more than dust
CROSS_WIDEST = 1.6  # widths a height: a printed «Х» is about as wide as high
CROSS = "Х"


def read_cells(placed: Placed, readers: Readers) -> FormReading:
    """What stands in every cell and field of one form; all inked figure cells go through the readers in one batch."""

    def figures(crops: Sequence[Crop]) -> list[FigureReading]:
        return read_figures(readers, crops)

    layout = placed.layout
    crops = {place: crop for place in layout.places if (crop := crop_of(placed.cells[place])) is not None}
    read = dict(zip(crops, read_figures(readers, list(crops.values())), strict=True))
    inks = dict(zip(crops, inks_of(list(crops.values())), strict=True))
    cells = tuple(reading_of(placed.cells[place], read.get(place), inks.get(place)) for place in layout.places)
    return FormReading(
        source=placed.sheets[0].source,
        form=placed.bundle.number,
        layout=layout,
        pages=tuple(sheet.number for sheet in placed.sheets),
        cells=cells,
        countries=_countries(placed, readers),
        fields=tuple(_of_form(field, placed) for field in read_fields(placed, readers, figures)),
        doubts=placed.doubts,
    )


def _of_form(field: FieldReading, placed: Placed) -> FieldReading:
    """A field's reading; doubtful where it is not certain that its page is of this form."""
    mixed = any(doubt.code == MIXED for doubt in placed.doubts)
    return replace(field, reasons=(*field.reasons, MIXED)) if mixed else field


def crop_of(cell: PlacedCell) -> Crop | None:
    """The crop a reader is asked about: of the one inked piece of a cell that is no text."""
    inked = [piece for sheet, piece in cell.pieces if piece.crop is not None and not _typed_in(sheet, piece)]
    return inked[0].crop if len(inked) == 1 else None


def _typed_in(sheet: Sheet, piece: Cell) -> bool:
    """Whether a cell's text is the page's own: what was read from a picture to tell rows and columns is no figure."""
    return sheet.kind == "text" and piece.text is not None


def reading_of(cell: PlacedCell, read: FigureReading | None, ink: Ink | None = None) -> Reading:
    """One cell's reading with where it stands and what makes it doubtful."""
    if not cell.pieces:
        return Reading(cell.place, 0, None, "px", Ink.NONE, reasons=cell.reasons)
    sheet, piece = cell.pieces[0]
    box, reasons = _where(cell), (*cell.reasons, *piece.marks)
    if _typed_in(sheet, piece):
        texts = [p.text for _, p in cell.pieces if p.text and p.text.strip()]
        said = (Alternative(" ".join(" ".join(texts).split("\n")), 0.0, "text"),) if texts else ()
        kind = Ink.DIGITAL if texts else Ink.NONE
        return Reading(cell.place, sheet.number, box, sheet.unit, kind, said, 1, 1, reasons, said=said)
    if piece.crop is None:
        doubt = () if piece.ink <= BLANK_SURE else ("blank-doubtful",)
        return Reading(cell.place, sheet.number, box, sheet.unit, Ink.NONE, reasons=(*reasons, *doubt))
    kind = ink or inks_of([piece.crop])[0]
    read = read or FigureReading((), 0, 0)
    if not read.alternatives:
        reasons = (*reasons, "unreadable")
    return Reading(
        cell.place, sheet.number, box, sheet.unit, kind, read.alternatives, read.witnesses, read.readers, reasons,
        quality=sheet.quality, look=look_of(piece.crop), said=read.said,
    )  # fmt: skip


def _where(cell: PlacedCell) -> Box:
    """The printed cell in stored coordinates; of a cell cut by a page break the piece that is filled in."""
    sheet, piece = cell.pieces[0]
    return stored_box(sheet, piece.box)


def _countries(placed: Placed, readers: Readers) -> tuple[Reading, ...]:
    """Country cells: a single broad sign on a crossed cell is the printed «Х», anything else is read as text."""
    layout = placed.layout
    crossed = {
        Place(table.section, line, column.number)
        for table in layout.tables
        for column in table.columns
        for line in column.crossed
    }
    inked: list[tuple[Place, Sheet, Cell]] = []
    texts: dict[Place, str] = {}
    for place in layout.country_places:
        for sheet, piece in placed.cells[place].pieces[:1]:
            if piece.text is not None and fold(piece.text) == fold(CROSS):
                texts[place] = CROSS
            elif piece.crop is not None and not _typed_in(sheet, piece):
                inked.append((place, sheet, piece))
    printed = _crosses([piece for place, _, piece in inked if place in crossed], readers)
    texts |= {place: CROSS for place, _, piece in inked if id(piece) in printed}
    unread = [(place, sheet, piece) for place, sheet, piece in inked if place not in texts]
    if unread:
        found = readers.text.read([cell_picture(sheet, piece) for _, sheet, piece in unread])
        texts |= {place: text for (place, _, _), text in zip(unread, found, strict=True)}
    return tuple(_country(placed.cells[place], texts.get(place)) for place in layout.country_places)


def _crosses(cells: Sequence[Cell], readers: Readers) -> set[int]:
    """Which of the cells where the form prints «Х» hold just that, by identity: one broad sign, or read as «Х»."""
    plain = {id(cell) for cell in cells if cell.crop is not None and _one_sign(cell.crop)}
    others = [cell for cell in cells if id(cell) not in plain]
    read = read_figures(readers, [cell.crop for cell in others if cell.crop is not None])
    return plain | {
        id(cell)
        for cell, reading in zip(others, read, strict=True)
        if reading.alternatives and fold(reading.alternatives[0].text) == fold(CROSS)
    }


def _country(cell: PlacedCell, text: str | None) -> Reading:
    if text is None:
        return reading_of(cell, None)
    written = CROSS if fold(text) == fold(CROSS) else " ".join(text.split())
    logp = 0.0 if written == CROSS else float(np.log(0.9))  # one reader alone is right nine times in ten
    known = 2 if written == CROSS else 1  # that the form prints it there is a witness of its own
    said = (Alternative(written, logp, "text"),) if written else ()
    return reading_of(cell, FigureReading(said, known, known, said), Ink.UNKNOWN)


def _one_sign(crop: Crop) -> bool:
    height, width = crop.raw.shape[:2]
    return bool(width <= CROSS_WIDEST * height)
