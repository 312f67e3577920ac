"""A run's result tables → the machine's word on each form, and what else was read where it is doubted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow.compute as pc
import pyarrow.dataset as ds

from compare.records import MachineCell, MachineForm
from layouts.errors import QagazError
from layouts.model import Place

_FORM = ("source", "file", "form", "layout", "year", "bin", "iin", "region", "status", "duplicate_of")
_CELL = (
    "source", "form", "section", "line", "column", "written", "value", "confidence", "status", "reader", "ink",
)  # fmt: skip
ACCEPTED = "accepted"
BATCH = 50_000  # rows of a table in memory at a time

Key = tuple[str, int]
Readings = Mapping[Place, Mapping[Decimal | None, float]]  # of a form: cell → value → the best log-probability, nats


class NoRunError(QagazError):
    """The folder holds no tables of a run, or tables that cannot be read."""


class Spot(NamedTuple):
    """A cell's box on its page: pixels of the stored image, or points."""

    page: int | None
    x0: float | None
    y0: float | None
    x1: float | None
    y1: float | None
    unit: str


@dataclass(frozen=True, slots=True)
class Run:
    """The folder of a run's results."""

    folder: Path

    def forms(self) -> Iterator[MachineForm]:
        """Every form that was read, once, in order of file and form; NoRunError where there is no run."""
        tops = {
            (row["source"], row["form"]): row
            for row in self._rows("forms", _FORM)
            if row["layout"] and not row["duplicate_of"]
        }
        for key, rows in groupby(self._rows("cells", _CELL), key=lambda row: (row["source"], row["form"])):
            if key in tops:
                yield _form(tops.pop(key), rows)

    def readings(self, keys: Iterable[Key]) -> Mapping[Key, Readings]:
        """What was read in these forms' figure cells; of several readers the one that thinks most of a value counts."""
        wanted = set(keys)
        chosen = pc.field("source").isin(sorted({source for source, _form in wanted}))
        told: dict[Key, dict[Place, dict[Decimal | None, float]]] = {}
        for row in self._rows("readings", ("source", "form", "place", "value", "logp"), chosen):
            key = (row["source"], row["form"])
            if key in wanted and row["place"].startswith("s") and row["place"].count("/") == 2:  # not a field's
                cell = told.setdefault(key, {}).setdefault(place_of(row["place"]), {})
                value = Decimal(row["value"]) if row["value"] else None
                cell[value] = max(cell.get(value, row["logp"]), row["logp"])
        return told

    def boxes(self, cells: Iterable[tuple[Key, Place]]) -> Mapping[tuple[Key, Place], Spot]:
        """Where these cells stand on their pages."""
        wanted = set(cells)
        chosen = pc.field("source").isin(sorted({source for (source, _form), _place in wanted}))
        told = {}
        for row in self._rows("cells", ("source", "form", "section", "line", "column", *Spot._fields), chosen):
            at = ((row["source"], row["form"]), Place(row["section"], row["line"], str(row["column"])))
            if at in wanted:
                told[at] = Spot(*(row[name] for name in Spot._fields))
        return told

    def lines(self, sources: Iterable[str]) -> Mapping[tuple[str, int], Sequence[Sequence[Spot]]]:
        """Of these papers' pages (hash, stored page) the lines of figure cells, in the order of the form."""
        chosen = pc.field("source").isin(sorted(set(sources)))
        told: dict[tuple[str, int], dict[tuple[int, int, str], list[Spot]]] = {}
        for row in self._rows("cells", ("source", "form", "section", "line", *Spot._fields), chosen):
            spot = Spot(*(row[name] for name in Spot._fields))
            if spot.page is not None:
                line = (row["form"], row["section"], row["line"])
                told.setdefault((row["source"], spot.page), {}).setdefault(line, []).append(spot)
        return {page: list(lines.values()) for page, lines in told.items()}

    def _rows(self, name: str, columns: Iterable[str], chosen: Any = None) -> Iterator[dict[str, Any]]:
        path = self.folder / f"{name}.parquet"
        try:
            table = ds.dataset(path, format="parquet")
            for batch in table.to_batches(columns=list(columns), filter=chosen, batch_size=BATCH):
                yield from batch.to_pylist()
        except (OSError, ValueError, KeyError) as error:
            raise NoRunError("error.compare-no-run", folder=self.folder.name, table=path.name) from error


def place_of(text: str) -> Place:
    """A place as tables write it.

    >>> place_of("s2/1.10/3")
    Place(section=2, line='1.10', column='3')
    """
    section, line, column = text.split("/")
    return Place(int(section[1:]), line, column)


def _form(top: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]) -> MachineForm:
    cells: dict[Place, MachineCell] = {}
    for row in rows:
        accepted = row["status"] == ACCEPTED
        if row["written"] or row["value"] or not accepted:
            value = Decimal(row["value"]) if row["value"] else None
            place = Place(row["section"], row["line"], str(row["column"]))
            cells[place] = MachineCell(
                value, row["written"], accepted, row["confidence"] or 0.0, row["reader"], row["ink"]
            )
    identifier = top["bin"] or top["iin"]
    told = (top["source"], top["file"], top["form"], top["layout"], identifier, top["year"], top["region"])
    return MachineForm(*told, top["status"], cells)
