"""An explanation of failed controls in the making: some slips, and what still fails when they are put right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from layouts.model import Place, Relation
from validate.causes.books import Books
from validate.ledger import ZERO
from validate.records import Cause


@dataclass(frozen=True, slots=True)
class Slip:
    """One thing that may have gone wrong, and what the figures would be without it.

    Nothing is ever corrected: what the figures would be shows only whether the controls would hold then.
    """

    cause: Cause
    kind: str  # the message `why.<kind>` says it
    places: tuple[Place, ...]  # the culprit first
    cost: float  # nats
    changes: tuple[tuple[Place, Decimal], ...] = ()
    explains: frozenset[int] = frozenset()  # controls it accounts for without saying what the figures would be
    loose: bool = False  # what the figures would be is rounded: their sums may be off by as much


@dataclass(frozen=True, slots=True, eq=False)
class Account:
    """Slips that explain failures; `cost` is how unlikely they are together, in nats."""

    books: Books
    failing: frozenset[int]  # controls that fail as the form stands and are to be explained
    residuals: tuple[Decimal, ...]  # left − right of every control, the slips put right
    rounded: bool = False  # every figure is rounded on its own, and a sum may be off by a little
    slips: tuple[Slip, ...] = ()
    changed: Mapping[Place, Decimal] = field(default_factory=dict)
    explained: frozenset[int] = frozenset()
    loose: frozenset[int] = frozenset()
    open: frozenset[int] = frozenset()  # controls that still fail
    cost: float = 0.0

    def amount(self, place: Place) -> Decimal:
        """What the cell would hold."""
        return self.changed[place] if place in self.changed else self.books.ledger.amount(place)

    def shifts(self, changes: tuple[tuple[Place, Decimal], ...]) -> dict[int, Decimal]:
        """What these changes would add to the residuals of the controls they touch."""
        found: dict[int, Decimal] = {}
        for place, new in changes:
            shift = new - self.amount(place)
            for index in self.books.through.get(place, ()):
                found[index] = found.get(index, ZERO) + self.books.signs[index][place] * shift
        return found

    def holds(self, index: int, residual: Decimal, *, loose: bool = False) -> bool:
        """Whether a control holds with this residual."""
        control = self.books.controls[index]
        allowed = control.rule.tolerance
        if loose or index in self.loose:
            allowed = self.books.slack(index)
        elif self.rounded:
            allowed = self.books.leeway[index]
        return abs(residual) <= allowed if control.rule.relation is Relation.EQUAL else residual >= -allowed

    def settles(self, index: int, changes: tuple[tuple[Place, Decimal], ...], *, loose: bool = False) -> bool:
        """Whether the control would hold with these changes."""
        signs = self.books.signs[index]
        shift, touched = ZERO, False
        for place, new in changes:
            if place in signs:
                shift, touched = shift + signs[place] * (new - self.amount(place)), True
        return touched and self.holds(index, self.residuals[index] + shift, loose=loose)

    def put_right(self, slip: Slip) -> Account:
        """The account with one more slip."""
        residuals, still = list(self.residuals), set(self.open)
        shifts = self.shifts(slip.changes)
        for index, shift in shifts.items():
            residuals[index] += shift
            if self.holds(index, residuals[index], loose=slip.loose):
                still.discard(index)
            elif index not in self.explained:
                still.add(index)
        return replace(
            self,
            residuals=tuple(residuals),
            slips=(*self.slips, slip),
            changed={**self.changed, **dict(slip.changes)},
            explained=self.explained | slip.explains,
            loose=self.loose | frozenset(shifts) if slip.loose else self.loose,
            open=frozenset(still - slip.explains),
            cost=self.cost + slip.cost,
        )


def opened(books: Books, failing: frozenset[int], *, rounded: bool) -> Account:
    """An account without slips; where figures are rounded on their own, small differences need none."""
    start = Account(books, failing, books.residuals, rounded)
    still = (i for i in failing if not rounded or not start.holds(i, books.residuals[i]))
    return replace(start, open=frozenset(still))
