"""What the paper looks like where machine and person differ, as pictures that a page holds within itself."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from pathlib import Path

from qagaz.cuts import Cuts
from qagaz.report.facts import Report, Shown


class Crops:
    """Cuts the cells of a report out of the papers below these folders."""

    def __init__(self, folders: Sequence[Path], album: Path, report: Report) -> None:
        cells = [(each.compared.machine.key, each.verdict.difference.place) for each in report.shown]
        self._cuts = Cuts(report.comparison.run, cells, folders, album)

    def __call__(self, shown: Shown) -> str:
        """A data address; "" where the cell stands nowhere, or the paper is not at hand."""
        machine = shown.compared.machine
        picture = self._cuts(machine.key, machine.file, shown.verdict.difference.place)
        return "data:image/jpeg;base64," + base64.b64encode(picture.read_bytes()).decode() if picture else ""
