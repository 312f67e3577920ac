"""Whether a figure is read with certainty. Nothing here asks whether the figure is a sensible one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extract.records import Ink
from postprocess.records import Figure
from validate.ledger import Ledger
from validate.reasons import (
    CLEARED_BY_CONTROLS,
    HAND_UNCONFIRMED,
    INFORMATIONAL,
    KNOWN_READING,
    LONE_READER,
    LOW_CONFIDENCE,
    READERS_DISAGREE,
)
from validate.records import CheckedCell, Status
from validate.settings import Settings
from validate.support import Support, supports

AGREED = 2  # readers that must say the same
DIGITAL_SURE = 0.999  # a text layer's figure is certain or its marks are ambiguous


def judge_cells(figures: Sequence[Figure], ledger: Ledger, settings: Settings) -> tuple[CheckedCell, ...]:
    """The verdict on each reading: the readers first, the sums where the readers do not suffice."""
    agreed = {f.reading.place for f in figures if _agreed(f, settings)}
    return tuple(_judge(f, supports(f.reading.place, ledger, agreed, settings), settings) for f in figures)


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


def _judge(figure: Figure, support: Support, settings: Settings) -> CheckedCell:
    """One cell's verdict, with every reason that speaks against it."""
    tells = support.full and figure.value != 0  # a nought adds nothing: sums hold with it and without
    held = INFORMATIONAL | (CLEARED_BY_CONTROLS if tells else frozenset())
    against = [reason for reason in figure.reasons if reason not in held]
    against += _unsure(figure, support, settings)
    kept = tuple(dict.fromkeys((*figure.reasons, *against)))
    return CheckedCell(figure, Status.REVIEW if against else Status.ACCEPTED, kept)


def _unsure(figure: Figure, support: Support, settings: Settings) -> list[str]:
    """Why the readers' word does not suffice; nothing if it does."""
    reading = figure.reading
    if reading.ink is Ink.NONE or not reading.alternatives:
        return []
    if reading.ink is Ink.DIGITAL:
        return [] if figure.confidence >= DIGITAL_SURE or figure.reasons else [LOW_CONFIDENCE]
    agree = witnesses(figure) >= AGREED
    if reading.ink is not Ink.TYPED:
        return _unsure_hand(figure, agree, support, settings)
    if support.full or (agree and support.partial):
        return [] if figure.confidence >= settings.lone_confidence else [LOW_CONFIDENCE]
    if not agree:
        return [_alone(figure)]
    return [] if figure.confidence >= settings.accept_confidence else [LOW_CONFIDENCE]


def _unsure_hand(figure: Figure, agree: bool, support: Support, settings: Settings) -> list[str]:
    """Handwriting needs the readers' agreement and a sum that holds."""
    reasons = [] if agree else [_alone(figure)]
    reasons += [] if figure.confidence >= settings.hand_confidence else [LOW_CONFIDENCE]
    return reasons + ([] if support.partial else [HAND_UNCONFIRMED])


def _alone(figure: Figure) -> str:
    """Why one reader stands alone: the others said something else, or were not asked."""
    return READERS_DISAGREE if figure.reading.readers >= AGREED else LONE_READER


def _agreed(figure: Figure, settings: Settings) -> bool:
    """Whether a cell may vouch for the others of its sum: certainly blank, digital, or read alike by two readers."""
    if set(figure.reasons) - INFORMATIONAL:
        return False
    if figure.reading.ink in (Ink.NONE, Ink.DIGITAL):
        return figure.reading.page > 0
    enough = settings.accept_confidence if figure.reading.ink is Ink.TYPED else settings.hand_confidence
    return witnesses(figure) >= AGREED and figure.confidence >= enough


def with_reason(cell: CheckedCell, reason: str) -> CheckedCell:
    """The same cell, sent to review for one more reason."""
    return replace(cell, status=Status.REVIEW, reasons=tuple(dict.fromkeys((*cell.reasons, reason))))
