"""What the marks of an option field come to."""

from __future__ import annotations

import math
from dataclasses import replace

import cv2
import numpy as np
import pytest

from extract.fields import options
from extract.fields.options import Region, read_option
from extract.records import Box, TextLine
from layouts.load import shipped_layouts
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


def strip_of(read, *, ringed=3, moved=None, missing=(), smudge=None, lower=0):
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


def test_an_unread_strip_without_a_mark_has_none():
    told = strip_of((0, 5), ringed=None)
    assert told is not None
    assert told.reasons == ("no-option",)


@pytest.mark.parametrize(
    ("read", "more"),
    [
        ((0, 2, 3, 4), {}),  # an end was not read
        ((5,), {}),
        ((0, 2, 5), {"moved": 780}),  # steps are not even
        ((0, 2, 5), {"lower": 60}),  # one was read elsewhere on the page
        ((0, 2, 5), {"missing": (1,)}),  # no print where one should be
        ((0, 5), {"smudge": 290}),  # ink halfway between two: they may stand otherwise
    ],
)
def test_a_strip_is_not_made_up(read, more):
    assert strip_of(read, **more) is None
