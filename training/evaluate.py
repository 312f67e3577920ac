"""How well cells are read, kind by kind: `python -m training.evaluate FORMS… --out docs/evidence/reading.md`.

FORMS are folders that `python -m training.forms` kept, of forms of the evaluation's world. Readings are judged alone
(the best of the merged readings, before any sum) and as decided and accepted at the error rate asked for by default.
Intervals are Wilson's at 95 %, widened for cells that come in forms.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd

from extract.readers.calibration import Calibration
from extract.readers.combine import folded
from review.intervals import Rate, clustered, upper_bound
from training.fitting import Judged, calibration_error
from training.forms import kept
from training.verdicts import verdicts
from validate.settings import Settings
from validate.trust import shipped_trust

NOTHINGS = {"": "blank", "-": "dash", "0": "zero", "0,0": "zero", "0,00": "zero", "0,000": "zero", "х": "cross"}
DECIMALS = str.maketrans(".", ",")


def main() -> None:
    """Reads the command line, writes the page or prints it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("forms", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, help="file whose tables to renew; printed without")
    parser.add_argument("--picture", type=Path, help="a picture of claimed against found error, to write")
    chosen = parser.parse_args()
    cells = judged(verdicts(kept(chosen.forms), shipped_trust(), Settings()))
    told = "\n\n".join([readings_table(cells), nothings_table(cells), accepted_table(cells)]) + "\n"
    if chosen.picture:
        from training.curves import draw_curves  # noqa: PLC0415 - its library is there for training only

        ink = cells[cells["read"]]
        strata = ink.groupby("stratum")
        draw_curves({str(n): (part["confidence"].to_numpy(float), part["right"]) for n, part in strata}, chosen.picture)
    if chosen.out:
        chosen.out.write_text(renewed(chosen.out, told), encoding="utf-8")
    else:
        print(told)


def renewed(file: Path, told: str) -> str:
    """The file with what stands between its marks replaced; just the tables where there is no file yet."""
    begin, end = "<!-- tables -->\n", "<!-- end of tables -->\n"
    if not file.is_file():
        return begin + told + end
    before, _, rest = file.read_text(encoding="utf-8").partition(begin)
    return before + begin + told + end + rest.partition(end)[2]


def judged(frame: pd.DataFrame) -> pd.DataFrame:
    """The cells with the best reading, whether it is exact, the class of what stands there and of what was seen."""
    cells = frame[frame["found"].astype(bool)].copy()
    cells["inked"] = cells["written"] != ""
    pairs = list(zip(cells["top"], cells["written"], strict=True))
    cells["exact"] = [_key(top) == _key(written) for top, written in pairs]
    cells["is"] = [NOTHINGS.get(_key(written), "amount") for _, written in pairs]
    cells["seen"] = [NOTHINGS.get(_key(top), "amount") for top, _ in pairs]
    return cells


def _key(text: str) -> str:
    return folded(text).translate(DECIMALS)


def _rate(cells: pd.DataFrame, hit: Callable[[pd.DataFrame], pd.Series]) -> Rate:
    hits = hit(cells).astype(int).groupby(cells["form"]).agg(["sum", "size"])
    return clustered([(int(h), int(n)) for h, n in zip(hits["sum"], hits["size"], strict=True)])


def _told(rate: Rate) -> str:
    return f"{rate.share:.2%} ({rate.low:.2%} – {rate.high:.2%})" if rate.total else "–"


def _table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    lines = [heads, ["---"] * len(heads), *[[str(each) for each in row] for row in rows]]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def readings_table(cells: pd.DataFrame) -> str:
    """Amounts read alone, kind by kind."""
    rows = []
    for kind, part in cells.groupby("kind"):
        amounts = part[part["is"] == "amount"]
        ink = part[part["read"]]
        says = [Judged("", p, bool(r)) for p, r in zip(ink["confidence"], ink["right"], strict=True)]
        error = calibration_error(says, Calibration())
        forms = part["form"].nunique()
        rows.append((kind, forms, len(part), len(amounts), _told(_rate(amounts, lambda c: c["exact"])), f"{error:.4f}"))
    heads = ("kind", "forms", "cells", "amounts", "amounts read exactly, alone", "calibration error")
    return _table(heads, rows)


def nothings_table(cells: pd.DataFrame) -> str:
    """Blank, dash, zero and «Х»: what stands there against what was seen, and those accepted as something else."""
    classes = ("blank", "dash", "zero", "cross", "amount")
    rows = []
    for kind, part in cells.groupby("kind"):
        nothing = part[part["is"] != "amount"]
        same = _rate(nothing, lambda c: c["is"] == c["seen"])
        taken = nothing[nothing["accepted"].astype(bool) & ~nothing["right"]]
        counts = [int((nothing["is"] == each).sum()) for each in classes[:-1]]
        wrong = [int(((nothing["is"] == each) & (nothing["seen"] != each)).sum()) for each in classes[:-1]]
        told = [f"{w} of {n}" for w, n in zip(wrong, counts, strict=True)]
        rows.append((kind, *told, _told(same), len(taken)))
    heads = ("kind", *(f"{each} taken for other" for each in classes[:-1]), "told right", "wrong and accepted")
    return _table(heads, rows)


def accepted_table(cells: pd.DataFrame) -> str:
    """What is accepted, and what of it is wrong, among cells with ink; wrong blanks beside."""
    rows = []
    for kind, part in [*cells.groupby("kind"), ("all", cells)]:
        inked = part[part["inked"]]
        taken = inked[inked["accepted"].astype(bool)]
        wrong = int((~taken["right"]).sum())
        blank = int((~taken["right"] & (taken["said"] == "")).sum())
        filled = part[~part["inked"] & part["accepted"].astype(bool) & ~part["right"]]
        bound = 1000 * upper_bound(wrong, len(taken)) if len(taken) else float("nan")
        shown = 1 - len(taken) / max(len(inked), 1)
        rows.append((kind, len(inked), f"{shown:.1%}", len(taken), wrong - blank, blank, len(filled), f"{bound:.2f}"))
    heads = (
        "kind", "inked", "shown to a person", "accepted", "wrong value", "wrongly blank", "wrongly filled",
        "wrong a 1000, 95 % bound",
    )  # fmt: skip
    return _table(heads, rows)


if __name__ == "__main__":
    main()
