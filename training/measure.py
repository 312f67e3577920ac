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
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from extract.readers.calibration import SUREST, Calibration
from extract.readers.combine import FigureReading, combine, folded
from extract.readers.figurenet import FigureNet
from extract.readers.ppocr import CODES, PpOcr
from extract.records import Alternative, Crop, FigureReader
from training.amounts import load_amounts
from training.cells import Material, make_cells, plain_cells
from training.sample import Sample

ROUNDS = 40  # Newton steps of the fit; it mostly settles in ten
RIDGE = 1e-3  # keeps the fit finite where a reader makes no mistake
CODE_SIGNS = frozenset("0123456789.,- ")
TINY = 1e-6  # of a weight; smaller steps change nothing
LEAST_SLOPE = 0.05  # a surer claim is never held for less sure
PLAIN = 600  # cells of plain print
BINS = 10  # of equal numbers of cells, for the calibration error

Said = list[tuple[Alternative, ...]]


@dataclass(frozen=True, slots=True)
class Judged:
    """One reading: of what kind the cell is, what was claimed, whether it is right, how many readers gave it."""

    kind: str
    claimed: float
    right: bool
    witnesses: int = 1


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


def fit(judged: Sequence[Judged]) -> Calibration:
    """The straight line between log-odds that makes the claims true (logistic regression)."""
    spoken = [each for each in judged if each.claimed > 0]
    claimed = np.clip([each.claimed for each in spoken], SUREST, 1 - SUREST)
    inputs = np.stack([np.ones_like(claimed), np.log(claimed) - np.log1p(-claimed)], axis=1)
    right = np.array([each.right for each in spoken], dtype=np.float64)
    weights, start = np.array([0.0, 1.0]), np.array([0.0, 1.0])

    def cost(tried: npt.NDArray[np.float64]) -> float:
        odds = inputs @ tried
        return float(np.sum(np.logaddexp(0, odds) - right * odds) + RIDGE * np.sum((tried - start) ** 2) / 2)

    for _ in range(ROUNDS):
        guess = 1 / (1 + np.exp(-np.clip(inputs @ weights, -30, 30)))
        slope = inputs.T @ (right - guess) - RIDGE * (weights - start)
        bend = (inputs * (guess * (1 - guess))[:, None]).T @ inputs + RIDGE * np.eye(2)
        step = np.linalg.solve(bend, slope)
        while np.abs(step).max() > TINY and cost(weights + step) > cost(weights):
            step = step / 2  # a full step may overshoot where nearly all claims are near certain
        weights = weights + step
    return Calibration(float(weights[0]), max(float(weights[1]), LEAST_SLOPE))


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


def calibration_error(judged: Sequence[Judged], calibration: Calibration) -> float:
    """Mean distance between what is claimed and what is right, over groups of equally sure readings."""
    spoken = sorted((calibration.probability(each.claimed), each.right) for each in judged if each.claimed > 0)
    groups = [group for group in np.array_split(np.array(spoken), BINS) if len(group)] if spoken else []
    return sum(len(g) * abs(float(g[:, 0].mean() - g[:, 1].mean())) for g in groups) / max(len(spoken), 1)


if __name__ == "__main__":
    main()
