"""What the marks of an option field come to."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import cv2
import numpy as np
import pytest

from extract.fields import options
from extract.fields.options import Region, read_option
from extract.records import Box, Cell, Grid, TextLine
from layouts.load import shipped_layouts
from tests.extract.drawn import type_text
from tests.extract.paper import sheet

FIELD = next(iter(shipped_layouts().values())).field("hours")
BOXES = [Box(10.0 + 50 * i, 10, 60.0 + 50 * i, 30) for i in range(6)]


@pytest.mark.parametrize(
    ("chances", "chosen", "reasons", "certain"),
    [
        ((0.0, 0.99, 0.0, 0.0, 0.0, 0.0), ("1-2",), (), True),
        ((0.99, 0.08, 0.0, 0.0, 0.0, 0.0), ("<1",), (), False),  # the edge of a bent page beside a faint underline
        ((0.99, 0.0, 0.0, 0.97, 0.0, 0.0), ("<1", "4-8"), ("several-options",), True),
        ((0.0,) * 6, (), ("no-option",), True),
    ],
)
def test_one_mark_is_certain_only_without_a_trace_of_another(monkeypatch, chances, chosen, reasons, certain):
    """Several or none go to a person with what was seen."""
    monkeypatch.setattr(options, "marked_options", lambda _picture, _boxes: chances)
    reading = options._reading(sheet(1), FIELD, BOXES)
    assert reading.chosen == chosen
    assert reading.reasons == reasons
    assert (math.exp(reading.alternatives[0].logp) > 0.9) is certain


def test_bold_print_is_proposed_not_believed(monkeypatch):
    """It is a mark only where no pen left one."""
    monkeypatch.setattr(options, "marked_options", lambda _picture, _boxes: (0.0,) * 6)
    monkeypatch.setattr(options, "bold_option", lambda _picture, _boxes: 2)
    reading = options._reading(sheet(1), FIELD, BOXES)
    assert reading.chosen == ("2-4",)
    assert math.exp(reading.alternatives[0].logp) < 0.85


MIDDLES = [150 + 280 * k for k in range(6)]
PRINT = ["1 сағатқа дейін", "1-2", "2-4", "4-8", "8-40", "40 сағаттан артық"]


def strip_of(read, *, ringed=3, moved=None, missing=(), smudge=None, lower=0, ticked=()):
    """A scanned line of options at even steps, one of them ringed; only those whose numbers are given were read."""
    page = np.full((300, 1700), 255, np.uint8)
    lines = []
    for at, (x, words) in enumerate(zip(MIDDLES, PRINT, strict=True)):
        middle = moved if moved and at == 2 else x
        width = 9 * len(words)
        if at not in missing:
            for sign in range(len(words)):
                left = middle - width // 2 + 9 * sign
                page[140:160, left + 1 : left + 4] = 0
                page[140:143, left + 1 : left + 7] = 0
        if at in read:
            down = lower if at == 2 else 0
            lines.append(TextLine(words, Box(middle - width / 2, 139 + down, middle + width / 2, 161 + down)))
    if ringed is not None:
        cv2.ellipse(page, (MIDDLES[ringed], 150), (45, 24), 0, 0, 360, 60, 3)
    for at in ticked:
        left = MIDDLES[at] - 9 * len(PRINT[at]) // 2 - 20
        cv2.polylines(page, [np.array([(left - 14, 148), (left - 4, 162), (left + 16, 132)])], False, 60, 3)
    if smudge:
        cv2.circle(page, (smudge, 150), 8, 0, -1)
    seen = replace(sheet(1), kind="scan", picture=page, scale=1.0)
    return read_option([Region(seen, tuple(lines))], FIELD, lambda crops: [])


@pytest.mark.parametrize("read", [(0, 5), (0, 2, 5), (0, 1, 2, 4, 5), range(6)])
@pytest.mark.parametrize("ringed", [1, 3, 4])
def test_options_that_were_not_read_stand_where_the_others_leave_room(read, ringed):
    """A short word far from others, and what is ringed, is often not read on a scan."""
    told = strip_of(read, ringed=ringed)
    assert told is not None
    assert told.chosen == (FIELD.options[ringed],)


@pytest.mark.parametrize("ticked", [(0,), (3,), (5,), (0, 2)])
def test_ticks_beside_words_count(ticked):
    """Also beside the first of them, and two are two."""
    told = strip_of(range(6), ringed=None, ticked=ticked)
    assert told is not None
    assert told.chosen == tuple(FIELD.options[at] for at in ticked)


def test_an_unread_strip_without_a_mark_has_none():
    told = strip_of((0, 5), ringed=None)
    assert told is not None
    assert told.reasons == ("no-option",)


def test_words_read_elsewhere_on_the_page_do_not_count():
    assert strip_of((0, 2, 5), lower=60).chosen == (FIELD.options[3],)


def ruled_strip(lost=(), more=(), *, read=(0, 5), ringed=2):
    """A ruled strip as found on a scan: some of its walls not seen, others that are none; no cell was read."""
    page = np.full((300, 1900), 255, np.uint8)
    edges = [100 + 280 * k for k in range(7)]
    cv2.rectangle(page, (edges[0], 110), (edges[-1], 190), 0, 2)
    for x in edges[1:-1]:
        cv2.line(page, (x, 110), (x, 190), 0, 2)
    lines = []
    for at, words in enumerate(PRINT):
        box = type_text(page, words, edges[at] + 100, 135, 24)
        lines += [TextLine(words, box)] if at in read else []
    cv2.ellipse(page, (edges[ringed] + 120, 150), (60, 30), 0, 0, 360, 60, 3)
    walls = sorted({float(x) for i, x in enumerate(edges) if i not in lost} | {float(x) for x in more})
    cells = tuple(Cell(Box(x0, 110, x1, 190), 0, i) for i, (x0, x1) in enumerate(pairwise(walls)))
    grid = Grid(Box(100, 110, 1780, 190), 1, len(cells), tuple(walls), (110.0, 190.0), cells)
    seen = replace(sheet(1), kind="scan", picture=page, scale=1.0, grids=(grid,))
    return read_option([Region(seen, tuple(lines))], FIELD, lambda crops: [])


@pytest.mark.parametrize(("lost", "more"), [((), ()), ((2,), ()), ((1, 4), ()), ((), (610, 820)), ((3,), (500,))])
def test_a_strip_whose_walls_were_misseen_follows_from_its_even_steps(lost, more):
    told = ruled_strip(lost, more)
    assert told is not None
    assert told.chosen == ("2-4",)


@pytest.mark.parametrize(("lost", "read"), [((1, 2, 4), (0,)), ((2,), ()), ((2,), (0,))])
def test_a_row_of_another_table_is_no_strip(lost, read):
    """Too few walls at even steps, or none of the words."""
    assert ruled_strip(lost, read=read) is None


@pytest.mark.parametrize(
    ("read", "more"),
    [
        ((0, 2, 3, 4), {}),  # an end was not read
        ((5,), {}),
        ((0, 2, 5), {"moved": 780}),  # steps are not even
        ((0, 2, 5), {"missing": (1,)}),  # no print where one should be
        ((0, 5), {"smudge": 290}),  # ink halfway between two: they may stand otherwise
    ],
)
def test_a_strip_is_not_made_up(read, more):
    assert strip_of(read, **more) is None
