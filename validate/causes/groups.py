"""What may have gone wrong with several cells at once: a line in another unit, figures beside their places, …"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from layouts.model import Each, Place, Relation
from validate.causes.account import Account, Slip
from validate.causes.priors import nats
from validate.ledger import ZERO
from validate.records import Cause

Changes = tuple[tuple[Place, Decimal], ...]
RUNS = 8  # ways in which a run of lines may stand off, that begins at some line: how long it is, up or down
NEIGHBOURS = 4
LONGER = 0.5  # nats for each further line of a run


def beside_its_place(index: int, account: Account) -> Iterator[Slip]:
    """One figure a line or column off, or two in each other's place."""
    books = account.books
    for place in books.controls[index].places:
        for lines, columns in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            other = books.beside(place, lines, columns)
            if other is not None:
                yield from _moved(index, place, other, account)
        if account.amount(place):
            yield from _swapped(index, place, account)


def _moved(index: int, one: Place, other: Place, account: Account) -> Iterator[Slip]:
    """A figure that stands in one of two neighbouring cells and belongs in the other, which is empty."""
    books, priors = account.books, account.books.settings.priors
    for stands, belongs in ((one, other), (other, one)):
        amount = account.amount(stands)
        if not amount or not books.empty(belongs) or {stands, belongs} & account.changed.keys():
            continue
        changes = ((stands, ZERO), (belongs, amount))
        if account.settles(index, changes):
            cost = nats(priors.moved / priors.filled / NEIGHBOURS)
            yield Slip(Cause.MISPLACED, "moved", (stands, belongs), cost, changes)


def _swapped(index: int, place: Place, account: Account) -> Iterator[Slip]:
    """Two figures of one line or one column in each other's place."""
    priors, now = account.books.settings.priors, account.amount(place)
    for other in _alongside(place, account):
        then = account.amount(other)
        changes = ((place, then), (other, now))
        if not then or then == now or other in account.changed or not account.settles(index, changes):
            continue
        near = other in {account.books.beside(place, *step) for step in ((1, 0), (-1, 0), (0, 1), (0, -1))}
        cost = nats(priors.swapped / priors.filled / (1 if near else 10))
        yield Slip(Cause.MISPLACED, "swapped", (place, other), cost, changes)


def _alongside(place: Place, account: Account) -> Iterator[Place]:
    """The other cells of its column and of its line."""
    books = account.books
    for line in books.lines[place.section]:
        if line != place.line:
            yield place._replace(line=line)
    for column in books.columns[place.section]:
        if column != place.column:
            yield place._replace(column=column)


def shifted(index: int, account: Account) -> Iterator[Slip]:
    """A run of lines written one line off, or a run of one line's figures one column off."""
    books = account.books
    control = books.controls[index]
    if account.slips:
        return  # it comes alone
    section = control.left[0].section
    rows, strips = books.lines[section], books.columns[section]
    if control.rule.each is Each.COLUMN:
        wide = [[Place(section, line, column) for column in strips] for line in rows]
        yield from _runs(index, wide, account)
    for line in (control.at,) if control.rule.each is Each.LINE else rows:
        yield from _runs(index, [[Place(section, line, column)] for column in strips], account)


def _runs(index: int, strips: Sequence[Sequence[Place]], account: Account) -> Iterator[Slip]:
    """Neighbouring strips of cells whose figures stand one strip too late or too early.

    Before a run that stands too late lies an empty strip, where its first figures belong; the last strip of a run
    would be empty.
    """
    filled = [any(account.amount(p) for p in strip) for strip in strips]
    crossed = account.books.signs[index]
    least = 2 if len(strips[0]) == 1 else 1  # one figure beside its place is another matter
    for step in (1, -1):
        order = range(len(strips))[::step]
        for before in order:
            run = order[order.index(before) + 1 :]
            if filled[before]:
                continue
            here: dict[Place, Decimal] = {}  # what the control's own cells would hold
            for count, at in enumerate(run, start=1):
                pairs = zip(strips[at - step], strips[at], strict=True)
                here |= {to: account.amount(p) for to, p in pairs if to in crossed}
                ends = {p: ZERO for p in strips[at] if p in crossed}
                if not filled[at] or sum(filled[i] for i in run[:count]) < least:
                    continue
                if account.settles(index, tuple((here | ends).items())):
                    yield _run([strips[before], *(strips[i] for i in run[:count])], account)


def _run(strips: Sequence[Sequence[Place]], account: Account) -> Slip:
    """The slip that wrote the figures of each strip into the next one; the first is empty."""
    priors = account.books.settings.priors
    put_back = {
        to: account.amount(p) for one, next_ in pairwise(strips) for to, p in zip(one, next_, strict=True)
    } | dict.fromkeys(strips[-1], ZERO)
    changes = tuple((p, new) for p, new in put_back.items() if new != account.amount(p))
    places = tuple(p for strip in strips[1:] for p in strip if account.amount(p))
    kind = "shifted-figures" if len(strips[0]) == 1 else "shifted-lines"
    cost = nats(priors.shifted / priors.rows / RUNS) + LONGER * (len(strips) - 2)
    return Slip(Cause.MISPLACED, kind, places, cost, changes)


def missing_totals(index: int, account: Account) -> Iterator[Slip]:
    """All sums of a line or a column left out, each what its parts add up to."""
    books, priors = account.books, account.books.settings.priors
    total = books.controls[index].left[0]
    if total not in books.totals or account.amount(total) or total in books.doubtful:
        return
    for extent in ("line", "column", "section"):
        alike = [p for p in books.totals if p.section == total.section and getattr(p, extent) == getattr(total, extent)]
        new = _filled_in([p for p in alike if not account.amount(p) and p not in books.doubtful], account)
        if len(new) > 1:
            others = tuple(p for p, _ in new if p != total)
            cost = nats(priors.missing_totals)
            yield Slip(Cause.MISSING_TOTAL, f"missing-totals-{extent}", (total, *others), cost, new)


def _filled_in(empty: Sequence[Place], account: Account) -> Changes:
    """The empty sums that have parts, with what these add up to; a sum of sums comes after its terms."""
    books = account.books
    known: dict[Place, Decimal] = {}
    for place in sorted(empty, key=lambda p: len(books.totals[p])):
        control = books.controls[books.totals[place][0]]
        known[place] = sum((known.get(p, account.amount(p)) for p in control.right), ZERO)
    return tuple((place, amount) for place, amount in known.items() if amount)


def in_percent(index: int, account: Account) -> Iterator[Slip]:
    """An "of which" line stated in percent of the line it is a part of."""
    books, settings = account.books, account.books.settings
    lines = {(p.section, p.line) for p in books.controls[index].places if p in books.wholes}
    for section, line in lines:
        cells = [p for p in books.wholes if (p.section, p.line) == (section, line) and account.amount(p)]
        signed = any("percent" in books.ledger.figures[p].reasons for p in cells)
        small = all(0 < account.amount(p) <= settings.percent_most for p in cells)
        large = any(account.amount(books.wholes[p]) >= settings.percent_parent for p in cells)
        if not cells or not small or not (signed or large):
            continue
        if not signed and not _shares_add_up(index, account):
            continue
        touched = frozenset(i for p in cells for i in books.through[p])
        cost = nats(settings.priors.percent / len(books.wholes) * len(books.columns[section]))
        first = [p for p in books.controls[index].places if p in cells]
        places = (*first, *(p for p in cells if p not in first))
        yield Slip(Cause.PERCENT, "percent", places, cost, explains=touched)


def _shares_add_up(index: int, account: Account) -> bool:
    """Whether the amounts that the percentages stand for obey the sum, as far as whole percents tell."""
    books = account.books
    control = books.controls[index]
    if control.rule.each is not Each.LINE:
        return True

    def meant(place: Place) -> Decimal:
        whole = books.wholes.get(place)
        return account.amount(place) * account.amount(whole) / 100 if whole else ZERO

    left, right = (sum((meant(p) for p in side), ZERO) for side in (control.left, control.right))
    wholes = sum((account.amount(books.wholes[p]) for p in control.places if p in books.wholes), ZERO)
    if control.rule.relation is Relation.AT_LEAST:
        return left >= right - wholes / 100
    return abs(left - right) <= wholes / 100
