"""Made-up forms read once by the real pipeline and kept, so that decisions can be tried on them again and again.

`python -m training.forms FOLDER… --out DIR` reads folders that `python -m corpus make` wrote up to the point where
something is decided, and keeps of each form what was read and what stands on it, in DIR/FOLDER/. Stop it at any time:
what is kept is not read again. Header fields and countries are not read.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import pickle
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extract.intake import find_sources, open_pages
from extract.place import Placed, place_on_layout
from extract.read import read_cells
from extract.readers.default import default_readers
from extract.records import Picture, Readers, Source, TextLine
from extract.sheets import find_cells
from extract.split import split_forms
from layouts.errors import Rejected
from layouts.load import shipped_layouts, shipped_notices
from postprocess.normalise import normalise
from postprocess.records import FormFigures
from qagaz.pipeline import pages_told


@dataclass(frozen=True, slots=True)
class Kept:
    """One form as read, nothing decided yet, and its entry in truth.json."""

    form: FormFigures
    truth: Mapping[str, Any]

    @property
    def name(self) -> str:
        """Kind, file and number, as tables of results call the form."""
        return f"{self.truth['kind']}/{self.truth['id']}-{self.truth['form']}"


def main() -> None:
    """Reads the command line, reads the forms, keeps them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+", help="made by `python -m corpus make`")
    parser.add_argument("--out", type=Path, required=True)
    chosen = parser.parse_args()
    readers = default_readers()
    for folder in chosen.folders:
        keep(folder, chosen.out / folder.name, readers)
        print(f"{folder.name}: {sum(1 for _ in kept([chosen.out / folder.name]))} forms", flush=True)


def keep(folder: Path, out: Path, readers: Readers) -> None:
    """Reads the files of a made folder that are not kept yet; one that is rejected is kept as no form at all."""
    out.mkdir(parents=True, exist_ok=True)
    truth = truth_of(folder)
    mute = dataclasses.replace(readers, text=_Mute())
    for source in find_sources([folder]).sources:
        file = out / f"{source.sha256}.pickle"
        if file.exists():
            continue
        forms = []
        try:
            for placed in placed_forms(source, readers):
                entry = truth.get((source.file, placed.bundle.number))
                if entry is not None:
                    forms.append((normalise(read_cells(placed, mute)), entry))
        except Rejected as error:
            print(f"{source.file}: {error.message_id}", flush=True)
        part = file.with_suffix(".part")
        part.write_bytes(pickle.dumps(forms))
        part.rename(file)


def truth_of(folder: Path) -> Mapping[tuple[str, int], Mapping[str, Any]]:
    """The entries of a made folder by file and number of the form in it."""
    entries = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    return {(entry["file"], int(entry["form"])): entry for entry in entries}


def placed_forms(source: Source, readers: Readers) -> Iterator[Placed]:
    """The forms of a file, their cells found and named; nothing is read but what tells them. Raises Rejected."""
    layouts, notices = list(shipped_layouts().values()), shipped_notices()
    sheets = (find_cells(page, readers, None) for page in open_pages(source))
    for bundle in split_forms(pages_told(sheets, layouts, notices, readers)):
        yield place_on_layout(bundle, readers.text)


def kept(folders: Iterable[Path]) -> Iterator[Kept]:
    """Every form kept in these folders, folder by folder, with the meaning and the layout that are those of today."""
    layouts = shipped_layouts()
    for folder in folders:
        for file in sorted(folder.glob("*.pickle")):
            for form, truth in pickle.loads(file.read_bytes()):  # noqa: S301 - written by `keep`
                reading = dataclasses.replace(form.reading, layout=layouts[form.reading.layout.id])
                yield Kept(normalise(reading), truth)


class _Mute:
    """A text reader that sees nothing."""

    name = "mute"

    def read(self, pictures: Sequence[Picture]) -> list[str]:
        """Nothing of each picture."""
        return [""] * len(pictures)

    def read_lines(self, pictures: Sequence[Picture]) -> list[list[TextLine]]:
        """No line of any."""
        return [[] for _ in pictures]


if __name__ == "__main__":
    main()
