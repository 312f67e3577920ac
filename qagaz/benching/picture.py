"""The same as one picture: bars of processor seconds a form, ours by stage, the floor and the peers below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw

from layouts.errors import OutputError
from layouts.words import Language
from qagaz.benching.records import FLOOR, PEERS, REST, STAGES, Bench, Tally, in_words
from qagaz.drawing import font_of
from qagaz.speech import worded

COLOURS = {
    "find_cells": (27, 73, 101),
    "tell_form": (62, 124, 177),
    "place_on_layout": (129, 182, 219),
    "read_cells": (232, 119, 34),
    "normalise": (247, 190, 129),
    "decide": (120, 94, 160),
    REST: (190, 190, 190),
    FLOOR: (60, 60, 60),
    "tesseract": (170, 60, 60),
    "pp-ocr": (205, 120, 120),
    "pdfplumber": (225, 170, 170),
}
WIDTH, SIDE, NAMES, RATES = 1500, 24, 250, 330  # pixels: the picture, its edge, names on the left, figures on the right
BAR, THIN, GAP, GROUP = 26, 15, 4, 20  # heights of our bar, of others', and what is between bars and kinds
SMALL, PLAIN, LARGE = 14, 17, 24  # letters
LONGEST = 3.0  # of our own longest bar: what is longer is cut off and says its length
INK, PALE = (28, 32, 36), (110, 116, 124)

Part = tuple[str, float]


@dataclass(frozen=True, slots=True)
class _Line:
    """One bar: its parts, its words on the left, its height."""

    name: str
    parts: tuple[Part, ...]
    height: int

    @property
    def seconds(self) -> float:
        return sum(seconds for _name, seconds in self.parts)


def save_picture(bench: Bench, file: Path, language: Language) -> None:
    """Draw it into a file whose ending says the format. OutputError if that fails."""
    try:
        draw(bench, language).save(file)
    except (OSError, ValueError) as error:
        raise OutputError("error.cannot-write", file=file.name, detail=str(error)) from error


def draw(bench: Bench, language: Language) -> Image.Image:
    """All kinds, one below the other, on one scale."""
    groups = {kind: tuple(_lines(tally, language)) for kind, tally in bench.kinds.items()}
    height = sum(_height(lines) for lines in groups.values())
    picture = Image.new("RGB", (WIDTH, height + 230), "white")
    brush = ImageDraw.Draw(picture)
    y = _head(brush, bench, language)
    ours = max((lines[0].seconds for lines in groups.values()), default=1.0)
    longest = max((line.seconds for lines in groups.values() for line in lines), default=1.0)
    scale = (WIDTH - 2 * SIDE - NAMES - RATES) / max(1e-6, min(longest, LONGEST * ours))
    for kind, lines in groups.items():
        _rates(brush, y, bench.kinds[kind], language)
        brush.text((SIDE, y + 2), kind, font=font_of(PLAIN), fill=INK)
        for line in lines:
            _bar(brush, y, line, scale)
            y += line.height + GAP
        y += GROUP
    return picture.crop((0, 0, WIDTH, y + SIDE))


def _lines(tally: Tally, language: Language) -> Iterator[_Line]:
    yield _Line("", tuple(tally.shares.items()), BAR)
    for name in (FLOOR, *PEERS):
        if name in tally.beside:
            yield _Line(in_words(name, language), ((name, tally.a_form(tally.beside[name])),), THIN)


def _height(lines: Sequence[_Line]) -> int:
    return sum(line.height + GAP for line in lines) + GROUP


def _bar(brush: ImageDraw.ImageDraw, y: int, line: _Line, scale: float) -> None:
    """Its parts one after the other, and how long it is at its end."""
    start, end = SIDE + NAMES, WIDTH - SIDE - RATES
    if line.name:
        width = brush.textlength(line.name, font=font_of(SMALL))
        brush.text((start - 10 - width, y - 2), line.name, font=font_of(SMALL), fill=PALE)
    x = float(start)
    for name, seconds in line.parts:
        reach = min(float(end), x + seconds * scale)
        if reach - x >= 0.5:
            brush.rectangle((x, y, reach, y + line.height - 1), fill=COLOURS[name])
        x = reach
    is_cut = line.seconds * scale > end - start + 1
    if is_cut:
        brush.polygon(
            [(end - 16, y - 1), (end - 10, y - 1), (end - 18, y + line.height), (end - 24, y + line.height)], "white"
        )
    size = SMALL if line.name else PLAIN
    brush.text((x + 6, y - (1 if line.name else -2)), f"{line.seconds:.2f}", font=font_of(size), fill=INK)


def _rates(brush: ImageDraw.ImageDraw, y: int, tally: Tally, language: Language) -> None:
    """What the clock said, with several processes, and the memory."""
    flow = tally.flow
    rates = {"forms": f"{flow.forms_a_second:.2f}", "pages": f"{flow.pages_a_second:.1f}"}
    memory = {"parent": f"{flow.parent_megabytes:.0f}", "workers": f"{flow.worker_megabytes:.0f}"}
    x = WIDTH - SIDE - RATES + 80
    brush.text((x, y), worded("bench.rates", rates, language), font=font_of(PLAIN), fill=INK)
    brush.text((x, y + PLAIN + 6), worded("bench.memory", memory, language), font=font_of(SMALL), fill=PALE)


def _head(brush: ImageDraw.ImageDraw, bench: Bench, language: Language) -> int:
    """Title, circumstances and the colours with their meaning; where the bars begin."""
    told = {"processes": bench.processes, "cores": bench.machine.cores, "processor": bench.machine.processor}
    brush.text((SIDE, SIDE), worded("bench.title", {}, language), font=font_of(LARGE), fill=INK)
    how = worded("bench.drawn", told | {"load": f"{bench.machine.load:.1f}"}, language)
    brush.text((SIDE, SIDE + LARGE + 10), how, font=font_of(SMALL), fill=PALE)
    x, y = float(SIDE), SIDE + LARGE + 48
    for name in (*STAGES, REST):
        words = in_words(name, language)
        width = 26 + brush.textlength(words, font=font_of(SMALL)) + 22
        if x + width > WIDTH - SIDE:
            x, y = float(SIDE), y + PLAIN + 10
        brush.rectangle((x, y, x + 18, y + 16), fill=COLOURS[name])
        brush.text((x + 26, y - 1), words, font=font_of(SMALL), fill=INK)
        x += width
    return y + 2 * PLAIN + 14
