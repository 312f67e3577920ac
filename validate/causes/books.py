"""A form's controls and figures as one system: what explanations of its failures are judged by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from layouts.model import Control, Each, Place, Relation
from validate.ledger import Ledger, sign
from validate.settings import Settings


@dataclass(frozen=True)
class Books:
    """What there is to judge failures by: figures, controls, and which cells are doubtfully read."""

    ledger: Ledger
    controls: tuple[Control, ...]  # of the table; those over a missing page are left out
    doubtful: frozenset[Place]
    settings: Settings

    @cached_property
    def through(self) -> Mapping[Place, tuple[int, ...]]:
        """The controls that speak of a place, by their index."""
        found: dict[Place, list[int]] = defaultdict(list)
        for index, control in enumerate(self.controls):
            for place in control.places:
                found[place].append(index)
        return {place: tuple(indices) for place, indices in found.items()}

    @cached_property
    def signs(self) -> tuple[Mapping[Place, int], ...]:
        """Each control's cells, +1 on its left and −1 on its right."""
        return tuple({place: sign(control, place) for place in control.places} for control in self.controls)

    @cached_property
    def residuals(self) -> tuple[Decimal, ...]:
        """Left − right of every control as it stands."""
        return tuple(self.ledger.residual(control) for control in self.controls)

    @cached_property
    def lines(self) -> Mapping[int, tuple[str, ...]]:
        """The lines of each section, from top to bottom."""
        return self._order("line")

    @cached_property
    def columns(self) -> Mapping[int, tuple[str, ...]]:
        """The columns of figures of each section, from left to right."""
        return self._order("column")

    def _order(self, name: str) -> Mapping[int, tuple[str, ...]]:
        found: dict[int, dict[str, None]] = defaultdict(dict)
        for place in self.ledger.figures:
            found[place.section][getattr(place, name)] = None
        return {section: tuple(names) for section, names in found.items()}

    @cached_property
    def totals(self) -> Mapping[Place, tuple[int, ...]]:
        """The cells that are sums, with the equalities that say so."""
        found: dict[Place, list[int]] = defaultdict(list)
        for index, control in enumerate(self.controls):
            if control.rule.relation is Relation.EQUAL and len(control.left) == 1:
                found[control.left[0]].append(index)
        return {place: tuple(indices) for place, indices in found.items()}

    @cached_property
    def wholes(self) -> Mapping[Place, Place]:
        """The cell of an "of which" line to the cell it is a part of."""
        return {
            control.right[0]: control.left[0]
            for control in self.controls
            if control.rule.relation is Relation.AT_LEAST
            and control.rule.each is Each.COLUMN
            and len(control.left) == len(control.right) == 1
        }

    @cached_property
    def last(self) -> tuple[Decimal, ...]:
        """One unit of the last digit that the figures of each control are written with."""
        return tuple(
            Decimal(1).scaleb(-max((decimals(self.ledger.amount(p)) for p in control.places), default=0))
            for control in self.controls
        )

    def last_digit(self, place: Place) -> Decimal:
        """One unit of the last digit in the controls through a cell."""
        return min(self.last[index] for index in self.through[place])

    @cached_property
    def leeway(self) -> tuple[Decimal, ...]:
        """What each equality may be off by where every figure is rounded on its own; its tolerance elsewhere."""
        return tuple(
            self.slack(index) if control.rule.relation is Relation.EQUAL else control.rule.tolerance
            for index, control in enumerate(self.controls)
        )

    def slack(self, index: int) -> Decimal:
        """What rounding every term of a control can add up to."""
        control = self.controls[index]
        terms = sum(1 for place in control.places if self.ledger.amount(place))
        return max(control.rule.tolerance, self.settings.rounding_share * self.last[index] * terms)

    def empty(self, place: Place) -> bool:
        """Whether the cell holds no amount: bare, or a mark for nothing."""
        return place in self.ledger.figures and not self.ledger.amount(place)

    def beside(self, place: Place, lines: int = 0, columns: int = 0) -> Place | None:
        """The place so many lines down and columns to the right; None beyond the table's edge."""
        rows, strips = self.lines[place.section], self.columns[place.section]
        row, strip = rows.index(place.line) + lines, strips.index(place.column) + columns
        if not (0 <= row < len(rows) and 0 <= strip < len(strips)):
            return None
        return Place(place.section, rows[row], strips[strip])


def decimals(value: Decimal) -> int:
    """Digits behind the decimal mark.

    >>> decimals(Decimal("1.50")), decimals(Decimal("1E+3"))
    (2, 0)
    """
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
