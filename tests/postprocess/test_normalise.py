"""Readings → figures."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest

from extract.records import Alternative, Ink
from postprocess.normalise import country_field, figure
from tests.factories import form_figures, layout, place, reading

AT = place("s2/1.7/1")


def said(*pairs: tuple[str, float], reader: str = "one") -> tuple[Alternative, ...]:
    return tuple(Alternative(text, math.log(p), reader) for text, p in pairs)


def test_print_of_a_text_layer_is_certain():
    """One text, one meaning: nothing to doubt."""
    told = figure(reading(AT, "12 345,6"))
    assert (told.written, told.value, told.confidence, told.reasons) == ("12 345,6", Decimal("12345.6"), 1.0, ())


def test_an_ambiguous_mark_halves_the_certainty():
    """Both meanings stay, and neither is certain."""
    told = figure(reading(AT, "12.345"))
    assert [value.amount for value in told.alternatives] == [Decimal(12345), Decimal("12.345")]
    assert told.confidence < 0.7
    assert told.reasons == ("ambiguous-mark",)


def test_texts_of_one_amount_add_up():
    """«12 345» and «12345» speak for one amount; the likelier text is kept as written."""
    told = figure(reading(AT, said(("12 345", 0.5), ("12345", 0.3), ("72 345", 0.1)), ink=Ink.TYPED))
    assert (told.written, told.value) == ("12 345", Decimal(12345))
    assert told.confidence == pytest.approx(0.8)


def test_a_sum_of_weaker_texts_may_win():
    """The likeliest amount is chosen, not the likeliest text."""
    told = figure(reading(AT, said(("7 96", 0.4), ("796", 0.35), ("7961", 0.1)), ink=Ink.TYPED))
    assert told.value == 796
    assert told.written == "7 96"


def test_two_readers_never_make_more_than_certain():
    """Where both readers' words stand side by side the confidence stays a probability."""
    told = figure(reading(AT, (*said(("796", 0.9)), *said(("796", 0.8), reader="two")), ink=Ink.TYPED))
    assert told.confidence == pytest.approx(1.0)


def test_disagreeing_readers_share_the_certainty():
    """Two sure readers with different figures leave a doubt of one half."""
    told = figure(reading(AT, (*said(("796", 0.99)), *said(("196", 0.98), reader="two")), ink=Ink.TYPED))
    assert told.confidence == pytest.approx(0.5, abs=0.01)


def test_a_missing_page_is_not_blank():
    """Its cells have no value, no confidence, and the reason."""
    told = figure(reading(AT, page=0))
    assert (told.value, told.confidence, told.reasons) == (None, 0.0, ("page-missing",))


def test_ink_nobody_read_is_not_blank():
    """Ink without a reading is unreadable, not empty."""
    told = figure(reading(AT, blank_ink=Ink.HAND))
    assert (told.value, told.confidence, told.reasons) == (None, 0.0, ("unreadable",))


def test_blank_is_blank():
    """A bare cell is certainly blank."""
    told = figure(reading(AT))
    assert (told.value, told.confidence, told.reasons, told.alternatives) == (None, 1.0, (), ())


def test_an_invented_decimal_point_stands_out():
    """On a scan of whole figures «7.96» is suspicious; in print of a text layer it is what was typed."""
    cells = {f"s2/1.{n}/1": "796" for n in range(7, 16)} | {"s2/1.1/1": "7.96", "s2/1.2/1": "1 796"}
    scanned = form_figures(cells, ink=Ink.TYPED)
    odd = [f.reading.place for f in scanned.figures if "odd-decimals" in f.reasons]
    assert odd == [place("s2/1.1/1")]
    assert not any(f.reasons for f in form_figures(cells).figures)


def test_every_cell_and_field_has_its_row():
    """All figure cells in the layout's order; every field; every country cell by its line."""
    form = form_figures({"s2/1.7/1": "12"}, countries={"s3/1.5/2": "Ресей, Германия"})
    assert tuple(f.reading.place for f in form.figures) == layout().places
    countries = [field for field in form.fields if field.line]
    assert len(countries) == len(layout().country_places)
    assert [(field.field, field.line, field.value) for field in countries if field.value] == [
        ("country", "1.5", "RU;DE")
    ]
    assert country_field(layout(), 3, "2") == "country"


def test_fields_have_canonical_values():
    """Codes are digits, options the canonical one, text is written on one line."""
    form = form_figures(fields={"year": "2О25", "bin": "0209 6063 9692", "hours": "2-4", "region": "г.  Астана"})
    assert (form.value("year"), form.value("bin"), form.value("hours")) == ("2025", "020960639692", "2-4")
    assert form.value("region") == "г. Астана"
    assert form.value("iin") == ""


def written(text, p=0.98, *others, ink=Ink.HAND):
    """The figure of a cell read so."""
    return figure(reading(AT, said((text, p), *others), ink=ink))


def test_of_two_figures_read_as_one_the_second_counts():
    """Groups of digits that make no number are a figure struck out and the one written again; a person looks."""
    found = written("8875 685748")
    assert (found.value, found.written) == (685748, "685748")
    assert "struck-out" in found.reasons
    assert {v.amount for v in found.alternatives} == {685748, 8875, 8875685748}


def test_groups_that_make_a_number_are_one_figure():
    """But the two may be meant, and the sums may choose them."""
    found = written("489 891")
    assert (found.value, found.reasons) == (489891, ())
    chances = {v.amount: math.exp(v.logp) for v in found.alternatives}
    assert 0 < chances[489] < chances[891] < 0.01
    assert sum(chances.values()) == pytest.approx(0.98)


@pytest.mark.parametrize("ink", [Ink.TYPED, Ink.DIGITAL])
def test_print_strikes_nothing_out(ink):
    """Typed figures are not written again beside each other."""
    assert {v.amount for v in written("489 891", ink=ink).alternatives} == {489891}


def test_what_was_read_by_itself_is_not_counted_as_part_of_another_reading():
    """A reader that saw the second figure alone has said so already."""
    found = written("489 891", 0.6, ("891", 0.3))
    assert next(v for v in found.alternatives if v.amount == 891).logp == pytest.approx(math.log(0.3))
