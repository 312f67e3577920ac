"""Rulings traced on a picture → the frames of its tables, in straightened coordinates, and back onto the picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from extract.grids.grid import GridFrame, families, frames_of, join_strokes
from extract.grids.text_table import Remains
from extract.grids.walls import Shares, Stroke
from extract.records import Box, Picture
from extract.scan.flatten import Bend, Trace, fit_bow
from extract.scan.rulings import TILT, Evidence, Wall, drawn_share, slope

SNAP = 0.03  # inches by which ends and pieces of one ruling may miss each other
GAP = 0.14  # inches a ruling may be interrupted for (by a digit written over it, a blot); lines of text are no nearer
TEAR = 1.0  # inches likewise where rulings beside it run on
DASHES = 6  # pieces in line with small gaps from which they are one ruling
DASHED = 0.3  # share of it that they cover
DASH_GAP = 2.4  # of a dash's length, between two of them
TORN_LINE = 0.6  # inches: a level piece at least this long is a ruling's, not a word's
TORN = 1.6  # pieces to a ruling from which a page's rulings are torn
BOX_SIDE = 0.3  # inches: sides of boxes are shorter, and the gap between two boxes is none in a ruling
FAR = 20.0  # in SNAP: a stroke that runs out farther from its only hold is a ruling cut off, no handwritten stem
STEM = 5.5  # likewise where at least two others end level with it, as cut rulings do
NOISE = 1.5  # pixels by which a straight short piece may seem to lean
STRAIGHT = 0.025  # slope left in a ruling once the page is straight; handwriting leans more
REMAINS = 0.05  # inches from its computed place within which a piece is part of a ruling that is lost elsewhere
CROSSING = 0.05  # inches of both rulings that a dot on their crossing stands for
SLIM = 0.09  # inches: a piece as slim may be one of a ruling
SURE_RULING = 0.14  # inches: upright strokes as long are rulings, no stems of letters
MOST_COLUMNS, MOST_CELLS = 40, 1200  # of a page's table; the grain of a dark table top makes more
SCRAP = 0.25  # inches: in a wide table a line shorter than this parts no cells
WIDE = 8.0  # times such a line
PROBE = 24  # points at which a wall is looked at
SIDE = np.linspace(0.1, 0.9, 12)  # likewise of a small box's side, as shares of it


@dataclass(frozen=True, slots=True)
class Ruled:
    """A page's rulings: evidence in both directions (upright ones transposed) and the bend that straightens them."""

    lying: Evidence
    standing: Evidence
    bend: Bend
    dpi: float
    lines: tuple[Stroke, ...]  # level and upright rulings, straightened
    posts: tuple[Stroke, ...]


def ruled(lying: Evidence, standing: Evidence, size: tuple[int, int], dpi: float) -> Ruled:
    """The evidence with the bend fitted; `size` is (width, height) of the picture in pixels."""
    width, height = float(size[0]), float(size[1])
    bend = Bend(
        fit_bow(_plausible(lying.traces), (width, height)), fit_bow(_plausible(standing.traces), (height, width))
    )
    lines, posts = _strokes(lying.traces, bend, dpi, lying=True), _strokes(standing.traces, bend, dpi, lying=False)
    return Ruled(lying, standing, bend, dpi, tuple(lines), tuple(posts))


def find_frames(page: Ruled, runs: Sequence[Sequence[Box]] = ()) -> list[GridFrame]:
    """The frames of the page's tables and boxes, in straightened pixels, from top to bottom.

    Walls of the boxes of `runs` are left out: boxes that nearly touch the cell they stand in are no columns of it.
    """
    snap = SNAP * page.dpi
    lines, posts = undashed(page.lines, page.posts, page.dpi), undashed(page.posts, page.lines, page.dpi)
    posts = [post for post in posts if not any(_is_wall(post, run, snap) for run in runs)]
    pieces = None
    joined = linked(posts, page.dpi, BOX_SIDE)
    if _count(posts, page.dpi) > TORN * _count(joined, page.dpi):
        pieces = lines, posts
        lines, posts = linked(lines, page.dpi, TORN_LINE), joined
    lines, posts = anchored(lines, posts, snap, SCRAP * page.dpi)
    found = frames_of(lines, posts, snap=snap, witness=lambda xs, ys: _witness(page, xs, ys), pieces=pieces)
    return [frame for frame in found if frame.columns <= MOST_COLUMNS and len(frame.spans) <= MOST_CELLS]


def _count(strokes: Sequence[Stroke], dpi: float) -> int:
    return sum(s.length > BOX_SIDE * dpi for s in strokes)


def linked(strokes: Sequence[Stroke], dpi: float, least: float) -> list[Stroke]:
    """Strokes in one line joined over long gaps too, where other strokes beside them run on.

    A fax tears thin rulings, each somewhere else; between two tables all of them stop. Pieces shorter than `least`
    inches stay alone.
    """
    long = [s for s in strokes if s.length > least * dpi]
    cover = join_strokes([Stroke(0.0, s.start - GAP * dpi, s.end + GAP * dpi) for s in long], 0.0)
    joined: list[Stroke] = []
    for stroke in sorted(long, key=lambda s: s.start):
        for i, other in enumerate(joined):
            torn = abs(other.at - stroke.at) <= SNAP * dpi and stroke.start - other.end <= TEAR * dpi
            if torn and any(c.start <= other.end and stroke.start <= c.end for c in cover):
                joined[i] = Stroke((other.at + stroke.at) / 2, other.start, max(other.end, stroke.end))
                break
        else:
            joined.append(stroke)
    return joined + [s for s in strokes if s.length <= least * dpi]


def undashed(strokes: Sequence[Stroke], others: Sequence[Stroke], dpi: float) -> list[Stroke]:
    """Strokes with rows of dashes joined: in black and white a hairline that leans a little is broken
    regularly.

    Sides of boxes that stand apart end at uprights (`others`), dashes end nowhere; a few pieces in line may be letters.
    """
    snap = SNAP * dpi
    rows: list[list[Stroke]] = []
    unended: list[list[Stroke]] = []  # rows that a dash may still follow on
    for stroke in sorted(strokes, key=lambda s: s.start):
        unended = [row for row in unended if stroke.start - row[-1].end <= 2 * GAP * dpi]
        for row in unended:
            last = row[-1]
            if abs(last.at - stroke.at) > snap / 2:
                continue
            if 0 < stroke.start - last.end <= DASH_GAP * min(last.length, stroke.length):
                row.append(stroke)
                break
        else:
            rows.append([stroke])
            unended.append(rows[-1])
    joined: list[Stroke] = []
    for row in rows:
        whole = _whole(row, others, snap) if len(row) >= DASHES else None
        joined += row if whole is None else [whole]
    return joined


def _whole(row: Sequence[Stroke], others: Sequence[Stroke], snap: float) -> Stroke | None:
    """A row of dashes as one stroke; None if they lie far apart or are the sides of boxes."""
    length = sum(s.length for s in row)
    whole = Stroke(sum(s.at * s.length for s in row) / length, row[0].start, row[-1].end)
    if length <= DASHED * whole.length:
        return None
    held = sum(_corner(end, s.at, others, snap) for s in row for end in (s.start, s.end))
    return whole if held < len(row) else None


def _corner(end: float, at: float, others: Sequence[Stroke], snap: float) -> bool:
    """Whether a stroke ends at one of the other direction."""
    return any(abs(o.at - end) <= snap and o.start - snap <= at <= o.end + snap for o in others)


def _is_wall(post: Stroke, run: Sequence[Box], snap: float) -> bool:
    around = Box.around(run).grown(3 * snap)
    level = around.y0 < post.start and post.end < around.y1
    return level and any(abs(side - post.at) <= snap for box in run for side in (box.x0, box.x1))


def anchored(
    lines: Sequence[Stroke], posts: Sequence[Stroke], snap: float, scrap: float
) -> tuple[list[Stroke], list[Stroke]]:
    """The strokes without those that hold on to no table: stems of digits, underlinings, dashes.

    `scrap`: lines shorter than this are dropped from wide tables.

    A ruling touches two of the other direction, or it touches one and runs far out from it or level with others: the
    uprights of a row that is cut open at the page's edge.
    """
    lines, posts = list(lines), list(posts)
    for _ in range(3):
        before = len(lines) + len(posts)
        kept_lines: list[Stroke] = []
        kept_posts: list[Stroke] = []
        for row, column in families(lines, posts, snap):
            kept_posts += _holding(column, row, snap)
            width = max(s.end for s in row) - min(s.start for s in row)
            kept_lines += [s for s in _holding(row, column, snap) if s.length > scrap or width < WIDE * s.length]
        lines, posts = kept_lines, kept_posts
        if len(lines) + len(posts) == before:
            break
    return lines, posts


def remains_of(page: Ruled, crossings: Sequence[Box] = ()) -> Remains:
    """All traces of rulings, in straightened pixels, however torn; a crossing is a bit of two rulings."""
    reach = CROSSING * page.dpi
    dots = [dot.centre for dot in straightened(page, crossings)]
    lying = [Stroke(y, x - reach, x + reach) for x, y in dots]
    standing = [Stroke(x, y - reach, y + reach) for x, y in dots]
    return Remains([*page.lines, *lying], [*page.posts, *standing])


def without_stumps(words: Sequence[Box], remains: Remains, dpi: float) -> list[Box]:
    """Words without slim pieces that belong to an upright ruling: more of it stands right above or below."""
    slim, sure, near = SLIM * dpi, SURE_RULING * dpi, TEAR * dpi
    rulings = [stroke for stroke in remains.standing if stroke.length >= sure]
    return [
        word
        for word in words
        if word.width > slim
        or not any(
            abs(s.at - word.centre[0]) <= slim / 2 and s.start - near < word.y1 and word.y0 < s.end + near
            for s in rulings
        )
    ]


def paint_remains(mask: Picture, page: Ruled, frames: Sequence[GridFrame], crossings: Sequence[Box]) -> None:
    """Paint 255 into the mask, of any resolution, where what is left of rulings lies along the edges of frames.

    Only there: elsewhere a level stroke may be a dash that somebody wrote.
    """
    if not frames:
        return
    near = np.zeros_like(page.lying.solid)
    reach = REMAINS * page.dpi
    for frame in frames:
        for wall in walls_of(page, frame):
            start, end, first, last = wall.start - reach, wall.end + reach, wall.first - reach, wall.last + reach
            x0, x1, y0, y1 = (start, end, first, last) if wall.lying else (first, last, start, end)
            part = np.s_[max(0, round(y0)) : max(0, round(y1)), max(0, round(x0)) : max(0, round(x1))]
            solid = page.lying.solid if wall.lying else cv2.transpose(page.standing.solid)
            np.maximum(near[part], solid[part], out=near[part])
    for dot in crossings:
        near[round(dot.y0) - 1 : round(dot.y1) + 1, round(dot.x0) - 1 : round(dot.x1) + 1] = 255
    height, width = mask.shape
    np.maximum(mask, cv2.resize(near, (width, height), interpolation=cv2.INTER_NEAREST), out=mask)


def straightened(page: Ruled, boxes: Sequence[Box]) -> list[Box]:
    """Where boxes of the picture lie once every ruling is straight."""
    x, y = np.array([box.centre for box in boxes]).reshape(-1, 2).T
    at_x, at_y = page.bend.straight(x, y)
    shifts = zip(boxes, (at_x - x).tolist(), (at_y - y).tolist(), strict=True)
    return [Box(box.x0 + dx, box.y0 + dy, box.x1 + dx, box.y1 + dy) for box, dx, dy in shifts]


def picture_boxes(page: Ruled, frame: GridFrame) -> list[Box]:
    """Where the frame's cells lie in the picture: the upright rectangles nearest to their four corners."""
    flat = np.array([(b.x0, b.y0, b.x1, b.y1) for b in map(frame.box_of, frame.spans)])
    x, y = page.bend.pictured(flat[:, [0, 2, 0, 2]], flat[:, [1, 1, 3, 3]])
    sides = np.stack([x[:, [0, 2]], y[:, [0, 1]], x[:, [1, 3]], y[:, [2, 3]]]).mean(axis=2)
    return [Box(*map(float, side)) for side in sides.T]


def picture_edges(page: Ruled, frame: GridFrame) -> tuple[list[float], list[float]]:
    """Where the frame's x and y edges cross its middle in the picture."""
    xs, ys = np.array(frame.x_edges), np.array(frame.y_edges)
    middle_x, middle_y = frame.box.centre
    x, _ = page.bend.pictured(xs, np.full(len(xs), middle_y))
    _, y = page.bend.pictured(np.full(len(ys), middle_x), ys)
    return x.tolist(), y.tolist()


def walls_of(page: Ruled, frame: GridFrame) -> list[Wall]:
    """The sides of the frame's cells as pictured, each once."""
    sides: set[tuple[bool, int, int]] = set()
    for span in frame.spans:
        for column in range(span.column, span.column + span.column_span):
            sides |= {(True, span.row, column), (True, span.row + span.row_span, column)}
        for row in range(span.row, span.row + span.row_span):
            sides |= {(False, row, span.column), (False, row, span.column + span.column_span)}
    xs, ys = np.array(frame.x_edges), np.array(frame.y_edges)
    return _pictured(
        [
            (True, xs[i], xs[i + 1], ys[e]) if lying else (False, ys[e], ys[e + 1], xs[i])
            for lying, e, i in sorted(sides)
        ],
        page,
    )


def outline_shares(page: Ruled, boxes: Sequence[Box]) -> list[float]:
    """How much of each box's outline the picture shows, its worst side counting half (pixels of the picture).

    A box whose middle is not on the picture shows nothing: the picture's edge would repeat itself for ever.
    """
    sides = np.array([(b.x0, b.y0, b.x1, b.y1) for b in boxes]).reshape(-1, 2, 2)  # box, corner, x and y
    xs, ys = np.moveaxis(sides[:, :1] + SIDE[:, None] * (sides[:, 1:] - sides[:, :1]), 2, 0)
    level = drawn_share(page.lying.dark, xs[:, None], sides[:, :, 1, None])
    upright = drawn_share(page.standing.dark, ys[:, None], sides[:, :, 0, None])
    seen = np.concatenate([level, upright], axis=1)
    height, width = page.lying.dark.shape
    within = [0 <= x < width and 0 <= y < height for x, y in (box.centre for box in boxes)]
    shares = (seen.mean(axis=1) + seen.min(axis=1)) / 2
    return [float(share) if inside else 0.0 for share, inside in zip(shares, within, strict=True)]


def walls_of_boxes(boxes: Sequence[Box]) -> list[Wall]:
    """The four sides of boxes as they lie in the picture."""
    return [
        wall
        for b in boxes
        for wall in (
            Wall(True, b.x0, b.x1, b.y0, b.y0),
            Wall(True, b.x0, b.x1, b.y1, b.y1),
            Wall(False, b.y0, b.y1, b.x0, b.x0),
            Wall(False, b.y0, b.y1, b.x1, b.x1),
        )
    ]


def _pictured(sides: Sequence[tuple[bool, float, float, float]], page: Ruled) -> list[Wall]:
    """Straightened sides (lying or not, from, to, at) as walls of the picture."""
    lying = np.array([side[0] for side in sides])
    ends = np.array([side[1:3] for side in sides])
    at = np.array([[side[3]] * 2 for side in sides])
    x, y = page.bend.pictured(np.where(lying[:, None], ends, at), np.where(lying[:, None], at, ends))
    along, across = np.where(lying[:, None], x, y), np.where(lying[:, None], y, x)
    return [
        Wall(bool(flat), float(a[0]), float(a[1]), float(c[0]), float(c[1]))
        for flat, a, c in zip(lying, along, across, strict=True)
    ]


def _plausible(traces: Sequence[Trace]) -> list[Trace]:
    return [t for t in traces if abs(slope(t)) < TILT]


def _strokes(traces: Sequence[Trace], bend: Bend, dpi: float, *, lying: bool) -> list[Stroke]:
    """Traces as strokes of the straightened page, pieces joined."""
    if not traces:
        return []
    points_along = np.concatenate([np.concatenate([t.along, (t.start, t.end)]) for t in traces])
    points_across = np.concatenate([np.concatenate([t.across, t.across[[0, -1]]]) for t in traces])
    if lying:
        along, across = bend.straight(points_along, points_across)
    else:
        across, along = bend.straight(points_across, points_along)
    strokes: list[Stroke] = []
    first = 0
    for trace in traces:
        last = first + len(trace.along)
        body, start, end = across[first:last], float(along[last]), float(along[last + 1])
        lean = abs(float(body[-1] - body[0])) - NOISE
        if lean <= STRAIGHT * (end - start):
            strokes.append(Stroke(float(body.mean()), start, end))
        first = last + 2
    return _bridged(join_strokes(strokes, SNAP * dpi), dpi)


def _bridged(strokes: Sequence[Stroke], dpi: float) -> list[Stroke]:
    """Strokes in one line joined over gaps that something else may have torn."""
    snap = SNAP * dpi
    long = [s for s in strokes if s.length > BOX_SIDE * dpi]
    bridged: list[Stroke] = []
    for stroke in sorted(long, key=lambda s: s.start):
        for i, other in enumerate(bridged):
            if abs(other.at - stroke.at) <= snap and stroke.start - other.end <= GAP * dpi:
                share = stroke.length / (stroke.length + other.length)
                at = other.at + share * (stroke.at - other.at)
                bridged[i] = Stroke(at, other.start, max(other.end, stroke.end))
                break
        else:
            bridged.append(stroke)
    return bridged + [s for s in strokes if s.length <= BOX_SIDE * dpi]


def _holding(strokes: Sequence[Stroke], others: Sequence[Stroke], snap: float) -> list[Stroke]:
    """The strokes that part cells: they touch two of the others, or run out from one, far or as far as others do."""
    held = [[o.at for o in others if _meet(s, o, snap)] for s in strokes]
    loose = [(by[0], _free_end(s, by[0])) for s, by in zip(strokes, held, strict=True) if len(by) == 1]
    kept: list[Stroke] = []
    for stroke, by in zip(strokes, held, strict=True):
        if len(by) > 1 or (len(by) == 1 and _runs_out(stroke, by[0], loose, snap)):
            kept.append(stroke)
    return kept


def _runs_out(stroke: Stroke, hold: float, loose: Sequence[tuple[float, float]], snap: float) -> bool:
    end = _free_end(stroke, hold)
    level = sum(abs(end - other) < 2 * snap and abs(hold - base) < 2 * snap for base, other in loose)
    return stroke.length > FAR * snap or (level > 2 and stroke.length > STEM * snap)


def _free_end(stroke: Stroke, hold: float) -> float:
    return stroke.end if abs(stroke.end - hold) > abs(stroke.start - hold) else stroke.start


def _meet(one: Stroke, other: Stroke, snap: float) -> bool:
    return one.start - snap <= other.at <= one.end + snap and other.start - snap <= one.at <= other.end + snap


def _witness(page: Ruled, x_edges: Sequence[float], y_edges: Sequence[float]) -> tuple[Shares, Shares]:
    """What share of each wall the picture shows."""
    inner = np.linspace(0.08, 0.92, PROBE)
    x0, x1, y = np.array(x_edges[:-1]), np.array(x_edges[1:]), np.array(y_edges)
    along = x0[None, :, None] + (x1 - x0)[None, :, None] * inner
    x, seen_y = page.bend.pictured(*np.broadcast_arrays(along, y[:, None, None]))
    lying = drawn_share(page.lying.near, x, seen_y)
    y0, y1, x_at = np.array(y_edges[:-1]), np.array(y_edges[1:]), np.array(x_edges)
    down = y0[:, None, None] + (y1 - y0)[:, None, None] * inner
    seen_x, y_down = page.bend.pictured(*np.broadcast_arrays(x_at[None, :, None], down))
    standing = drawn_share(page.standing.near, y_down, seen_x)
    return lying, standing
