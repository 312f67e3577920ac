"""Where one form ends and the next begins: pages lost, out of order, without a head, dealt in turn."""

from __future__ import annotations

from dataclasses import replace

import pytest

from extract.parting import whole
from extract.place import place_on_layout
from extract.recognise import Recognised, recognise_as
from extract.split import MIXED, split_forms
from layouts.load import shipped_layouts
from tests.extract.paper import grid, sheet
from tests.extract.rows.test_sections import NUMBERS, rows

LAYOUT = next(iter(shipped_layouts().values()))
A1, A2, A3 = (0, 12), (13, 30), (31, 43)
B1, B2, B3 = (0, 8), (9, 25), (26, 43)
HEAD, LEAF = "head", "leaf"


def page(number, what):
    """A page with a stretch of lines, with a head, with both, or with nothing but a word."""
    span = next((part for part in what if isinstance(part, tuple)), None) if isinstance(what, list) else what
    head = what == HEAD or (isinstance(what, list) and HEAD in what)
    span = span if isinstance(span, tuple) else None
    scan = replace(sheet(number, lines=["Слово"]), kind="scan")
    return Recognised(scan, LAYOUT, (), span, head, tail=False, telling=4 if span else 0)


def split(*pages):
    found = list(split_forms(page(n, what) for n, what in enumerate(pages, start=1)))
    return [sorted(p.sheet.number for p in form.pages) for form in found], [
        MIXED in [doubt.code for doubt in form.doubts] for form in found
    ]


@pytest.mark.parametrize(
    ("pages", "forms"),
    [
        ([HEAD, A1, A2, A3, HEAD, B1, B2, B3], [[1, 2, 3, 4], [5, 6, 7, 8]]),
        ([LEAF, A1, A2, (31, 40), LEAF, HEAD, B1, B2, B3], [[1, 2, 3, 4, 5], [6, 7, 8, 9]]),
        ([A3, HEAD, A2, A1, B2, B3, B1, HEAD], [[1, 2, 3, 4], [5, 6, 7, 8]]),
        ([A3, A1, [HEAD, A2], B3, B2, [HEAD, B1]], [[1, 2, 3], [4, 5, 6]]),
        ([HEAD, A1, A2, A3, LEAF, B1, B2, B3], [[1, 2, 3, 4], [5, 6, 7, 8]]),
        ([HEAD, (0, 12), (12, 32), (31, 43)], [[1, 2, 3, 4]]),
    ],
)
def test_forms_part_where_lines_or_heads_come_again(pages, forms):
    """A head that is not known, an end that was not understood, pages out of order; cut rows are on both pages."""
    assert split(*pages) == (forms, [False] * len(forms))


@pytest.mark.parametrize(
    "pages",
    [
        [HEAD, A1, A3, HEAD, B1, B2, B3],
        [HEAD, A1, A2, HEAD, B3, B1, B2],
        [HEAD, HEAD, A1, B1, A2, B2, A3, B3],
        [A1, A2, A3, HEAD, B1, B2, B3],
    ],
)
def test_pages_that_may_be_of_the_form_beside_are_doubted(pages):
    """A page is missing, forms were dealt in turn, or a form lacks its head: it may be the one that the next has."""
    _, mixed = split(*pages)
    assert mixed
    assert all(mixed)


def test_a_form_alone_in_its_file_is_never_mixed_up():
    assert split(HEAD, A1, A3) == ([[1, 2, 3]], [False])


def test_every_cell_of_forms_that_may_be_mixed_goes_to_review():
    parts = [(2, "5", {"last": 9}), (2, "6", {"last": 9}), (2, "", {"first": 9}), (3, "6", {})]
    pages = [
        recognise_as(sheet(n, grid([NUMBERS, *rows(section, {"1": {0: figure}}, **part)])), LAYOUT)
        for n, (section, figure, part) in enumerate(parts, start=1)
    ]
    forms = list(split_forms(pages))
    assert len(forms) == 2
    placed = [place_on_layout(form, None) for form in forms]
    assert all(MIXED in cell.reasons for form in placed for cell in form.cells.values())


def test_a_form_is_whole_with_its_head_and_its_lines():
    assert whole([page(1, HEAD), page(2, A1), page(3, A2), page(4, A3)])
    assert not whole([page(1, HEAD), page(2, A1), page(3, A3)])
    assert not whole([page(1, A1), page(2, A2), page(3, A3)])
    assert whole([page(1, LEAF), page(2, A1), page(3, A2), page(4, A3)])
