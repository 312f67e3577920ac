"""Figures in another unit than the rest: one cell, or a line or column, in tenge or millions, or without its mark."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from layouts.model import Control, Each, Place, Relation
from validate.causes.account import Account, Slip
from validate.causes.books import decimals
from validate.causes.priors import nats
from validate.records import Cause

THOUSAND = Decimal(1000)
UNITS = (
    ("in-tenge", 1 / THOUSAND),
    ("in-millions", THOUSAND),
    ("in-tenge", 1 / THOUSAND**2),
    ("in-millions", THOUSAND**2),
)
TELLING = 10  # times what rounding leaves over: smaller figures would fit in any unit
SHARE_EXPECTED = 10  # an "of which" figure is mostly at least a tenth of its whole


def one_cell_in_other_unit(index: int, account: Account) -> Iterator[Slip]:
    """A cell of an equality in tenge, in millions, or written without its decimal mark."""
    control = account.books.controls[index]
    if control.rule.relation is Relation.EQUAL:
        for place in control.places:
            if account.amount(place) and place not in account.changed:
                yield from _scaled(index, place, account)
                yield from _mark_lost(index, place, account)


def _scaled(index: int, place: Place, account: Account) -> Iterator[Slip]:
    priors, now = account.books.settings.priors, account.amount(place)
    for kind, factor in UNITS:
        change = ((place, now * factor),)
        if telling(index, change, account) and account.settles(index, change, loose=True):
            cost = nats(priors.unit_cell / priors.filled) + roundness((place,), factor, account)
            yield Slip(Cause.UNIT, kind, (place,), cost, change, loose=True)


def _mark_lost(index: int, place: Place, account: Account) -> Iterator[Slip]:
    """A whole number among figures with decimals: 12345 for 1 234,5."""
    priors, now = account.books.settings.priors, account.amount(place)
    usual = decimals(account.books.last[index])
    change = ((place, now.scaleb(-usual)),)
    if usual and not decimals(now.normalize()) and account.settles(index, change):
        yield Slip(Cause.UNIT, "mark-lost", (place,), nats(priors.mark_lost / priors.filled), change)


def telling(index: int, changes: tuple[tuple[Place, Decimal], ...], account: Account) -> bool:
    """Whether the figures would be so large that a sum of them, rounded, says something."""
    here = [abs(new) for place, new in changes if place in account.books.signs[index]]
    return bool(here) and max(here) >= TELLING * max(account.books.slack(index), Decimal(1))


def roundness(places: Sequence[Place], factor: Decimal, account: Account) -> float:
    """What speaks for tenge, in nats below nought: three noughts at the end of figures, on a form of others."""
    books = account.books
    if factor > 1:
        return 0.0
    if any(account.amount(place) % THOUSAND for place in places):
        return nats(books.settings.priors.uneven_tenge)
    others = [f.value for p, f in books.ledger.figures.items() if f.value and p not in places]
    if 2 * sum(1 for value in others if value % THOUSAND == 0) > len(others):
        return 0.0
    return -nats(books.settings.priors.round_amounts)


def smallness(index: int, changes: tuple[tuple[Place, Decimal], ...], account: Account) -> float:
    """What it costs, in nats, that a part would be so small beside its whole; nothing for a sum."""
    control = account.books.controls[index]
    if control.rule.relation is Relation.EQUAL:
        return 0.0
    left, right = (
        float(sum(dict(changes).get(p, account.amount(p)) for p in side)) for side in (control.left, control.right)
    )
    return max(0.0, nats(right / left * SHARE_EXPECTED)) if left > 0 and right > 0 else 0.0


def in_other_unit(index: int, account: Account) -> Iterator[Slip]:
    """The cells of one line or column, all of them or all but sums, in another unit than the rest."""
    control, priors = account.books.controls[index], account.books.settings.priors
    for cells in _crossing(control, account):
        filled = [p for p in cells if account.amount(p) and p not in account.changed]
        for chosen in _with_and_without_sums(filled, account):
            for kind, factor in UNITS[:2]:
                changes = tuple((p, account.amount(p) * factor) for p in chosen)
                if telling(index, changes, account) and account.settles(index, changes, loose=True):
                    room = priors.strips if chosen[0].column == chosen[1].column else priors.rows
                    cost = nats(priors.unit_group / room) + smallness(index, changes, account)
                    cost += roundness(chosen, factor, account)
                    first = [p for p in chosen if p in control.places]
                    places = (*first, *(p for p in chosen if p not in first))
                    yield Slip(Cause.UNIT, f"{kind}-{_extent(chosen)}", places, cost, changes, loose=True)


def _crossing(control: Control, account: Account) -> Iterator[list[Place]]:
    """The columns that cross a line's control, the lines that cross a column's; and its own line or column."""
    section = control.left[0].section
    names = account.books.columns if control.rule.each is Each.LINE else account.books.lines
    every = [p for p in account.books.ledger.figures if p.section == section]
    for name in names[section]:
        if control.rule.each is Each.LINE:
            yield [p for p in every if p.column == name]
        else:
            yield [p for p in every if p.line == name]


def _with_and_without_sums(filled: Sequence[Place], account: Account) -> Iterator[Sequence[Place]]:
    """A group of two cells and more, and the same without its sums."""
    if len(filled) > 1:
        yield filled
    parts = [p for p in filled if p not in account.books.totals]
    if 1 < len(parts) < len(filled):
        yield parts


def _extent(places: Sequence[Place]) -> str:
    return "column" if places[0].column == places[1].column else "line"
