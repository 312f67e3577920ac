"""Whether a figure is read with certainty. Nothing here asks whether the figure is a sensible one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

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
    UNLIKE_CALIBRATED,
    UNPROVEN,
)
from validate.records import CheckedCell, Evidence, Status
from validate.settings import Settings
from validate.support import Support, supports
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


def judge_cells(figures: Sequence[Figure], ledger: Ledger, settings: Settings, trust: Trust) -> tuple[CheckedCell, ...]:
    """The verdict on each reading: the readers first, the sums where the readers do not suffice.

    The figures' confidences are those of `believed`.
    """
    vouching = {f.reading.place for f in figures if _vouches(f, settings)}
    strange = trust.strange_pages(figures)
    judge = _Judge(settings, trust)
    cells = [judge.verdict(f, supports(f.reading.place, ledger, vouching, settings)) for f in figures]
    return tuple(
        with_reason(cell, UNLIKE_CALIBRATED)
        if cell.figure.reading.look and cell.figure.reading.page in strange
        else cell
        for cell in cells
    )


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


@dataclass(frozen=True, slots=True)
class _Judge:
    """Judges readings by the error rate asked for."""

    settings: Settings
    trust: Trust

    def verdict(self, figure: Figure, support: Support) -> CheckedCell:
        """One cell's verdict, with every reason that speaks against it."""
        tells = support.full and figure.value != 0  # a nought adds nothing: sums hold with it and without
        held = INFORMATIONAL | (CLEARED_BY_CONTROLS if tells else frozenset())
        evidence = _evidence(figure, support)
        against = [reason for reason in figure.reasons if reason not in held]
        against += self._unsure(figure, evidence)
        kept = tuple(dict.fromkeys((*figure.reasons, *against)))
        return CheckedCell(figure, Status.REVIEW if against else Status.ACCEPTED, kept, evidence)

    def _unsure(self, figure: Figure, evidence: Evidence) -> list[str]:
        """Why what speaks for the reading does not suffice; nothing if it does."""
        reading = figure.reading
        if reading.ink is Ink.NONE or not reading.alternatives:
            return []
        if reading.ink is Ink.DIGITAL:
            return [] if figure.confidence >= DIGITAL_SURE or figure.reasons else [LOW_CONFIDENCE]
        cases = [BY_SUMS] if evidence.summed else []
        cases += [BY_READERS] if evidence.agreed else []
        stratum = self.trust.of(figure)
        levels = [stratum.threshold(case, self.settings.max_error) for case in cases]
        known = [level for level in levels if level is not None]
        if any(figure.confidence >= level for level in known):
            return []
        return _doubts(figure, evidence, known)


def _evidence(figure: Figure, support: Support) -> Evidence:
    """What speaks for a reading.

    Sums carry a lone reader's word for print only, and never for a nought: they hold with it and without.
    """
    agreed = witnesses(figure) >= AGREED
    lone = support.full and figure.reading.ink is Ink.TYPED and bool(figure.value)
    return Evidence(agreed, lone or (agreed and support.partial))


def _doubts(figure: Figure, evidence: Evidence, levels: Sequence[float]) -> list[str]:
    """The reasons a person is told."""
    hand = figure.reading.ink is not Ink.TYPED
    reasons = [] if evidence.agreed or evidence.summed else [_alone(figure)]
    if (evidence.agreed or evidence.summed) and not levels:
        reasons.append(HAND_UNCONFIRMED if hand and not evidence.summed else UNPROVEN)
    elif levels:
        reasons.append(LOW_CONFIDENCE)
    return reasons


def _alone(figure: Figure) -> str:
    """Why one reader stands alone: the others said something else, or were not asked."""
    return READERS_DISAGREE if figure.reading.readers >= AGREED else LONE_READER


def _vouches(figure: Figure, settings: Settings) -> bool:
    """Whether a cell may vouch for the others of its sum: certainly blank, digital, or read alike by two readers."""
    if set(figure.reasons) - INFORMATIONAL:
        return False
    if figure.reading.ink in (Ink.NONE, Ink.DIGITAL):
        return figure.reading.page > 0
    return witnesses(figure) >= AGREED and figure.confidence >= settings.vouch_confidence


def with_reason(cell: CheckedCell, reason: str) -> CheckedCell:
    """The same cell, sent to review for one more reason."""
    return replace(cell, status=Status.REVIEW, reasons=tuple(dict.fromkeys((*cell.reasons, reason))))
