"""A form's figures together with the controls that speak of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from layouts.model import Control, Each, Place, Relation
from postprocess.records import Figure

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Ledger:
    """Figures by place, and the equalities through each place."""

    figures: Mapping[Place, Figure]
    equalities: Mapping[Place, tuple[Control, ...]]

    def amount(self, place: Place) -> Decimal:
        """The value of a cell; blank counts zero."""
        return self.figures[place].value or ZERO

    def residual(self, control: Control) -> Decimal:
        """Left − right, in the form's unit."""
        left = sum((self.amount(place) for place in control.left), ZERO)
        return left - sum((self.amount(place) for place in control.right), ZERO)

    def holds(self, control: Control) -> bool:
        """Whether the values as they stand obey the control within its tolerance."""
        residual, tolerance = self.residual(control), control.rule.tolerance
        return abs(residual) <= tolerance if control.rule.relation is Relation.EQUAL else residual >= -tolerance

    def missing(self, control: Control) -> bool:
        """Whether the page of one of its cells is missing."""
        return any(self.figures[place].reading.page == 0 for place in control.places)

    def inked(self, places: Iterable[Place]) -> tuple[Place, ...]:
        """Those of the places in which something stands."""
        return tuple(place for place in places if self.figures[place].written.strip())


def open_ledger(figures: Iterable[Figure], controls: Iterable[Control]) -> Ledger:
    """The ledger of a form under these controls; equalities that compare the same cells are kept once."""
    through: dict[Place, dict[tuple[Each, tuple[Place, ...]], Control]] = defaultdict(dict)
    for control in controls:
        if control.rule.relation is Relation.EQUAL:
            for place in control.places:
                through[place].setdefault((control.rule.each, control.places), control)
    return Ledger(
        {figure.reading.place: figure for figure in figures},
        {place: tuple(found.values()) for place, found in through.items()},
    )


def sign(control: Control, place: Place) -> int:
    """+1 where the place stands on the control's left, −1 where it stands on its right."""
    return 1 if place in control.left else -1


def plain(value: Decimal) -> str:
    """A number as the tables show it.

    >>> plain(Decimal("100.0")), plain(Decimal("1E+3")), plain(Decimal("-0.50"))
    ('100', '1000', '-0.5')
    """
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
