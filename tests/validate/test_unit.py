"""The form, or a part of it, in another unit."""

from __future__ import annotations

from decimal import Decimal

import pytest

from extract.records import Alternative, Ink
from tests.factories import BIN, TRUST, form_figures, form_of, place, reading, truths
from validate.decide import decide
from validate.outside.knowledge import Knowledge, Past
from validate.records import Cause, Status
from validate.settings import Settings

SETTINGS = Settings(latest_year=2027)


def decided(cells):
    return decide(form_figures(cells), SETTINGS, TRUST)


def unit_findings(form):
    return [f for f in form.findings if f.message_id == "finding.unit"]


def sums(line: str, *figures: int) -> dict[str, str]:
    total = f"{sum(figures)}"
    parts = {
        f"s2/{at}/{column}": str(figure) for at in ("1", line) for column, figure in zip("2356", figures, strict=False)
    }
    return {"s2/1/1": total, f"s2/{line}/1": total} | parts


def test_nine_digits_are_suspicious():
    """All the figures go to a person, as written; nothing is divided."""
    form = decided(sums("1.7", 749082113, 5512))
    (found,) = unit_findings(form)
    assert (found.cause, found.places[0]) == (Cause.UNIT, place("s2/1/1"))
    assert all(cell.status is Status.REVIEW and "unit-suspected" in cell.reasons for cell in form.cells)
    assert form.cells[0].figure.value == 749087625
    assert form.status is Status.REVIEW


@pytest.mark.parametrize("figures", [(99_999_998, 1), (5_512_345, 81_002), (1_000_000, 2_000_000), (12_000,)])
def test_ordinary_large_respondents_are_not(figures):
    """Eight digits, or a few round figures, are an ordinary respondent's."""
    assert not unit_findings(decided(sums("1.7", *figures)))


def test_figures_that_all_end_in_three_zeros_are_suspicious():
    """Enough different ones, the largest of seven digits and more."""
    assert unit_findings(decided(sums("1.7", 1_325_000, 894_000, 287_000, 144_000) | sums("1.8", 5_229_000, 3_564_000)))
    assert not unit_findings(decided(sums("1.7", 325_000, 94_000, 87_000, 44_000) | sums("1.8", 29_000, 64_000)))


def test_one_huge_slip_does_not_condemn_the_form():
    """Where the sums say that one figure alone is in tenge, the others are left in peace."""
    cells = sums("1.7", 500_300, 200_100) | {"s2/1.7/2": "500300000"}
    form = decided(cells)
    assert not unit_findings(form)
    assert {f.cause for f in form.findings if f.set == "table"} == {Cause.UNIT}


def test_units_written_out_are_no_mistake():
    """A figure with «тг» beside it has been counted as tenge already."""
    assert not unit_findings(decided({"s2/1/1": "749 082 000 тг", "s2/1.7/1": "749 082 000 тг"}))


def test_a_digit_too_many_is_no_tenge_form():
    """A huge figure that is doubtfully read and fits no sum is a misreading, not a unit."""
    said = (Alternative("8875685748", -0.3, "a"),)
    misread = {"s2/1.7/3": reading(place("s2/1.7/3"), said, ink=Ink.HAND, witnesses=1)}
    form = decide(form_figures(sums("1.7", 5512, 685748), readings=misread), SETTINGS, TRUST)
    assert not unit_findings(form)
    assert sum(cell.status is Status.REVIEW for cell in form.cells) < 10


@pytest.mark.samples
def test_among_the_samples_only_the_tenge_form_is_suspected():
    """No false alarm, no miss."""
    suspected = [truth["kind"] for truth in truths() if unit_findings(decide(form_of(truth), SETTINGS, TRUST))]
    assert suspected == ["tenge"]


def test_two_figures_in_one_cell_are_no_huge_one():
    """A figure struck out in a text layer stands beside the new one: that says nothing of the form's unit."""
    cells = sums("1.7", 279047, 5512)
    form = decided(cells | {"s2/1.7/2": "279118 279047", "s2/1/2": "127759 127724"})
    assert not unit_findings(form)
    assert not any("unit-suspected" in cell.reasons for cell in form.cells)


def unit_rules(form):
    return [f.rule for f in form.findings if f.set == "check" and f.cause is Cause.UNIT]


def before(cells):
    """Last year's figures of the respondent of every form here."""
    figures = {place(key): Decimal(value) for key, value in cells.items()}
    return Knowledge(past={BIN: (Past("2024", "", "", figures),)})


def against(cells, last):
    return decide(form_figures(cells), SETTINGS, TRUST, before(last))


def times(cells, factor, *, only=""):
    """The cells whose place holds `only`, so many times as large."""
    return {key: f"{Decimal(value) * (factor if only in key else 1):f}" for key, value in cells.items()}


THIS = sums("1.7", 18_340, 2_512, 764) | {
    "s2/1.8/1": "9130", "s2/1.8/2": "9130", "s2/1/1": "30746", "s2/1/2": "27470",
    "s3/1/1": "4200", "s3/1.7/1": "4200",
}  # fmt: skip
LAST = times(THIS, Decimal("0.83"))


def test_a_form_in_plain_tenge_is_known_by_last_years_figures():
    """Seven digits and no zeros: nothing else shows it. All its figures go to a person, as written."""
    form = against(times(THIS, 1003), LAST)
    assert unit_rules(form) == ["check.unit"]
    (found,) = [f for f in form.findings if f.rule == "check.unit"]
    assert found.right == Decimal(LAST[str(found.places[0])])
    assert {c.status for c in form.cells} == {Status.REVIEW}
    assert not unit_rules(decided(times(THIS, 1003)))


def test_true_growth_asks_and_is_no_unit():
    """Three hundred times as much: the small figures of a form in thousands are there as ever."""
    form = against(THIS, times(THIS, Decimal("0.0033")))
    assert unit_rules(form) == []
    assert "year-on-year" in form.reasons
    grown = sums("1.7", 940, 31) | {"s2/1/1": "971"}
    assert unit_rules(against(grown, times(grown, Decimal("0.001")))) == []


def test_a_line_that_grew_alone_asks_and_is_no_unit():
    """The others stayed as they were; nothing looks like tenge."""
    last = times(THIS, Decimal("0.9")) | {"s2/1.7/2": "19", "s2/1.7/3": "2.6", "s2/1.7/1": "24"}
    form = against(THIS, last)
    assert unit_rules(form) == []
    assert [f.places[0].line for f in form.findings if f.rule == "check.year-on-year"] == ["1.7"]


def test_a_section_in_tenge_is_known_by_last_years_figures():
    """Its cells go to a person; those of the other section do not."""
    form = against(times(THIS, 1000, only="s2/"), LAST)
    assert unit_rules(form) == ["check.unit-section"]
    assert {c.figure.reading.place.section for c in form.cells if c.status is Status.REVIEW} == {2}
    assert "unit-part" in form.reasons


@pytest.mark.parametrize("last", [{}, LAST])
@pytest.mark.parametrize(("only", "rule"), [("/2", "check.unit-column"), ("1.7/", "check.unit-line")])
def test_a_line_or_column_in_tenge_is_known_by_the_sums(only, rule, last):
    """One finding names it beside those of the rules; the cells read as before."""
    cells = times({k: v for k, v in THIS.items() if k.startswith("s2")}, 1000, only=only)
    form = against(cells, last)
    (found,) = [f for f in form.findings if f.set == "check" and f.cause is Cause.UNIT]
    assert found.rule == rule
    assert set(found.places) == {place(key) for key in cells if only in key}
    assert not any("unit-suspected" in c.reasons for c in form.cells)


def test_a_column_in_tenge_that_was_added_up_is_known_by_last_years_figures():
    """The respondent's program adds what it finds; two lines say so while other columns stay."""
    cells = sums("1.7", 18_340, 2_512_000) | sums("1.8", 7_730, 611_000)
    cells |= {f"s2/1/{c}": f"{int(cells[f's2/1.7/{c}']) + int(cells[f's2/1.8/{c}'])}" for c in "123"}
    last = sums("1.7", 17_240, 2_212) | sums("1.8", 6_730, 700) | {"s2/1/2": "23970", "s2/1/3": "2912"}
    form = against(cells, last)
    (found,) = [f for f in form.findings if f.rule == "check.unit-column"]
    assert {at.column for at in found.places} == {"3"}


def test_a_unit_beside_some_figures_speaks_for_the_others():
    """Only if the others are in tenge too do the sums hold."""
    cells = times(THIS, 1000) | {"s2/1/1": "30746000 тг", "s3/1/1": "4200000 тг"}
    form = decided(cells)
    assert unit_rules(form) == ["check.unit"]
    assert next(c for c in form.cells).figure.value == 30746
    assert "check.unit" not in unit_rules(decided(THIS | {"s2/1/1": "30746000 тг"}))


def test_thousands_counted_in_millions_are_known_by_last_years_figures():
    """Three decimals everywhere, which nobody wrote last year; smaller whole figures are a respondent that shrank."""
    thousandths = {key: value.replace(".", ",") for key, value in times(THIS, Decimal("0.001")).items()}
    assert unit_rules(against(thousandths, LAST)) == ["check.unit"]
    shrunk = against(THIS, times(THIS, Decimal(350)))
    assert unit_rules(shrunk) == []
    assert "year-on-year" in shrunk.reasons


def test_decimals_read_as_thousands_are_told_as_that():
    """Where no sum settles a mark, last year's figures say what it may be; the cell is in review for it anyway."""
    cells = sums("1.7", 5, 812_345) | {"s2/1/4": "12.345", "s2/1.7/4": "12.345", "s2/1.8/4": "1.204"}
    last = sums("1.7", 4, 800_345) | {"s2/1/4": "13.5", "s2/1.7/4": "13.5", "s2/1.8/4": "1.4"}
    (found,) = [f for f in against(cells, last).findings if f.set == "check" and f.cause is Cause.UNIT]
    assert (found.rule, found.message_id) == ("check.unit-column", "finding.unit-marks")


def test_a_mark_that_may_part_thousands_stays_ambiguous():
    """Last year's figure says which meaning is likely and decides nothing."""
    cells = {"s2/1/4": "12,345", "s2/1.7/4": "12,345"} | sums("1.7", 5, 812_345)
    form = against(cells, {"s2/1/4": "12000", "s2/1.7/4": "12000", "s2/1/3": "800000", "s2/1.7/3": "800000"})
    four = next(c for c in form.cells if c.figure.reading.place == place("s2/1.7/4"))
    alone = next(c for c in decided(cells).cells if c.figure.reading.place == place("s2/1.7/4"))
    assert (four.figure, four.status) == (alone.figure, Status.REVIEW)
