"""Sample forms by another maker: every amount right, nothing wrong accepted, every own mistake of a respondent found.

The whole set is scored by `qagaz read` and a scorer; here a few files of each way in keep watch.
"""

from __future__ import annotations

import json
import os
from decimal import Decimal
from pathlib import Path

import pytest

from extract.readers.default import default_readers
from extract.records import Source
from layouts.load import shipped_layouts, shipped_notices
from layouts.model import Place
from qagaz.pipeline import digitise
from validate.outside.knowledge import NO_KNOWLEDGE, Knowledge, Past
from validate.records import Cause, CheckedForm, Status
from validate.settings import Settings
from validate.trust import shipped_trust

SAMPLES = os.environ.get("QAGAZ_SAMPLES")
pytestmark = [
    pytest.mark.samples,
    pytest.mark.skipif(not SAMPLES, reason="QAGAZ_SAMPLES names no folder of sample forms"),
]
HOURS = ["<1", "1-2", "2-4", "4-8", "8-40", ">40"]
TEXT = ["digital-00.pdf", "docx-01.pdf", "labels-00.pdf", "units-02.pdf"]
SCANS = ["labelscan-00.pdf", "shuffled-00.pdf", "stamped-01.pdf", "photo-01"]
HAND = ["hand200-00.pdf"]


def forms_of(name: str, knowledge: Knowledge = NO_KNOWLEDGE) -> list[CheckedForm]:
    path = Path(str(SAMPLES)) / name
    source = Source("0" * 64, name, path)
    forms, notices, readers = shipped_layouts(), shipped_notices(), default_readers()
    found = digitise(source, forms, notices, readers, Settings(), shipped_trust(), knowledge)
    return [form for form in found if isinstance(form, CheckedForm)]


def truth_of(name: str) -> list[dict]:
    entries = json.loads((Path(str(SAMPLES)) / "truth.json").read_text(encoding="utf-8"))
    return sorted((entry for entry in entries if entry["file"] == name), key=lambda entry: entry["form"])


def wanted(entry: dict, place: Place) -> Decimal | None:
    cell = entry[f"section{place.section}"][place.line][place.column]
    return Decimal(cell["thousand_tenge"]) if cell["written"] else None


def wrong_cells(form: CheckedForm, entry: dict) -> list[tuple[str, str]]:
    return [
        (str(cell.figure.reading.place), cell.status)
        for cell in form.cells
        if cell.figure.value != wanted(entry, cell.figure.reading.place)
    ]


@pytest.mark.parametrize("name", TEXT + [pytest.param(name, marks=pytest.mark.tesseract) for name in SCANS])
def test_every_figure_of_typed_forms_is_right(name):
    forms, truth = forms_of(name), truth_of(name)
    assert len(forms) == len(truth)
    for form, entry in zip(forms, truth, strict=True):
        assert len(form.cells) == len(form.form.reading.layout.places)
        assert wrong_cells(form, entry) == []
        fields = {field.field.field: field.field.value for field in form.fields if not field.field.line}
        assert fields["bin"] == entry["bin"]
        assert fields["iin"] == entry["iin"]
        assert fields["year"] == str(entry["year"])
        assert fields["kato"] == entry["kato"]
        assert fields["hours"] == HOURS[entry["time"]]
        for error in entry["errors"]:
            place = Place(error["section"], error["line"], error["column"])
            assert any(finding.places[:1] == (place,) for finding in form.findings if finding.set == "table")
        if not entry["errors"]:
            assert [f.rule for f in form.findings if f.set == "table"] == []


@pytest.mark.parametrize("name", TEXT)
def test_a_text_layer_leaves_nothing_to_review_but_respondents_own_mistakes(name):
    for form, entry in zip(forms_of(name), truth_of(name), strict=True):
        assert {cell.status for cell in form.cells} == {Status.ACCEPTED}
        assert form.status is (Status.REVIEW if entry["errors"] else Status.ACCEPTED)


def test_a_form_filled_in_tenge_is_all_in_review_as_written():
    (form,) = forms_of("tenge-00.pdf")
    assert {cell.status for cell in form.cells} == {Status.REVIEW}
    assert [finding.rule for finding in form.findings if finding.cause is Cause.UNIT] == ["check.unit"]
    assert wrong_cells(form, truth_of("tenge-00.pdf")[0]) == []


@pytest.mark.tesseract
@pytest.mark.parametrize("name", HAND)
def test_of_handwriting_nothing_wrong_is_accepted(name):
    for form, entry in zip(forms_of(name), truth_of(name), strict=True):
        assert [place for place, status in wrong_cells(form, entry) if status is Status.ACCEPTED] == []


def test_last_years_figures_reach_the_form_and_change_no_reading():
    """A hundredth of this year's total asks a person; every cell reads as it did."""
    (alone,) = forms_of("digital-00.pdf")
    total = next(cell.figure for cell in alone.cells if cell.figure.value)
    before = Past("", "", alone.form.value("region"), {total.reading.place: total.value / 100})
    (told,) = forms_of("digital-00.pdf", Knowledge(past={alone.form.value("bin"): (before,)}))
    assert [cell.figure for cell in told.cells] == [cell.figure for cell in alone.cells]
    assert {f.rule for f in told.findings} - {f.rule for f in alone.findings} == {"check.year-on-year"}
