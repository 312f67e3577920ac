"""Makes claimed probabilities true, and tells how far they are from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from extract.readers.calibration import SUREST, Calibration

ROUNDS = 40  # Newton steps of the fit; it mostly settles in ten
RIDGE = 1e-3  # keeps the fit finite where a reader makes no mistake
TINY = 1e-6  # of a weight; smaller steps change nothing
LEAST_SLOPE = 0.05  # a surer claim is never held for less sure
BINS = 10  # of equal numbers of cells, for the calibration error
NONE = Calibration()


@dataclass(frozen=True, slots=True)
class Judged:
    """One reading: of what kind the cell is, what was claimed, whether it is right, how many readers gave it."""

    kind: str
    claimed: float
    right: bool
    witnesses: int = 1
    weight: float = 1.0  # for how many cells it stands


def fit(judged: Sequence[Judged], start: Calibration = NONE, ridge: float = RIDGE) -> Calibration:
    """The straight line between log-odds that makes the claims true (logistic regression, weighted).

    `ridge` is how strongly few cells are held near the line of `start`: as many cells as that say nothing against it.
    """
    spoken = [each for each in judged if each.claimed > 0]
    claimed = np.clip([each.claimed for each in spoken], SUREST, 1 - SUREST)
    inputs = np.stack([np.ones_like(claimed), np.log(claimed) - np.log1p(-claimed)], axis=1)
    right = np.array([each.right for each in spoken], dtype=np.float64)
    counts = np.array([each.weight for each in spoken], dtype=np.float64)
    weights = before = np.array([start.offset, start.slope])

    def cost(tried: npt.NDArray[np.float64]) -> float:
        odds = inputs @ tried
        missed = np.sum(counts * (np.logaddexp(0, odds) - right * odds))
        return float(missed + ridge * np.sum((tried - before) ** 2) / 2)

    for _ in range(ROUNDS):
        guess = 1 / (1 + np.exp(-np.clip(inputs @ weights, -30, 30)))
        slope = inputs.T @ (counts * (right - guess)) - ridge * (weights - before)
        bend = (inputs * (counts * guess * (1 - guess))[:, None]).T @ inputs + ridge * np.eye(2)
        step = np.linalg.solve(bend, slope)
        while np.abs(step).max() > TINY and cost(weights + step) > cost(weights):
            step = step / 2  # a full step may overshoot where nearly all claims are near certain
        weights = weights + step
    return Calibration(float(weights[0]), max(float(weights[1]), LEAST_SLOPE))


def calibration_error(judged: Sequence[Judged], calibration: Calibration) -> float:
    """Mean distance between what is claimed and what is right, over groups of equally sure readings."""
    spoken = sorted((calibration.probability(each.claimed), each.right) for each in judged if each.claimed > 0)
    groups = [group for group in np.array_split(np.array(spoken), BINS) if len(group)] if spoken else []
    return sum(len(g) * abs(float(g[:, 0].mean() - g[:, 1].mean())) for g in groups) / max(len(spoken), 1)
