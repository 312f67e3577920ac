"""The frozen benchmark that a learned model is held against: crops of made-up forms of the evaluation's world.

`python -m training.benchmark --digits DIR --out qagaz/learn/data/benchmark.parquet` makes forms that are typed, faxed
and written by hand, cuts their cells as the ink stage does and keeps a few of each form, drawn by the seed. The file
ships: what a model is held against is the same bytes everywhere, whatever fonts a machine has.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from corpus.make import make
from extract.readers.default import default_readers
from extract.readers.figurenet import ALPHABET
from training.crops import SIGNS, UNTOLD
from training.harvest import Row, harvest

SEED = 170_001  # of the evaluation's world: no net ever learns from its writers, faces and damages
KINDS: Mapping[str, tuple[str, ...]] = {  # what is kept apart, and the kinds of forms it is cut from
    "typed": ("scan200",),
    "faxed": ("fax",),
    "hand": ("handreal200", "hand200"),
}
FORMS = 4  # a kind of forms
CELLS = 50  # a form, at most: many forms say more than many cells of one


def main() -> None:
    """Reads the command line, makes the forms, writes the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--digits", type=Path, required=True, help="folder with the digit sets")
    parser.add_argument("--out", type=Path, required=True, help="the Parquet file to write")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--forms", type=int, default=FORMS, help="a kind of forms")
    chosen = parser.parse_args()
    rows = benchmark(chosen.digits, chosen.seed, chosen.forms)
    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    pd.DataFrame(rows).to_parquet(chosen.out, compression="zstd", index=False)
    told = pd.DataFrame(rows).groupby("group").agg(cells=("text", "size"), forms=("form", "nunique"))
    print(told.to_string())


def benchmark(digits: Path, seed: int, forms: int) -> list[Row]:
    """The crops, with their truth, group by group."""
    readers = default_readers()
    rows: list[Row] = []
    for group, kinds in KINDS.items():
        with tempfile.TemporaryDirectory(prefix="qagaz-") as folder:
            make(Path(folder), seed, forms * len(kinds), kinds, digits=digits, dense=True)
            cells = [row for row in harvest(Path(folder), readers) if is_told(row)]
        rows += drawn(cells, group, random.Random(f"{seed}/{group}"))
        print(f"{group}: {len(cells)} cells", flush=True)
    return rows


def is_told(row: Row) -> bool:
    """Whether a cell's truth is what its crop shows, and figures alone: unit words are not the figure readers' task."""
    text = plain_signs(row["written"])
    figures = bool(text) and set(text) <= set(ALPHABET) and not any(sign.isalpha() for sign in text)
    return figures and row["clean"] is not None and not any(mark in row["marks"] for mark in UNTOLD)


def plain_signs(written: str) -> str:
    """What is written, in the readers' own signs."""
    return " ".join(written.translate(SIGNS).split())


def drawn(cells: Sequence[Row], group: str, rng: random.Random) -> list[Row]:
    """A few cells of each form, in its order."""
    chosen: list[Row] = []
    for form in sorted({row["form"] for row in cells}):
        own = [row for row in cells if row["form"] == form]
        kept = sorted(rng.sample(range(len(own)), min(CELLS, len(own))))
        chosen += [
            {"group": group, "form": form, "text": plain_signs(own[i]["written"])}
            | {name: own[i][name] for name in ("clean", "raw")}
            for i in kept
        ]
    return chosen


if __name__ == "__main__":
    main()
