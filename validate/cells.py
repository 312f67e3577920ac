"""Whether a figure is read with certainty. Nothing here asks whether the figure is a sensible one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from extract.records import Ink
from layouts.model import Control, Place
from postprocess.records import Figure
from validate.ledger import Ledger, sign
from validate.reasons import (
    CLEARED_BY_CONTROLS,
    HAND_UNCONFIRMED,
    INFORMATIONAL,
    KNOWN_READING,
    LOW_CONFIDENCE,
    READERS_DISAGREE,
)
from validate.records import CheckedCell, Status
from validate.settings import Settings

AGREED = 2  # readers that must say the same
PROPER_SUM = 2  # cells with an amount beside the one confirmed; with fewer the sum only repeats a figure
DIGITAL_SURE = 0.999  # a text layer's figure is certain or its marks are ambiguous


def judge_cells(figures: Sequence[Figure], ledger: Ledger, settings: Settings) -> tuple[CheckedCell, ...]:
    """The verdict on each reading: the readers first, the sums where the readers do not suffice."""
    agreed = {f.reading.place for f in figures if _agreed(f, settings)}
    return tuple(_judge(f, _confirmed(f.reading.place, ledger, agreed, settings), settings) for f in figures)


def in_doubt(cell: CheckedCell) -> bool:
    """Whether something else may stand on the paper than the value says."""
    return cell.status is Status.REVIEW and not set(cell.reasons) <= KNOWN_READING


def certain(cell: CheckedCell, settings: Settings) -> bool:
    """Whether the reading stands even where a rule fails through it."""
    figure = cell.figure
    if cell.status is not Status.ACCEPTED:
        return not in_doubt(cell)
    if figure.reading.ink in (Ink.DIGITAL, Ink.NONE):
        return True
    typed = figure.reading.ink is Ink.TYPED
    return typed and witnesses(figure) >= AGREED and figure.confidence >= settings.certain_confidence


def witnesses(figure: Figure) -> int:
    """How many readers gave the amount that was chosen."""
    reading = figure.reading
    if not reading.alternatives:
        return 0
    first = reading.alternatives[0].text
    said = any(v.written == first and v.amount == figure.value for v in figure.alternatives)
    return reading.witnesses if said else 1


def _judge(figure: Figure, confirmed: bool, settings: Settings) -> CheckedCell:
    """One cell's verdict, with every reason that speaks against it."""
    held = INFORMATIONAL | (CLEARED_BY_CONTROLS if confirmed else frozenset())
    against = [reason for reason in figure.reasons if reason not in held]
    against += _unsure(figure, confirmed, settings)
    kept = tuple(dict.fromkeys((*figure.reasons, *against)))
    return CheckedCell(figure, Status.REVIEW if against else Status.ACCEPTED, kept)


def _unsure(figure: Figure, confirmed: bool, settings: Settings) -> list[str]:
    """Why the readers' word does not suffice; nothing if it does."""
    reading = figure.reading
    if reading.ink is Ink.NONE:
        return []
    if reading.ink is Ink.DIGITAL:
        return [] if figure.confidence >= DIGITAL_SURE or figure.reasons else [LOW_CONFIDENCE]
    agree = witnesses(figure) >= AGREED
    if reading.ink is not Ink.TYPED:
        return _unsure_hand(figure, agree, confirmed, settings)
    enough = settings.accept_confidence if agree else settings.lone_confidence
    if figure.confidence < (min(enough, settings.lone_confidence) if confirmed else enough):
        return [LOW_CONFIDENCE]
    return [] if agree or confirmed else [READERS_DISAGREE]


def _unsure_hand(figure: Figure, agree: bool, confirmed: bool, settings: Settings) -> list[str]:
    """Handwriting needs the readers' agreement and a sum that holds."""
    reasons = [] if agree else [READERS_DISAGREE]
    reasons += [] if figure.confidence >= settings.hand_confidence else [LOW_CONFIDENCE]
    return reasons + ([] if confirmed else [HAND_UNCONFIRMED])


def _agreed(figure: Figure, settings: Settings) -> bool:
    """Whether a cell may vouch for the others of its sum: certainly blank, digital, or read alike by two readers."""
    if set(figure.reasons) - INFORMATIONAL:
        return False
    if figure.reading.ink in (Ink.NONE, Ink.DIGITAL):
        return figure.reading.page > 0
    enough = settings.accept_confidence if figure.reading.ink is Ink.TYPED else settings.hand_confidence
    return witnesses(figure) >= AGREED and figure.confidence >= enough


def _confirmed(place: Place, ledger: Ledger, agreed: set[Place], settings: Settings) -> bool:
    """Whether every equality through the cell holds, one of them a proper sum, with no rival reading that fits."""
    through = ledger.equalities.get(place, ())
    if not through or not all(_vouches(control, place, ledger, agreed) for control in through):
        return False
    if not any(_proper(control, place, ledger) for control in through):
        return False
    return not any(_rival(control, place, ledger, settings) for control in through)


def _vouches(control: Control, place: Place, ledger: Ledger, agreed: set[Place]) -> bool:
    """Whether the control holds exactly and all its other cells are sure."""
    return ledger.residual(control) == 0 and all(other in agreed for other in control.places if other != place)


def _proper(control: Control, place: Place, ledger: Ledger) -> bool:
    """Whether the control adds up several amounts rather than repeating one."""
    return sum(1 for other in control.places if other != place and ledger.amount(other)) >= PROPER_SUM


def _rival(control: Control, place: Place, ledger: Ledger, settings: Settings) -> bool:
    """Whether another reading of this cell, balanced by another reading of a second one, fits nearly as well."""
    for shift, cost in _shifts(place, control, ledger):
        for other in control.places:
            if other != place and any(
                back == -shift and cost + more < settings.control_margin
                for back, more in _shifts(other, control, ledger)
            ):
                return True
    return False


def _shifts(place: Place, control: Control, ledger: Ledger) -> list[tuple[Decimal, float]]:
    """(what it would add to left − right, nats it is less likely) for each other reading of a cell."""
    figure = ledger.figures[place]
    now, best = ledger.amount(place), max((v.logp for v in figure.alternatives), default=0.0)
    return [
        (sign(control, place) * (value.amount - now), best - value.logp)
        for value in figure.alternatives
        if value.amount is not None and value.amount != now
    ]


def with_reason(cell: CheckedCell, reason: str) -> CheckedCell:
    """The same cell, sent to review for one more reason."""
    return replace(cell, status=Status.REVIEW, reasons=tuple(dict.fromkeys((*cell.reasons, reason))))
