"""What is drawn is what the truth says: the text layer is read back at every place."""

import io
import random
from dataclasses import replace

import pdfplumber
import pytest

from corpus.fill import fill
from corpus.make import readable
from corpus.page import draw_form
from corpus.style import page_style
from layouts.load import shipped_layouts

LAYOUT = next(iter(shipped_layouts().values()))
CUTS = ("whole", "top", "bottom", "split")


def drawn(seed, split="dev", *, retyped=False, cut=None):
    rng = random.Random(seed)
    filled = fill(rng, LAYOUT, split)
    style = page_style(rng, split, retyped=retyped)
    if cut:
        style = replace(style, table=replace(style.table, cut=cut))
    filled = readable(filled, style)
    return filled, draw_form(filled, style, rng)


def text_at(pages, spot):
    """What the text layer holds where something was filled in; only what lies on its line."""
    x0, x1, y0, y1 = spot.x0 - 0.6, spot.x1 + 0.6, spot.y0 - 1, spot.y1 + 1
    middles = [((c["x0"] + c["x1"]) / 2, (c["top"] + c["bottom"]) / 2, c) for c in pages[spot.page].chars]
    chars = [c for x, y, c in middles if x0 <= x <= x1 and y0 <= y <= y1]
    return "".join(c["text"] for c in sorted(chars, key=lambda c: c["x0"]))


@pytest.mark.parametrize(("seed", "split"), [(1, "dev"), (2, "dev"), (3, "eval"), (4, "eval")])
def test_the_text_layer_says_what_the_truth_says(seed, split):
    """At every spot stands exactly the text that was filled in, retyped pages included."""
    filled, form = drawn(seed, split, retyped=seed % 2 == 0)
    with pdfplumber.open(io.BytesIO(form.pdf)) as pdf:
        pages = pdf.pages
        assert len(pages) == form.pages
        for spot in form.spots:
            assert text_at(pages, spot).replace("\u00a0", " ").strip() == spot.text.replace("\u00a0", " ").strip()
    assert filled.entries


@pytest.mark.parametrize("cut", CUTS)
def test_every_figure_is_drawn_exactly_once(cut):
    """Also where page breaks cut rows: nothing is lost and nothing stands twice."""
    for seed in range(6):
        filled, form = drawn(seed, cut=cut)
        figures = [spot for spot in form.spots if spot.place in filled.entries]
        assert {spot.place: spot.text for spot in figures} == {
            p: e.written for p, e in filled.entries.items() if e.written
        }
        assert len(figures) == len({spot.place for spot in figures})
        countries = {}
        for spot in form.spots:
            if spot.place in filled.countries:
                countries[spot.place] = f"{countries.get(spot.place, '')} {spot.text}".strip()
        assert countries == dict(filled.countries)


def test_figures_stay_on_the_page():
    """No spot leaves its page, whatever the style."""
    for seed in range(12):
        rng = random.Random(seed)
        filled = fill(rng, LAYOUT, "eval")
        style = page_style(rng, "eval", retyped=seed % 2 == 0)
        form = draw_form(filled, style, rng)
        for spot in form.spots:
            assert 0 <= spot.x0 < spot.x1 <= style.width + 1, (seed, spot)
            assert 0 <= spot.y0 < spot.y1 <= style.height, (seed, spot)


def test_header_fields_are_drawn_from_the_respondent():
    """Year, number, KATO and region stand in boxes and on lines."""
    filled, form = drawn(7)
    written = {}
    for spot in form.spots:
        if spot.field:
            written[spot.field] = written.get(spot.field, "") + spot.text
    who = filled.respondent
    assert written["year"] == str(filled.year)
    assert written["kato"] == who.kato
    assert written.get("bin", "") == who.bin
    assert written.get("iin", "") == who.iin
    assert written["region"] == who.region


def test_the_same_seed_draws_the_same_bytes():
    """A PDF has no dates and no random ids."""
    assert drawn(9)[1].pdf == drawn(9)[1].pdf
    assert drawn(9)[1].pdf != drawn(10)[1].pdf
