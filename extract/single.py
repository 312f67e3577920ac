"""Pictures of single cells → what each may say: the same ink stage and readers as for a form's cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from extract.files.images import Claim
from extract.place import PlacedCell
from extract.read import crop_of, reading_of
from extract.readers.combine import read_figures
from extract.records import Readers, Reading, StoredPage
from extract.scan.scale import Scale, scale_of
from extract.scan.single import single_sheet
from layouts.model import Place

NOWHERE = Place(0, "", "")  # a cell of no form


@dataclass(frozen=True, slots=True)
class SingleCell:
    """One picture's reading, at which scale, and the probability that anything stands there."""

    reading: Reading
    scale: Scale
    ink: float


def read_single(
    pages: Sequence[StoredPage], readers: Readers, *, claims: Sequence[Claim] = (), given: float = 0.0
) -> list[SingleCell]:
    """Each picture read as one cell, all in one batch.

    `claims` are what the files say of their pictures, `given` is a resolution (dpi) known better than that.
    """
    claims = claims or [Claim()] * len(pages)
    pages = [_upright(page, claim.turn) for page, claim in zip(pages, claims, strict=True)]
    scales = [scale_of(page.picture, given, claim.dpi) for page, claim in zip(pages, claims, strict=True)]
    cells = []
    for page, scale in zip(pages, scales, strict=True):
        sheet = single_sheet(page, scale.dpi)
        cell = sheet.grids[0].cells[0]
        doubt = ("blank-doubtful",) if cell.crop is None and scale.known == "ink" else ()  # something gave the scale
        cells.append(PlacedCell(NOWHERE, ((sheet, cell),), doubt))
    crops = {i: crop for i, cell in enumerate(cells) if (crop := crop_of(cell)) is not None}
    read = dict(zip(crops, read_figures(readers, list(crops.values())), strict=True))
    return [
        SingleCell(reading_of(cell, read.get(i)), scale, cell.pieces[0][1].ink)
        for i, (cell, scale) in enumerate(zip(cells, scales, strict=True))
    ]


def _upright(page: StoredPage, turn: int) -> StoredPage:
    """The picture as viewers show it: nothing in a single cell tells how it lay before the camera."""
    if not turn:
        return page
    picture = np.ascontiguousarray(np.rot90(page.picture, -turn // 90))
    return replace(page, picture=picture, width=picture.shape[1], height=picture.shape[0])
