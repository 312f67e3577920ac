"""What may have gone wrong in one cell, or in one figure's place: slips that would make a failed control hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from layouts.model import Control, Each, Place, Relation
from validate.account import Account, Slip
from validate.books import decimals
from validate.ledger import sign
from validate.priors import amount, difference, nats
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


def one_cell(index: int, account: Account) -> Iterator[Slip]:
    """Slips in one cell of an equality that would make it hold."""
    control = account.books.controls[index]
    if control.rule.relation is not Relation.EQUAL:
        return
    for place in control.places:
        if place in account.changed:
            continue  # one slip a cell
        yield from _other_readings(index, place, account)
        yield from _other_units(index, place, account)
        new = account.amount(place) - sign(control, place) * account.residuals[index]
        yield from _wrong_amount(place, new, account)


def _wrong_amount(place: Place, new: Decimal, account: Account) -> Iterator[Slip]:
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
        by_chance = amount(now, _last(place, account), priors)
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
    by_chance = amount(new, _last(place, account), priors)
    yield _slip(Cause.UNKNOWN, "left-out", place, new, priors.left_out, account, by_chance)


def _unlisted(place: Place, new: Decimal, account: Account) -> Iterator[Slip]:
    """The cell is misread, and what stands there is none of its readings but looks like one."""
    books, priors = account.books, account.books.settings.priors
    last = _last(place, account)
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
    priors, last, now = account.books.settings.priors, _last(place, account), account.amount(place)
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


def _last(place: Place, account: Account) -> Decimal:
    """One unit of the last digit in the sums through a cell."""
    return min(account.books.last[index] for index in account.books.through[place])


def _other_readings(index: int, place: Place, account: Account) -> Iterator[Slip]:
    """Another reading of the cell, as much less likely as the readers say."""
    figure = account.books.ledger.figures[place]
    now = account.amount(place)
    best = max((v.logp for v in figure.alternatives), default=0.0)
    for value in figure.alternatives:
        if value.amount is not None and value.amount != now:
            change = ((place, value.amount),)
            if account.settles(index, change):
                yield Slip(Cause.READING, "other-reading", (place,), max(0.0, best - value.logp), change)


def _other_units(index: int, place: Place, account: Account) -> Iterator[Slip]:
    """The cell in tenge, in millions, or written without its decimal mark."""
    priors, now = account.books.settings.priors, account.amount(place)
    for kind, factor in UNITS if now else ():
        change = ((place, now * factor),)
        if telling(index, change, account) and account.settles(index, change, loose=True):
            cost = nats(priors.unit_cell / priors.filled) + roundness((place,), factor, account)
            yield Slip(Cause.UNIT, kind, (place,), cost, change, loose=True)
    written = decimals(now.normalize())
    usual = decimals(account.books.last[index])
    if now and not written and usual and account.settles(index, ((place, now.scaleb(-usual)),)):
        yield _slip(Cause.UNIT, "mark-lost", place, now.scaleb(-usual), priors.mark_lost, account)


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


def part_and_whole(index: int, account: Account) -> Iterator[Slip]:
    """Slips in one cell of an inequality that would make it hold."""
    control = account.books.controls[index]
    if control.rule.relation is not Relation.AT_LEAST or len(control.left) != 1 or len(control.right) != 1:
        return
    whole, part = control.left[0], control.right[0]
    for place in (part, whole):
        if place in account.changed:
            continue
        yield from _other_readings(index, place, account)
        yield from _by_its_sums(index, place, account)
        yield from _inequality_unit(index, place, account, is_part=place == part)
        if account.amount(place) < 0 and account.settles(index, ((place, -account.amount(place)),)):
            cost = nats(account.books.settings.priors.sign / account.books.settings.priors.filled)
            yield Slip(Cause.SIGN, "minus", (place,), cost, ((place, -account.amount(place)),))
    yield _too_large(index, part, whole, account)


def _by_its_sums(index: int, place: Place, account: Account) -> Iterator[Slip]:
    """The amount that a failed sum through the cell asks for, where the inequality would hold with it."""
    for other in account.books.through[place]:
        control = account.books.controls[other]
        if other in account.open and control.rule.relation is Relation.EQUAL:
            new = account.amount(place) - sign(control, place) * account.residuals[other]
            if account.settles(index, ((place, new),)):
                yield from _wrong_amount(place, new, account)


def _inequality_unit(index: int, place: Place, account: Account, *, is_part: bool) -> Iterator[Slip]:
    """A part in tenge under a whole in thousands, or a whole in millions over a part in thousands."""
    priors, now = account.books.settings.priors, account.amount(place)
    kind, factor = UNITS[0] if is_part else UNITS[1]
    change = ((place, now * factor),)
    if now and telling(index, change, account) and account.settles(index, change):
        cost = nats(priors.unit_cell / priors.filled) + smallness(index, change, account)
        cost += roundness((place,), factor, account)
        yield Slip(Cause.UNIT, kind, (place,), cost, change, loose=True)


def smallness(index: int, changes: tuple[tuple[Place, Decimal], ...], account: Account) -> float:
    """What it costs, in nats, that a part would be so small beside its whole; nothing for a sum."""
    control = account.books.controls[index]
    if control.rule.relation is Relation.EQUAL:
        return 0.0
    left, right = (
        float(sum(dict(changes).get(p, account.amount(p)) for p in side)) for side in (control.left, control.right)
    )
    return max(0.0, nats(right / left * SHARE_EXPECTED)) if left > 0 and right > 0 else 0.0


def _too_large(index: int, part: Place, whole: Place, account: Account) -> Slip:
    """A part that exceeds its whole, and no sum says what either should be."""
    books, priors = account.books, account.books.settings.priors
    explains = frozenset({index}) | _same_pair(part, whole, account)
    if books.empty(whole) and whole not in books.doubtful:
        cost = nats(priors.missing_total / priors.filled) + priors.nothing_located
        cost += 0.0 if _blamed(whole, account) else nats(priors.left_out)  # the sums through it hold without it
        return Slip(Cause.MISSING_TOTAL, "missing-whole", (whole, part), cost, explains=explains)
    over = account.amount(part) / account.amount(whole) if account.amount(whole) > 0 else THOUSAND
    cost = nats(priors.arithmetic / priors.filled) + max(0.0, float(over.ln())) + priors.nothing_located
    doubtful = {part, whole} & books.doubtful
    cause, kind = (Cause.UNKNOWN, "doubtful-sum") if doubtful else (Cause.ARITHMETIC, "part-too-large")
    blamed = (whole, part) if _blamed(whole, account) else (part, whole)
    return Slip(cause, kind, blamed, cost, explains=explains)


def _same_pair(part: Place, whole: Place, account: Account) -> frozenset[int]:
    """The failures that the same figure makes, or the sum of its line that it is carried into."""
    books = account.books
    return frozenset(
        i
        for i in account.open
        if (control := books.controls[i]).rule.relation is Relation.AT_LEAST
        and (control.right == (part,) or _same_lines(control, part, whole))
    )


def _same_lines(control: Control, part: Place, whole: Place) -> bool:
    """Whether an inequality compares the same two lines in another column."""
    one, other = control.right[0], control.left[0]
    return control.rule.each is Each.COLUMN and (one.section, one.line, other.line) == (
        part.section,
        part.line,
        whole.line,
    )


def _blamed(place: Place, account: Account) -> bool:
    """Whether sums through the cell fail too."""
    return any(
        index in account.failing and account.books.controls[index].rule.relation is Relation.EQUAL
        for index in account.books.through[place]
    )


def carried(index: int, account: Account) -> Iterator[Slip]:
    """A sum worked out wrongly, and the total above it worked out with it."""
    books = account.books
    control, residual = books.controls[index], account.residuals[index]
    if control.rule.relation is not Relation.EQUAL:
        return
    total = control.left[0]
    for other in books.through[total]:
        crossing = books.controls[other]
        if other == index or crossing.rule.relation is not Relation.EQUAL:
            continue
        pairs = [(total, crossing.left[0])] if total in crossing.right else [(part, total) for part in crossing.right]
        for first, top in pairs:
            if {first, top} <= books.totals.keys() and not {first, top} & account.changed.keys():
                yield from _both_off(first, top, residual, account)


def _both_off(first: Place, top: Place, shift: Decimal, account: Account) -> Iterator[Slip]:
    """A sum and the total above it, off by the same."""
    books, priors = account.books, account.books.settings.priors
    changes = tuple((place, account.amount(place) - shift) for place in (first, top))
    fails = [index for index in books.totals[first] if index in account.open]
    if not account.amount(first) or not fails or min(new for _, new in changes) < 0:
        return
    if all(account.settles(index, changes) for index in fails):
        cost = nats(priors.carried / priors.sums)
        cost += difference(shift, account.amount(first), _last(first, account), priors)
        yield Slip(Cause.ARITHMETIC, "carried", (first, top), cost, changes)


def parts_left_out(index: int, account: Account) -> Iterator[Slip]:
    """Several parts of a line or column that are not there, each what the sum that crosses it asks for."""
    books, priors = account.books, account.books.settings.priors
    control = books.controls[index]
    if control.rule.relation is not Relation.EQUAL:
        return
    empty = [place for place in control.right if not account.amount(place) and place not in books.doubtful]
    asked_by = {place: [i for i in books.through[place] if i in account.open and i != index] for place in empty}
    missing = {
        place: account.residuals[other]
        for place, others in asked_by.items()
        for other in others
        if books.controls[other].rule.relation is Relation.EQUAL and place in books.controls[other].right
    }
    changes = tuple((place, asked) for place, asked in missing.items() if asked > 0)
    if len(changes) > 1 and account.settles(index, changes):
        total = control.left[0]
        cost = nats(priors.left_out / priors.rows) + amount(account.amount(total), books.last[index], priors)
        yield Slip(Cause.UNKNOWN, "parts-missing", (total, *(p for p, _ in changes)), cost, changes)


def unlocated(index: int, account: Account) -> Slip:
    """A sum that does not come out, whichever of its cells is wrong: what was worked out is named, the sum."""
    books, priors = account.books, account.books.settings.priors
    control, residual = books.controls[index], account.residuals[index]
    if control.rule.relation is not Relation.EQUAL:
        return _too_large(index, control.right[0], control.left[0], account)
    total, explains = control.left[0], frozenset({index})
    cost = nats(1 / priors.filled) + priors.nothing_located
    cost += difference(residual, account.amount(total), books.last[index], priors)
    parts = any(account.amount(place) for place in control.right)
    if doubtful := [place for place in control.places if place in books.doubtful]:
        return Slip(Cause.UNKNOWN, "doubtful-sum", (doubtful[0],), cost + nats(priors.arithmetic), explains=explains)
    if account.amount(total) and not parts:
        return Slip(Cause.UNKNOWN, "parts-missing", control.left[:1], nats(priors.left_out), explains=explains)
    if not account.amount(total):
        cost = nats(priors.missing_total / priors.sums) + priors.nothing_located
        return Slip(Cause.MISSING_TOTAL, "missing-total", control.left[:1], cost, explains=explains)
    return Slip(Cause.ARITHMETIC, "sum-differs", control.left[:1], cost + nats(priors.arithmetic), explains=explains)
