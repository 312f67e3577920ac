"""How far readings can be believed: fitted on forms that taught no reader and measure none.

A *stratum* is a kind of ink on a quality of scan ("hand/bilevel"). For each, the file `data/trust.json`, written by
`python -m training.trust`, says three things: how often readings claimed with some confidence were right (a curve for
readings that both readers gave, and one for others); for a few thresholds, fixed beforehand, how many of the cells at
least as sure were wrong, and the upper bound of their error rate that so many cells support; and how pages of the
stratum look, so that a page unlike all of them is noticed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
import numpy.typing as npt

from extract.readers.calibration import Calibration
from extract.records import Ink
from postprocess.records import Figure

FILE = "trust.json"
AGREED = "agreed"  # two readers gave the reading
SUMMED = "summed"  # the sums through the cell vouch for it besides
APART = "apart"  # the readers differ, or one spoke alone
LEAST_CELLS = 3  # inked cells of a page without which its look says nothing

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Step:
    """What the calibration found of cells claimed at least so surely."""

    least: float  # calibrated confidence
    cells: int
    wrong: int
    forms: int
    row: bool  # whether it begins a row of steps, with a share of the 5 % of its own
    bound: float  # upper bound of the error rate, 95 % for all steps of a case taken together


@dataclass(frozen=True, slots=True, eq=False)
class Looks:
    """How pages of a stratum look: the mean look of their cells, and how it varies between pages and cells."""

    mean: Floats  # features
    between: Floats  # features × features, of page means
    within: Floats  # features × features, of cells of one page
    limit: float  # squared distance that no page of the calibration exceeds

    def distance(self, looks: Sequence[Sequence[float]]) -> float:
        """The squared Mahalanobis distance of a page with these cells."""
        away = np.mean(np.asarray(looks, dtype=np.float64), axis=0) - self.mean
        spread = self.between + self.within / len(looks)
        return float(away @ np.linalg.solve(spread, away))


@dataclass(frozen=True, slots=True, eq=False)
class Stratum:
    """All that is known of one kind of ink on one quality of scan."""

    curves: Mapping[str, Calibration]
    steps: Mapping[str, tuple[Step, ...]]  # by what speaks for a reading
    looks: Looks | None = None

    def threshold(self, case: str, max_error: float) -> float | None:
        """The confidence from which the error rate is shown to be no higher; None if nothing shows it.

        Steps are tried in the order in which they were fixed, each only after the one before it has held; a step that
        begins a row of its own (`row`) is tried whatever came before.
        """
        found: list[float] = []
        held = True
        for step in self.steps.get(case, ()):
            held = (held or step.row) and step.bound <= max_error
            found += [step.least] if held else []
        return min(found, default=None)


NOTHING_KNOWN = Stratum({}, {})


@dataclass(frozen=True, slots=True, eq=False)
class Trust:
    """What the calibration says of each stratum; of one it never saw, nothing."""

    strata: Mapping[str, Stratum]

    def of(self, figure: Figure) -> Stratum:
        """The stratum of a figure read from a picture."""
        return self.strata.get(stratum_of(figure), NOTHING_KNOWN)

    def confidence(self, figure: Figure, *, agreed: bool) -> float:
        """How often a figure so claimed is right; as claimed where nothing is known."""
        curve = self.of(figure).curves.get(AGREED if agreed else APART)
        return curve.probability(figure.confidence) if curve else figure.confidence

    def strange_pages(self, figures: Sequence[Figure]) -> frozenset[int]:
        """The pages whose ink looks like nothing that was calibrated on."""
        pages: dict[tuple[int, str], list[tuple[float, ...]]] = {}
        for figure in figures:
            if figure.reading.look:
                pages.setdefault((figure.reading.page, stratum_of(figure)), []).append(figure.reading.look)
        return frozenset(page for (page, name), looks in pages.items() if self._strange(name, looks))

    def _strange(self, name: str, looks: Sequence[Sequence[float]]) -> bool:
        known = self.strata.get(name, NOTHING_KNOWN).looks
        return known is not None and len(looks) >= LEAST_CELLS and known.distance(looks) > known.limit


def stratum_of(figure: Figure) -> str:
    """The name of a figure's stratum."""
    kind = Ink.TYPED if figure.reading.ink is Ink.TYPED else Ink.HAND
    return f"{kind.value}/{figure.reading.quality}"


NO_TRUST = Trust({})
"""As before any calibration: readers are believed as they claim, and nothing read from a picture is accepted."""


@cache
def shipped_trust() -> Trust:
    """What ships with the program."""
    return trust_from(json.loads((resources.files("validate") / "data" / FILE).read_text(encoding="utf-8")))


def trust_from(told: Mapping[str, Any]) -> Trust:
    """From the content of the file; KeyError if a part is missing."""
    return Trust({name: _stratum(part) for name, part in told["strata"].items()})


def _stratum(told: Mapping[str, Any]) -> Stratum:
    curves = {case: Calibration(c["offset"], c["slope"]) for case, c in told["curves"].items()}
    steps = {case: tuple(Step(**step) for step in found) for case, found in told["steps"].items()}
    looks = told.get("looks")
    return Stratum(curves, steps, _looks(looks) if looks else None)


def _looks(told: Mapping[str, Any]) -> Looks:
    mean, between, within = (np.asarray(told[name], dtype=np.float64) for name in ("mean", "between", "within"))
    return Looks(mean, between, within, float(told["limit"]))
