"""What may have gone wrong in one cell, or in one figure's place: slips that would make a failed control hold."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from layouts.model import Place, Relation
from validate.causes.account import Account, Slip
from validate.causes.priors import amount, difference, nats
from validate.ledger import sign
from validate.records import Cause


def one_cell(index: int, account: Account) -> Iterator[Slip]:
    """Slips in one cell of an equality that would make it hold."""
    control = account.books.controls[index]
    if control.rule.relation is not Relation.EQUAL:
        return
    for place in control.places:
        if place in account.changed:
            continue  # one slip a cell
        yield from other_readings(index, place, account)
        new = account.amount(place) - sign(control, place) * account.residuals[index]
        yield from wrong_amount(place, new, account)


def wrong_amount(place: Place, new: Decimal, account: Account) -> Iterator[Slip]:
    """The ways in which a cell that should hold this amount may have come to hold another."""
    now = account.amount(place)
    if new < 0 <= now:
        return  # no respondent renders a negative volume
    if place in account.books.doubtful:
        yield from _unlisted(place, new, account)
    if not now:
        yield from _nothing_written(place, new, account)
    elif now < 0 and new == -now:
        yield _slip(Cause.SIGN, "minus", place, new, account.books.settings.priors.sign, account)
    elif not new:
        priors = account.books.settings.priors
        by_chance = amount(now, account.books.last_digit(place), priors)
        yield _slip(Cause.UNKNOWN, "stray", place, new, priors.stray, account, by_chance)
    else:
        yield _arithmetic(place, new, account)


def _slip(
    cause: Cause, kind: str, place: Place, new: Decimal, rate: float, account: Account, more: float = 0.0
) -> Slip:
    """A slip in one of all cells."""
    cost = nats(rate / account.books.settings.priors.filled) + more
    return Slip(cause, kind, (place,), cost, ((place, new),))


def _nothing_written(place: Place, new: Decimal, account: Account) -> Iterator[Slip]:
    """A sum that was not filled in, and would be what its parts add up to; or a part."""
    books, priors = account.books, account.books.settings.priors
    change = ((place, new),)
    if place in books.totals and any(account.amount(p) for p in books.controls[books.totals[place][0]].right):
        if all(account.settles(index, change) for index in books.totals[place]):
            cost = nats(priors.missing_total / priors.sums)
            yield Slip(Cause.MISSING_TOTAL, "missing-total", (place,), cost, change)
        return
    by_chance = amount(new, account.books.last_digit(place), priors)
    yield _slip(Cause.UNKNOWN, "left-out", place, new, priors.left_out, account, by_chance)


def _unlisted(place: Place, new: Decimal, account: Account) -> Iterator[Slip]:
    """The cell is misread, and what stands there is none of its readings but looks like one."""
    books, priors = account.books, account.books.settings.priors
    last = account.books.last_digit(place)
    figure = books.ledger.figures[place]
    read = {account.amount(place), *(v.amount for v in figure.alternatives if v.amount is not None)}
    if not figure.alternatives or any(_one_digit_apart(_digits(each, last), _digits(new, last)) for each in read):
        cost = nats(priors.unlisted) + difference(new - account.amount(place), new, last, priors)
        yield Slip(Cause.UNKNOWN, "doubtful", (place,), cost, ((place, new),))


def _one_digit_apart(one: str, other: str) -> bool:
    """Whether one digit changed, added or left out makes two texts the same."""
    if len(one) == len(other):
        return sum(a != b for a, b in zip(one, other, strict=True)) == 1
    return dropped(one, other) or dropped(other, one)


def _arithmetic(place: Place, new: Decimal, account: Account) -> Slip:
    """A wrong figure, in the likeliest of the ways it may have become wrong."""
    priors, last, now = account.books.settings.priors, account.books.last_digit(place), account.amount(place)
    total = place in account.books.totals
    cost = nats(priors.arithmetic / (priors.sums if total else priors.filled)) + difference(
        new - now, now, last, priors
    )
    ways = [(cost, "wrong-sum" if total else "wrong-figure")]
    was, should = _digits(now, last), _digits(new, last)
    if transposed(was, should):
        ways.append((nats(priors.transposed / priors.filled / max(1, len(was) - 1)), "transposed"))
    if dropped(was, should) or dropped(should, was):
        length = max(len(was), len(should))
        ways.append((nats(priors.digit_lost / priors.filled / (10 * length)), "digit-lost"))
    cost, kind = min(ways)
    return Slip(Cause.ARITHMETIC, kind, (place,), cost, ((place, new),))


def transposed(one: str, other: str) -> bool:
    """Whether two neighbouring digits are swapped.

    >>> transposed("1243", "1234"), transposed("1234", "2341")
    (True, False)
    """
    apart = [at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b]
    if len(one) != len(other) or len(apart) != 2 or apart[1] - apart[0] != 1:
        return False
    return one[apart[0]] == other[apart[1]] and one[apart[1]] == other[apart[0]]


def dropped(short: str, long: str) -> bool:
    """Whether one digit left out of the long text gives the short one.

    >>> dropped("134", "1234"), dropped("12", "1234")
    (True, False)
    """
    return len(long) == len(short) + 1 and any(long[:at] + long[at + 1 :] == short for at in range(len(long)))


def _digits(value: Decimal, last: Decimal) -> str:
    return str(int(abs(value) / last))


def other_readings(index: int, place: Place, account: Account) -> Iterator[Slip]:
    """Another reading of the cell, as much less likely as the readers say."""
    figure = account.books.ledger.figures[place]
    now = account.amount(place)
    best = max((v.logp for v in figure.alternatives), default=0.0)
    for value in figure.alternatives:
        if value.amount is not None and value.amount != now:
            change = ((place, value.amount),)
            if account.settles(index, change):
                yield Slip(Cause.READING, "other-reading", (place,), max(0.0, best - value.logp), change)
