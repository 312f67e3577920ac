"""Ways of writing each digit, as pen strokes."""

from __future__ import annotations

Point = tuple[float, float]
Strokes = tuple[tuple[Point, ...], ...]

# Points are "x,y" in hundredths of a box one wide and one high, y upward; strokes part at "/", ways at "|".
# A point given twice is a sharp corner. 1 with a long upstroke, barred 7, open 4 and 9 like g are common here.
_DRAWN = {
    "0": "50,100 12,72 10,30 50,0 88,30 86,72 50,100 64,95 | 70,95 30,95 8,50 35,2 80,15 90,60 62,98",
    "1": "5,55 60,100 60,100 52,0 | 25,80 55,100 55,100 50,0 | 56,100 48,0",
    "2": "12,75 30,98 70,95 80,70 50,35 10,2 10,2 92,5 | 10,80 45,100 80,78 50,30 12,5 25,18 50,5 95,6",
    "3": "15,88 50,100 82,80 42,55 42,55 86,30 55,0 10,12 | 12,96 85,96 85,96 40,60 40,60 88,30 50,0 10,10",
    "4": "30,100 12,40 12,40 88,42 / 70,78 62,0 | 65,0 70,100 70,100 6,33 6,33 92,33",
    "5": "25,95 20,55 20,55 60,62 86,30 50,0 10,10 / 25,95 88,97 | 88,95 30,95 30,95 20,55 60,60 85,30 50,2 10,8",
    "6": "75,98 30,70 12,25 45,0 82,22 55,45 18,28 | 55,100 20,50 20,10 60,0 80,28 50,42 20,20",
    "7": "12,95 88,95 88,95 40,0 / 28,48 82,52 | 8,82 16,97 90,94 90,94 45,0",
    "8": "75,85 40,100 22,78 50,55 84,25 50,0 14,25 50,53 80,80 68,92 | "
    "50,55 20,78 50,100 80,78 50,55 12,25 50,0 88,25 52,55",
    "9": "82,75 50,50 15,70 45,100 82,80 82,80 78,35 50,0 | 80,80 45,50 12,75 50,100 82,85 82,85 80,10 45,-15 10,0",
    ",": "50,10 30,-20",
    ".": "45,2 50,0",
    "-": "10,42 90,45",
    "–": "5,42 95,45",
    "'": "50,105 40,80",
    "(": "70,110 35,75 35,25 70,-10",
    ")": "30,110 65,75 65,25 30,-10",
}


def _parse(ways: str) -> tuple[Strokes, ...]:
    return tuple(tuple(_stroke(stroke) for stroke in way.split("/")) for way in ways.split("|"))


def _stroke(points: str) -> tuple[Point, ...]:
    pairs = (point.split(",") for point in points.split())
    return tuple((int(x) / 100, int(y) / 100) for x, y in pairs)


SHAPES: dict[str, tuple[Strokes, ...]] = {character: _parse(ways) for character, ways in _DRAWN.items()}
"""For each character the ways of writing it."""

WIDTHS = {
    ",": 0.35,
    ".": 0.3,
    "'": 0.3,
    " ": 0.4,
    "\u00a0": 0.4,
    "\u2009": 0.25,
    "\u202f": 0.25,
    "-": 0.7,
    "–": 0.8,
    "1": 0.7,
    "(": 0.5,
    ")": 0.5,
}
"""Widths of characters in digit widths where they differ from a digit's."""
