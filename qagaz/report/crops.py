"""What the paper looks like where machine and person differ, as pictures that a page holds within itself."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from pathlib import Path

from extract.records import Source
from layouts.errors import QagazError
from qagaz.report.facts import Report, Shown
from review.boxes import box_of
from review.pictures import Album
from review.whereabouts import Whereabouts


class Crops:
    """Cuts the cells of a report out of the papers below these folders."""

    def __init__(self, folders: Sequence[Path], album: Path, report: Report) -> None:
        self._where = Whereabouts(folders)
        self._album = Album(album, self._where)
        at = ((each.compared.machine.key, each.verdict.difference.place) for each in report.shown)
        self._spots = report.comparison.run.boxes(at)

    def __call__(self, shown: Shown) -> str:
        """A data address; "" where the cell stands nowhere, or the paper is not at hand."""
        machine = shown.compared.machine
        spot = self._spots.get((machine.key, shown.verdict.difference.place))
        box = box_of(spot) if spot is not None else None
        if spot is None or spot.page is None or box is None:
            return ""
        paper = Source(machine.source, machine.file, Path(machine.file))
        try:
            picture = self._album.crop(paper, spot.page, box, 0)
        except (QagazError, OSError):  # the paper is gone, or its page no longer opens
            return ""
        return "data:image/jpeg;base64," + base64.b64encode(picture.read_bytes()).decode()
