"""What is proposed for a field by what is known from elsewhere: kept with the form, asked about, never filled in."""

from __future__ import annotations

import pytest

from review.case import open_case
from review.rows import FieldRow, FindingRow
from review.store import Store
from review.work.saying import Given
from tests.review.station.forms import LAYOUTS, fill

EMPTY = FieldRow(1, "kato", "", "", "", 0.99, "accepted", "", 1, 60, 60, 300, 88, "px")
TOLD = (("field", "kato"), ("kato", ""), ("region", "г. Экибастуз"), ("proposed", "551610000"), ("name", "г.Экибастуз"))
PROPOSED = FindingRow(
    1, "check.kato-proposed", "check", "", "undecided", "", "", "", "", "", "finding.kato-proposed", TOLD, True
)  # fmt: skip
UNKNOWN = FindingRow(
    1, "check.kato-unknown", "check", "", "undecided", "", "", "", "", "", "finding.kato-unknown-proposed",
    (("field", "kato"), ("kato", "559990000"), *TOLD[2:]),
)  # fmt: skip
BARE = "s3/1.1/1"


@pytest.fixture
def store(tmp_path):
    with Store.beside(tmp_path, LAYOUTS) as made:
        yield made


def opened(store, form):
    with store.database.reading() as session:
        case = open_case(session, LAYOUTS, form.key)
        return case, {question.place: question for question in case.questions}


def test_a_bare_code_is_asked_about_where_one_is_proposed(store, tmp_path):
    """With the code beside it; its figures do not wait for it, and nothing stands there before somebody says so."""
    form = fill(store, tmp_path, "a.png", blanks=[BARE], fields=[EMPTY], findings=[PROPOSED])
    case, asked = opened(store, form)
    assert (asked["kato"].alternatives, asked["kato"].value, asked["kato"].needed) == (("551610000",), "", False)
    assert [(each.value, each.name) for each in case.proposals] == [("551610000", "г.Экибастуз")]
    assert [finding.key for finding in case.findings] == []
    store.settle([Given(form.source, 1, BARE, "blank")])
    case, asked = opened(store, form)
    assert case.settled
    assert list(asked) == ["kato"]
    store.settle([Given(form.source, 1, "kato", "551610000")])
    assert opened(store, form)[1] == {}


def test_a_form_that_nothing_is_asked_about_stays_so(store, tmp_path):
    """A proposal only informs: it holds up no form that was accepted."""
    form = fill(store, tmp_path, "a.png", fields=[EMPTY], findings=[PROPOSED])
    assert opened(store, form)[1] == {}
    assert store.counts() == {"accepted": 1}


def test_what_asks_proposes_too_and_a_code_that_stands_there_is_not_asked_about(store, tmp_path):
    """The classifier does not know the code that was read, and has another one for the region's words."""
    stands = EMPTY._replace(written="559990000", value="559990000")
    form = fill(store, tmp_path, "a.png", blanks=[BARE], fields=[stands], findings=[UNKNOWN])
    case, asked = opened(store, form)
    assert [each.value for each in case.proposals] == ["551610000"]
    assert "kato" not in asked
    assert asked["check.kato-unknown@kato"].early


def test_read_anew_a_form_has_the_proposals_of_the_new_reading(store, tmp_path):
    """Those of the former one are gone."""
    fill(store, tmp_path, "a.png", blanks=[BARE], fields=[EMPTY], findings=[PROPOSED])
    form = fill(store, tmp_path, "a.png", blanks=[BARE], fields=[EMPTY])
    case, asked = opened(store, form)
    assert case.proposals == ()
    assert list(asked) == [BARE]
