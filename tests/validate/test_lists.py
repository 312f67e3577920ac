"""The list of respondents and the classifier of places."""

from __future__ import annotations

import pytest

from tests.factories import BIN, FIELDS, IIN, TRUST, form_figures
from validate.decide import decide
from validate.outside.classifier import Classifier
from validate.outside.knowledge import Knowledge
from validate.outside.register import Register
from validate.records import Outcome, Status
from validate.settings import Settings

SETTINGS = Settings(latest_year=2027)
OTHER = "050140003331"
FILLED = {"s2/1/1": "5", "s2/1/2": "5", "s2/1.7/1": "5", "s2/1.7/2": "5"}
LIST = Register({BIN: "ТОО «Сарыарқа Софт»", OTHER: "АО «Меридиан-Софт»", IIN: "ИП Калиев"})
PLACES = Classifier(
    {
        "550000000": "Павлодар облысы/Павлодарская область",
        "551000000": "Павлодар қ.ә./Павлодар Г.А.",
        "551010000": "Павлодар қ./г.Павлодар",
        "551600000": "Екібастұз қ.ә./Экибастуз Г.А.",
        "551610000": "Екібастұз қ./г.Экибастуз",
        "551630000": "Ақкөл ауылы/с.Акколь",
        "710000000": "Астана қаласы/г.Астана",
        "711310000": "Сарыарқа ауданы/район Сарыарка",
        "119020100": "Ақкөл ауылы/с.Акколь",
    }
)


def decided(fields, knowledge):
    return decide(form_figures(FILLED, fields=FIELDS | fields), SETTINGS, TRUST, knowledge)


def findings(fields, knowledge):
    return {f.rule: dict(f.parameters) for f in decided(fields, knowledge).findings}


def test_a_number_on_the_list_with_its_own_name_is_nothing_to_ask():
    """However the form of enterprise, quotes and letters are written."""
    for name in ("ТОО «Сарыарқа Софт»", '"Сарыарка Софт" ЖШС', "САРЫАРҚА СОФТ", "", "Сарыарқа Соft"):
        assert findings({"name": name}, Knowledge(register=LIST)) == {}


def test_a_number_that_is_not_on_the_list_is_asked_about():
    """The number that the name belongs to is proposed; nothing is changed."""
    form = decided({"bin": "990140001237", "name": "АО Меридиан-Софт"}, Knowledge(register=LIST))
    (found,) = [f for f in form.findings if f.rule == "check.respondent-unknown"]
    assert dict(found.parameters)["proposed"] == OTHER
    assert found.message_id == "finding.respondent-unknown-named"
    assert form.form.value("bin") == "990140001237"
    assert form.status is Status.REVIEW
    assert "respondent-unknown" in form.reasons
    unnamed = findings({"bin": "990140001237", "name": "Нечто иное"}, Knowledge(register=LIST))
    assert unnamed["check.respondent-unknown"]["proposed"] == ""


def test_a_name_that_belongs_to_another_number_is_asked_about():
    """A name that is nobody's on the list says nothing: firms rename themselves."""
    found = findings({"name": "Меридиан-Софт АҚ"}, Knowledge(register=LIST))
    assert found["check.name-of-another"]["proposed"] == OTHER
    assert found["check.name-of-another"]["own"] == "ТОО «Сарыарқа Софт»"
    assert findings({"name": "ТОО Ромашка"}, Knowledge(register=LIST)) == {}


def test_a_namesake_is_no_other():
    """Two numbers of one name, and the form has either."""
    twins = Register({BIN: "ТОО «Вектор-Н»", OTHER: "ТОО «Вектор-Н»"})
    assert findings({"name": "ТОО Вектор-Н"}, Knowledge(register=twins)) == {}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Павлодарская область, г. Экибастуз", "551610000"),
        ("Павлодар облысы, Екібастұз қаласы", "551610000"),
        ("г. Экибастуз", "551610000"),
        ("Павлодар облысы", "550000000"),
        ("Павлодар облысы, Павлодар қаласы", "551010000"),
        ("г. Астана, район Сарыарка", "711310000"),
        ("с. Акколь", ""),
        ("Павлодарская область, с. Акколь", "551630000"),
        ("Лондон", ""),
        ("", ""),
    ],
)
def test_the_region_text_proposes_the_smallest_place_it_surely_names(text, code):
    """In either language; a village of which there are two is nobody's to guess."""
    assert PLACES.proposed(text) == code


def test_an_open_kato_is_proposed_and_holds_nothing_up():
    """The department fills it in; the value stays empty."""
    form = decided({"region": "г. Экибастуз"}, Knowledge(classifier=PLACES))
    (found,) = form.findings
    assert (found.rule, dict(found.parameters)["proposed"]) == ("check.kato-proposed", "551610000")
    assert (form.status, form.form.value("kato")) == (Status.ACCEPTED, "")


@pytest.mark.parametrize(
    ("kato", "region", "rule"),
    [
        ("559990000", "г. Экибастуз", "check.kato-unknown"),
        ("559990000", "", "check.kato-unknown"),
        ("551010000", "Павлодар облысы, Екібастұз қаласы", "check.kato-elsewhere"),
        ("551010000", "г. Экибастуз", "check.kato-elsewhere"),
        ("551600000", "г. Экибастуз", None),
        ("551610000", "Павлодарская область", None),
        ("710000000", "г. Экибастуз", "check.kato-elsewhere"),
        ("711310000", "Павлодарская область, г. Экибастуз", "check.kato-contradicts-region"),
    ],
)
def test_a_code_that_is_unknown_or_of_another_place_is_asked_about(kato, region, rule):
    """A larger or smaller place around the one named agrees with it."""
    found = decided({"kato": kato, "region": region}, Knowledge(classifier=PLACES)).findings
    assert [f.rule for f in found] == ([rule] if rule else [])
    assert all(f.outcome is Outcome.FAILS for f in found)


def test_a_registered_address_proposes_nothing():
    """Where services are rendered, only the region's text says."""
    fields = {"address": "Павлодарская область, г. Экибастуз, ул. Ленина, 1"}
    assert findings(fields, Knowledge(classifier=PLACES, register=LIST)) == {}


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("с. Акколь", ("119020100", "551630000")),
        ("Павлодарская область, с. Акколь", ("551630000",)),
        ("г. Экибастуз", ("551610000",)),
        ("Павлодарская область", ("550000000",)),
        ("Лондон", ()),
    ],
)
def test_every_place_of_a_name_may_be_meant(text, codes):
    """Of a town and the village within it the smaller; of two villages of one name both."""
    assert PLACES.candidates(text) == codes


@pytest.mark.parametrize(
    ("typed", "first"),
    [("экиб", "551600000"), ("ЕКІБАСТҰЗ", "551600000"), ("екибстуз", "551600000"), ("сарыар", "711310000")],
)
def test_places_are_found_by_letters_of_their_names(typed, first):
    """In any language and case, with a letter wrong; larger places before smaller ones of the same name."""
    assert PLACES.search(typed)[0] == first


def test_places_of_the_region_named_come_first():
    """One letter finds nothing; no more are listed than asked for."""
    assert PLACES.search("акколь", "55")[0] == "551630000"
    assert PLACES.search("акколь", "11")[0] == "119020100"
    assert PLACES.search("а") == ()
    assert len(PLACES.search("павлодар", most=2)) == 2
