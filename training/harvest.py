"""Cells cut out of made-up forms by the real pipeline, with what stands in them and what qagaz made of them.

`python -m training.harvest FOLDER… --out DIR` reads folders that `python -m corpus make` wrote, and for each writes one
Parquet file, DIR/FOLDER.parquet, one row a figure cell. What a net learns from must be made with a seed of the
development world, what its confidence is fitted on with one of the calibration's, what it is measured on with one of
the evaluation's (`corpus.make.split_of`): their fonts, writers and damages are apart.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pandas as pd

from extract.intake import find_sources, open_pages
from extract.place import Placed, place_on_layout
from extract.read import read_cells
from extract.readers.default import default_readers
from extract.recognise import tell_form
from extract.records import Picture, Readers, Source, TextLine
from extract.sheets import find_cells
from extract.split import split_forms
from layouts.errors import Rejected
from layouts.load import shipped_layouts, shipped_notices
from layouts.model import Place
from postprocess.normalise import normalise
from validate.decide import decide
from validate.records import CheckedCell
from validate.settings import Settings
from validate.trust import NO_TRUST, Trust, shipped_trust, stratum_of

Row = dict[str, Any]


def main() -> None:
    """Reads the command line, reads the forms, writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+", help="made by `python -m corpus make`")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--cut", action="store_true", help="only cut, read nothing: for training")
    parser.add_argument("--bare", action="store_true", help="believe readers as they claim: to calibrate them")
    chosen = parser.parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    readers = default_readers()
    for folder in chosen.folders:
        rows = list(harvest(folder, readers, None if chosen.cut else NO_TRUST if chosen.bare else shipped_trust()))
        pd.DataFrame(rows).to_parquet(chosen.out / f"{folder.name}.parquet", compression="zstd")
        print(f"{folder.name}: {len(rows)} cells of {len({row['form'] for row in rows})} forms", flush=True)


def harvest(folder: Path, readers: Readers, trust: Trust | None) -> Iterator[Row]:
    """A row for each figure cell of each form of a made folder that is recognised; without trust nothing is read."""
    entries = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    truth = {(entry["file"], int(entry["form"])): entry for entry in entries}
    for source in find_sources([folder]).sources:
        try:
            for placed in _placed(source, readers):
                entry = truth.get((source.file, placed.bundle.number))
                if entry is not None:
                    checked = _checked(placed, readers, trust) if trust is not None else {}
                    yield from (_row(placed, place, entry, checked) for place in placed.layout.places)
        except Rejected:
            continue


def _placed(source: Source, readers: Readers) -> Iterator[Placed]:
    layouts, notices = list(shipped_layouts().values()), shipped_notices()
    sheets = (find_cells(page, readers, None) for page in open_pages(source))
    for bundle in split_forms(tell_form(sheet, layouts, notices, readers) for sheet in sheets):
        yield place_on_layout(bundle, readers.text)


def _checked(placed: Placed, readers: Readers, trust: Trust) -> dict[Place, CheckedCell]:
    mute = dataclasses.replace(readers, text=_Mute())  # header fields and countries are not asked for
    form = decide(normalise(read_cells(placed, mute)), Settings(), trust)
    return {cell.figure.reading.place: cell for cell in form.cells}


class _Mute:
    """A text reader that sees nothing."""

    name = "mute"

    def read(self, pictures: Sequence[Picture]) -> list[str]:
        """Nothing of each picture."""
        return [""] * len(pictures)

    def read_lines(self, pictures: Sequence[Picture]) -> list[list[TextLine]]:
        """No line of any."""
        return [[] for _ in pictures]


def _row(placed: Placed, place: Place, entry: Mapping[str, Any], checked: Mapping[Place, CheckedCell]) -> Row:
    """One cell: its truth, its crop, and, where it was read, the verdict."""
    truth = entry[f"section{place.section}"][place.line][place.column]
    pieces = placed.cells[place].pieces
    inked = [(sheet, piece) for sheet, piece in pieces if piece.crop is not None]
    sheet, piece = (*inked, *pieces, (None, None))[0]
    crop = piece.crop if piece is not None and len(inked) == 1 else None
    row: Row = {
        "kind": entry["kind"],
        "form": f"{entry['id']}-{entry['form']}",
        "place": str(place),
        "written": truth["written"],
        "value": truth["thousand_tenge"],
        "found": bool(pieces),
        "ink": float(piece.ink) if piece is not None else 0.0,
        "marks": ";".join((*placed.cells[place].reasons, *(piece.marks if piece is not None else ()))),
        "resolution": float(sheet.resolution) if sheet is not None else 0.0,
        "page_marks": ";".join(sheet.marks) if sheet is not None else "",
        "clean": _png(crop.clean) if crop is not None else None,
        "raw": _png(crop.raw) if crop is not None else None,
    }
    return row | (_verdict(checked[place]) if place in checked else {})


def _verdict(cell: CheckedCell) -> Row:
    reading = cell.figure.reading
    return {
        "typed": str(reading.ink),
        "stratum": stratum_of(cell.figure),
        "page": reading.page,
        "look": list(reading.look),
        "agreed": cell.evidence.agreed,
        "summed": cell.evidence.summed,
        "doubts": ";".join(cell.figure.reasons),
        "read": [dataclasses.asdict(each) for each in reading.alternatives],
        "witnesses": reading.witnesses,
        "said": "" if cell.figure.value is None else str(cell.figure.value),
        "text": cell.figure.written,
        "confidence": cell.figure.confidence,
        "accepted": cell.status == "accepted",
        "reasons": ";".join(cell.reasons),
    }


def _png(picture: Picture) -> bytes:
    return cv2.imencode(".png", picture)[1].tobytes()


def picture(png: bytes) -> Picture:
    """A picture of a harvested table, grey."""
    decoded = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert decoded is not None, "what was encoded decodes"
    return np.asarray(decoded, dtype=np.uint8)


if __name__ == "__main__":
    main()
