"""Texts with two meanings («12.345»): the sums choose where only one meaning lets them hold."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from layouts.model import Control, Place, Relation
from postprocess.marks import AMBIGUOUS_MARK
from postprocess.records import Figure
from validate.ledger import ZERO, open_ledger, sign
from validate.reasons import MEANING_BY_CONTROL

MOST_SUMS = 4096  # sums that the meanings of one control's cells may make; with more the control does not choose

Meanings = Mapping[Place, tuple[Decimal, ...]]


def settle_meanings(figures: Sequence[Figure], controls: Iterable[Control]) -> tuple[Figure, ...]:
    """The figures with every ambiguous text settled that the equalities allow one meaning only.

    Never another text than the one read: only the meaning of its marks is chosen, and only where some equality rules
    the other meaning out whatever the other ambiguous cells mean.
    """
    open_cells = {f.reading.place: _meanings(f) for f in figures if AMBIGUOUS_MARK in f.reasons}
    if not open_cells:
        return tuple(figures)
    ledger = open_ledger(figures, ())
    known = {place: (ledger.amount(place),) for place in ledger.figures}
    equalities = [c for c in controls if c.rule.relation is Relation.EQUAL and not ledger.missing(c)]
    domains = _narrow({**known, **open_cells}, equalities)
    return tuple(_settled(f, domains[f.reading.place]) if f.reading.place in open_cells else f for f in figures)


def _meanings(figure: Figure) -> tuple[Decimal, ...]:
    """The amounts that the chosen text may mean."""
    return tuple(v.amount for v in figure.alternatives if v.written == figure.written and v.amount is not None)


def _narrow(
    domains: dict[Place, tuple[Decimal, ...]], equalities: Sequence[Control]
) -> dict[Place, tuple[Decimal, ...]]:
    """Meanings left when each equality has struck out those it cannot hold with, until nothing changes.

    An equality that no choice satisfies is the respondent's mistake and strikes nothing out.
    """
    changed = True
    while changed:
        changed = False
        for control in equalities:
            for place in control.places:
                if len(domains[place]) < 2:
                    continue
                left = _possible(control, place, domains)
                if left and left != domains[place]:
                    domains[place], changed = left, True
    return domains


def _possible(control: Control, place: Place, domains: Meanings) -> tuple[Decimal, ...]:
    """The meanings of one cell for which some choice of the others makes the equality hold."""
    sums = {ZERO}
    for other in control.places:
        if other != place:
            sums = {s + sign(control, other) * amount for s in sums for amount in domains[other]}
            if len(sums) > MOST_SUMS:
                return domains[place]
    tolerance = control.rule.tolerance
    return tuple(a for a in domains[place] if any(abs(s + sign(control, place) * a) <= tolerance for s in sums))


def _settled(figure: Figure, left: tuple[Decimal, ...]) -> Figure:
    """The figure with the one meaning that is left, or as it was."""
    if len(left) != 1:
        return figure
    same_text = [v for v in figure.alternatives if v.written == figure.written]
    confidence = min(1.0, sum(math.exp(v.logp) for v in same_text))
    reasons = tuple(MEANING_BY_CONTROL if r == AMBIGUOUS_MARK else r for r in figure.reasons)
    chosen = [v for v in figure.alternatives if v.amount == left[0]]
    others = [v for v in figure.alternatives if v.amount != left[0]]
    return replace(figure, value=left[0], alternatives=(*chosen, *others), confidence=confidence, reasons=reasons)
