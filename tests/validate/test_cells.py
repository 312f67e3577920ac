"""Verdicts on readings."""

from __future__ import annotations

import math

import pytest

from extract.records import Alternative, Ink
from tests.factories import TRUST, form_figures, place, reading
from validate.decide import decide
from validate.records import CheckedCell, Status
from validate.settings import Settings

SETTINGS = Settings(latest_year=2027)
AT = "s2/1.7/2"
# A small form whose sums hold: line 1 = 1.7 + 1.8, column 1 = 2 + 3.
SUMS = {
    "s2/1/1": "400", "s2/1/2": "250", "s2/1/3": "150",
    "s2/1.7/1": "300", "s2/1.7/2": "200", "s2/1.7/3": "100",
    "s2/1.8/1": "100", "s2/1.8/2": "50", "s2/1.8/3": "50",
}  # fmt: skip


# Sums that hold, but only repeat the figure: they say nothing for it.
ALONE = {"s2/1/1": "200", "s2/1/2": "200", "s2/1.7/1": "200"}


def verdict(cells, at=AT, **more) -> CheckedCell:
    form = decide(form_figures(cells, **more), SETTINGS, TRUST)
    return next(cell for cell in form.cells if cell.figure.reading.place == place(at))


def scanned(text=SUMS[AT], p=0.99, *, witnesses=2, ink=Ink.TYPED, at=AT, others=(), **more):
    alternatives = (Alternative(text, math.log(p), "a"), *others)
    return {at: reading(place(at), alternatives, ink=ink, witnesses=witnesses, **more)}


def test_print_of_a_text_layer_is_accepted():
    """So is a blank cell of it."""
    assert verdict(SUMS).status is Status.ACCEPTED
    assert verdict(SUMS, at="s2/1.9/1").status is Status.ACCEPTED


def test_print_is_accepted_also_where_the_sums_fail():
    """A respondent's mistake is no doubt about the reading."""
    cell = verdict(SUMS | {AT: "201"})
    assert (cell.status, cell.figure.value) == (Status.ACCEPTED, 201)


def test_two_readers_that_agree_are_accepted():
    """Typed figures need no sum."""
    assert verdict(ALONE, readings=scanned()).status is Status.ACCEPTED


@pytest.mark.parametrize(
    ("more", "reason"),
    [({"witnesses": 1}, "readers-disagree"), ({"p": 0.9}, "low-confidence"), ({"p": 0.3}, "low-confidence")],
)
def test_a_lone_or_unsure_reader_is_not_enough_without_sums(more, reason):
    """One reader's word, or two half-sure ones, wait for a person where no sum speaks."""
    cell = verdict(ALONE, readings=scanned(**more))
    assert cell.status is Status.REVIEW
    assert reason in cell.reasons


def test_a_lone_reader_is_accepted_where_line_and_column_hold():
    """Proper sums through the cell, all other cells sure, carry one reader's word."""
    assert verdict(SUMS, readings=scanned(witnesses=1, p=0.8)).status is Status.ACCEPTED


def test_no_sum_carries_a_lone_reader_s_nought():
    """The line adds up with a dash in a blank cell as well as without."""
    cells = SUMS | {"s2/1.7/5": "-"}
    lone = scanned("-", 0.9, witnesses=1, at="s2/1.7/5")
    assert verdict(cells, readings=lone, at="s2/1.7/5").status is Status.REVIEW
    assert verdict(cells, readings=scanned("-", 0.99, at="s2/1.7/5"), at="s2/1.7/5").status is Status.ACCEPTED


def test_sums_that_fail_confirm_nothing():
    """The same reading stays in review where its line does not hold."""
    cell = verdict(SUMS | {"s2/1.7/1": "301"}, readings=scanned(witnesses=1, p=0.8))
    assert cell.status is Status.REVIEW


def test_a_repeated_figure_is_no_proper_sum():
    """«200 = 200» says too little: a reader errs the same way twice."""
    cells = {"s2/1/1": "200", "s2/1/2": "200", "s2/1.7/1": "200"}
    assert verdict(cells, readings=scanned(witnesses=1)).status is Status.REVIEW


def test_a_rival_pair_of_readings_undoes_the_confirmation():
    """Where two cells read otherwise fit as well and nearly as likely, the sum proves nothing."""
    rivals = {AT: 700, "s2/1.7/1": 800, "s2/1/2": 750, "s2/1/1": 900}  # line and column hold with them as well

    def doubtful(p, q):
        found = {}
        for at, rival in rivals.items():
            found |= scanned(SUMS[at], p, at=at, others=(Alternative(str(rival), math.log(q), "a"),))
        return verdict(SUMS, readings=found)

    cell = doubtful(0.55, 0.4)
    assert cell.status is Status.REVIEW
    assert cell.choice.rival == 700
    assert {str(at) for at in cell.choice.together} == set(rivals) - {AT}
    assert doubtful(0.97, 0.02).status is Status.ACCEPTED


def test_handwriting_needs_a_sum():
    """Two readers' word for it is not enough; the sums carry one reader's."""
    hand = {"ink": Ink.HAND, "p": 0.95}
    assert verdict(SUMS, readings=scanned(**hand)).status is Status.ACCEPTED
    assert "hand-unconfirmed" in verdict(ALONE, readings=scanned(**hand)).reasons
    assert verdict(SUMS, readings=scanned(witnesses=1, **hand)).status is Status.ACCEPTED


def test_a_sum_that_fails_asks_about_what_readers_are_sure_of():
    """The cause is not known yet; that the reading is not in doubt is told by the lack of other reasons."""
    cell = verdict(SUMS | {"s2/1.7/1": "301"}, readings=scanned("250", 0.999, at="s2/1/2"), at="s2/1/2")
    assert cell.status is Status.ACCEPTED
    cell = verdict({}, readings=scanned(p=0.9999))
    assert (cell.status, cell.reasons) == (Status.REVIEW, ("control-fails",))


# Line 1.8 does not add up, nor does column 1, in which it stands: one slip explains both. Line 1.7 only repeats.
SLIP = {
    "s2/1/1": "500", "s2/1/2": "500", "s2/1.7/1": "200", "s2/1.7/2": "200", "s2/1.8/1": "250", "s2/1.8/2": "300",
}  # fmt: skip
BESIDE, CULPRIT = "s2/1.7/1", "s2/1.8/1"


def test_another_cell_s_slip_says_nothing_against_a_reading():
    """Two readers agree, and the best explanation that reads the cell otherwise is far behind."""
    cell = verdict(SLIP, readings=scanned("200", 0.999, at=BESIDE), at=BESIDE)
    assert cell.choice.broken == ("s2.total@1",)
    assert not cell.evidence.summed
    assert cell.status is Status.ACCEPTED
    assert verdict(SLIP, readings=scanned("200", 0.999, at=BESIDE, witnesses=1), at=BESIDE).status is Status.REVIEW


def test_the_slip_itself_is_shown():
    """There the readers may have erred as well as the respondent."""
    cell = verdict(SLIP, readings=scanned("250", 0.999, at=CULPRIT), at=CULPRIT)
    assert cell.status is Status.REVIEW
    assert not cell.choice.cleared


def test_how_far_behind_follows_from_the_error_rate():
    """The odds against the reading must be no more than the errors allowed."""
    form = form_figures(SLIP, readings=scanned("200", 0.999, at=BESIDE))
    tight = decide(form, Settings(latest_year=2027, max_error=1e-5), TRUST)
    assert not next(c for c in tight.cells if c.figure.reading.place == place(BESIDE)).choice.cleared


def test_a_form_all_by_hand_confirms_itself():
    """Sums whose every cell two readers agree on are accepted together."""
    form = decide(form_figures(SUMS, ink=Ink.HAND), SETTINGS, TRUST)
    assert all(cell.status is Status.ACCEPTED for cell in form.cells)


@pytest.mark.parametrize("reason", ["struck-out", "columns-conflict", "something-new"])
def test_a_doubt_of_extraction_stops_a_figure(reason):
    """Also one that is not known here, and whatever the sums say."""
    cell = verdict(SUMS, readings=scanned(reasons=(reason,)))
    assert (cell.status, cell.reasons) == (Status.REVIEW, (reason,))


def test_sums_clear_away_a_seal():
    """Ink over a figure is a doubt that line and column can settle."""
    assert verdict(SUMS, readings=scanned(reasons=("seal",))).status is Status.ACCEPTED
    assert verdict({}, readings=scanned(reasons=("seal",))).status is Status.REVIEW


def test_notes_about_the_page_stop_nothing():
    """That a page was photographed is worth knowing, not worth a look at every figure."""
    assert verdict(ALONE, readings=scanned(reasons=("photo",))).status is Status.ACCEPTED


@pytest.mark.parametrize(
    ("text", "reason"), [("-5", "negative"), ("Х", "crossed"), ("65%", "percent"), ("12.345", "ambiguous-mark")]
)
def test_some_texts_always_go_to_a_person(text, reason):
    """What was written is kept, and the reason said."""
    cell = verdict({AT: text})
    assert cell.status is Status.REVIEW
    assert reason in cell.reasons
    assert cell.figure.written == text


def test_a_missing_page_is_never_accepted():
    """Not even as blank."""
    cell = verdict({}, readings={AT: reading(place(AT), page=0)})
    assert (cell.status, cell.figure.value, cell.reasons) == (Status.REVIEW, None, ("page-missing",))


def test_a_figure_written_again_is_taken_where_the_sums_say_so_and_shown():
    """Two figures read as one, of which one fits: a person sees which was taken."""
    cell = verdict(SUMS, readings=scanned("489 200", 0.98, ink=Ink.HAND))
    assert (cell.figure.value, cell.figure.written) == (200, "200")
    assert cell.status is Status.REVIEW
    assert {"struck-out", "chosen-by-controls"} <= set(cell.reasons)


def test_nothing_is_taken_that_was_not_read():
    """Whatever the sums ask for."""
    cell = verdict(SUMS, readings=scanned("208", 0.6, others=(Alternative("203", math.log(0.3), "a"),)))
    assert cell.figure.value == 208
    assert cell.status is Status.REVIEW
