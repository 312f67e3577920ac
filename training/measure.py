"""Measures the readers on held-out faces and hands, and fits how far each can be believed.

`python -m training.measure --digits DIR` prints a table; `--write FILE` also writes the calibration. The cells are
halved: one half fits, the other is what the table speaks of. Never fitted on, and measured whole: plain print, as clean
scans of 150 to 300 dpi show it, and, where the folder has them, the half of the real amounts that taught nothing.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path

from extract.readers.calibration import Calibration
from extract.readers.combine import FigureReading, combine, folded
from extract.readers.figurenet import FigureNet
from extract.readers.ppocr import CODES, PpOcr
from extract.records import Alternative, Crop, FigureReader
from training.amounts import load_amounts
from training.cells import Material, make_cells, plain_cells
from training.fitting import Judged, calibration_error, fit
from training.sample import Sample

CODE_SIGNS = frozenset("0123456789.,- ")
PLAIN = 600  # cells of plain print

Said = list[tuple[Alternative, ...]]


def main() -> None:
    """Reads the command line, measures, fits."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--digits", type=Path, required=True, help="folder with the digit sets")
    parser.add_argument("--model", type=Path, help="figure net to measure; the shipped one unless named")
    parser.add_argument("--cells", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=2_000_000_000)
    parser.add_argument("--write", type=Path, help="JSON file for the calibration")
    chosen = parser.parse_args()
    samples = make_cells(Material(chosen.digits), chosen.seed, chosen.cells, held_out=True)
    unfitted = [*plain_cells(Material(chosen.digits), chosen.seed, PLAIN), *cheques(chosen.digits)]
    fitted = measured(samples, unfitted, chosen.model)
    if chosen.write:
        numbers = {name: {"offset": round(c.offset, 4), "slope": round(c.slope, 4)} for name, c in fitted.items()}
        chosen.write.write_text(json.dumps(numbers, indent=1) + "\n", encoding="utf-8")


def measured(samples: Sequence[Sample], unfitted: Sequence[Sample], model: Path | None) -> dict[str, Calibration]:
    """Prints the table and returns the calibration of each reader and of both together."""
    bare = Calibration()
    readers: Mapping[str, FigureReader] = {
        "figurenet": FigureNet(model, calibration=bare),
        "ppocr-figures": PpOcr(calibration=bare),
        "ppocr-codes": PpOcr(CODES, calibration=bare),
    }
    half = len(samples) // 2
    every = [*samples, *unfitted]
    crops = [Crop(sample.picture, sample.picture) for sample in every]
    fitted: dict[str, Calibration] = {}
    said: dict[str, Said] = {}
    for name, reader in readers.items():
        wanted = [i for i, s in enumerate(every) if name != "ppocr-codes" or (s.text and set(s.text) <= CODE_SIGNS)]
        read = dict(zip(wanted, reader.read([crops[i] for i in wanted]), strict=True))
        judged = {i: judge(every[i], FigureReading(each, 1, 1)) for i, each in read.items()}
        fitted[name] = fit([judged[i] for i in wanted if i < half and every[i].text])
        report(name, [judged[i] for i in wanted if i >= half], fitted[name])
        said[name] = [recalibrated(read.get(i, ()), fitted[name]) for i in range(len(every))]
    merged = combine(said["figurenet"], said["ppocr-figures"], bare)
    verdicts = [judge(sample, reading) for sample, reading in zip(every, merged, strict=True)]
    both = [bool(a and b) for a, b in zip(said["figurenet"], said["ppocr-figures"], strict=True)]
    cases = [
        "" if not verdict.claimed else "alone" if not spoke else "agreed" if verdict.witnesses > 1 else "disputed"
        for verdict, spoke in zip(verdicts, both, strict=True)
    ]
    for name in ("agreed", "disputed", "alone"):
        chosen = [i for i, case in enumerate(cases) if case == name]
        fitted[name] = fit([verdicts[i] for i in chosen if i < half])
        report(name, [verdicts[i] for i in chosen if i >= half], fitted[name])
    report("all together", verdicts[half:], Calibration())
    return fitted


def cheques(folder: Path) -> list[Sample]:
    """Real amounts as people write them, of the half never learnt from; their texts are the digits only."""
    return [Sample(a.picture, a.digits, "cheque") for a in load_amounts(folder) if a.held_out]


def judge(sample: Sample, reading: FigureReading) -> Judged:
    """Whether a reading is right; of a blank that it says nothing."""
    if not reading.alternatives:
        return Judged(sample.kind, 0.0, not sample.text, reading.witnesses)
    best = reading.alternatives[0]
    if sample.kind == "cheque":
        right = "".join(sign for sign in best.text if sign.isdigit()) == sample.text
    else:
        right = folded(best.text) == folded(sample.text)
    return Judged(sample.kind, math.exp(best.logp), right, reading.witnesses)


def recalibrated(said: tuple[Alternative, ...], calibration: Calibration) -> tuple[Alternative, ...]:
    """The same readings with probabilities made true."""
    applied = calibration.apply([(a.text, a.logp) for a in said])
    return tuple(Alternative(text, logp, a.reader) for (text, logp), a in zip(applied, said, strict=True))


def report(name: str, judged: Sequence[Judged], calibration: Calibration) -> None:
    """A line a kind of cell: how many, how many right, and how far claims are from the truth."""
    for kind in sorted({each.kind for each in judged}):
        chosen = [each for each in judged if each.kind == kind]
        right = sum(each.right for each in chosen)
        error = calibration_error(chosen, calibration)
        print(f"{name:20} {kind:12} {right:5}/{len(chosen):5} {right / len(chosen):.4f}  error {error:.3f}", flush=True)


if __name__ == "__main__":
    main()
