"""Cells cut out of made-up forms by the real pipeline, with what stands in them, for a net to learn from.

`python -m training.harvest FOLDER… --out DIR` cuts the forms of folders that `python -m corpus make` wrote, reads
nothing of them but what tells them, and for each writes one Parquet file, DIR/FOLDER.parquet, one row a figure cell.
What a net learns from must be made with a seed of the development world (`corpus.make.split_of`): fonts, writers and
damages of the other worlds are apart.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pandas as pd

from extract.intake import find_sources
from extract.place import Placed
from extract.readers.default import default_readers
from extract.records import Picture, Readers
from layouts.errors import Rejected
from layouts.model import Place
from training.forms import placed_forms, truth_of

Row = dict[str, Any]


def main() -> None:
    """Reads the command line, reads the forms, writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+", help="made by `python -m corpus make`")
    parser.add_argument("--out", type=Path, required=True)
    chosen = parser.parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    readers = default_readers()
    for folder in chosen.folders:
        rows = list(harvest(folder, readers))
        pd.DataFrame(rows).to_parquet(chosen.out / f"{folder.name}.parquet", compression="zstd")
        print(f"{folder.name}: {len(rows)} cells of {len({row['form'] for row in rows})} forms", flush=True)


def harvest(folder: Path, readers: Readers) -> Iterator[Row]:
    """A row for each figure cell of each form of a made folder that is recognised."""
    truth = truth_of(folder)
    for source in find_sources([folder]).sources:
        try:
            for placed in placed_forms(source, readers):
                entry = truth.get((source.file, placed.bundle.number))
                if entry is not None:
                    yield from (_row(placed, place, entry) for place in placed.layout.places)
        except Rejected:
            continue


def _row(placed: Placed, place: Place, entry: Mapping[str, Any]) -> Row:
    """One cell: its truth and its crop."""
    truth = entry[f"section{place.section}"][place.line][place.column]
    pieces = placed.cells[place].pieces
    inked = [(sheet, piece) for sheet, piece in pieces if piece.crop is not None]
    sheet, piece = (*inked, *pieces, (None, None))[0]
    crop = piece.crop if piece is not None and len(inked) == 1 else None
    return {
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


def _png(picture: Picture) -> bytes:
    return cv2.imencode(".png", picture)[1].tobytes()


def picture(png: bytes) -> Picture:
    """A picture of a harvested table, grey."""
    decoded = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert decoded is not None, "what was encoded decodes"
    return np.asarray(decoded, dtype=np.uint8)


if __name__ == "__main__":
    main()
