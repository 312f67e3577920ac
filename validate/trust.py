"""How far readings can be believed: fitted on forms that taught no reader and measure none.

A *stratum* is a kind of ink on a quality of scan ("hand/bilevel"). For each, the file `data/trust.json`, written by
`python -m training.trust`, says three things: how often readings claimed with some confidence were right (a curve for
readings that both readers gave, one for others, and two for those that sums vouch for or contradict, by the margin of
the joint decision); for a few thresholds of a kind of ink, fixed beforehand, how many of the cells at least as sure
were wrong, and the upper bound of their error rate that so many cells support; and how pages of the stratum look, so
that a page unlike all of them is noticed.
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
from extract.records import Ink, Reading
from postprocess.records import Figure

FILE = "trust.json"
AGREED = "agreed"  # two readers gave the reading
SUMMED = "summed"  # the sums through the cell vouch for it besides
CONTRADICTED = "contradicted"  # a sum through it does not hold
APART = "apart"  # the readers differ, or one spoke alone
LEAST_CELLS = 3  # figures of a page without which its look says nothing

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Step:
    """What the calibration found of cells at least so sure."""

    least: float  # of AGREED the calibrated confidence, of SUMMED the margin of the joint decision in nats
    cells: int
    wrong: int
    forms: int
    row: bool  # whether it begins a row of steps, with a share of the 5 % of its own
    bound: float  # upper bound of the error rate, 95 % for all steps of a case taken together


@dataclass(frozen=True, slots=True, eq=False)
class Looks:
    """How pages of a stratum look: the mean look of their cells, and how it varies between pages and cells."""

    mean: Floats  # features; of cells with digits, see `shows_look`
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
    looks: Looks | None = None


NOTHING_KNOWN = Stratum({})
Steps = Mapping[str, tuple[Step, ...]]  # by what speaks for a reading


@dataclass(frozen=True, slots=True, eq=False)
class Trust:
    """What the calibration says of each stratum; of one it never saw, nothing.

    Curves make the claims of different strata comparable; steps are those of a kind of ink over all its strata.
    """

    strata: Mapping[str, Stratum]
    steps: Mapping[str, Steps]

    def threshold(self, figure: Figure, case: str, max_error: float) -> float | None:
        """The level from which the error rate is shown to be no higher; None if nothing shows it.

        Steps are tried in the order in which they were fixed, each only after the one before it has held; a step that
        begins a row of its own (`row`) is tried whatever came before.
        """
        return self.level(stratum_of(figure), case, max_error)

    def level(self, stratum: str, case: str, max_error: float) -> float | None:
        """Likewise, of a stratum by name."""
        if stratum not in self.strata:
            return None
        found: list[float] = []
        held = True
        for step in self.steps.get(stratum.partition("/")[0], {}).get(case, ()):
            held = (held or step.row) and step.bound <= max_error
            found += [step.least] if held else []
        return min(found, default=None)

    def of(self, figure: Figure) -> Stratum:
        """The stratum of a figure read from a picture."""
        return self.strata.get(stratum_of(figure), NOTHING_KNOWN)

    def confidence(self, figure: Figure, *, agreed: bool) -> float:
        """How often a figure so claimed is right; as claimed where nothing is known."""
        curve = self.of(figure).curves.get(AGREED if agreed else APART)
        return curve.probability(figure.confidence) if curve else figure.confidence

    def after_sums(self, figure: Figure, claimed: float, *, summed: bool) -> float:
        """How often a figure is right that sums vouch for, or contradict, so surely."""
        curve = self.of(figure).curves.get(SUMMED if summed else CONTRADICTED)
        return curve.probability(claimed) if curve else claimed

    def strange_pages(self, figures: Sequence[Figure]) -> frozenset[int]:
        """The pages whose figures look like nothing that was calibrated on."""
        pages: dict[tuple[int, str], list[tuple[float, ...]]] = {}
        for figure in figures:
            if shows_look(figure.reading):
                pages.setdefault((figure.reading.page, stratum_of(figure)), []).append(figure.reading.look)
        return frozenset(page for (page, name), looks in pages.items() if self._strange(name, looks))

    def _strange(self, name: str, looks: Sequence[Sequence[float]]) -> bool:
        known = self.strata.get(name, NOTHING_KNOWN).looks
        return known is not None and len(looks) >= LEAST_CELLS and known.distance(looks) > known.limit


def shows_look(reading: Reading) -> bool:
    """Whether a cell says how its page's ink looks: dashes do not, and whole pages are filled with them."""
    return bool(reading.look) and bool(reading.alternatives) and any(map(str.isdigit, reading.alternatives[0].text))


def stratum_of(figure: Figure) -> str:
    """The name of a figure's stratum."""
    return f"{ink_of(figure)}/{figure.reading.quality}"


def ink_of(figure: Figure) -> str:
    """The kind of ink its stratum is of: what is not surely print counts as handwriting."""
    return (Ink.TYPED if figure.reading.ink is Ink.TYPED else Ink.HAND).value


@dataclass(frozen=True, slots=True)
class Proven:
    """What the calibration proves of figures accepted at an error rate: of a kind of ink, and what speaks for them."""

    ink: str
    case: str
    cells: int
    wrong: int
    bound: float  # upper bound of the error rate, 95 %


def proven(trust: Trust, max_error: float) -> tuple[Proven, ...]:
    """Every case in which figures are accepted at this error rate, with the calibration's step that allows it."""
    found = []
    for ink, cases in sorted(trust.steps.items()):
        for case, steps in cases.items():
            level = next(
                (
                    n
                    for name in trust.strata
                    if name.startswith(f"{ink}/")
                    for n in [trust.level(name, case, max_error)]
                ),
                None,
            )
            step = next((step for step in steps if step.least == level), None)
            if step is not None:
                found.append(Proven(ink, case, step.cells, step.wrong, step.bound))
    return tuple(found)


NO_TRUST = Trust({}, {})
"""As before any calibration: readers are believed as they claim, and nothing read from a picture is accepted."""


@cache
def shipped_trust() -> Trust:
    """What ships with the program."""
    return trust_from(json.loads((resources.files("validate") / "data" / FILE).read_text(encoding="utf-8")))


def trust_from(told: Mapping[str, Any]) -> Trust:
    """From the content of the file; KeyError if a part is missing."""
    steps = {
        ink: {case: tuple(Step(**step) for step in found) for case, found in cases.items()}
        for ink, cases in told["steps"].items()
    }
    return Trust({name: _stratum(part) for name, part in told["strata"].items()}, steps)


def _stratum(told: Mapping[str, Any]) -> Stratum:
    curves = {case: Calibration(c["offset"], c["slope"]) for case, c in told["curves"].items()}
    looks = told.get("looks")
    return Stratum(curves, _looks(looks) if looks else None)


def _looks(told: Mapping[str, Any]) -> Looks:
    mean, between, within = (np.asarray(told[name], dtype=np.float64) for name in ("mean", "between", "within"))
    return Looks(mean, between, within, float(told["limit"]))
