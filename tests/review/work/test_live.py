"""Controls over the figures as they stand, and what they ask."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import select

from layouts.model import RuleSet
from layouts.rules import controls
from review.answers import Origin
from review.case import open_case
from review.controls import balances
from review.keep import Filed
from review.schema import Cell, Finding
from tests.review.station.forms import BIN, LAYOUT, LAYOUTS, _rows, inked
from validate.ledger import Ledger

CELL, NEXT, RULE = "s2/1/1", "s2/1/2", "s2.columns@s2/1/1"
TOLD = Origin.RESPONDENT
PLACES = [str(place) for place in LAYOUT.places]


@pytest.fixture
def asel(office):
    return office.hire("asel")


def held(office, asel, **how):
    form = office.form(**how)
    office.claim(asel, form)
    return form


def case_of(office, form):
    """All that is worked out of it, before its session is over."""
    with office.reading() as session:
        case = open_case(session, LAYOUTS, form.key)
        return case, {question.place: question for question in case.questions}, case.settled, case.figures


def asked(office, form):
    return list(case_of(office, form)[1])


def say(office, asel, form, *said, **how):
    for place, value in said:
        office.claim(asel, form)
        office.say(asel, form, place, value, **how)


def plus(value, more):
    return str(Decimal(value) + more)


def test_a_figure_that_breaks_a_control_is_asked_about(office, asel):
    """Also where the machine's own reading obeyed it; corrected, nothing is asked any more."""
    form = held(office, asel, doubts=[CELL])
    say(office, asel, form, (CELL, plus(form.truth[CELL], 1)))
    assert RULE in asked(office, form)
    assert not case_of(office, form)[2]
    say(office, asel, form, (CELL, form.truth[CELL]))
    assert asked(office, form) == []


def test_a_figure_nobody_doubted_may_be_corrected_and_is_held_to_the_controls(office, asel):
    """A person who sees what the machine did not."""
    form = held(office, asel, doubts=[CELL])
    other = next(place for place in inked(form.truth) if place.startswith("s2/1/") and place not in {CELL, "s2/1/4"})
    say(office, asel, form, (CELL, form.truth[CELL]), (other, plus(form.truth[other], 3)))
    assert RULE in asked(office, form)


def test_a_corrected_culprit_closes_the_finding(office, asel):
    """The respondent's word mends the sum; nothing else is asked; the paper's figure stays under it."""
    form = held(office, asel, mistake=True)
    assert asked(office, form) == [RULE]
    mended = plus(form.truth[CELL], -7)
    say(office, asel, form, (CELL, mended), origin=TOLD)
    _case, questions, settled, figures = case_of(office, form)
    assert (questions, settled) == ({}, True)
    first = next(f for f in figures if (f.line, f.column, f.section) == ("1", 1, 2))
    assert (first.paper_value, first.final_value, first.origin) == (form.truth[CELL], mended, "respondent")


def test_a_wrong_correction_does_not_close_the_finding(office, asel):
    """An answer about a cell of a failed sum is none about the sum."""
    form = held(office, asel, mistake=True)
    say(office, asel, form, (CELL, plus(form.truth[CELL], 1)), origin=TOLD)
    assert RULE in asked(office, form)


def test_a_finding_s_cells_are_cleared_with_it(office, asel):
    """Cells that are in doubt only because a sum fails are no questions of their own."""
    form = held(office, asel, mistake=True)
    with office.writing() as session:
        for place in (CELL, NEXT):
            cell = session.get_one(Cell, (*form.key, place))
            cell.status, cell.reason = "review", "control-fails"
    assert asked(office, form) == [RULE]
    say(office, asel, form, (CELL, plus(form.truth[CELL], -7)), origin=TOLD)
    assert asked(office, form) == []


@pytest.mark.parametrize("how", ["answer", "undo", "again"])
def test_a_confirmation_is_asked_again_once_a_figure_of_it_moves(office, asel, how):
    """Whether by an answer, by an answer taken back, or because the paper was read anew."""
    form = held(office, asel, mistake=True)
    if how == "undo":
        say(office, asel, form, (NEXT, plus(form.truth[NEXT], 2)))
    say(office, asel, form, (RULE, "confirm"))
    assert RULE not in asked(office, form)
    if how == "answer":
        say(office, asel, form, (NEXT, plus(form.truth[NEXT], 2)))
    elif how == "undo":
        office.claim(asel, form)
        office.say(asel, form, NEXT, undo=True)
    else:
        read_again(office, form, {NEXT: plus(form.truth[NEXT], 2)})
    assert RULE in asked(office, form)


def test_a_confirmation_stays_while_other_figures_move(office, asel):
    """Those of other lines."""
    form = held(office, asel, mistake=True)
    say(office, asel, form, (RULE, "confirm"), ("s2/1.16.1/6", "0"))
    assert asked(office, form) == []


def read_again(office, form, otherwise):
    """The paper read anew, some cells otherwise."""
    with office.reading() as session:
        kept = session.scalars(select(Cell).where(Cell.source == form.source).order_by(Cell.position)).all()
        values = {cell.place: cell for cell in kept}
        mistake = session.scalar(select(Finding.id).where(Finding.source == form.source))
    truth = {place: values[place].value for place in PLACES}
    doubts = {place: truth[place] for place in PLACES if values[place].status == "review"}
    rows = _rows(truth, doubts, {}, set(), mistake=bool(mistake), bin_=BIN, year="2025", why="low-confidence")
    cells = [
        cell._replace(value=otherwise.get(cell.place, cell.value), written=otherwise.get(cell.place, cell.written))
        for cell in rows.cells
    ]
    office.store.put(Filed(form.source, form.name, "versions 2"), [replace(rows, cells=tuple(cells))])


def test_a_yes_keeps_what_it_was_said_to(office, asel):
    """Read anew as something else, the figure a person said yes to stays."""
    form = held(office, asel, doubts=[CELL, NEXT])
    say(office, asel, form, (CELL, "confirm"))
    read_again(office, form, {CELL: "77"})
    case, *_ = case_of(office, form)
    assert case.values[CELL] == form.truth[CELL]


def test_a_yes_to_a_bare_cell_keeps_it_bare(office, asel):
    """As if blank had been said."""
    bare = "s2/1.9/6"
    form = held(office, asel, doubts=[CELL], blanks=[bare])
    say(office, asel, form, (bare, "confirm"))
    read_again(office, form, {bare: "77"})
    assert case_of(office, form)[0].values[bare] == ""


def test_a_respondent_s_yes_is_to_what_people_read_on_the_paper(office, asel):
    """Not to what the machine took it for."""
    form = held(office, asel, doubts=[CELL, NEXT], wrong={CELL: "1"})
    say(office, asel, form, (CELL, form.truth[CELL]))
    say(office, asel, form, (CELL, "confirm"), origin=TOLD)
    assert case_of(office, form)[0].values[CELL] == form.truth[CELL]


def test_the_respondent_s_word_stays_above_readings_in_every_order(office, asel):
    """And each undo takes back the last word that stands."""
    truth = "41"
    form = held(office, asel, doubts=[CELL, NEXT])
    seen = []
    for value, origin in (("5", Origin.OPERATOR), (truth, TOLD), ("6", Origin.OPERATOR)):
        say(office, asel, form, (CELL, value), origin=origin)
        standing = case_of(office, form)[0].answers[CELL]
        seen.append((standing.value, standing.paper))
    for _turn in range(3):
        office.claim(asel, form)
        office.say(asel, form, CELL, undo=True)
        standing = case_of(office, form)[0].answers.get(CELL)
        seen.append((standing.value, standing.paper) if standing else None)
    assert seen == [("5", None), (truth, "5"), (truth, "6"), (truth, "5"), ("5", None), None]


def test_a_bare_cell_is_never_vouched_for(office, asel):
    """No sum tells blank from a dash."""
    form = held(office, asel, blanks=["s2/1.9/6"])
    assert [question.vouched for question in case_of(office, form)[1].values()] == [False]


def test_a_reading_is_vouched_for_by_sums_that_are_all_ready(office, asel):
    """Not while another cell of one of them is open, nor when one of them does not come out."""
    form = held(office, asel, doubts=[CELL])
    assert case_of(office, form)[1][CELL].vouched
    pair = held(office, asel, name="b.png", doubts=[CELL, NEXT])
    assert not case_of(office, pair)[1][CELL].vouched
    off = held(office, asel, name="c.png", seed=3, wrong={CELL: "1"})
    assert not case_of(office, off)[1][CELL].vouched


amounts = some.integers(0, 99).map(str)
tables = some.dictionaries(some.sampled_from(PLACES), amounts, max_size=40)


@given(tables)
@settings(max_examples=60, deadline=None)
def test_balances_agree_with_the_controls_of_the_decision(filled):
    """On any figures each control holds here exactly if it holds there."""
    values = {place: filled.get(place, "") for place in PLACES}
    found = balances(LAYOUT, values, frozenset())
    assert all((balance.stand == "holds") == _holds(balance.control, values) for balance in found)
    assert [balance.control for balance in found] == list(controls(LAYOUT, RuleSet.TABLE))
    assert len({balance.key for balance in found}) == len(found)


def _holds(control, values):
    """As the decision tells it."""
    figures = {place: SimpleNamespace(value=Decimal(values[str(place)] or 0)) for place in LAYOUT.places}
    return Ledger(figures, {}).holds(control)


steps = some.lists(
    some.tuples(
        some.sampled_from([CELL, NEXT, "s2/1/3", RULE]),
        some.sampled_from(["1", "2", "truth", "confirm", "undo"]),
        some.sampled_from([Origin.OPERATOR, TOLD]),
    ),
    max_size=10,
)


@given(told=steps)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_said_in_whatever_order(told, office):
    """Settled is where no needed question is open; paper and final figures are the two layers; controls that fail are
    asked about, confirmed, or waiting for a cell."""
    office.count += 1
    asel = office.hire(f"asel-{office.count}")
    form = office.form(f"{office.count}.png", doubts=[CELL, NEXT, "s2/1/3"])
    words: dict[str, list[tuple[str, Origin]]] = {}
    for place, value, origin in told:
        about = words.setdefault(place, [])
        if place == RULE and value not in {"confirm", "undo"}:
            continue
        office.claim(asel, form)
        if value == "undo":
            office.say(asel, form, place, undo=True)
            del about[-1:]
            continue
        office.say(asel, form, place, form.truth.get(place, "") if value == "truth" else value, origin=origin)
        about.append((form.truth.get(place, "") if value in {"truth", "confirm"} else value, origin))
    case, questions, settled, figures = case_of(office, form)
    assert settled == (not any(question.needed for question in questions.values()))
    assert bool(figures) == settled
    for figure in figures:
        place = f"s{figure.section}/{figure.line}/{figure.column}"
        read = [value for value, origin in words.get(place, []) if origin is not TOLD]
        heard = [value for value, origin in words.get(place, []) if origin is TOLD]
        paper = read[-1] if read else form.truth[place]
        if not any(value == "confirm" for value in heard):
            assert figure.paper_value == paper
        assert figure.final_value == (heard[-1] if heard else paper) or "confirm" in str(told)
    for balance in case.balances:
        if balance.stand == "fails":
            assert balance.key in questions or balance.key in case.answers
