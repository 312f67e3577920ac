"""The joint decision against plain enumeration, and what it never does."""

from __future__ import annotations

import math
from decimal import Decimal

import numpy as np
import pytest

from layouts.model import Relation
from tests.validate.joint.oracle import Oracle
from tests.validate.joint.small import at, bare, drawn, figure, table
from validate.joint import program
from validate.joint.choose import _left_over, _prices, choose
from validate.joint.domains import domains
from validate.joint.patterns import patterns
from validate.settings import Settings

SETTINGS = Settings(latest_year=2027)
GAP = 0.011  # nats: the solver stops that near to the best


@pytest.mark.parametrize("seed", range(1, 21))
def test_no_margin_is_larger_than_enumeration_finds(seed):
    """Explanations that cost more than patterns are kept for are not compared: margins may leave them out."""
    figures, controls = drawn(seed)
    prices = _prices(figures, controls, SETTINGS)
    budget = prices.slip + SETTINGS.reach
    cells = domains(figures, budget, SETTINGS)
    rounding = {c: _left_over(c, cells) for c in controls if c.rule.relation is Relation.EQUAL}
    oracle, most = Oracle(cells, controls, prices, rounding), budget
    while not (found := oracle.explanations(most)):
        most += prices.slip
    best = min(e.cost for e in found)
    found = oracle.explanations(best + SETTINGS.reach)
    decision = choose(figures, controls, SETTINGS)
    assert decision.whole
    for place, choice in decision.choices.items():
        domain = cells.cells[place]
        assert math.isfinite(choice.margin)
        if not domain.candidates:
            assert choice.margin <= 0.0
            continue
        value = decision.amounts.get(place, domain.candidates[0].amount)
        k = next(k for k, c in enumerate(domain.candidates) if c.amount == value)
        others = (e.cost for e in found if e.choice.get(place, 0) != k and e.cost <= budget)
        other = min(others, default=math.inf)
        says = min((e.cost for e in found if e.choice.get(place, 0) == k), default=math.inf)
        margin = min(other, best + SETTINGS.reach) - says
        assert choice.margin <= max(margin, 0.0) + GAP


def correct() -> list:
    """1000 = 600 + 400 and the like, each read without much doubt."""
    amounts = {(0, 0): "1000", (0, 1): "600", (0, 2): "400", (1, 0): "1000", (1, 1): "600", (1, 2): "400"}
    return [figure(at(*where), [(text, 0.95), ("7", 0.03)]) for where, text in amounts.items()]


def test_the_same_form_is_decided_the_same_way_twice():
    """To the last bit."""
    figures, controls = drawn(8)
    assert choose(figures, controls, SETTINGS) == choose(figures, controls, SETTINGS)


def test_a_search_cut_short_decides_nothing(monkeypatch):
    """Where the best explanation is not found no cell takes another reading, and no sum speaks for one."""
    monkeypatch.setattr(program.Program, "best", lambda self: program._unknown(0.0))
    decision = choose(correct(), table(2, 3), SETTINGS)
    assert (decision.whole, decision.choices, decision.amounts) == (False, {}, {})


@pytest.mark.parametrize(("limit", "left"), [("MOST_SEARCHES", 1), ("MOST_STEPS", 0)])
def test_without_integer_searches_margins_are_only_lower(monkeypatch, limit, left):
    """The relaxation's bound stands in for what was not searched."""
    for seed in range(12):
        figures, controls = drawn(seed)
        full = choose(figures, controls, SETTINGS)
        monkeypatch.setattr(program, limit, left)
        short = choose(figures, controls, SETTINGS)
        monkeypatch.undo()
        for place in short.choices if short.amounts == full.amounts else ():
            assert short.choices[place].margin <= max(full.choices[place].margin, 0.0) + GAP


@pytest.mark.parametrize("seed", range(6))
def test_steps_are_saved_on_margins_only(monkeypatch, seed):
    """What a form most likely says is found however many it takes."""
    figures, controls = drawn(seed)
    full = choose(figures, controls, SETTINGS)
    monkeypatch.setattr(program, "MOST_STEPS", 0)
    assert choose(figures, controls, SETTINGS).whole is full.whole


def test_a_misreading_in_line_and_column_is_put_right_and_nothing_else():
    """Only by a reading that is listed."""
    figures = correct()
    figures[1] = figure(at(0, 1), [("680", 0.55), ("600", 0.4)])
    decision = choose(figures, table(2, 3), SETTINGS)
    assert decision.amounts == {at(0, 1): Decimal(600)}
    figures[1] = figure(at(0, 1), [("680", 0.95), ("690", 0.05)])
    assert not choose(figures, table(2, 3), SETTINGS).amounts


def test_misreadings_that_keep_all_sums_leave_no_margin():
    """Four cells read otherwise add up as well: what is between them is the readers' doubt alone."""
    figures = [
        figure(at(i, j), [(a, 0.55), (b, 0.45)])
        for i, j, a, b in [(0, 0, "800", "600"), (0, 1, "500", "300"), (1, 0, "800", "600"), (1, 1, "500", "300")]
    ]
    figures += [figure(at(i, 2), [("300", 0.999), ("900", 0.001)]) for i in (0, 1)]
    decision = choose(figures, table(2, 3), SETTINGS)
    assert not decision.amounts
    assert all(decision.choices[at(i, j)].margin < SETTINGS.switch_margin for i in (0, 1) for j in (0, 1))


def test_patterns_are_exact_and_none_is_missing():
    """Also of amounts whose sums no floating-point number holds."""
    huge = Decimal("123456789012.34567")
    readings = {0: [str(huge + 1), str(huge)], 1: [str(huge), str(huge - Decimal("0.00001"))], 2: ["1", "0.00001"]}
    figures = [figure(at(0, j), [(t, 0.6 if n == 0 else 0.4) for n, t in enumerate(r)]) for j, r in readings.items()]
    cells = domains([*figures, *(bare(at(1, j)) for j in range(3))], 20.0, SETTINGS)
    control = table(2, 3)[0]
    found = patterns(control, cells, 20.0, 0)
    taken = {tuple(dict(zip(found.cells, row, strict=True))[at(0, j)] for j in range(3)) for row in found.choices}
    assert taken == {(0, 0, 0)} | {(1, 1, 1)}
    assert found.complete == pytest.approx(20.0)
    assert np.all(found.exact)
