"""Fits how far readings can be believed: `python -m training.trust CELLS… --write validate/data/trust.json`.

CELLS are tables that `python -m training.harvest --bare` wrote of forms of the calibration's world. With `--measure`
the tables are those of other forms (the evaluation's), harvested bare too, and the fit is only held against them: the
calibration error of each stratum, and what would be accepted at some error rates, right and wrong.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from corpus.intervals import clustered, upper_bound
from corpus.score import is_right
from extract.readers.calibration import Calibration
from training.measure import Judged, calibration_error, fit
from validate.reasons import CLEARED_BY_CONTROLS, INFORMATIONAL
from validate.trust import AGREED, APART, LEAST_CELLS, SUMMED, Trust, shipped_trust, trust_from

# Levels of calibrated confidence in the order they are tried, and how sure their bounds are. One after the other costs
# nothing where each is tried only after the one before has held; rows of them share out the 5 %.
ROWS = (((0.95, 0.7), 0.04), ((0.995,), 0.01))
LEAST_FITTED = 100  # readings without which no curve is fitted
LEAST_PAGES = 20  # pages without which no look is described
EXPECTED = 24.3  # squared distance that a page of six independent features exceeds once in 2,000
RATES = (0.002, 0.001, 0.0005)

Floats = npt.NDArray[np.float64]


def main() -> None:
    """Reads the command line, fits or measures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cells", type=Path, nargs="+")
    parser.add_argument("--write", type=Path, help="the JSON file to write")
    parser.add_argument("--measure", action="store_true", help="hold the shipped fit against these cells")
    chosen = parser.parse_args()
    cells = load(chosen.cells)
    told = None if chosen.measure else fitted(cells)
    trust = trust_from(told) if told else shipped_trust()
    print(measured(cells, trust))
    if chosen.write and told:
        chosen.write.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


def load(files: Sequence[Path]) -> pd.DataFrame:
    """The cells of all tables that were read from ink, with whether their value is right."""
    frame = pd.concat([pd.read_parquet(file) for file in files], ignore_index=True)
    frame = frame[frame["clean"].notna() & (frame["read"].map(len) > 0)].copy()
    triples = zip(frame["said"], frame["written"], frame["value"], strict=True)
    frame["right"] = [is_right(said, written, want) for said, written, want in triples]
    frame["form"] = frame["kind"] + "/" + frame["form"]
    return frame


def groups(cells: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """The cells by stratum."""
    return [(str(name), part) for name, part in cells.groupby("stratum")]


def fitted(cells: pd.DataFrame) -> dict[str, Any]:
    """The content of the file, stratum by stratum."""
    return {"strata": {str(name): _stratum(part) for name, part in groups(cells)}}


def _stratum(part: pd.DataFrame) -> dict[str, Any]:
    curves: dict[str, dict[str, float]] = {}
    confidence = part["confidence"].to_numpy(float).copy()
    for case, chosen in ((AGREED, part["agreed"].to_numpy(bool)), (APART, ~part["agreed"].to_numpy(bool))):
        if chosen.sum() >= LEAST_FITTED:
            curve = fit(_judged(part[chosen]))
            curves[case] = {"offset": round(curve.offset, 4), "slope": round(curve.slope, 4)}
            confidence[chosen] = [curve.probability(claimed) for claimed in confidence[chosen]]
    steps = {case: _steps(part, confidence, case) for case in (AGREED, SUMMED)}
    return {"curves": curves, "steps": steps, "looks": _looks(part)}


def _judged(part: pd.DataFrame) -> list[Judged]:
    return [Judged("", float(p), bool(right)) for p, right in zip(part["confidence"], part["right"], strict=True)]


def eligible(part: pd.DataFrame, case: str) -> npt.NDArray[np.bool_]:
    """The cells that would be accepted on this evidence, were they sure enough: no other doubt holds them."""
    held = INFORMATIONAL | (CLEARED_BY_CONTROLS if case == SUMMED else frozenset())
    free = [not (set(filter(None, doubts.split(";"))) - held) for doubts in part["doubts"]]
    return np.asarray(np.logical_and(free, part[case].to_numpy(bool)), dtype=np.bool_)


def _steps(part: pd.DataFrame, confidence: Floats, case: str) -> list[dict[str, float]]:
    """For each level, the cells at least so sure, those of them that are wrong, and the bound of their rate."""
    free = eligible(part, case)
    steps: list[dict[str, float]] = []
    for levels, alpha in ROWS:
        for level in levels:
            chosen = part[free & (confidence >= level)]
            told = {"cells": len(chosen), "wrong": int((~chosen["right"]).sum()), "forms": chosen["form"].nunique()}
            bound = clustered_bound(chosen, alpha) if len(chosen) else 1.0
            steps.append({"least": level, **told, "row": level == levels[0], "bound": bound})
    return steps


def clustered_bound(chosen: pd.DataFrame, alpha: float) -> float:
    """The upper bound of the error rate; cells of a form that fail together count for less."""
    counts = chosen.groupby("form")["right"].agg(["size", "sum"])
    wrong, total = int((counts["size"] - counts["sum"]).sum()), int(counts["size"].sum())
    rate = clustered(
        [(int(size - right), int(size)) for size, right in zip(counts["size"], counts["sum"], strict=True)]
    )
    half = (rate.high - rate.low) / 2
    plain = clustered([(1, 1)] * wrong + [(0, 1)] * (total - wrong)) if wrong else rate
    effect = max(1.0, (half / ((plain.high - plain.low) / 2)) ** 2) if wrong else 1.0
    effective = max(1, round(total / effect))
    return round(upper_bound(math.ceil(wrong / effect), effective, alpha), 6)


def _looks(part: pd.DataFrame) -> dict[str, Any] | None:
    """How the pages look: mean, spread between pages and within them, and the farthest page."""
    pages = [np.array(list(looks)) for _, looks in part.groupby(["form", "page"])["look"] if len(looks) >= LEAST_CELLS]
    if len(pages) < LEAST_PAGES:
        return None
    means = np.array([page.mean(axis=0) for page in pages])
    mean = means.mean(axis=0)
    within = sum((page - page.mean(axis=0)).T @ (page - page.mean(axis=0)) for page in pages)
    within = within / sum(len(page) - 1 for page in pages)
    between = np.cov(means.T) + 1e-4 * np.eye(len(mean))
    distances = [
        float((m - mean) @ np.linalg.solve(between + within / len(page), m - mean))
        for m, page in zip(means, pages, strict=True)
    ]
    return {
        "pages": len(pages),
        "mean": np.round(mean, 5).tolist(),
        "between": np.round(between, 6).tolist(),
        "within": np.round(within, 6).tolist(),
        "limit": round(max(*distances, EXPECTED), 2),
    }


def measured(cells: pd.DataFrame, trust: Trust) -> str:
    """The calibration error of each stratum, and what is accepted at each rate: cells, forms, share, wrong."""
    lines = [f"{'stratum':15} {'cells':>6} {'right':>7} {'ECE':>6}  accepted at " + ", ".join(map(str, RATES))]
    for name, part in groups(cells):
        known = trust.strata.get(str(name))
        confidence = believed(part, trust)
        judged = [Judged("", p, bool(right)) for p, right in zip(confidence, part["right"], strict=True)]
        error = calibration_error(judged, Calibration())
        told = []
        for rate in RATES:
            accepted = np.zeros(len(part), dtype=bool)
            for case in (AGREED, SUMMED):
                level = known.threshold(case, rate) if known else None
                if level is not None:
                    accepted |= eligible(part, case) & (confidence >= level)
            chosen = part[accepted]
            told.append(f"{len(chosen) / len(part):6.1%} wrong {int((~chosen['right']).sum())} of {len(chosen)}")
        lines.append(f"{name!s:15} {len(part):6} {part['right'].mean():7.2%} {error:6.4f}  " + "; ".join(told))
    return "\n".join(lines)


def believed(part: pd.DataFrame, trust: Trust) -> Floats:
    """The cells' confidences as the calibration corrects them."""
    found = []
    for name, agreed, claimed in zip(part["stratum"], part["agreed"], part["confidence"], strict=True):
        stratum = trust.strata.get(name)
        curve = stratum.curves.get(AGREED if agreed else APART) if stratum else None
        found.append(curve.probability(claimed) if curve else claimed)
    return np.asarray(found, dtype=np.float64)


if __name__ == "__main__":
    main()
