"""A scanned, faxed or photographed page → its sheet: upright, flat, with the ink of its cells cut out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from extract.grids.grid import GridFrame
from extract.grids.unruled import completed_frames
from extract.ink.dashes import doubted
from extract.ink.page import CellInk, PageInk
from extract.records import Box, BoxRun, Cell, Columns, Grid, Picture, Sheet, StoredPage
from extract.scan.boxes import Parted, enclosed_boxes, part_boxes
from extract.scan.combs import Comb, find_combs
from extract.scan.flatten import Floats, Matrix, blank_outside, even_light, picture_of, reduced, warp
from extract.scan.frames import (
    Ruled,
    find_frames,
    outline_shares,
    paint_remains,
    picture_boxes,
    picture_edges,
    remains_of,
    ruled,
    straightened,
    walls_of,
    walls_of_boxes,
    without_stumps,
)
from extract.scan.rulings import find_rulings, paint_walls
from extract.scan.seal import Seal, find_seals, lift_seals
from extract.scan.upright import (
    SURVEY_DPI,
    Pose,
    find_paper,
    find_pose,
    long_segments,
    paper_resolution,
    runs_level,
    stored_resolution,
    straightening,
    text_tilt,
)
from extract.scan.upside import Orient, upside_down
from extract.scan.words import crossings_of, words_of

FINEST = 300.0  # dpi of the working page; finer scans show nothing more of a figure
COARSEST = 150.0  # dpi; coarser pictures are enlarged to it, for the readers of figures
LOW = 140.0  # dpi below which figures are hard to read even so
RULING_DPI = 150.0  # resolution at which rulings are traced, or nearly
NEARLY_HALF = 0.005  # a share so near to half is half: whole blocks of pixels are averaged ten times as fast
FEW_RULINGS = 6  # segments below which the lines of text say how a page is tilted
SIDEWAYS = -0.3  # how much text must run upright (a logarithm) for a page to be taken as lying on its side
TWO_LEVELS = 1.1  # all that is not white to all that is black: little is between them in a bilevel picture
BLACK_OR_WHITE = 16  # grey levels from black or white
SHORTEST_WALL = 0.3  # inches over which a table's wall must be drawn: longer than a dash
PAPER_EDGE = 0.04  # inches of a photographed sheet's edge painted over


@dataclass(frozen=True, slots=True, eq=False)
class Flat:
    """A page upright and flat: the grey working picture, its resolution, and the way back to the stored picture."""

    picture: Picture
    dpi: float
    to_picture: Matrix  # working → stored picture pixels
    turned: int
    marks: tuple[str, ...]
    seals: tuple[Box, ...] = ()  # where stamps lay, working pixels


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What was found on a flat page, in pixels of the picture on which rulings are traced."""

    page: Ruled
    parted: Parted
    combs: tuple[Comb, ...] = ()
    crossings: tuple[Box, ...] = ()  # dots where lost rulings crossed
    columns: Columns | None = None  # of the last table that begins here
    words: tuple[Box, ...] = ()


def scan_sheet(page: StoredPage, orient: Orient, before: Columns | None = None) -> Sheet:
    """The sheet of a page of which only a picture is there.

    `orient` says how well crops can be read: it is asked, where the look of the page leaves a doubt, for crops of
    cells as found and for the same turned over. `before` are the columns on the page before.
    """
    flat = flatten_page(page)
    found = find_structure(flat.picture, flat.dpi, before)
    grids, boxes = cut_cells(flat, found)
    if upside_down(flat.picture, flat.dpi, grids, orient):
        flat = turn_over(flat)
        found = find_structure(flat.picture, flat.dpi, before)
        grids, boxes = cut_cells(flat, found)
    height, width = flat.picture.shape
    return Sheet(
        source=page.source,
        number=page.number,
        kind="scan",
        unit=page.unit,
        width=float(width),
        height=float(height),
        resolution=flat.dpi,
        to_stored=np.diag([1 / page.scale, 1 / page.scale, 1.0]) @ flat.to_picture,
        grids=grids,
        boxes=boxes,
        lines=(),
        picture=flat.picture,
        turned=flat.turned,
        marks=flat.marks,
        columns=found.columns,
    )


def flatten_page(page: StoredPage) -> Flat:
    """The page's picture upright but for up and down, flat, evenly lit, grey, at the working resolution."""
    dpi = stored_resolution(page)
    base, shrunk = _at_most(page.picture, FINEST / dpi)
    seals = find_seals(base)
    grey = lift_seals(base, seals)
    small = reduced(grey, min(1.0, SURVEY_DPI / (dpi * shrunk)))
    to_small = small.shape[1] / grey.shape[1]
    paper = find_paper(small)
    seen = dpi * shrunk if paper is None else paper_resolution(paper) / to_small
    pose, straight = _straight(small, seen * to_small)
    straight, turned = _level(small, straight, paper, seen * to_small)
    working = min(max(seen, COARSEST), FINEST)
    enlarge = working / (seen * to_small)
    to_working = np.diag([enlarge, enlarge, 1.0]) @ straight @ np.diag([to_small, to_small, 1.0])
    to_working, size = _framed(to_working, _corners(grey))
    picture = even_light(warp(grey, to_working, size), working)
    back = np.diag([1 / shrunk, 1 / shrunk, 1.0]) @ np.linalg.inv(to_working)
    marks = _marks(grey, seen / shrunk, photo=paper is not None or pose.slanted)
    return Flat(picture, working, back, turned, marks, tuple(_seal_box(seal, to_working) for seal in seals))


def turn_over(flat: Flat) -> Flat:
    """The same page turned by half a circle."""
    height, width = flat.picture.shape
    half_turn = np.array([[-1.0, 0, width - 1], [0, -1.0, height - 1], [0, 0, 1]])
    picture = picture_of(cv2.rotate(flat.picture, cv2.ROTATE_180))
    return replace(
        flat,
        picture=picture,
        to_picture=flat.to_picture @ half_turn,
        turned=(flat.turned + 180) % 360,
        seals=tuple(Box(width - s.x1, height - s.y1, width - s.x0, height - s.y0) for s in flat.seals),
    )


def find_structure(picture: Picture, dpi: float, before: Columns | None = None) -> Found:
    """The tables and runs of boxes of a flat page."""
    share = RULING_DPI / dpi
    share = 0.5 if abs(share - 0.5) < NEARLY_HALF else share
    survey, dpi = reduced(picture, share), dpi * share
    lying = find_rulings(survey, dpi)
    standing = find_rulings(picture_of(cv2.transpose(survey)), dpi)
    page = ruled(lying, standing, (survey.shape[1], survey.shape[0]), dpi)
    walls = picture_of(cv2.bitwise_or(lying.solid, cv2.transpose(standing.solid)))
    seen = enclosed_boxes(walls, dpi)
    frames = find_frames(page)
    combs = find_combs(page, frames)
    places = [comb.places for comb in combs]
    parted = part_boxes(frames, dpi, seen, lambda boxes: outline_shares(page, boxes), places)
    if any(table.box.holds(*Box.around(run).centre) for run in parted.runs for table in parted.tables):
        frames = find_frames(page, parted.runs)
        seen = [box for run in parted.runs for box in run]
        parted = part_boxes(frames, dpi, seen, lambda boxes: outline_shares(page, boxes), places)
    crossings = crossings_of(survey, dpi)
    remains = remains_of(page, crossings)
    words = words_of(survey, dpi)
    written = without_stumps(_outside_boxes(words, page, parted), remains, dpi)
    tables, columns = completed_frames(written, parted.tables, remains, before, dpi)
    return Found(page, replace(parted, tables=tuple(tables)), tuple(combs), tuple(crossings), columns, tuple(words))


def _outside_boxes(words: Sequence[Box], page: Ruled, parted: Parted) -> list[Box]:
    """Where words lie that stand in no box for a character, once every ruling is straight."""
    boxed = [Box.around(run) for run in parted.runs]
    return straightened(page, [w for w in words if not any(box.holds(*w.centre) for box in boxed)])


def cut_cells(flat: Flat, found: Found) -> tuple[tuple[Grid, ...], tuple[BoxRun, ...]]:
    """Grids and runs of boxes in working pixels, with the ink of their cells."""
    factor = flat.dpi / found.page.dpi
    mask = np.zeros_like(flat.picture)
    walls = [wall.scaled(factor) for frame in found.parted.tables for wall in walls_of(found.page, frame)]
    paint_walls(flat.picture, mask, walls, flat.dpi, SHORTEST_WALL * flat.dpi)
    places = {place for comb in found.combs for place in comb.places}
    sides = walls_of_boxes([box for run in found.parted.runs for box in run if box not in places])
    sides += [wall for comb in found.combs for wall in comb.walls]
    paint_walls(flat.picture, mask, [side.scaled(factor) for side in sides], flat.dpi)
    paint_remains(mask, found.page, [frame for frame in found.parted.tables if not frame.ruled], found.crossings)
    words = [_scaled(word, factor) for word in found.words]
    tables = [_scaled(frame.box, factor) for frame in found.parted.tables]
    ink = PageInk(flat.picture, mask, resolution=flat.dpi, seals=flat.seals, words=words, tables=tables)
    grids = [_grid(frame, found.page, factor, ink) for frame in found.parted.tables]
    runs = [
        BoxRun(tuple(_inked(Cell(box, 0, place), ink.cut(box)) for place, box in enumerate(_all_scaled(run, factor))))
        for run in found.parted.runs
    ]
    return tuple(sorted(grids, key=lambda grid: grid.box.y0)), tuple(runs)


def _at_most(picture: Picture, share: float) -> tuple[Picture, float]:
    """The picture reduced by `share` if that is worth while, and the share really taken."""
    if share > 0.9:
        return picture, 1.0
    less = reduced(picture, share)
    return less, less.shape[1] / picture.shape[1]


def _straight(small: Picture, dpi: float) -> tuple[Pose, Matrix]:
    """How the page lies in the survey picture and what straightens it."""
    height, width = small.shape
    centre, reach = (width / 2, height / 2), max(height, width) / 2
    pose = find_pose(long_segments(small, dpi), centre, reach)
    if pose.rulings < FEW_RULINGS:
        pose = Pose(text_tilt(small, dpi))
    return pose, straightening(pose, centre, reach)


def _level(small: Picture, straight: Matrix, paper: Floats | None, dpi: float) -> tuple[Matrix, int]:
    """The straightening with a quarter turn where the text runs upright, and the turn in degrees."""
    placed, size = _framed(straight, _corners(small) if paper is None else paper)
    lit = even_light(warp(small, placed, size), dpi)
    if paper is not None:
        blank_outside(lit, _mapped(placed, paper), PAPER_EDGE * dpi)
    if runs_level(lit, dpi) >= SIDEWAYS:
        return straight, 0
    return np.array([[0, -1.0, 0], [1.0, 0, 0], [0, 0, 1]]) @ straight, 90


def _corners(picture: Picture) -> Floats:
    height, width = picture.shape[:2]
    return np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64)


def _mapped(matrix: Matrix, points: Floats) -> Floats:
    return np.asarray(cv2.perspectiveTransform(points[None].astype(np.float64), matrix)[0], np.float64)


def _framed(matrix: Matrix, outline: Floats) -> tuple[Matrix, tuple[int, int]]:
    """The homography moved so that the outline begins at (0, 0), and the size that holds it."""
    points = _mapped(matrix, outline)
    low, high = points.min(axis=0), points.max(axis=0)
    move = np.array([[1, 0, -low[0]], [0, 1, -low[1]], [0, 0, 1]])
    width, height = np.ceil(high - low).astype(int)
    return move @ matrix, (int(width), int(height))


def _seal_box(seal: Seal, to_working: Matrix) -> Box:
    corners = np.array([[x, y] for x in (seal.box.x0, seal.box.x1) for y in (seal.box.y0, seal.box.y1)])
    (x0, y0), (x1, y1) = (edge(_mapped(to_working, corners), axis=0) for edge in (np.min, np.max))
    return Box(float(x0), float(y0), float(x1), float(y1))


def _marks(grey: Picture, dpi: float, *, photo: bool) -> tuple[str, ...]:
    some = grey[::5, ::5]
    white, black = float((some > 255 - BLACK_OR_WHITE).mean()), float((some < BLACK_OR_WHITE).mean())
    bilevel = black > 0 and 1 - white < black * TWO_LEVELS
    flags = (("photo", photo), ("bilevel", bilevel), ("low-resolution", dpi < LOW))
    return tuple(mark for mark, holds in flags if holds)


def _grid(frame: GridFrame, page: Ruled, factor: float, ink: PageInk) -> Grid:
    boxes = [_scaled(box, factor) for box in picture_boxes(page, frame)]
    seen = doubted([ink.cut(box) for box in boxes], boxes, ink.digit)
    cells = [
        _inked(replace(frame.cell(span), box=box), each)
        for span, box, each in zip(frame.spans, boxes, seen, strict=True)
    ]
    xs, ys = (tuple(edge * factor for edge in edges) for edges in picture_edges(page, frame))
    return Grid(Box(xs[0], ys[0], xs[-1], ys[-1]), frame.rows, frame.columns, xs, ys, tuple(cells))


def _inked(cell: Cell, seen: CellInk) -> Cell:
    return replace(cell, crop=seen.crop, ink=seen.ink, marks=(*cell.marks, *seen.marks))


def _all_scaled(boxes: Sequence[Box], factor: float) -> list[Box]:
    return [_scaled(box, factor) for box in boxes]


def _scaled(box: Box, factor: float) -> Box:
    return Box(box.x0 * factor, box.y0 * factor, box.x1 * factor, box.y1 * factor)
