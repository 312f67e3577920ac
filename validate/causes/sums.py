"""What may have gone wrong between sums and parts: parts that exceed their whole, sums carried on, parts left out."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from layouts.model import Control, Each, Place, Relation
from validate.causes.account import Account, Slip
from validate.causes.priors import difference, nats
from validate.causes.scale import THOUSAND, UNITS, roundness, smallness, telling
from validate.causes.slips import other_readings, wrong_amount
from validate.ledger import sign
from validate.records import Cause


def part_and_whole(index: int, account: Account) -> Iterator[Slip]:
    """Slips in one cell of an inequality that would make it hold."""
    control = account.books.controls[index]
    if control.rule.relation is not Relation.AT_LEAST or len(control.left) != 1 or len(control.right) != 1:
        return
    whole, part = control.left[0], control.right[0]
    for place in (part, whole):
        if place in account.changed:
            continue
        yield from other_readings(index, place, account)
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
                yield from wrong_amount(place, new, account)


def _inequality_unit(index: int, place: Place, account: Account, *, is_part: bool) -> Iterator[Slip]:
    """A part in tenge under a whole in thousands, or a whole in millions over a part in thousands."""
    priors, now = account.books.settings.priors, account.amount(place)
    kind, factor = UNITS[0] if is_part else UNITS[1]
    change = ((place, now * factor),)
    if now and telling(index, change, account) and account.settles(index, change):
        cost = nats(priors.unit_cell / priors.filled) + smallness(index, change, account)
        cost += roundness((place,), factor, account)
        yield Slip(Cause.UNIT, kind, (place,), cost, change, loose=True)


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
        cost += difference(shift, account.amount(first), account.books.last_digit(first), priors)
        yield Slip(Cause.ARITHMETIC, "carried", (first, top), cost, changes)


def parts_left_out(index: int, account: Account) -> Iterator[Slip]:
    """Several parts of a sum that are not there, each what the sum that crosses it asks for.

    What is left out on a line is left out in the "of which" column too, which its own sum does not count.
    """
    books, priors = account.books, account.books.settings.priors
    control = books.controls[index]
    if control.rule.relation is not Relation.EQUAL or not account.amount(control.left[0]):
        return
    asked = {
        place: account.residuals[other]
        for place in _alongside(control, account)
        if not account.amount(place) and place not in books.doubtful
        for other in books.through.get(place, ())
        if other in account.open and place in books.controls[other].right and other != index
        if books.controls[other].rule.relation is Relation.EQUAL
    }
    changes = tuple((place, new) for place, new in asked.items() if new > 0)
    if sum(1 for place, _ in changes if place in control.right) > 1 and account.settles(index, changes):
        places = (control.left[0], *(place for place, _ in changes))
        yield Slip(Cause.UNKNOWN, "parts-missing", places, nats(priors.left_out / priors.rows), changes)


def _alongside(control: Control, account: Account) -> Iterator[Place]:
    """The cells of the line or column that a control is taken on."""
    section, at = control.left[0].section, control.at
    if control.rule.each is Each.LINE:
        yield from (Place(section, at, column) for column in account.books.columns[section])
    else:
        yield from (Place(section, line, at) for line in account.books.lines[section])


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
    doubtful = [place for place in control.places if place in books.doubtful]
    if account.amount(total) and not parts and doubtful in ([], [total]):
        return Slip(Cause.UNKNOWN, "parts-missing", control.left[:1], nats(priors.left_out), explains=explains)
    if doubtful:
        return Slip(Cause.UNKNOWN, "doubtful-sum", (doubtful[0],), cost + nats(priors.arithmetic), explains=explains)
    if not account.amount(total):
        cost = nats(priors.missing_total / priors.sums) + priors.nothing_located
        return Slip(Cause.MISSING_TOTAL, "missing-total", control.left[:1], cost, explains=explains)
    return Slip(Cause.ARITHMETIC, "sum-differs", control.left[:1], cost + nats(priors.arithmetic), explains=explains)
