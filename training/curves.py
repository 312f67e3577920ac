"""Draws how often readings are wrong against how often they claim to be: on the line, confidence can be acted on."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import numpy.typing as npt

from review.intervals import wilson

mpl.use("Agg")
from matplotlib import pyplot as plt

BINS = 8  # of equal numbers of cells
LEAST = 1e-5  # error rates below this are drawn at the edge
ACROSS = 3  # pictures side by side
INK, LINE, SHADE = "#1b4965", "#9a9a9a", "#bee3f0"


def draw_curves(strata: Mapping[str, tuple[npt.NDArray[np.float64], Any]], file: Path) -> None:
    """One plot a stratum: (confidence, right) of its cells in groups of equally sure ones, with 95 % intervals."""
    down = -(-len(strata) // ACROSS)
    figure, axes = plt.subplots(down, ACROSS, figsize=(3.4 * ACROSS, 3.1 * down), squeeze=False, layout="constrained")
    for axis in axes.flat[len(strata) :]:
        axis.set_visible(False)
    for axis, (name, (confidence, right)) in zip(axes.flat, sorted(strata.items()), strict=False):
        order = np.argsort(confidence)
        groups = [group for group in np.array_split(order, BINS) if len(group)]
        claimed = [max(LEAST, float(1 - confidence[group].mean())) for group in groups]
        wrong = [int((~np.asarray(right, dtype=bool)[group]).sum()) for group in groups]
        spans = [wilson(w, len(group)) for w, group in zip(wrong, groups, strict=True)]
        found = [max(LEAST, w / len(group)) for w, group in zip(wrong, groups, strict=True)]
        axis.plot([LEAST, 1], [LEAST, 1], color=LINE, linewidth=1)
        axis.vlines(
            claimed, [max(LEAST, low) for low, _ in spans], [high for _, high in spans], color=SHADE, linewidth=4
        )
        axis.plot(claimed, found, "o-", color=INK, markersize=4, linewidth=1)
        axis.set(xscale="log", yscale="log", xlim=(LEAST * 0.7, 1.2), ylim=(LEAST * 0.7, 1.2))
        axis.set_title(f"{name}, {len(right):,} cells", fontsize=9)
        axis.tick_params(labelsize=7)
    figure.supxlabel("claimed error, 1 − confidence", fontsize=9)
    figure.supylabel("error found", fontsize=9)
    figure.savefig(file, dpi=130)
    plt.close(figure)
