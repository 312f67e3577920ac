"""Whether a level page stands on its head: by the shape of its text and tables, and by how well its signs are read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from extract.ink.components import components
from extract.records import Crop, Grid, Picture
from extract.scan.flatten import picture_of, reduced

Orient = Callable[[list[Crop]], float]  # mean log-probability that crops are readable this way up

SURVEY_DPI = 100.0  # resolution at which lines of text are seen whole
INK = 170  # grey level below which something is ink in even light
RULING = 0.35  # inches: straighter and longer than strokes of text
WORD_SPACE = 0.12  # inches: words of a line stand nearer
LINE_HEIGHT = (0.04, 0.3)  # inches: of a line of text
SHORTEST_LINE = 0.4  # inches: shorter pieces may be figures, which often end level
FEWEST_LINES = 5  # below this the margins say nothing
MANY_LINES = 20  # from this on they say all they can
LEVEL = 0.03  # inches within which lines begin or end level
RAGGED = 2.0  # weight of the margins' word (a logarithm, 0.4 to 2.9 on upright forms)
LABELS = 1.0  # weight of a table whose fullest column stands left
HEADINGS = 1.5  # weight of a table whose spanning cells stand above the others
HEADING = 4  # so many more of them than below
LEAST_TABLE = (3, 4)  # rows and columns of a table that has such a column
UPRIGHT = 1.2  # log-odds before anything is seen: most pages lie upright
PLAIN = 3.0  # log-odds from which an upright page needs no reader
READ = 2.0  # weight of the reader's word: log-probabilities differ by 0.4 to 4 on codes and amounts
TELLING = 12  # crops it is asked about
FEWEST_CROPS = 3  # fewer say little
TEXT_HEIGHT = (0.05, 0.22)  # inches: crops of one line of text
TEXT_SHAPE = (2.3, 7.0)  # width to height of three signs to ten: «0», «8» and dashes look alike both ways


@dataclass(frozen=True, slots=True)
class Hints:
    """What speaks for upright, as log-odds: the margins of text, the labels and headings of tables."""

    margins: float
    labels: float
    headings: float

    @property
    def total(self) -> float:
        """Together with what holds before anything is seen."""
        return UPRIGHT + self.margins + self.labels + self.headings


def upside_down(picture: Picture, dpi: float, grids: Sequence[Grid], orient: Orient) -> bool:
    """Whether a level page (grey, even light) must be turned by half a circle.

    Lines of text begin level and end ragged; the labels of a table stand left of its figures, its headings above.
    Where that leaves a doubt, or says that the page must be turned, `orient` is asked how signs read both ways.
    """
    hints = Hints(RAGGED * flush_left(picture, dpi), LABELS * labels_left(grids), HEADINGS * headings_above(grids))
    if hints.total > PLAIN:
        return False
    return hints.total + READ * reads_upright(grids, dpi, orient) < 0


def flush_left(picture: Picture, dpi: float) -> float:
    """How much better lines of text are in line at their left ends than at their right ones: a logarithm."""
    lines = _lines_of_text(picture, dpi)
    if len(lines) < FEWEST_LINES:
        return 0.0
    left, right = _in_line(lines[:, 0]), _in_line(lines[:, 0] + lines[:, 2])
    return float(np.log(left / right)) * min(1.0, len(lines) / MANY_LINES)


def labels_left(grids: Sequence[Grid]) -> float:
    """In how many more tables the column with most ink stands left than right, row by row."""
    word = 0.0
    for grid in filter(_is_table, grids):
        ink = np.zeros((grid.rows, grid.columns))
        for cell in grid.cells:
            if cell.crop is not None and cell.row_span == cell.column_span == 1:
                ink[cell.row, cell.column] = np.count_nonzero(cell.crop.clean < INK)
        fullest = ink.argmax(axis=1)[ink.any(axis=1)]
        word += float(np.sign(np.sign((grid.columns - 1) / 2 - fullest).sum()))
    return word


def headings_above(grids: Sequence[Grid]) -> float:
    """In how many more tables the cells that span others stand above the middle than below."""
    word = 0.0
    for grid in filter(_is_table, grids):
        spanning = [c for c in grid.cells if c.row_span > 1 or c.column_span > 1]
        above = sum(float(np.sign(grid.rows / 2 - c.row - c.row_span / 2)) for c in spanning)
        word += float(np.sign(above)) if abs(above) >= HEADING else 0.0
    return word


def _is_table(grid: Grid) -> bool:
    return grid.rows >= LEAST_TABLE[0] and grid.columns >= LEAST_TABLE[1]


def reads_upright(grids: Sequence[Grid], dpi: float, orient: Orient) -> float:
    """By how much short texts of the cells read better as they stand than turned over, mean log-probability."""
    low, high = TEXT_HEIGHT[0] * dpi, TEXT_HEIGHT[1] * dpi
    crops = [
        cell.crop
        for grid in grids
        for cell in grid.cells
        if cell.crop is not None
        and low < cell.crop.clean.shape[0] < high
        and TEXT_SHAPE[0] < cell.crop.clean.shape[1] / cell.crop.clean.shape[0] < TEXT_SHAPE[1]
    ]
    if len(crops) < FEWEST_CROPS:
        return 0.0
    crops = crops[:: max(1, len(crops) // TELLING)][:TELLING]
    over = [Crop(np.ascontiguousarray(c.raw[::-1, ::-1]), np.ascontiguousarray(c.clean[::-1, ::-1])) for c in crops]
    return orient(crops) - orient(over)


def _lines_of_text(picture: Picture, dpi: float) -> npt.NDArray[np.int32]:
    """Lines of text outside rulings, one a row: x, y, width, height in pixels of the survey."""
    small = reduced(picture, min(1.0, SURVEY_DPI / dpi))
    scale = dpi * small.shape[1] / picture.shape[1]
    dark = picture_of(cv2.threshold(small, INK, 255, cv2.THRESH_BINARY_INV)[1])
    long = round(RULING * scale)
    runs = [cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones(k, np.uint8)) for k in ((1, long), (long, 1))]
    rulings = cv2.dilate(cv2.bitwise_or(*runs), np.ones((3, 3), np.uint8))
    words = cv2.subtract(dark, rulings)
    joined = cv2.morphologyEx(words, cv2.MORPH_CLOSE, np.ones((1, round(WORD_SPACE * scale)), np.uint8))
    stats = components(picture_of(cv2.subtract(joined, rulings)))[1][1:]
    high, wide = stats[:, cv2.CC_STAT_HEIGHT] / scale, stats[:, cv2.CC_STAT_WIDTH] / scale
    lines = (high > LINE_HEIGHT[0]) & (high < LINE_HEIGHT[1]) & (wide > SHORTEST_LINE)
    return np.asarray(stats[lines], np.int32)


def _in_line(ends: npt.NDArray[np.int32]) -> float:
    """How many ends of lines stand at the same place, squared and summed."""
    bins = np.bincount(np.round(ends / (LEVEL * SURVEY_DPI)).astype(int)).astype(float)
    return float(np.square(np.convolve(bins, (0.5, 1.0, 0.5), "same")).sum())
