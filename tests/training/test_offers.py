"""Wrong figures tried in the place of right ones: what the sums vouch for is found, and nothing is written."""

from __future__ import annotations

import random
from decimal import Decimal

from review.case import open_case
from review.store import Store
from tests.review.station.forms import LAYOUTS, fill, inked
from training.offers import Offers, table, weigh
from training.truths import Truth


def truth_of(values):
    """A truth.json entry of these figures."""
    entry = {}
    for place, value in values.items():
        section, line, column = place.removeprefix("s").split("/")
        told = {"written": value, "thousand_tenge": value or None}
        entry.setdefault(f"section{section}", {}).setdefault(line, {})[column] = told
    return Truth(entry)


def weighed(folder, other=None):
    """Two figures in doubt; `other`: what the paper says at the first of them while every sum says otherwise."""
    with Store.beside(folder, LAYOUTS) as store:
        places = inked(fill(store, folder, "sample.png").truth)[:2]
        form = fill(store, folder, "a.png", doubts=places)
        values = dict(form.truth)
        if other:
            values[places[0]] = other(values[places[0]])
        offers = Offers()
        weigh(store, {("a.png", 1): truth_of(values)}, random.Random(1), offers)
        with store.database.reading() as session:
            assert {c.place: c.value for c in open_case(session, LAYOUTS, form.key).cells if c.figure} == form.truth
    return offers


def test_sums_vouch_for_no_wrong_figure(tmp_path):
    """The machine's own readings come to be offered, nothing wrong does."""
    offers = weighed(tmp_path)
    assert (offers.figures, offers.first, offers.last, offers.own, offers.own_wrong) == (2, 0, 0, 2, 0)
    assert offers.tried == 12
    assert f"| 2 | 1 | {offers.tried} | 0 | 0 |" in "\n".join(table(offers))


def test_a_wrong_figure_that_all_sums_vouch_for_is_found(tmp_path):
    """Where the paper says otherwise than all its sums, the machine's reading would be offered."""
    offers = weighed(tmp_path, lambda value: str(Decimal(value) + 1))
    assert (offers.own, offers.own_wrong) == (1, 1) or offers.last >= 1
    assert offers.last >= 1
