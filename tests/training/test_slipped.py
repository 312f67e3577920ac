"""Slips planted after reading: figures as they were read, in other cells, and the truth with them."""

from __future__ import annotations

import math
import random
from dataclasses import replace

import pytest

from corpus.make import make
from extract.readers.default import default_readers
from extract.records import Alternative, Ink
from postprocess.normalise import normalise
from training.forms import Kept, keep, kept
from training.slipped import AS_READ, PLANTED, Against, against, slipped, table
from validate.trust import shipped_trust


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A text-layer form, read once."""
    root = tmp_path_factory.mktemp("slipped")
    make(root / "forms", 43, 1, ["digital"])
    keep(root / "forms", root / "kept", default_readers())
    return root / "kept"


def scanned(form: Kept) -> Kept:
    """The form as a clear scan whose every figure two readers are sure of."""
    look = tuple(shipped_trust().strata["typed/clear"].looks.mean)
    cells = tuple(
        replace(
            c, ink=Ink.TYPED, unit="px", look=look, witnesses=2, readers=2,
            alternatives=(Alternative(c.alternatives[0].text, math.log(0.9999), "a"),),
        )
        if c.alternatives else c
        for c in form.form.reading.cells
    )  # fmt: skip
    return Kept(normalise(replace(form.form.reading, cells=cells)), form.truth)


def test_a_slip_moves_a_figure_and_its_truth(folder):
    """What stands in the cell is what was read elsewhere; every other cell is as it was."""
    form = scanned(next(kept([folder])))
    before = {f.reading.place: f for f in form.form.figures}
    ways = list(slipped(form, 3, 2, random.Random(1)))
    assert len(ways) == 3
    for changed, sources in ways:
        moved = {place for place, source in sources.items() if place != source}
        assert 1 <= len(moved) <= 2
        for figure in changed.form.figures:
            place = figure.reading.place
            assert figure.value == before[sources[place]].value
            assert figure.reading.box == before[place].reading.box
            told = changed.truth[f"section{place.section}"][place.line][place.column]
            assert told == form.truth[f"section{sources[place].section}"][sources[place].line][sources[place].column]


def test_no_slip_fits_a_form_without_figures(folder):
    """A text layer's figures are not read from pictures."""
    assert not list(slipped(next(kept([folder])), 3, 2, random.Random(1)))


def test_contradicted_figures_are_found_and_right(folder, monkeypatch):
    """Readers who are sure of the right figures are right also where a slip contradicts them."""
    form = scanned(next(kept([folder])))
    monkeypatch.setattr("training.slipped.kept", lambda _: [form])
    found = list(against(folder, 6, 2))
    assert {each.way for each in found} <= {AS_READ, PLANTED}
    assert any(each.way == PLANTED for each in found)
    assert all(each.right for each in found)


def test_a_figure_counts_once_and_is_wrong_if_it_ever_was(folder):
    """However many slips it is shown against."""
    place = next(kept([folder])).form.figures[0].reading.place
    twice = [Against("a", "typed", PLANTED, place, True, True, right) for right in (True, False)]
    assert "| typed | slips planted | cleared | 1 | 1 | 1 | 1 | 1000.0 |" in table(twice)
