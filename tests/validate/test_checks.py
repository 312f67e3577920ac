"""Identifiers, year, place, pages, crosses, options, percentages."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from extract.records import Alternative, Doubt, Ink
from tests.factories import BIN, FIELDS, IIN, TRUST, field_reading, form_figures, place, reading
from validate.decide import decide
from validate.records import Cause, Outcome, Status
from validate.settings import Settings

SETTINGS = Settings(latest_year=2027)
FILLED = {"s2/1/1": "5", "s2/1/2": "5", "s2/1.7/1": "5", "s2/1.7/2": "5"}


def decided(cells=None, **more):
    return decide(form_figures(FILLED if cells is None else cells, **more), SETTINGS, TRUST)


def checks(form) -> set[str]:
    return {f.rule for f in form.findings if f.set == "check"}


def test_a_sound_form_has_no_findings():
    """Nothing to report, nothing to see."""
    form = decided()
    assert (form.findings, form.status, form.reasons) == ((), Status.ACCEPTED, ())


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"bin": BIN[:-1] + "3"}, "check.check-digit"),
        ({"bin": BIN[:-1]}, "check.wrong-length"),
        ({"bin": ""}, "check.identifier-missing"),
        ({"iin": IIN}, "check.identifier-twice"),
        ({"bin": IIN}, "check.identifier-swapped"),
        ({"bin": "", "iin": BIN}, "check.identifier-swapped"),
        ({"year": ""}, "check.year-missing"),
        ({"year": "2018"}, "check.year-implausible"),
        ({"kato": "992210000"}, "check.kato-region"),
        ({"kato": "552210000", "region": "г. Астана"}, "check.kato-contradicts-region"),
    ],
)
def test_a_wrong_field_is_a_finding_and_the_form_waits(fields, rule):
    """Each has its own rule; the value stays what the paper says."""
    form = decided(fields=FIELDS | fields)
    assert rule in checks(form)
    assert form.status is Status.REVIEW
    assert all(form.form.value(field) == value for field, value in fields.items())


def test_an_entrepreneur_fills_the_other_row():
    """An IIN instead of a BIN is as good."""
    assert decided(fields=FIELDS | {"bin": "", "iin": IIN}).status is Status.ACCEPTED


def test_an_empty_kato_is_the_departments_to_fill_in():
    """And one that agrees with the region is no finding."""
    assert not checks(decided(fields=FIELDS | {"region": "г. Астана"}))
    assert not checks(decided(fields=FIELDS | {"region": "г. Астана", "kato": "711310000"}))


def test_a_kato_that_was_not_found_is_told():
    """Nobody knows whether the department has anything to fill in."""
    form = decided(fields=FIELDS | {"kato": field_reading("kato", page=0, reasons=("field-missing",), empty=False)})
    assert [(f.rule, f.outcome) for f in form.findings] == [("check.kato-missing", Outcome.UNDECIDED)]
    assert (form.status, form.reasons) == (Status.REVIEW, ("kato-missing",))


def test_boxes_that_were_not_found_are_not_told_to_be_empty():
    """Whoever looks at the paper may well see a BIN there."""
    lost = {code: field_reading(code, page=0, reasons=("field-missing",), empty=False) for code in ("bin", "iin")}
    form = decided(fields=FIELDS | lost)
    assert "check.identifier-not-found" in checks(form)
    assert "check.identifier-missing" not in checks(form)


@pytest.mark.parametrize(
    ("ink", "code", "status"),
    [
        (Ink.DIGITAL, BIN, "accepted"),
        (Ink.UNKNOWN, BIN, "accepted"),
        (Ink.DIGITAL, BIN[:-1] + "3", "review"),
        (Ink.DIGITAL, IIN, "review"),
    ],
)
def test_where_one_number_is_certain_the_other_need_not_have_its_place(ink, code, status):
    """A respondent has a BIN or an IIN; a BIN that is none, or fails its check, tells nothing of the other."""
    lost = field_reading("iin", page=1, reasons=("field-missing",), empty=False)
    form = decided(fields=FIELDS | {"bin": field_reading("bin", code, ink=ink, witnesses=2), "iin": lost})
    (iin,) = (field for field in form.fields if field.field.field == "iin")
    assert iin.status == status


@pytest.mark.parametrize(("ink", "status"), [(Ink.UNKNOWN, Status.REVIEW), (Ink.DIGITAL, Status.ACCEPTED)])
def test_the_region_named_casts_doubt_on_another_kato_only_where_it_was_read_from_ink(ink, status):
    kato = field_reading("kato", "552210000", ink=ink, witnesses=2)
    form = decided(fields=FIELDS | {"region": "г. Астана", "kato": kato})
    (judged,) = (field for field in form.fields if field.field.field == "kato")
    assert judged.status is status
    assert judged.field.value == "552210000"


@pytest.mark.parametrize(
    ("field", "code", "reasons", "witnesses", "status"),
    [
        ("bin", BIN, ("seal",), 2, Status.ACCEPTED),
        ("bin", BIN, ("seal",), 1, Status.REVIEW),
        ("bin", BIN, ("struck-out",), 2, Status.REVIEW),
        ("bin", BIN[:-1] + "3", ("seal",), 2, Status.REVIEW),
        ("kato", "711310000", ("seal",), 2, Status.REVIEW),
        ("year", "2025", ("ink-over-edge",), 2, Status.REVIEW),
    ],
)
def test_a_check_digit_and_two_readers_clear_a_seal_away_from_a_code(field, code, reasons, witnesses, status):
    """No list and no plausible year does that: another code would be as good."""
    read = field_reading(field, code, ink=Ink.UNKNOWN, witnesses=witnesses, reasons=reasons)
    form = decided(fields=FIELDS | {field: read})
    (judged,) = (each for each in form.fields if each.field.field == field)
    assert judged.status is status


def test_a_code_is_empty_only_where_its_place_was_seen():
    """Without a reading and without the word that nothing stands there it is not accepted."""
    form = decided(fields=FIELDS | {"kato": field_reading("kato", empty=False)})
    (kato,) = [field for field in form.fields if field.field.field == "kato"]
    assert (kato.status, kato.reasons) == (Status.REVIEW, ("low-confidence",))


def test_an_option_not_marked_is_told_but_holds_nothing_up():
    """Figures, identifier, year and pages decide; an unanswered question is reported."""
    form = decided(fields=FIELDS | {"hours": ""})
    assert checks(form) == {"check.option-none"}
    assert form.status is Status.ACCEPTED


def test_countries_over_a_printed_cross_are_told_only():
    """Exporters write there; the printed «Х» itself is nothing."""
    form = decided(countries={"s3/1.1/2": "Ресей", "s3/1.2/2": "Х", "s3/1.5/2": "Германия"})
    assert checks(form) == {"check.ink-on-cross"}
    assert form.status is Status.ACCEPTED


def test_a_wholly_empty_form_is_a_finding():
    """Nothing filled in is not nothing wrong."""
    form = decided({})
    assert checks(form) == {"check.form-empty"}
    assert form.status is Status.REVIEW


@pytest.mark.parametrize(
    ("part", "found"), [("65", True), ("100", True), ("101", False), ("0", False), ("-", False), ("", False)]
)
def test_a_part_in_percent_is_suspected(part, found):
    """Up to 100 under a whole of 1,000 and more passes every inequality, and is asked about."""
    cells = {"s3/1/1": "100000", "s3/1.3/1": "100000", "s3/1.3.1/1": part}
    form = decided(cells)
    percent = [f for f in form.findings if f.cause is Cause.PERCENT]
    assert bool(percent) is found
    assert form.status is (Status.REVIEW if found else Status.ACCEPTED)


def test_a_small_part_of_a_small_whole_is_not():
    """65 of 900 is an amount."""
    assert not checks(decided({"s3/1/1": "900", "s3/1.3/1": "900", "s3/1.3.1/1": "65"}))


def test_a_percent_sign_is_a_finding_anywhere():
    """Also where no whole stands above."""
    assert "check.percent" in checks(decided(FILLED | {"s2/1.7/3": "0%"}))


def test_a_doubtful_field_leaves_its_check_open():
    """A check digit that fails on a half-read number proves nothing about the respondent."""
    half_read = (Alternative(BIN[:-1] + "3", math.log(0.4), "a"),)
    scanned = field_reading("bin", "?", ink=Ink.UNKNOWN, witnesses=1)
    form = decided(fields=FIELDS | {"bin": replace(scanned, alternatives=half_read)})
    assert [(f.rule, f.outcome) for f in form.findings] == [("check.check-digit", Outcome.UNDECIDED)]
    assert "identifier-doubtful" in form.reasons


def test_a_field_that_was_not_found_is_not_called_empty():
    """Whether the respondent left it out cannot be told."""
    lost = field_reading("year", page=0, reasons=("field-missing",))
    form = decided(fields=FIELDS | {"year": lost})
    assert [(f.rule, f.outcome) for f in form.findings] == [("check.year-missing", Outcome.UNDECIDED)]
    assert form.status is Status.REVIEW


def test_a_row_that_is_not_on_the_paper_is_not_a_missing_page():
    """An older print lacks lines: its cells wait, with their own finding."""
    gone = {f"s2/1.16/{c}": reading(place(f"s2/1.16/{c}"), page=0, reasons=("row-missing",)) for c in "123456"}
    form = decided(readings=gone)
    assert "check.cells-missing" in checks(form)
    assert "check.page-missing" not in checks(form)
    assert sum(cell.status is Status.REVIEW for cell in form.cells) == 6


def test_doubts_about_pages_are_carried_on():
    """A page that was turned is told; the form is accepted all the same."""
    form = decided(doubts=(Doubt("page-turned", 2),))
    assert (form.status, form.reasons) == (Status.ACCEPTED, ("page-turned",))
    assert decided(doubts=(Doubt("columns-conflict", 2),)).status is Status.REVIEW


def test_scanned_text_waits_alone():
    """One reader's address is not certain, and holds up nothing but itself."""
    said = replace(field_reading("address", "?", ink=Ink.UNKNOWN), alternatives=(Alternative("Абая", -0.1, "text"),))
    form = decided(fields=FIELDS | {"address": said})
    assert [f.field.field for f in form.fields if f.status is Status.REVIEW] == ["address"]
    assert form.status is Status.ACCEPTED


@pytest.mark.parametrize(
    ("p", "witnesses", "status"),
    [(0.99, 2, Status.ACCEPTED), (0.7, 2, Status.ACCEPTED), (0.9999, 1, Status.ACCEPTED), (0.02, 1, Status.REVIEW)],
)
def test_a_scanned_number_that_obeys_its_check(p, witnesses, status):
    """The check digit carries weight, and its weakness is counted."""
    read = replace(
        field_reading("bin", "?", ink=Ink.UNKNOWN, witnesses=witnesses),
        alternatives=(Alternative(BIN, math.log(p), "a"),),
    )
    form = decided(fields=FIELDS | {"bin": read})
    assert next(f.status for f in form.fields if f.field.field == "bin") is status


def test_what_was_seen_on_a_page_is_a_question_with_the_page_in_it():
    """A row that fits no line is asked about by itself: answering the cells alone does not settle the form."""
    doubts = (Doubt("row-unplaced", 2), Doubt("row-unplaced", 3), Doubt("page-turned", 1, (("degrees", "90"),)))
    form = decided(doubts=doubts)
    found = [f for f in form.findings if f.rule == "check.row-unplaced"]
    assert [dict(f.parameters)["page"] for f in found] == ["2", "3"]
    assert {f.message_id for f in found} == {"reason.row-unplaced"}
    assert form.status is Status.REVIEW
    assert "check.page-turned" not in checks(form)


def test_pages_left_out_are_told_only():
    """A cover letter holds nothing up, and the finding names its page."""
    form = decided(doubts=(Doubt("pages-left-out", 1, (("pages", "1"),)),))
    finding = next(f for f in form.findings if f.rule == "check.pages-left-out")
    assert (finding.informational, dict(finding.parameters)["pages"]) == (True, "1")
    assert form.status is Status.ACCEPTED
