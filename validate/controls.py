"""Rules against figures: each control holds, fails, or cannot be told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from extract.records import Ink
from layouts.model import Control, Place, Relation
from validate.cells import in_doubt
from validate.ledger import ZERO, Ledger
from validate.records import CheckedCell, Outcome
from validate.settings import Settings


@dataclass(frozen=True, slots=True)
class Trial:
    """A control that does not hold, or cannot be told to."""

    control: Control
    outcome: Outcome
    left: Decimal
    right: Decimal
    doubtful: tuple[Place, ...]  # cells whose reading is in doubt or whose page is missing

    @property
    def residual(self) -> Decimal:
        """Left − right, in the form's unit."""
        return self.left - self.right


def try_controls(
    controls: Iterable[Control], ledger: Ledger, cells: Mapping[Place, CheckedCell], settings: Settings
) -> tuple[Trial, ...]:
    """The controls that fail or cannot be told; a blank cell counts zero."""
    return tuple(_tried(controls, ledger, cells, settings))


def _tried(
    controls: Iterable[Control], ledger: Ledger, cells: Mapping[Place, CheckedCell], settings: Settings
) -> Iterator[Trial]:
    for control in controls:
        doubtful = tuple(place for place in control.places if _open(cells[place]))
        outcome = _outcome(control, ledger, doubtful, settings)
        if outcome is not None:
            left = sum((ledger.amount(place) for place in control.left), ZERO)
            right = sum((ledger.amount(place) for place in control.right), ZERO)
            yield Trial(control, outcome, left, right, doubtful)


def _open(cell: CheckedCell) -> bool:
    return cell.figure.reading.page == 0 or in_doubt(cell)


def _outcome(control: Control, ledger: Ledger, doubtful: tuple[Place, ...], settings: Settings) -> Outcome | None:
    """None where the control holds."""
    if ledger.missing(control):
        return Outcome.UNDECIDED
    if not ledger.holds(control):
        return Outcome.UNDECIDED if doubtful else Outcome.FAILS
    if any(_unread(ledger, place) for place in doubtful):
        return Outcome.UNDECIDED
    # An equality that holds with a doubtful cell in it speaks for that reading; an inequality says little.
    if control.rule.relation is Relation.AT_LEAST and not _holds_at_worst(control, ledger, set(doubtful), settings):
        return Outcome.UNDECIDED
    return None


def _unread(ledger: Ledger, place: Place) -> bool:
    """Whether something stands in a cell that nobody could read."""
    figure = ledger.figures[place]
    return figure.value is None and figure.reading.ink is not Ink.NONE


def _holds_at_worst(control: Control, ledger: Ledger, doubtful: set[Place], settings: Settings) -> bool:
    """Whether left ≥ right also with the doubtful cells' likely other readings."""
    left = sum((min(_likely(ledger, p, doubtful, settings)) for p in control.left), ZERO)
    right = sum((max(_likely(ledger, p, doubtful, settings)) for p in control.right), ZERO)
    return left >= right - control.rule.tolerance


def _likely(ledger: Ledger, place: Place, doubtful: set[Place], settings: Settings) -> list[Decimal]:
    """The amounts a cell may hold: its value, and if it is doubtful its likely other readings."""
    values = ledger.figures[place].alternatives if place in doubtful else ()
    best = max((v.logp for v in values), default=0.0)
    return [ledger.amount(place)] + [v.amount or ZERO for v in values if best - v.logp < settings.control_margin]
