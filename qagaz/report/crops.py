"""What the paper looks like where machine and person differ, as pictures that a page holds within itself."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from pathlib import Path

from compare.run import Key
from layouts.model import Place
from qagaz.cuts import Cuts
from qagaz.report.facts import Report
from review.pictures import Pages


class Crops:
    """Cuts the cells of a report out of the papers below these folders."""

    def __init__(self, folders: Sequence[Path], album: Path, report: Report, pages: Pages) -> None:
        cells = [(each.compared.machine.key, each.verdict.difference.place) for each in report.shown]
        if report.audited:
            cells += [(cell.key, cell.place) for cell, _keyed in report.audited.audit.missed]
        self._cuts = Cuts(report.comparison.run, cells, folders, album, pages)

    def placed(self, key: Key, place: Place) -> bool:
        """Whether the cell stands anywhere on the paper."""
        return self._cuts.placed(key, place)

    def __call__(self, key: Key, file: str, place: Place) -> str:
        """A data address; "" where the cell stands nowhere, or the paper is not at hand."""
        picture = self._cuts(key, file, place)
        return "data:image/jpeg;base64," + base64.b64encode(picture.read_bytes()).decode() if picture else ""
