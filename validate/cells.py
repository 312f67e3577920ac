"""Whether a figure is read with certainty. Nothing here asks whether the figure is a sensible one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from extract.records import Ink
from postprocess.normalise import struck_out
from postprocess.records import Figure
from validate.joint.choose import Decision
from validate.reasons import (
    CHOSEN_BY_CONTROLS,
    CLEARED_BY_CONTROLS,
    CONTROL_FAILS,
    CONTROLS_UNDECIDED,
    HAND_UNCONFIRMED,
    INFORMATIONAL,
    KNOWN_READING,
    LONE_READER,
    LOW_CONFIDENCE,
    READERS_DISAGREE,
    UNLIKE_CALIBRATED,
    UNPROVEN,
)
from validate.records import CheckedCell, Choice, Evidence, Status
from validate.settings import Settings
from validate.trust import AGREED as BY_READERS
from validate.trust import SUMMED as BY_SUMS
from validate.trust import Trust

AGREED = 2  # readers that must say the same
DIGITAL_SURE = 0.999  # a text layer's figure is certain or its marks are ambiguous


def believed(figures: Sequence[Figure], trust: Trust) -> tuple[Figure, ...]:
    """The figures read from pictures with the confidence that the calibration gives them."""
    return tuple(
        replace(f, confidence=trust.confidence(f, agreed=witnesses(f) >= AGREED)) if f.reading.look else f
        for f in figures
    )


def settled(figures: Sequence[Figure], decision: Decision, trust: Trust) -> tuple[Figure, ...]:
    """The figures with the values the joint decision gives them, and how sure they are after it."""
    return tuple(_settled(f, decision, trust) for f in figures)


def _settled(figure: Figure, decision: Decision, trust: Trust) -> Figure:
    place = figure.reading.place
    choice = decision.choices.get(place)
    if choice is None or figure.reading.ink in (Ink.NONE, Ink.DIGITAL):
        return figure
    if place in decision.amounts:
        figure = _taking(figure, decision.amounts[place])
    claimed = 1.0 / (1.0 + math.exp(-choice.margin))
    summed = evidence_for(figure, choice).summed
    claimed = claimed if summed else min(figure.confidence, claimed)
    if summed or _suspect(choice):
        claimed = trust.after_sums(figure, claimed, summed=summed)
    return replace(figure, confidence=claimed)


def _taking(figure: Figure, amount: Decimal | None) -> Figure:
    """The figure with another of its readings in the first place."""
    chosen = [v for v in figure.alternatives if v.amount == amount]
    others = [v for v in figure.alternatives if v.amount != amount]
    told = struck_out(chosen[0].written, figure.reading)
    reasons = tuple(dict.fromkeys((*figure.reasons, *told, CHOSEN_BY_CONTROLS)))
    return replace(figure, written=chosen[0].written, value=amount, alternatives=(*chosen, *others), reasons=reasons)


def judge_cells(
    figures: Sequence[Figure], decision: Decision, settings: Settings, trust: Trust
) -> tuple[CheckedCell, ...]:
    """The verdict on each reading, by what the readers say and what the joint decision made of it.

    The figures' confidences are those of `settled`. Of a form that could not be decided no reading is certain.
    """
    strange = trust.strange_pages(figures)
    judge = _Judge(settings, trust)
    cells = []
    for figure in figures:
        cell = judge.verdict(figure, decision.choices.get(figure.reading.place))
        if figure.reading.look and figure.reading.page in strange:
            cell = with_reason(cell, UNLIKE_CALIBRATED)
        if not decision.whole and figure.alternatives and figure.reading.ink is not Ink.DIGITAL:
            cell = with_reason(cell, CONTROLS_UNDECIDED)
        cells.append(cell)
    return tuple(cells)


def in_doubt(cell: CheckedCell) -> bool:
    """Whether something else may stand on the paper than the value says."""
    return cell.status is Status.REVIEW and not set(cell.reasons) <= KNOWN_READING


def misreadable(cell: CheckedCell) -> bool:
    """Whether other digits may stand on the paper: in doubt, and no text layer, of which only marks are in doubt."""
    return in_doubt(cell) and cell.figure.reading.ink is not Ink.DIGITAL


def certain(cell: CheckedCell, settings: Settings) -> bool:
    """Whether the reading stands even where a rule fails through it."""
    figure = cell.figure
    if cell.status is not Status.ACCEPTED:
        return not in_doubt(cell)
    cleared = cell.choice is not None and cell.choice.cleared and witnesses(figure) >= AGREED
    if figure.reading.ink in (Ink.DIGITAL, Ink.NONE) or cleared:
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


@dataclass(frozen=True, slots=True)
class _Judge:
    """Judges readings by the error rate asked for."""

    settings: Settings
    trust: Trust

    def verdict(self, figure: Figure, choice: Choice | None) -> CheckedCell:
        """One cell's verdict, with every reason that speaks against it."""
        evidence = evidence_for(figure, choice)
        held = INFORMATIONAL | (CLEARED_BY_CONTROLS if evidence.summed else frozenset())
        against = [reason for reason in figure.reasons if reason not in held]
        against += self._unsure(figure, evidence, choice)
        kept = tuple(dict.fromkeys((*figure.reasons, *against)))
        return CheckedCell(figure, Status.REVIEW if against else Status.ACCEPTED, kept, evidence, choice)

    def _unsure(self, figure: Figure, evidence: Evidence, choice: Choice | None) -> list[str]:
        """Why what speaks for the reading does not suffice; nothing if it does."""
        reading = figure.reading
        if reading.ink is Ink.NONE or not reading.alternatives:
            return []
        if reading.ink is Ink.DIGITAL:
            return [] if figure.confidence >= DIGITAL_SURE or figure.reasons else [LOW_CONFIDENCE]
        alone = [] if evidence.summed or evidence.agreed else [_alone(figure)]
        if _suspect(choice) and not evidence.summed:
            unsure = evidence.agreed and figure.confidence < self.settings.certain_confidence
            return [CONTROL_FAILS, *alone, *([LOW_CONFIDENCE] if unsure else [])]
        if alone:
            return alone
        level = self.trust.threshold(figure, BY_SUMS if evidence.summed else BY_READERS, self.settings.max_error)
        if level is None:
            hand = figure.reading.ink is not Ink.TYPED
            return [HAND_UNCONFIRMED if hand and not evidence.summed else UNPROVEN]
        sure = choice.margin if choice is not None and evidence.summed else figure.confidence
        return [] if sure >= level else [LOW_CONFIDENCE]


def _suspect(choice: Choice | None) -> bool:
    """Whether a sum through a cell fails, and another reading of the cell may be why."""
    return choice is not None and bool(choice.broken) and not choice.cleared


def evidence_for(figure: Figure, choice: Choice | None) -> Evidence:
    """What speaks for a reading.

    Sums never speak for a nought: they hold with it and without. Where one through the cell holds and another does not,
    two readers are wanted besides.
    """
    agreed = witnesses(figure) >= AGREED
    summed = choice is not None and choice.vouched and bool(figure.value) and (agreed or not choice.broken)
    return Evidence(agreed, summed)


def _alone(figure: Figure) -> str:
    """Why one reader stands alone: the others said something else, or were not asked."""
    return READERS_DISAGREE if figure.reading.readers >= AGREED else LONE_READER


def with_reason(cell: CheckedCell, reason: str) -> CheckedCell:
    """The same cell, sent to review for one more reason."""
    return replace(cell, status=Status.REVIEW, reasons=tuple(dict.fromkeys((*cell.reasons, reason))))
