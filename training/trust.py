"""Fits how far readings can be believed: `python -m training.trust FORMS… --write validate/data/trust.json`.

FORMS are folders that `python -m training.forms` kept, of forms of the calibration's world. First the readers' own word
is held against the truth; then the forms are decided under that, and what the sums vouch for is held against it. With
`--measure` the forms are others (the evaluation's), and the shipped fit is only held against them: the calibration
error of each stratum, and what would be accepted at some error rates, right and wrong.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from extract.readers.calibration import Calibration
from review.intervals import clustered, upper_bound
from training.fitting import Judged, calibration_error, fit
from training.forms import kept
from training.verdicts import claims, verdicts_of
from validate.reasons import CLEARED_BY_CONTROLS, INFORMATIONAL
from validate.settings import Settings
from validate.trust import AGREED, APART, CONTRADICTED, LEAST_CELLS, SUMMED, Trust, shipped_trust, trust_from

# Levels in the order they are tried, and how sure their bounds are. One after the other costs
# nothing where each is tried only after the one before has held; rows of them share out the 5 %.
ROWS = {
    AGREED: (((0.95,), 0.04), ((0.99,), 0.01)),  # calibrated confidence
    SUMMED: (((4.0, 3.0, 2.0), 0.05),),  # margin, nats
}
LEAST_FITTED = 100  # readings without which no curve is fitted
LEAST_PAGES = 20  # pages without which no look is described
EXPECTED = 24.3  # squared distance that a page of six independent features exceeds once in 2,000
RATES = (0.002, 0.001, 0.0005)

Floats = npt.NDArray[np.float64]


def main() -> None:
    """Reads the command line, fits or measures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("forms", type=Path, nargs="+")
    parser.add_argument("--write", type=Path, help="the JSON file to write")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--measure", action="store_true", help="hold the shipped fit against these forms")
    chosen = parser.parse_args()
    if chosen.measure:
        print(measured(decided(chosen.forms, shipped_trust(), chosen.jobs), shipped_trust()))
        return
    told = fitted(claims(kept(chosen.forms)), lambda trust: decided(chosen.forms, trust, chosen.jobs))
    if chosen.write:
        chosen.write.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


def decided(folders: Sequence[Path], trust: Trust, jobs: int) -> pd.DataFrame:
    """The cells of kept forms that were read from pictures, as decided under this trust."""
    frame = verdicts_of(folders, trust, Settings(), jobs)
    return frame[frame["read"]].reset_index(drop=True)


def groups(cells: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """The cells by stratum."""
    return [(str(name), part) for name, part in cells.groupby("stratum")]


def fitted(own: pd.DataFrame, decide: Callable[[Trust], pd.DataFrame]) -> dict[str, Any]:
    """The content of the file, stratum by stratum, from the readers' own word and from what it leads to."""
    curves = {name: _own_curves(part) for name, part in groups(own)}
    bare = {name: {"curves": found, "looks": None} for name, found in curves.items()}
    after = decide(trust_from({"strata": bare, "steps": {}}))
    by_stratum = dict(groups(after))
    strata = {name: _stratum(part, curves[name], by_stratum[name]) for name, part in groups(own)}
    inks = after.groupby(after["stratum"].str.partition("/")[0])
    steps = {str(ink): {case: _steps(part, case) for case in ROWS} for ink, part in inks}
    return {"strata": strata, "steps": steps}


def _own_curves(part: pd.DataFrame) -> dict[str, dict[str, float]]:
    agreed = part["agreed"].to_numpy(bool)
    return _curve(AGREED, part[agreed]) | _curve(APART, part[~agreed])


def _curve(case: str, part: pd.DataFrame) -> dict[str, dict[str, float]]:
    if len(part) < LEAST_FITTED:
        return {}
    curve = fit([Judged("", float(p), bool(r)) for p, r in zip(part["confidence"], part["right"], strict=True)])
    return {case: {"offset": round(curve.offset, 4), "slope": round(curve.slope, 4)}}


def _stratum(own: pd.DataFrame, curves: dict[str, dict[str, float]], after: pd.DataFrame) -> dict[str, Any]:
    summed = after["summed"].to_numpy(bool)
    contradicted = _suspect(after) & ~summed
    curves = curves | _curve(SUMMED, after[summed]) | _curve(CONTRADICTED, after[contradicted])
    return {"curves": curves, "looks": _looks(own)}


def eligible(part: pd.DataFrame, case: str) -> npt.NDArray[np.bool_]:
    """The cells that would be accepted on this evidence, were they sure enough: no other doubt holds them."""
    summed = part["summed"].to_numpy(bool)
    held = INFORMATIONAL | (CLEARED_BY_CONTROLS if case == SUMMED else frozenset())
    free = [not (set(filter(None, doubts.split(";"))) - held) for doubts in part["doubts"]]
    spoken = summed if case == SUMMED else part["agreed"].to_numpy(bool) & ~summed & ~_suspect(part)
    return np.asarray(np.logical_and(free, spoken), dtype=np.bool_)


def _suspect(part: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """The cells through which a sum fails that may be their doing."""
    return np.asarray(part["broken"].to_numpy(bool) & ~part["cleared"].to_numpy(bool), dtype=np.bool_)


def sure(part: pd.DataFrame, case: str) -> Floats:
    """What the levels of a case are levels of."""
    return part["margin" if case == SUMMED else "confidence"].to_numpy(float)


def _steps(part: pd.DataFrame, case: str) -> list[dict[str, float]]:
    """For each level, the cells at least so sure, those of them that are wrong, and the bound of their rate."""
    free = eligible(part, case)
    steps: list[dict[str, float]] = []
    for levels, alpha in ROWS[case]:
        for level in levels:
            chosen = part[free & (sure(part, case) >= level)]
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
    figures = part[part["looked"].to_numpy(bool)].groupby(["form", "page"])["look"]
    pages = [np.array(list(looks)) for _, looks in figures if len(looks) >= LEAST_CELLS]
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
    """The calibration error of each stratum, and what is accepted at each rate: cells, share, wrong."""
    lines = [f"{'stratum':15} {'cells':>6} {'right':>7} {'ECE':>6}  accepted at " + ", ".join(map(str, RATES))]
    for name, part in groups(cells):
        judged = [Judged("", p, bool(r)) for p, r in zip(part["confidence"], part["right"], strict=True)]
        error = calibration_error(judged, Calibration())
        told = []
        for rate in RATES:
            accepted = np.zeros(len(part), dtype=bool)
            for case in ROWS:
                level = trust.level(name, case, rate)
                if level is not None:
                    accepted |= eligible(part, case) & (sure(part, case) >= level)
            chosen = part[accepted]
            told.append(f"{len(chosen) / len(part):6.1%} wrong {int((~chosen['right']).sum())} of {len(chosen)}")
        lines.append(f"{name:15} {len(part):6} {part['right'].mean():7.2%} {error:6.4f}  " + "; ".join(told))
    return "\n".join(lines)


if __name__ == "__main__":
    main()
