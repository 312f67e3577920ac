"""Sums in the browser come out as they do in Python, to the last digit."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest

from layouts.model import Control, Each, Place, Relation, Rule, RuleSet, Words
from postprocess.identifiers import has_check_digit
from review.answers import AnswerError, parse_answer
from review.controls import Balance, Term
from review.flatten import plain
from review.station.shown import STATIC
from review.station.words import number


@pytest.fixture(scope="module")
def sums(chromium):
    """A page with nothing but the script."""
    page = chromium.new_page()
    page.add_script_tag(path=STATIC / "sums.js")
    yield page
    page.close()


def amount(rng):
    return rng.choice(["", "0", plain(Decimal(rng.randint(-(10**14), 10**14)).scaleb(-rng.randint(0, 6)))])


def test_controls_are_weighed_alike(sums):
    """Both sides, the difference and the verdict, over random figures, blanks and tolerances."""
    rng = random.Random(5)
    cases = []
    for number_ in range(600):
        left, right = ([amount(rng) for _ in range(rng.randint(1, 16))] for _ in range(2))
        if number_ % 3 == 0:
            right = [plain(sum((Decimal(v or 0) for v in left), Decimal(0)))]
        cases.append((left, right, rng.choice(["=", "≥"]), rng.choice(["0", "0.5", "1"])))
    told = sums.evaluate(
        """cases => cases.map(([l, r, how, slack]) => { const w = Qagaz.sums.weigh(l, r, how, slack);
        return [Qagaz.sums.plain(w.left), Qagaz.sums.plain(w.right), Qagaz.sums.plain(w.difference), w.holds]; })""",
        cases,
    )
    for case, found in zip(cases, told, strict=True):
        balance = _balance(*case)
        sides = [plain(sum((term.value for term in side), Decimal(0))) for side in (balance.left, balance.right)]
        assert found == [*sides, plain(balance.difference), balance.balanced]


def test_figures_are_understood_and_written_alike(sums):
    """What may be typed, and how it is shown."""
    texts = [
        "12 345,6",
        "12345.60",
        "0,50",
        "-7",
        "007",
        "1\u00a0000",
        "12'345",
        "",
        "x",
        "1,2,3",
        "1e3",
        "9" * 16,
        "1.",
    ]
    told = sums.evaluate(
        """texts => texts.map(text => { const a = Qagaz.sums.parse(text);
        return a && [Qagaz.sums.plain(a), Qagaz.sums.shown(a, "\\u00a0", ",")]; })""",
        texts,
    )
    for text, found in zip(texts, told, strict=True):
        try:
            value = parse_answer("s2/1/1", text, figure=True)[1] if text else None
        except AnswerError:
            value = None
        assert found == (None if value is None else [value, number(value, "ru")])


def test_check_digits_are_told_alike(sums):
    """Of a BIN or IIN."""
    rng = random.Random(6)
    numbers = [f"{rng.randrange(10**12):012}" for _ in range(500)] + ["020960639692", "871011480473"]
    assert sums.evaluate("all => all.map(Qagaz.sums.checkDigit)", numbers) == [has_check_digit(n) for n in numbers]


def _balance(left, right, relation, tolerance) -> Balance:
    how = Relation.EQUAL if relation == "=" else Relation.AT_LEAST
    words = Words("", "")
    rule = Rule("r", RuleSet.TABLE, 2, "", words, Each.LINE, how, (), (), tolerance=Decimal(tolerance))
    sides = (tuple(Term("", Decimal(value or 0), False) for value in side) for side in (left, right))
    places = (Place(2, "1", "1"),)
    return Balance("r@", Control(rule, "1", places, places), *sides)
