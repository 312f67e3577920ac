"""The likeliest accounts of all failed controls of a form together.

A search from nothing: the first control that still fails is explained by every slip that would make it hold, each
such account is judged by what it has cost and what still fails, and the best few go on. Accounts compete in two worlds:
one in which a sum comes out or does not, and one in which every figure is rounded on its own, where sums that do come
out are evidence too. The work is limited by the number of accounts, so results do not depend on the machine.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from layouts.model import Relation
from validate.causes import groups, scale, slips, sums
from validate.causes.account import Account, Slip, opened
from validate.causes.books import Books
from validate.causes.priors import nats
from validate.records import Cause

WIDTH = 24  # accounts that go on
DEEPEST = 6  # slips, after which what still fails is left unlocated
EACH_OPEN = 6.0  # nats a failure still to be explained is expected to cost when accounts are compared
WORTH = 7.0  # nats behind the best: less than one in a thousand

_CANDIDATES = (
    slips.one_cell,
    scale.one_cell_in_other_unit,
    scale.in_other_unit,
    sums.part_and_whole,
    sums.carried,
    sums.parts_left_out,
    groups.beside_its_place,
    groups.shifted,
    groups.missing_totals,
    groups.in_percent,
)


def accounts(books: Books, failing: frozenset[int]) -> list[Account]:
    """The accounts that explain every failure and are within reach of the best, the best first."""
    found = [account for rounded in (False, True) for account in _search(opened(books, failing, rounded=rounded))]
    found = [_with_rounding(account) for account in found]
    found.sort(key=lambda account: account.cost)
    return [account for account in found if account.cost <= found[0].cost + WORTH]


def _search(start: Account) -> list[Account]:
    """Complete accounts of one world, in no order."""
    beam, complete = [start], []
    for depth in range(DEEPEST + 1):
        grown = []
        for account in beam:
            if not account.open:
                complete.append(account)
            elif depth < DEEPEST:
                ends = {min(account.open), max(account.open)}  # either may be the one that a single slip explains
                grown += [account.put_right(slip) for index in sorted(ends) for slip in candidates(index, account)]
            else:
                complete.append(_left_unlocated(account))
        least = min((account.cost for account in complete), default=math.inf)
        worth = [account for account in _distinct(grown) if account.cost <= least + WORTH]
        beam = sorted(worth, key=lambda a: a.cost + EACH_OPEN * bool(a.open) + len(a.open))[:WIDTH]
    return complete


def candidates(index: int, account: Account) -> Iterator[Slip]:
    """Everything that may have gone wrong where this control fails."""
    for maker in _CANDIDATES:
        yield from maker(index, account)
    yield sums.unlocated(index, account)


def _left_unlocated(account: Account) -> Account:
    for index in sorted(account.open):
        account = account.put_right(sums.unlocated(index, account))
    return account


def _distinct(found: list[Account]) -> list[Account]:
    """Each set of slips once, whatever their order."""
    once: dict[frozenset[tuple[Cause, str, object, object]], Account] = {}
    for account in found:
        key = frozenset((s.cause, s.kind, s.changes or s.places, s.explains) for s in account.slips)
        if key not in once or account.cost < once[key].cost:
            once[key] = account
    return list(once.values())


def _with_rounding(account: Account) -> Account:
    """The account with what it costs that every figure is rounded, and sums come out as far as they do."""
    if not account.rounded:
        return account
    books = account.books
    cost = nats(books.settings.priors.rounding)
    for index, control in enumerate(books.controls):
        if control.rule.relation is Relation.EQUAL and index not in account.explained:
            cost += _rounded(index, account)
    return replace(account, cost=account.cost + cost)


def _rounded(index: int, account: Account) -> float:
    """What it costs that sums of rounded figures are off by just as much as they are, in nats."""
    parts = sum(1 for place in account.books.controls[index].right if account.amount(place))
    if parts < 2:
        return 0.0  # the same figure twice, rounded alike
    spread = math.sqrt((parts + 1) / 12)  # of the sum of so many errors, each uniform over one unit
    off = round(float(account.residuals[index] / account.books.last[index]))
    chance = 0.5 * (math.erf((off + 0.5) / spread / math.sqrt(2)) - math.erf((off - 0.5) / spread / math.sqrt(2)))
    return nats(max(chance, 1e-9))
