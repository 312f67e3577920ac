"""How a page lies in its picture: resolution, paper, tilt, perspective and which way its text runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from extract.ink.components import components
from extract.percentiles import percentiles
from extract.records import Picture, StoredPage
from extract.scan.flatten import Floats, Matrix, picture_of, reduced

SURVEY_DPI = 100.0  # resolution at which tilt is measured: rulings stay, the strokes of text nearly vanish
PAPER_DPI = 25.0  # resolution at which the paper's outline is searched
A4_AREA = 8.27 * 11.69  # square inches
PROFILE_DPI, MOST_POINTS = 50.0, 60_000  # lines an inch in which dark pixels are counted, and how many of these
LINES_STAND_OUT = 1.3  # times as sharp as usual that lines of text part at the right angle
SHORTEST = 0.35  # inches: straighter and longer than strokes of text
FAMILY = 14.0  # degrees: rulings of one direction differ by less, also in a slanted photo
PRIOR = 0.02  # weight of "no perspective" against the rulings' evidence, so that few rulings bend nothing
PAPER_SHARE = 0.25  # a bright patch smaller than this share of the picture is no page
DARK_EDGE = 45  # grey levels by which the surroundings of a photographed sheet are darker than the sheet
SLANT = 0.006  # change of slope from the middle to the edge beyond what a scanner's feeder does
INK = 170  # grey level below which something is ink in even light
PALE, DARKEST = 0.4, 0.5  # share of the contrast between paper and the darkest per cent that pale print has
RULING_LEFT = 0.2  # inches: what is left of a broken ruling, longer than strokes of text
SPECK = 0.025  # inches: smaller than letters
WORD_HEIGHT = (0.04, 0.3)  # inches: of what is a word or a line of text
LONGEST_LINE = 5.0  # inches
SLANT_WITNESSES = 40  # segments of a direction below which their slopes say nothing of perspective
PAPER_STEP = 25.0  # grey levels the sheet's edge stands out by
LETTER_GAP = 0.045  # inches: letters of a word stand nearer than this, lines of text farther apart
WHITE = 255


@dataclass(frozen=True, slots=True)
class Pose:
    """How the page lies: `angle` in degrees, then how fast the slope of rulings changes over the page."""

    angle: float
    lying: tuple[float, float] = (0.0, 0.0)  # slope of level rulings: at the centre, and its change with height
    standing: tuple[float, float] = (0.0, 0.0)  # likewise of upright ones
    rulings: int = 0  # how many segments say so

    @property
    def slanted(self) -> bool:
        """Whether the page was seen at an angle, as a camera does and a scanner does not."""
        return max(abs(self.lying[1]), abs(self.standing[1])) > SLANT


def stored_resolution(page: StoredPage) -> float:
    """Pixels per inch of the page's picture: from its points if it has them, else as if it were A4."""
    if page.unit == "pt":
        return 72.0 * page.scale
    height, width = page.picture.shape[:2]
    return float(np.sqrt(height * width / A4_AREA))


def paper_resolution(paper: Floats) -> float:
    """Pixels per inch of a sheet, by its outline in pixels, as if it were A4."""
    return float(np.sqrt(cv2.contourArea(paper.astype(np.float32)) / A4_AREA))


def find_paper(grey: Picture) -> Floats | None:
    """The outline of a sheet photographed on something darker, as points (x, y), or None if it fills the picture."""
    shrink = PAPER_DPI / np.sqrt(grey.shape[0] * grey.shape[1] / A4_AREA)
    small = reduced(grey, min(1.0, shrink))
    bare = picture_of(cv2.medianBlur(cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8)), 5))
    rim = np.concatenate([bare[:2].ravel(), bare[-2:].ravel(), bare[:, :2].ravel(), bare[:, -2:].ravel()])
    sheet, around = float(np.percentile(bare, 70)), float(np.percentile(rim, 25))
    if sheet - around < DARK_EDGE:
        return None
    hull = _outline(bare, around + DARK_EDGE / 2)
    share = cv2.contourArea(hull) / bare.size
    if not PAPER_SHARE < share < 0.97 or _step(bare, hull) < PAPER_STEP:
        return None
    return np.asarray((hull + 0.5) * (grey.shape[1] / bare.shape[1]), np.float64)


def _outline(bare: Picture, dark: float) -> npt.NDArray[np.int32]:
    """The hull of what parts from the dark rim at the strongest edge on the way to the middle."""
    height, width = bare.shape
    seeds = np.zeros(bare.shape, np.int32)
    rim = np.ones(bare.shape, bool)
    rim[2:-2, 2:-2] = False
    seeds[rim & (bare < dark)] = 1
    seeds[height // 3 : -height // 3, width // 3 : -width // 3] = 2
    sheet = np.asarray(cv2.watershed(cv2.cvtColor(bare, cv2.COLOR_GRAY2BGR), seeds) == 2, np.uint8)
    outlines, _ = cv2.findContours(sheet, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    return np.asarray(cv2.convexHull(max(outlines, key=cv2.contourArea))[:, 0], np.int32)


def _step(bare: Picture, hull: npt.NDArray[np.int32]) -> float:
    """By how many grey levels the picture is darker outside an outline than inside, in the median along it."""
    masks = []
    for reach in (-7, -3, 3, 7):
        mask = np.zeros(bare.shape, np.uint8)
        cv2.fillConvexPoly(mask, hull, 1)
        around = np.ones((abs(reach), abs(reach)), np.uint8)
        masks.append(cv2.dilate(mask, around) if reach > 0 else cv2.erode(mask, around))
    inside, outside = bare[(masks[1] > 0) & (masks[0] == 0)], bare[(masks[3] > 0) & (masks[2] == 0)]
    return float(np.median(inside)) - float(np.median(outside)) if len(inside) and len(outside) else 0.0


def long_segments(small: Picture, dpi: float) -> Floats:
    """Straight edges of a picture longer than text has, rows of (x0, y0, x1, y1) in its pixels."""
    found: Any = cv2.createLineSegmentDetector(cv2.LSD_REFINE_NONE).detect(small)[0]  # None where there is none
    segments = np.zeros((0, 4)) if found is None else np.asarray(found, np.float64).reshape(-1, 4)
    return np.asarray(segments[np.hypot(*(segments[:, 2:] - segments[:, :2]).T) > SHORTEST * dpi], np.float64)


def find_pose(segments: Floats, centre: tuple[float, float], reach: float) -> Pose:
    """The pose that makes most segments level or upright.

    `centre` is where slopes are taken, `reach` half the page's size: slopes change per `reach`. The angle lies within
    ±45°: whether the text then runs level is for `runs_level` to tell.
    """
    if len(segments) < 2:
        return Pose(0.0)
    angle = _main_angle(segments)
    turned = (segments.reshape(-1, 2) - centre) @ _rotation(-angle).T / reach
    ends = turned.reshape(-1, 4)
    steps = ends[:, 2:] - ends[:, :2]
    middles = (ends[:, 2:] + ends[:, :2]) / 2
    level = np.abs(steps[:, 1]) < np.abs(steps[:, 0]) * np.tan(np.radians(FAMILY))
    upright = np.abs(steps[:, 0]) < np.abs(steps[:, 1]) * np.tan(np.radians(FAMILY))
    lying = _fit_slopes(steps[level], middles[level])
    standing = _fit_slopes(steps[upright][:, ::-1], middles[upright][:, ::-1])
    if not upright.any():
        standing = (-lying[0], 0.0)
    if not level.any():
        lying = (-standing[0], 0.0)
    return Pose(angle, lying, standing, int(level.sum() + upright.sum()))


def straightening(pose: Pose, centre: tuple[float, float], reach: float) -> Matrix:
    """The homography from picture pixels to pixels of the page lying straight, same scale and origin at `centre`."""
    (a, b), (c, d) = pose.lying, pose.standing
    level, upright = np.hypot(1, a), np.hypot(1, c)
    slanted = np.array([[1 / level, c / upright, 0], [a / level, 1 / upright, 0], [b / level, d / upright, 1]])
    into = np.eye(3)
    into[:2, :2] = _rotation(-pose.angle) / reach
    into[:2, 2] = -into[:2, :2] @ np.array(centre)
    return np.asarray(np.diag([reach, reach, 1.0]) @ np.linalg.inv(slanted) @ into)


def runs_level(small: Picture, dpi: float) -> float:
    """How much more the text of a straight, evenly lit picture runs level than upright: a logarithm, 0 if unknown.

    Letters of a line stand nearer to one another than to those of the next line.
    """
    gap = max(2, round(LETTER_GAP * dpi))
    pale = WHITE - PALE * (WHITE - percentiles(small, DARKEST)[0])
    dark = _without_specks(picture_of(cv2.threshold(small, max(INK, pale), WHITE, cv2.THRESH_BINARY_INV)[1]), dpi)
    long = round(RULING_LEFT * dpi)
    lying, standing = np.ones((1, long), np.uint8), np.ones((long, 1), np.uint8)
    rulings = cv2.bitwise_or(*(cv2.morphologyEx(dark, cv2.MORPH_OPEN, run) for run in (lying, standing)))
    text = cv2.subtract(dark, cv2.dilate(rulings, np.ones((3, 3), np.uint8)))
    joined = [picture_of(cv2.morphologyEx(text, cv2.MORPH_CLOSE, np.ones(k, np.uint8))) for k in ((1, gap), (gap, 1))]
    level = _word_length(joined[0], cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT, dpi)
    upright = _word_length(joined[1], cv2.CC_STAT_HEIGHT, cv2.CC_STAT_WIDTH, dpi)
    return float(np.log(level / upright)) if level > 0 and upright > 0 else 0.0


def text_tilt(small: Picture, dpi: float) -> float:
    """The tilt in degrees of a page without rulings, by how sharply its lines of text part from white."""
    dark = cv2.adaptiveThreshold(small, WHITE, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 25)
    y, x = np.nonzero(dark)
    if len(y) == 0:
        return 0.0
    points = np.stack([x - small.shape[1] / 2, y - small.shape[0] / 2])[:, :: max(1, len(y) // MOST_POINTS)]
    points = points * (PROFILE_DPI / dpi)
    angles = np.arange(-5, 5.1, 0.5)
    sharp = [_sharpness(points, angle) for angle in angles]
    if max(sharp) < LINES_STAND_OUT * float(np.median(sharp)):  # dust has no lines
        return 0.0
    best = float(angles[int(np.argmax(sharp))])
    fine = best + np.arange(-0.4, 0.41, 0.1)
    return float(fine[int(np.argmax([_sharpness(points, angle) for angle in fine]))])


def _sharpness(points: Floats, angle: float) -> float:
    """How much the count of points changes from line to line once they are turned back by `angle` degrees.

    Each point is shared out between two lines and the counts are smoothed: whole rows of pixels, which only an
    untilted page has, are no sharper than others.
    """
    turn = np.radians(angle)
    down = points[1] * np.cos(turn) - points[0] * np.sin(turn)
    down -= down.min()
    line = down.astype(np.intp)
    share = down - line
    profile = np.bincount(line, 1 - share, line.max() + 2) + np.bincount(line + 1, share, line.max() + 2)
    return float(np.square(np.diff(np.convolve(profile, (0.25, 0.5, 0.25)))).sum())


def _without_specks(dark: Picture, dpi: float) -> Picture:
    labels, stats = components(dark)
    kept = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]) > SPECK * dpi
    kept[0] = False
    return np.where(kept, np.uint8(WHITE), np.uint8(0))[labels]


def _word_length(joined: Picture, along: int, across: int, dpi: float) -> float:
    """Mean extent of what letters make when joined, longer ones counting more; specks, seals and bars left out."""
    stats = components(joined)[1][1:].astype(np.float64) / dpi
    low, high = WORD_HEIGHT
    words = (stats[:, across] > low) & (stats[:, across] < high) & (stats[:, along] < LONGEST_LINE)
    lengths = stats[words, along]
    return float(np.square(lengths).sum() / lengths.sum()) if len(lengths) > 5 else 0.0


def _rotation(degrees: float) -> Floats:
    turn = np.radians(degrees)
    return np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])


def _main_angle(segments: Floats) -> float:
    """The direction, modulo a right angle, that most of the segments' length follows."""
    steps = segments[:, 2:] - segments[:, :2]
    angles = (np.degrees(np.arctan2(steps[:, 1], steps[:, 0])) + 45) % 90 - 45
    lengths = np.hypot(*steps.T)
    votes, _ = np.histogram(angles, bins=90, range=(-45, 45), weights=lengths)
    smooth = np.convolve(np.concatenate([votes[-4:], votes, votes[:4]]), np.ones(5), "same")[4:-4]
    peak = float(np.argmax(smooth)) - 44.5
    near = np.abs((angles - peak + 45) % 90 - 45) < 4
    offsets = (angles[near] - peak + 45) % 90 - 45
    return peak + float(np.average(offsets, weights=lengths[near]))


def _fit_slopes(steps: Floats, middles: Floats) -> tuple[float, float]:
    """Slope at the centre and its change across, from level segments; long ones and those that agree count most.

    Lines through a vanishing point (X, Y) have slope s = a + b (x s - y) with a = Y / X, b = 1 / X.
    """
    if len(steps) == 0:
        return 0.0, 0.0
    slopes = steps[:, 1] / steps[:, 0]
    lengths = np.hypot(*steps.T)
    weights = lengths.copy()
    basis = np.stack([np.ones(len(slopes)), middles[:, 0] * slopes - middles[:, 1]], axis=1)
    solution = np.zeros(2)
    for _ in range(6):
        normal = (basis * weights[:, None]).T @ basis + np.diag([1e-9, PRIOR * lengths.sum() * 0.1])
        solution = np.linalg.solve(normal, (basis * weights[:, None]).T @ slopes)
        misses = np.abs(basis @ solution - slopes) * lengths
        scale = max(1.5 * float(np.median(misses)), 1e-4)
        weights = lengths / (1 + np.square(misses / scale))
    return float(solution[0]), float(solution[1]) if len(steps) >= SLANT_WITNESSES else 0.0
